"""What tasks stage, as the driver hears of it: pieces, counts, and columns that are new."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

import pyarrow as pa

from mobile_events.raw.raw_objects import RawObject
from mobile_events.rows.batch import OWN, Batch, Fresh
from mobile_events.rows.names import Path
from mobile_events.rows.registry import ColumnKey, Registry
from mobile_events.settings import Settings


@dataclass(frozen=True)
class Task:
    """Objects of one received day that are staged together, each with its place in the run."""

    number: int
    day: date
    objects: tuple[tuple[int, RawObject], ...]


@dataclass(frozen=True)
class StagingArea:
    """Where a run stages, and by which settings and columns; `prefix` has its final slash."""

    settings: Settings
    registry: Registry
    prefix: str


@dataclass(frozen=True)
class FreshColumn:
    """A column of a staged piece for a path that the registry lacks."""

    name: str
    kinds: int
    encoding: str


@dataclass
class StagedPiece:
    """Rows in the staging, of the folder `partition`, such as `year=2026/month=11`; `bytes` is the
    size of their file.

    `fresh` and `siblings` are columns that the registry lacked when it was written.
    """

    key: str
    partition: str
    rows: int = 0
    bytes: int = 0
    fresh: dict[Path, FreshColumn] = field(default_factory=dict)
    siblings: dict[ColumnKey, str] = field(default_factory=dict)

    def add_kinds(self, fresh: Mapping[Path, FreshColumn]) -> None:
        """Add the kinds of more values of the same columns."""
        for path, column in fresh.items():
            known = self.fresh.get(path)
            kinds = column.kinds | (known.kinds if known else 0)
            self.fresh[path] = FreshColumn(column.name, kinds, column.encoding)

    def kinds(self) -> dict[Path, int]:
        return {path: column.kinds for path, column in self.fresh.items()}

    def batch(self, table: pa.Table, registry: Registry) -> Batch:
        """Rows of the piece; `registry` is the one that it was written by."""
        names = table.column_names
        arrays: Mapping[str, pa.Array] = {name: table[name].combine_chunks() for name in names}
        typed = {c.key: arrays[c.name] for c in registry.columns if c.name in arrays}
        typed |= {key: arrays[name] for key, name in self.siblings.items() if name in arrays}
        fresh = {
            path: Fresh(column.kinds, column.encoding, arrays[column.name])
            for path, column in self.fresh.items()
            if column.name in arrays
        }
        own = {name: arrays[name] for name in OWN if name in arrays}
        return Batch(own, typed, fresh)


@dataclass
class ObjectCounts:
    """What was found in one object; `readable` is False if it couldn't be read to its end."""

    records: int = 0
    reasons: Counter[str] = field(default_factory=Counter)
    readable: bool = True


@dataclass
class Staged:
    """What a task has staged. `duplicates` counts what it dropped itself, by source.

    `ids` is the key of its file of candidates, `quarantine` that of its quarantined records; None
    where there are none.
    """

    task: Task
    objects: dict[int, ObjectCounts]
    pieces: list[StagedPiece]
    ids: str | None
    id_count: int
    quarantine: str | None
    duplicates: Counter[str]

    @property
    def quarantined(self) -> int:
        return sum(counts.reasons.total() for counts in self.objects.values())
