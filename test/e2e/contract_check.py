"""Holds what Athena and the catalog show of a local run against the contract's model.

    python contract_check.py write ARCHIVE              every nasty case, for `local load --raw`
    python contract_check.py check TABLE FIRST:LAST …   after runs of these received days

AWS_ENDPOINT_URL and the like say where; exit code 1 and a few differences where they differ.
"""

from __future__ import annotations

import sys
import time
from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import date, datetime
from pathlib import Path
from typing import Any

import boto3

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "glue-jobs"))

from contract import nasty
from contract.model import Model, Settings

DATABASE, WORK_GROUP = "mobile_analytics", "mobile-analytics"
DROPPED = ("context.ip", "context.device.advertisingId")
OWN_TYPES = {
    "platform": "string",
    "utc_timestamp": "timestamp",
    "local_timestamp": "timestamp",
    "sent_at": "timestamp",
    "received_at": "timestamp",
    "original_timestamp": "timestamp",
}
KEYS = ("year", "month", "date")
EPOCH = datetime(1970, 1, 1)


def rows_of(sql: str) -> Iterator[dict[str, str]]:
    """The rows that Athena gives, by column, nulls left out."""
    athena = boto3.client("athena")
    started = athena.start_query_execution(
        QueryString=sql,
        QueryExecutionContext={"Database": DATABASE},
        WorkGroup=WORK_GROUP,
    )
    query = {"QueryExecutionId": started["QueryExecutionId"]}
    while (status := athena.get_query_execution(**query)["QueryExecution"]["Status"])["State"] in (
        "QUEUED",
        "RUNNING",
    ):
        time.sleep(0.1)
    if status["State"] != "SUCCEEDED":
        raise SystemExit(f"{sql}: {status['StateChangeReason']}")
    pages = athena.get_paginator("get_query_results").paginate(**query)
    rows = (row["Data"] for page in pages for row in page["ResultSet"]["Rows"])
    header = [cell["VarCharValue"] for cell in next(rows)]
    for row in rows:
        cells = zip(header, row, strict=True)
        yield {name: cell["VarCharValue"] for name, cell in cells if "VarCharValue" in cell}


def value(text: str, type_: str) -> Any:
    """A value of Athena's results by the type of its column; times in milliseconds since 1970."""
    if type_ == "bigint":
        return int(text)
    if type_ == "double":
        return float(text)
    if type_ == "boolean":
        return text == "true"
    if type_ == "timestamp":
        return round((datetime.fromisoformat(text) - EPOCH).total_seconds() * 1000)
    return text


def model_of(ranges: Iterable[str]) -> Model:
    """The model after a run of each range of received days."""
    model = Model(Settings(drop_fields=Settings().drop_fields | set(DROPPED)))
    objects = nasty.everything()
    for days in ranges:
        first, last = map(date.fromisoformat, days.split(":"))
        model.run(objects, first, last)
    return model


def expected_rows(model: Model, types: dict[str, str], as_csv: bool) -> Iterator[dict[str, Any]]:
    """The model's rows as Athena shows them: times to the millisecond. CSV has no empty texts, and
    writes line breaks as two characters."""
    for cells in model.rows:
        row: dict[str, Any] = {}
        for name, cell in cells.items():
            if types.get(name) == "timestamp":
                row[name] = int(cell) // 1000
            elif as_csv and isinstance(cell, str):
                if cell:
                    row[name] = cell.replace("\r", "\\r").replace("\n", "\\n")
            else:
                row[name] = cell
        yield row


def differences(what: str, found: Iterable[Any], wanted: Iterable[Any]) -> list[str]:
    left, right = Counter(map(repr, found)), Counter(map(repr, wanted))
    return [
        *(f"{what}, too much: {each}" for each in sorted((left - right).elements())[:3]),
        *(f"{what}, missing:  {each}" for each in sorted((right - left).elements())[:3]),
    ]


def check(table: str, ranges: Iterable[str]) -> list[str]:
    model = model_of(ranges)
    types = {**OWN_TYPES, **{c.name: c.type for c in model.registry}}
    glue = boto3.client("glue")
    record = glue.get_table(DatabaseName=DATABASE, Name=table)["Table"]
    columns = [(c["Name"], c["Type"]) for c in record["StorageDescriptor"]["Columns"]]
    as_csv = table.endswith("_typed")
    keys = [(key, "string") for key in KEYS] if as_csv else []
    every = {**types, **dict.fromkeys(KEYS, "string")}
    found = (
        sorted((name, value(text, every[name])) for name, text in row.items())
        for row in rows_of(f"SELECT * FROM {table}")
    )
    quarantined = (
        (row["source"], row["reason"], row["object_key"], row["line_number"], row.get("line", ""))
        for row in rows_of("SELECT * FROM mobile_user_quarantine")
    )
    return [
        *differences("columns", columns, [*types.items(), *keys]),
        *differences(
            "rows", found, (sorted(r.items()) for r in expected_rows(model, every, as_csv))
        ),
        *differences(
            "quarantine",
            quarantined,
            (
                (bad.source, bad.reason, bad.object_key, str(bad.line_number), bad.line)
                for bad in model.quarantine
            ),
        ),
    ]


def main(command: str, target: str, *ranges: str) -> int:
    if command == "write":
        nasty.write_archive(Path(target))
        return 0
    found = check(target, ranges)
    print("\n".join(found) or "all as the model says")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
