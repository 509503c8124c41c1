"""Makes what was staged final, once duplicates, names and types are known for the whole run.

The pieces of one received day and partition become files together, however many tasks staged them.
"""

from __future__ import annotations

import tempfile
import uuid
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

import numpy as np
import pyarrow as pa

from mobile_events.curated.final_files import EXTENSIONS, FinalFile, FinalFiles
from mobile_events.curated.parquet_files import new_writer
from mobile_events.rows.batch import Batch, to_table
from mobile_events.rows.names import Path as EventPath
from mobile_events.rows.registry import ColumnKey, Registry
from mobile_events.stage.pieces import tables
from mobile_events.stage.staged import StagedPiece, StagingArea
from mobile_events.storage import Store

IDS = pa.schema([("message_id", pa.string())])


@dataclass(frozen=True)
class Survivors:
    """A staged piece, and the rows of it that are duplicates."""

    piece: StagedPiece
    dropped: frozenset[int]

    def batches(self, area: StagingArea, store: Store) -> Iterator[Batch]:
        """The rows that stay, as they were staged one after the other."""
        first = 0
        for table in tables(store, area.settings.bucket, self.piece.key):
            batch = self.piece.batch(table, area.registry)
            rows = np.arange(first, first + len(table))
            first += len(table)
            kept = np.flatnonzero(~np.isin(rows, list(self.dropped)))
            yield batch.observed() if len(kept) == len(rows) else batch.take(pa.array(kept))


@dataclass
class Seen:
    """New columns of which a value is left without the rows that are dropped."""

    kinds: dict[EventPath, int] = field(default_factory=dict)
    siblings: set[ColumnKey] = field(default_factory=set)


def see(survivors: Survivors, area: StagingArea, store: Store) -> Seen:
    """What new columns a piece has once its duplicates are gone."""
    seen = Seen()
    for batch in survivors.batches(area, store):
        for path, kinds in batch.kinds().items():
            seen.kinds[path] = seen.kinds.get(path, 0) | kinds
        seen.siblings |= batch.siblings(area.registry)
    return seen


@dataclass(frozen=True)
class RowWork:
    """All pieces of a received day and a partition, to be made files by the final registry."""

    day: date
    partition: str
    pieces: tuple[Survivors, ...]
    registry: Registry

    @property
    def rows(self) -> int:
        return sum(survivors.piece.rows for survivors in self.pieces)

    def run(self, area: StagingArea, store: Store) -> list[FinalFile]:
        """Write the files into the staging. There is none if no row is left."""
        settings = area.settings
        extension = EXTENSIONS[settings.output_format]
        with tempfile.TemporaryDirectory() as folder:
            files = FinalFiles(Path(folder), settings.output_format, settings.target_file_bytes)
            for survivors in self.pieces:
                for batch in survivors.batches(area, store):
                    if batch.rows:
                        files.write(to_table(batch, self.registry))
            files.close()
            for file in files.files:
                file.key = f"{area.prefix}final/{uuid.uuid4().hex}.{extension}"
                store.put_file(settings.bucket, file.key, file.path)
        return files.files


@dataclass(frozen=True)
class IdWork:
    """Files of candidates of a received day, each with the rows to drop as file and row."""

    day: date
    files: tuple[tuple[str, frozenset[tuple[int, int]]], ...]
    rows: int

    def run(self, area: StagingArea, store: Store) -> tuple[str, int]:
        """Write the ids that stay: the key of the file, and how many there are."""
        key, count = f"{area.prefix}final/{uuid.uuid4().hex}.parquet", 0
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "ids"
            with new_writer(str(path), IDS) as writer:
                for candidates, dropped in self.files:
                    for table in tables(store, area.settings.bucket, candidates):
                        ids = _ids(table, dropped)
                        writer.write_table(ids)
                        count += len(ids)
            store.put_file(area.settings.bucket, key, path)
        return key, count


def _ids(table: pa.Table, dropped: frozenset[tuple[int, int]]) -> pa.Table:
    if dropped:
        places = zip(table["file"].to_pylist(), table["row"].to_pylist(), strict=True)
        table = table.filter(pa.array([place not in dropped for place in places], pa.bool_()))
    return table.select(IDS.names)
