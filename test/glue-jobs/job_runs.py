"""Runs of the whole job over raw objects, with folders for S3 and a stand-in for Glue."""

from __future__ import annotations

import gzip
import io
import json
from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import date, datetime, timezone
from functools import partial
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
from contract.lines import Objects
from contract.model import Model, Row
from mobile_events.rows.registry import Registry
from mobile_events.run import run
from mobile_events.settings import Settings, Source, Thresholds
from mobile_events.storage import Store
from stand_ins import FolderStore, OneProcess

DAY = date(2026, 3, 9)
SOURCES = (Source("ios", "raw", "ios", 1000), Source("android", "raw", "android", 1000))
FOLDERS = {"ios": "ksMsMXyyEaIOS", "android": "ksMsMXyyEaANDROID"}
EPOCH = datetime(1970, 1, 1, tzinfo=timezone.utc)
WALL_EPOCH = datetime(1970, 1, 1)


def settings(**changes: Any) -> Settings:
    """Settings of a run, as the default stack has them but for `changes`."""
    values: dict[str, Any] = {
        "run_id": "jr_1",
        "job": "mobile-user-daily",
        "sources": SOURCES,
        "bucket": "curated",
        "prefix": "",
        "database": "mobile_analytics",
        "table": "mobile_user",
        "output_format": "parquet",
        "time_zone": "America/Los_Angeles",
        "partition_keys": ("year", "month", "date"),
        "drop_fields": frozenset({"integrations", "_metadata", "projectId", "channel", "version"}),
        "dedupe_days": 3,
        "target_file_bytes": 128 << 20,
        "audit": Thresholds(),
        "first_day": DAY,
        "last_day": DAY,
        "today": DAY,
    }
    return Settings(**{**values, **changes})


class NotFoundError(Exception):
    """Glue's EntityNotFoundException."""


class Glue:
    """As much of a Glue client as the job uses: raw partitions are the folders that there are, or,
    where the raw tables are `declared`, all days from 2020 to 2039. Runs have `workers` of two
    cores, one of them the driver's."""

    class exceptions:  # noqa: N801
        EntityNotFoundException = NotFoundError

    def __init__(self, store: Store, declared: bool = False) -> None:
        self._store = store
        self._declared = declared
        self.tables: dict[str, dict[str, Any]] = {}
        self.active: set[str] = set()
        self.workers = 2

    def get_table(self, DatabaseName: str, Name: str) -> dict[str, Any]:  # noqa: N803
        if DatabaseName == "raw":
            parameters = declared_parameters(Name) if self._declared else {}
            return {"Table": {"PartitionKeys": [{"Name": "partition_0"}], "Parameters": parameters}}
        if Name not in self.tables:
            raise NotFoundError(Name)
        return {"Table": self.tables[Name]}

    def create_table(self, DatabaseName: str, TableInput: dict[str, Any]) -> None:  # noqa: N803
        self.tables[TableInput["Name"]] = TableInput

    update_table = create_table

    def get_job_run(self, JobName: str, RunId: str) -> dict[str, Any]:  # noqa: N803
        state = "RUNNING" if RunId in self.active else "FAILED"
        workers = {"WorkerType": "G.025X", "NumberOfWorkers": self.workers}
        return {"JobRun": {"JobRunState": state, **workers}}

    def get_paginator(self, operation: str) -> Glue:
        assert not self._declared, "no partition is registered"
        return self

    def paginate(self, TableName: str, Expression: str = "", **_: Any) -> Iterable[Any]:  # noqa: N803
        root = f"segment-logs/{FOLDERS[TableName]}/"
        folders = self._store.folders("raw", root)
        days = [folder[len(root) : -1] for folder in folders]
        yield {
            "Partitions": [
                {
                    "Values": [day],
                    "StorageDescriptor": {"Location": f"s3://raw/{root}{day}/"},
                }
                for day in days
                if not Expression or f"'{day}'" in Expression
            ]
        }


def declared_parameters(table: str, first: str = "1577836800000") -> dict[str, str]:
    """Parameters of a raw table whose partitions are computed."""
    return {
        "projection.enabled": "true",
        "projection.partition_0.type": "integer",
        "projection.partition_0.range": f"{first},2209075199999",
        "projection.partition_0.interval": "86400000",
        "storage.location.template": f"s3://raw/segment-logs/{FOLDERS[table]}/${{partition_0}}/",
    }


class Curated:
    """What runs of the job have left in a store."""

    def __init__(self, store: Store) -> None:
        self.store = store

    @property
    def registry(self) -> Registry:
        return Registry.from_json(self.store.get_json("curated", "_schema/mobile_user.json"))

    def keys(self, prefix: str) -> list[str]:
        return [entry["Key"] for entry in self.store.entries("curated", prefix)]

    def rows(self) -> list[Row]:
        """All rows of the table, as the contract's model has them: nulls left out."""
        return [row for key in self.keys("mobile_user/") for row in self._rows_of(key)]

    def quarantine(self) -> list[dict[str, Any]]:
        keys = self.keys("quarantine/")
        lines = (gzip.decompress(self.store.get("curated", key)).splitlines() for key in keys)
        return [json.loads(line) for part in lines for line in part]

    def ids(self) -> dict[date, list[str]]:
        """Published ids by received day."""
        found: dict[date, list[str]] = {}
        for key in self.keys("_ids/"):
            table = pq.read_table(io.BytesIO(self.store.get("curated", key)))
            day = date.fromisoformat(key.split("/")[1])
            found.setdefault(day, []).extend(table["message_id"].to_pylist())
        return found

    def ledger(self) -> dict[date, dict[str, Any]]:
        entries = ((key, self.store.get_json("curated", key)) for key in self.keys("_ledger/"))
        return {date.fromisoformat(key[8:18]): entry for key, entry in entries}

    def _rows_of(self, key: str) -> Iterable[Row]:
        file = pq.ParquetFile(io.BytesIO(self.store.get("curated", key)))
        folders = dict(part.split("=") for part in key.split("/")[1:-1])
        day = date.fromisoformat(key.rsplit("/", 1)[1][:10])
        for row in comparable(file.read()):
            yield Row(day, {**row, **folders})


class Job(Curated):
    """The job on a folder, one run after the other."""

    store: FolderStore

    def __init__(self, root: Path, spark: Any = None, declared: bool = False) -> None:
        super().__init__(FolderStore(root))
        self.glue = Glue(self.store, declared)
        self._spark: Any = spark or OneProcess()
        self._open_store = partial(FolderStore, root)
        self._runs = 0

    def put(self, objects: Objects) -> None:
        """Put raw objects where Segment does."""
        for place, content in objects.items():
            self.store.put("raw", place.object_key, content)

    def run(self, first: date = DAY, last: date | None = None, **changes: Any) -> dict[str, Any]:
        """One run over received days, and its report."""
        self._runs += 1
        days = {"first_day": first, "last_day": last or first, "run_id": f"jr_{self._runs}"}
        asked = settings(**{**days, **changes})
        return run(self._spark, asked, self.glue, self._open_store)


def comparable(table: pa.Table) -> list[dict[str, Any]]:
    """Rows without their nulls, times as microseconds since 1970."""
    rows = table.to_pylist()
    return [{k: _comparable(v) for k, v in row.items() if v is not None} for row in rows]


def _comparable(value: Any) -> Any:
    if isinstance(value, datetime):
        start = EPOCH if value.tzinfo else WALL_EPOCH
        delta = value - start
        return (delta.days * 86_400 + delta.seconds) * 1_000_000 + delta.microseconds
    return value


def canonical(rows: Iterable[Row]) -> list[str]:
    """Rows in an order of their own, with the types of their values."""
    return sorted(f"{row.received_day} {sorted(row.cells.items())!r}" for row in rows)


def differences(found: Iterable[Row], wanted: Iterable[Row]) -> tuple[list[str], list[str]]:
    """Rows that are too many, and those that are missing; some of them, to be read by people."""
    left, right = Counter(canonical(found)), Counter(canonical(wanted))
    return sorted((left - right).elements())[:3], sorted((right - left).elements())[:3]


def canonical_quarantine(records: Iterable[Any]) -> list[tuple[Any, ...]]:
    names = ("source", "reason", "object_key", "line_number", "received_day", "line")
    as_dicts = (r if isinstance(r, Mapping) else vars(r) for r in records)
    return sorted(tuple(str(record[name]) for name in names) for record in as_dicts)


def check(job: Curated, model: Model, report: Mapping[str, Any], expected: Any) -> None:
    """Hold all that a run left and said against the contract's model."""
    check_state(job, model)
    assert {name: vars(account) for name, account in expected.sources.items()} == report["sources"]
    assert report["objects"] == {
        "seen": expected.seen,
        "processed": expected.processed,
        "unreadable": expected.unreadable,
    }
    assert report["dates"] == expected.dates
    assert report["quarantine_reasons"] == expected.quarantine_reasons
    assert report["new_columns"] == [n for n in expected.new_columns if n != "message_id"]


def check_state(curated: Curated, model: Model) -> None:
    """Hold the table, the quarantine, the registry, the ids and the ledger against the model."""
    assert differences(curated.rows(), model.published) == ([], [])
    assert canonical_quarantine(curated.quarantine()) == canonical_quarantine(model.quarantine)
    assert [(c.path, c.name, c.type) for c in curated.registry.columns] == model.registry
    assert {day: sorted(ids) for day, ids in curated.ids().items()} == {
        day: sorted(ids) for day, ids in model.ids.items()
    }
    read = {
        (day, each["key"]): each["records"]
        for day, entry in curated.ledger().items()
        for each in entry["objects"]
    }
    assert read == {(p.received_day, p.object_key): n for p, n in model.ledger.items()}
    assert _account(curated) == Counter(
        rows=len(model.published),
        quarantined=len(model.quarantine),
        ids=sum(map(len, model.ids.values())),
    )


def _account(curated: Curated) -> Counter[str]:
    """Rows, quarantined records and ids by the ledger, which knows every file that there is."""
    found: Counter[str] = Counter()
    files: list[str] = []
    names = {"data": "rows", "quarantine": "quarantined", "ids": "ids"}
    for entry in curated.ledger().values():
        for part, name in names.items():
            found[name] += sum(file["rows"] for file in entry[part])
            files += [file["key"] for file in entry[part]]
    folders = ("mobile_user/", "quarantine/", "_ids/")
    assert sorted(files) == sorted(key for folder in folders for key in curated.keys(folder))
    return found
