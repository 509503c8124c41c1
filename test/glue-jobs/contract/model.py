"""What runs of the job give by the data contract, in plain Python.

All is kept in memory, and a run is done at once: staging, journal and file names have no part here.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple
from zoneinfo import ZoneInfo

from .instants import wall_microseconds, wall_time
from .lines import Objects, Place, Reason, numbered_lines, unzip
from .records import Quarantined, Record, read, separate
from .registry import Column, Registry
from .values import Cell


@dataclass(frozen=True)
class Settings:
    """Settings of the pipeline that change what a run gives.

    `drop_fields` are paths joined by dots; private fields are dropped where they are named, too.
    """

    sources: tuple[str, ...] = ("ios", "android")
    zone: str = "America/Los_Angeles"
    dedupe_days: int = 3
    drop_fields: frozenset[str] = frozenset(
        ("integrations", "_metadata", "projectId", "channel", "version")
    )
    allow_empty: bool = False


class NoObjectsError(Exception):
    """There is no object at all in the days of a run."""


@dataclass
class Account:
    """Records of one source in one run."""

    records_read: int = 0
    rows_written: int = 0
    duplicates: int = 0
    quarantined: int = 0


@dataclass(frozen=True)
class Report:
    """What a run says of itself, without its times and names.

    `processed` counts objects that no run had published, also unreadable ones. `silent_sources`
    have no object in the range: those of the warnings.
    """

    seen: int
    processed: int
    unreadable: list[str]
    sources: dict[str, Account]
    dates: dict[str, int]
    quarantine_reasons: dict[Reason, int]
    new_columns: list[str]
    silent_sources: list[str]


class Row(NamedTuple):
    """A row of the table, with the received day of its file.

    `cells` are by column, partition keys among them; a column that isn't there is null. Timestamps
    are microseconds since 1970-01-01T00:00Z, local_timestamp those of the wall time.
    """

    received_day: date
    cells: dict[str, Cell]


@dataclass
class _Batch:
    records: list[Record] = field(default_factory=list)
    quarantined: list[Quarantined] = field(default_factory=list)
    unreadable: list[str] = field(default_factory=list)


class Model:
    """The curated data after any number of runs."""

    def __init__(self, settings: Settings | None = None) -> None:
        self.settings = settings or Settings()
        self.published: list[Row] = []
        self.quarantine: list[Quarantined] = []
        self.ids: dict[date, set[str]] = {}
        """Ids of the rows by received day; a day without any isn't there."""
        self.ledger: dict[Place, int] = {}
        """Records of each object that is published."""
        self._registry = Registry()

    @property
    def rows(self) -> list[dict[str, Cell]]:
        """The table, in no order that matters."""
        return [row.cells for row in self.published]

    @property
    def registry(self) -> list[Column]:
        """The columns of raw paths in their order."""
        return list(self._registry.columns)

    def run(
        self, objects: Objects, first_day: date, last_day: date, *, rebuild: bool = False
    ) -> Report:
        """Runs the job for received days, both inclusive, over all raw objects that there are.

        Raises NoObjectsError where those days have none, unless `allow_empty`; a run that fails
        changes nothing.
        """
        seen = self._seen(objects, first_day, last_day)
        if rebuild:
            self._forget(first_day, last_day)
        new = {place: data for place, data in seen.items() if place not in self.ledger}
        batch = self._read(new)
        written, dropped = separate(batch.records, self.ids, self.settings.dedupe_days)
        columns = self._registry.learn(record.leaves for record in written)
        rows = [self._publish(record) for record in written]
        self.quarantine += batch.quarantined
        return Report(
            seen=len(seen),
            processed=len(new),
            unreadable=sorted(batch.unreadable),
            sources=self._accounts(new, written, dropped, batch.quarantined),
            dates=dict(Counter(str(row.cells["date"]) for row in rows)),
            quarantine_reasons=dict(Counter(record.reason for record in batch.quarantined)),
            new_columns=[column.name for column in columns],
            silent_sources=sorted({*self.settings.sources} - {place.source for place in seen}),
        )

    def _seen(self, objects: Objects, first_day: date, last_day: date) -> Objects:
        seen = {p: data for p, data in objects.items() if first_day <= p.received_day <= last_day}
        if not seen and not self.settings.allow_empty:
            days = ", ".join(sorted({str(place.received_day) for place in objects})) or "none"
            raise NoObjectsError(
                f"no object from {first_day} to {last_day}; days that have some: {days}"
            )
        return seen

    def _forget(self, first_day: date, last_day: date) -> None:
        def stays(day: date) -> bool:
            return not first_day <= day <= last_day

        self.published = [row for row in self.published if stays(row.received_day)]
        self.quarantine = [record for record in self.quarantine if stays(record.received_day)]
        self.ids = {day: ids for day, ids in self.ids.items() if stays(day)}
        self.ledger = {
            place: count for place, count in self.ledger.items() if stays(place.received_day)
        }
        if not self.ledger:
            self._registry = Registry()

    def _read(self, objects: Objects) -> _Batch:
        batch = _Batch()
        for place, zipped in objects.items():
            data, complete = unzip(zipped)
            records = read(place, numbered_lines(data), self.settings.drop_fields)
            self.ledger[place] = len(records)
            batch.records += [record for record in records if isinstance(record, Record)]
            batch.quarantined += [record for record in records if isinstance(record, Quarantined)]
            if not complete:
                batch.unreadable.append(place.object_key)
        return batch

    def _publish(self, record: Record) -> Row:
        day = record.place.received_day
        cells = self._registry.cells(record.leaves)
        wall = wall_time(int(cells["utc_timestamp"]), ZoneInfo(self.settings.zone))
        row = Row(
            day,
            {
                **cells,
                "platform": record.place.source,
                "local_timestamp": wall_microseconds(wall),
                "year": f"{wall:%Y}",
                "month": f"{wall:%m}",
                "date": str(wall.date()),
            },
        )
        self.published.append(row)
        if record.message_id is not None:
            self.ids.setdefault(day, set()).add(record.message_id)
        return row

    def _accounts(
        self,
        new: Iterable[Place],
        written: Iterable[Record],
        dropped: Iterable[Record],
        quarantined: Iterable[Quarantined],
    ) -> dict[str, Account]:
        accounts = {source: Account() for source in self.settings.sources}
        for place in new:
            accounts[place.source].records_read += self.ledger[place]
        for record in written:
            accounts[record.place.source].rows_written += 1
        for record in dropped:
            accounts[record.place.source].duplicates += 1
        for bad in quarantined:
            accounts[bad.source].quarantined += 1
        return accounts
