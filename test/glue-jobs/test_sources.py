"""Sources of CSV and of Parquet beside one of JSON: one table, one account."""

from __future__ import annotations

import gzip
import io
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
from contract.archive import event, gz_lines, place
from job_runs import DAY, SOURCES, Job
from mobile_events.settings import Source

COLUMNS = {"timestamp": "occurred at", "messageId": "id", "receivedAt": "loaded"}
NOON = f"{DAY}T12:00:00Z"
HOUR = 3_600_000_000


def sources(android_format: str) -> dict[str, Any]:
    other = Source("android", "raw", "android", 1000, android_format, COLUMNS)
    return {"sources": (SOURCES[0], other)}


def put_csv(job: Job, *rows: str, file: str = "a") -> None:
    text = "\n".join(["id,occurred at,loaded,amount,sentAt,context.ip", *rows]) + "\n"
    job.put({place("android", DAY, file): gzip.compress(text.encode())})


def put_parquet(job: Job, columns: dict[str, Any], file: str = "a") -> None:
    sink = io.BytesIO()
    pq.write_table(pa.table(columns), sink)
    job.put({place("android", DAY, file): sink.getvalue()})


def rows(job: Job) -> dict[tuple[str, str], dict[str, Any]]:
    """Rows by platform and id."""
    found: list[dict[str, Any]] = [dict(row.cells) for row in job.rows()]
    by_id = {(str(row["platform"]), str(row.get("message_id", ""))): row for row in found}
    assert len(by_id) == len(found)
    return by_id


def micros(hour: int, minute: int = 0) -> int:
    at = datetime(DAY.year, DAY.month, DAY.day, hour, minute, tzinfo=timezone.utc)
    return int(at.timestamp()) * 1_000_000


def test_csv_beside_json(tmp_path: Path) -> None:
    job = Job(tmp_path)
    job.put({place("ios", DAY, "a"): gz_lines([event(DAY, "1", amount=5), event(DAY, "2")])})
    put_csv(
        job,
        f"2,{NOON},{DAY}T12:00:01Z,7,,",
        f"3,{NOON},{DAY}T12:30:00Z,x,{DAY}T12:10Z,::1",
        f"3,{NOON},{DAY}T12:29:00Z,9,soon,",
        f",{NOON},,,,",
        "4,yesterday,,,,",
        "5,6",
    )
    report = job.run(**sources("csv"), drop_fields=frozenset({"context.ip"}))
    assert report["sources"]["android"] == {
        "records_read": 6,
        "rows_written": 2,
        "duplicates": 2,
        "quarantined": 2,
    }
    assert report["quarantine_reasons"] == {"bad_timestamp": 1, "not_an_object": 1}
    found = rows(job)
    assert set(found) == {("ios", "1"), ("ios", "2"), ("android", "3"), ("android", "")}
    # The better of two: received first.
    better = found["android", "3"]
    assert better["received_at"] == micros(12, 29)
    assert (better["utc_timestamp"], better["sent_at__string"]) == (micros(12), "soon")
    # A number of JSON and a text of CSV: one column of texts.
    assert (better["amount"], found["ios", "1"]["amount"]) == ("9", "5")
    assert not any("ip" in name for name in better)
    (bad, short) = sorted(job.quarantine(), key=lambda record: record["line_number"])
    assert (bad["line_number"], bad["line"]) == (5, '{"messageId":"4","timestamp":"yesterday"}')
    assert (short["line_number"], short["line"]) == (6, '["5","6"]')
    assert short["object_key"] == place("android", DAY, "a").object_key
    assert sorted(job.ids()[DAY]) == ["1", "2", "3"]


def test_parquet_beside_json(tmp_path: Path) -> None:
    job = Job(tmp_path)
    job.put({place("ios", DAY, "a"): gz_lines([event(DAY, "1", n=1, context={"a": True})])})
    columns = {
        "id": [7, 8, None],
        "occurred at": [datetime(2026, 3, 9, 12), datetime(2026, 3, 9, 6), datetime(1999, 1, 1)],
        "loaded": [datetime(2026, 3, 9, 13, tzinfo=timezone.utc)] * 3,
        "n": [0.5, None, 1.0],
        "context": [{"a": False, "b": ["x"]}, None, None],
        "extra": pa.array([[("k", 1)], [], None], pa.map_(pa.string(), pa.int64())),
    }
    put_parquet(job, columns)
    report = job.run(**sources("parquet"))
    assert report["sources"]["android"] == {
        "records_read": 3,
        "rows_written": 2,
        "duplicates": 0,
        "quarantined": 1,
    }
    found = rows(job)
    first, second = found["android", "7"], found["android", "8"]
    assert (first["utc_timestamp"], first["received_at"]) == (micros(12), micros(13))
    assert (first["n"], first["context_a"], first["context_b"]) == (0.5, False, '["x"]')
    assert (first["extra"], second["extra"]) == ('{"k":1}', "{}")
    assert found["ios", "1"]["n"] == 1.0
    assert (second["utc_timestamp"], second["local_timestamp"]) == (micros(6), micros(6) - 7 * HOUR)
    (bad,) = job.quarantine()
    assert (bad["reason"], bad["line_number"]) == ("bad_timestamp", 3)
    assert '"timestamp":"1999-01-01T00:00:00.000000Z"' in bad["line"]
    types = {column.name: column.type for column in job.registry.columns}
    assert (types["n"], types["context_a"], types["extra"]) == ("double", "boolean", "string")


def test_types_stay_when_the_other_format_comes_later(tmp_path: Path) -> None:
    job = Job(tmp_path)
    job.put({place("ios", DAY, "a"): gz_lines([event(DAY, "1", amount=5)])})
    job.run(**sources("csv"))
    put_csv(job, f"2,{NOON},,7,,")
    assert job.run(**sources("csv"))["new_columns"] == ["amount__string"]
    found = rows(job)
    assert found["ios", "1"]["amount"] == 5
    assert found["android", "2"]["amount__string"] == "7"
    assert "amount" not in found["android", "2"]


def test_damaged_objects_of_any_format_are_listed_and_the_rest_is_kept(tmp_path: Path) -> None:
    job = Job(tmp_path)
    text = "id,occurred at\n" + "".join(f"{n},{NOON}\n" for n in range(3000))
    cut = gzip.compress(text.encode())[:-9]
    job.put({place("android", DAY, "cut"): cut, place("ios", DAY, "a"): b"no gzip"})
    report = job.run(**sources("csv"))
    keys = [place("android", DAY, "cut").object_key, place("ios", DAY, "a").object_key]
    assert report["objects"]["unreadable"] == sorted(keys)
    assert report["warnings"] == [f"{key} could not be read to its end" for key in sorted(keys)]
    read = report["sources"]["android"]["records_read"]
    assert len(job.rows()) == read > 2000
    put_parquet(job, {"id": ["x"], "occurred at": [NOON]}, file="b")
    job.put({place("android", DAY, "c"): b"PAR1"})
    report = job.run(**sources("parquet"))
    assert report["objects"]["unreadable"] == [place("android", DAY, "c").object_key]
    assert len(job.rows()) == read + 1
