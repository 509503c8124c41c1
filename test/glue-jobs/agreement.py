"""What a lake says of itself, held against what is in its files."""

from __future__ import annotations

import gzip
import io
import json
from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

import open_csv
import pyarrow.parquet as pq
from job_runs import Curated

COUNTS = ("records_read", "rows_written", "duplicates", "quarantined")


def check_agreement(lake: Curated) -> None:
    """Ledger, table, quarantine and ids agree, and every account closes.

    Ids must be texts, so that the column has what the index of ids has.
    """
    days = lake.ledger()
    for part, prefix in (("data", "mobile_user/"), ("quarantine", "quarantine/"), ("ids", "_ids/")):
        listed = [file["key"] for day in days.values() for file in day[part]]
        assert sorted(listed) == lake.keys(prefix)
    for day, entry in days.items():
        _check_day(lake, day, entry)


def _check_day(lake: Curated, day: date, entry: Mapping[str, Any]) -> None:
    rows = [row for file in entry["data"] for row in _described(lake, day, file, rows_in)]
    bad = [row for file in entry["quarantine"] for row in _described(lake, day, file, lines_in)]
    ids = [row for file in entry["ids"] for row in _described(lake, day, file, rows_in)]
    assert sorted(row["message_id"] for row in ids) == sorted(
        row["message_id"] for row in rows if row.get("message_id")
    )
    written = Counter(row["platform"] for row in rows)
    quarantined = Counter(record["source"] for record in bad)
    read: Counter[str] = Counter()
    for raw in entry["objects"]:
        read[raw["source"]] += raw["records"]
    for source, counts in entry["sources"].items():
        assert counts["rows_written"] == written.pop(source, 0)
        assert counts["quarantined"] == quarantined.pop(source, 0)
        assert counts["records_read"] == read.pop(source) == sum(counts[n] for n in COUNTS[1:])
    assert not written + quarantined + read
    keys = [raw["key"] for raw in entry["objects"]]
    assert len(set(keys)) == len(keys)


def _described(lake: Curated, day: date, file: Mapping[str, Any], read: Any) -> list[Any]:
    key = file["key"]
    name = key.rsplit("/", 1)[1]
    assert name.startswith(f"{day}-jr_")
    found: list[Any] = read(lake, key)
    assert len(found) == file["rows"] > 0
    if key.startswith("mobile_user/"):
        assert file["bytes"] == len(lake.store.get("curated", key))
    return found


def rows_in(lake: Curated, key: str) -> list[dict[str, Any]]:
    """The rows of a file of the dataset of either format, or of one of ids."""
    content = lake.store.get("curated", key)
    if key.endswith(".csv.gz"):
        return list(open_csv.read(gzip.decompress(content)))
    rows: list[dict[str, Any]] = pq.ParquetFile(io.BytesIO(content)).read().to_pylist()
    return rows


def lines_in(lake: Curated, key: str) -> list[dict[str, Any]]:
    """The records of a file of the quarantine."""
    lines = gzip.decompress(lake.store.get("curated", key)).splitlines()
    return [json.loads(line) for line in lines]


def totals(reports: Iterable[Mapping[str, Any]]) -> dict[str, dict[str, int]]:
    """The account of each source over all runs."""
    found: dict[str, Counter[str]] = {}
    for report in reports:
        for source, counts in report["sources"].items():
            found.setdefault(source, Counter()).update(counts)
    return {source: {name: counts[name] for name in COUNTS} for source, counts in found.items()}
