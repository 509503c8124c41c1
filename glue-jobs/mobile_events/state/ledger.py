"""The ledger: for each received day what has been read, and what that gave.

One object of JSON a day, at `_ledger/<received day>.json`: a run reads those of its days, and of
the days near them, however long the history is.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from datetime import date, timedelta
from typing import Any

from mobile_events.storage import Store


@dataclass
class Counts:
    """A source's account: every record that was read is one of the others."""

    records_read: int = 0
    rows_written: int = 0
    duplicates: int = 0
    quarantined: int = 0

    def add(self, other: Counts) -> None:
        self.records_read += other.records_read
        self.rows_written += other.rows_written
        self.duplicates += other.duplicates
        self.quarantined += other.quarantined


@dataclass(frozen=True)
class ReadObject:
    """A raw object that has been published; `records` were in it."""

    source: str
    bucket: str
    key: str
    etag: str
    records: int


@dataclass(frozen=True)
class PublishedFile:
    """A file of the dataset, of quarantined records or of ids: its key, and how many rows it has.

    `bytes` is its size; 0 for quarantined records, and for ids where an older version wrote them.
    """

    key: str
    rows: int
    bytes: int = 0


@dataclass
class Day:
    """All that a received day has given."""

    objects: list[ReadObject] = field(default_factory=list)
    sources: dict[str, Counts] = field(default_factory=dict)
    data: list[PublishedFile] = field(default_factory=list)
    quarantine: list[PublishedFile] = field(default_factory=list)
    ids: list[PublishedFile] = field(default_factory=list)

    def etags(self) -> Mapping[tuple[str, str], str]:
        """The ETag that each object had when it was published, by bucket and key."""
        return {(read.bucket, read.key): read.etag for read in self.objects}

    @property
    def rows(self) -> int:
        return sum(counts.rows_written for counts in self.sources.values())

    @property
    def files(self) -> list[str]:
        """Keys of all files that the day gave."""
        return [file.key for file in (*self.data, *self.quarantine, *self.ids)]

    def add(self, other: Day) -> None:
        """Add what a later run gave."""
        self.objects += other.objects
        self.data += other.data
        self.quarantine += other.quarantine
        self.ids += other.ids
        for source, counts in other.sources.items():
            self.sources.setdefault(source, Counts()).add(counts)

    def to_json(self) -> dict[str, Any]:
        return asdict(self)

    @staticmethod
    def from_json(value: Mapping[str, Any]) -> Day:
        return Day(
            [ReadObject(**entry) for entry in value["objects"]],
            {source: Counts(**counts) for source, counts in value["sources"].items()},
            *([PublishedFile(**file) for file in value[part]] for part in PARTS),
        )


PARTS = ("data", "quarantine", "ids")


class Ledger:
    """The ledger below a prefix of a bucket."""

    def __init__(self, store: Store, bucket: str, root: str) -> None:
        self._store = store
        self._bucket = bucket
        self._prefix = f"{root}_ledger/"

    def key(self, day: date) -> str:
        return f"{self._prefix}{day}.json"

    def read(self, days: Iterable[date]) -> dict[date, Day]:
        """The entries of these days; days that gave nothing are left out."""
        wanted = set(days)
        if not wanted:
            return {}
        there = sorted(wanted & self._days_from(min(wanted), max(wanted)))
        found = self._store.get_all_json(self._bucket, map(self.key, there))
        return {day: Day.from_json(value) for day, value in zip(there, found, strict=True)}

    def days(self) -> set[date]:
        """Every received day that has given something."""
        return self._days_from(date.min, date.max)

    def _days_from(self, first: date, last: date) -> set[date]:
        # One request for a thousand days: cheaper than to ask for each.
        start, days = len(self._prefix), set()
        for entry in self._store.entries(self._bucket, self._prefix, f"{self._prefix}{first}"):
            day = date.fromisoformat(entry["Key"][start : start + len("YYYY-MM-DD")])
            if day > last:
                break
            days.add(day)
        return days


def around(days: Iterable[date], before: int, after: int) -> set[date]:
    """The days, and those that many days before and after each of them."""
    offsets = range(-before, after + 1)
    return {day + timedelta(days=offset) for day in days for offset in offsets}
