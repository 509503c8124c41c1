"""Makes what was staged final, once duplicates, names and types are known for the whole run.

The pieces of one received day and partition become files together, however many tasks staged them,
and as many at once as give a file of the target's size.
"""

from __future__ import annotations

import tempfile
import uuid
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from mobile_events.curated.final_files import EXTENSIONS, FinalFile, FinalFiles
from mobile_events.curated.parquet_files import new_writer
from mobile_events.rows.batch import Batch, to_table
from mobile_events.rows.names import Path as EventPath
from mobile_events.rows.registry import ColumnKey, Registry
from mobile_events.stage.attempt import attempt
from mobile_events.stage.pieces import tables
from mobile_events.stage.staged import StagedPiece, StagingArea
from mobile_events.storage import Store

IDS = pa.schema([("message_id", pa.string())])

Rows = NDArray[np.int64]
NO_ROWS: Rows = np.empty(0, np.int64)


@dataclass(frozen=True, eq=False)
class Survivors:
    """A staged piece, and the rows of it that are duplicates, as an array of 64-bit integers."""

    piece: StagedPiece
    dropped: Rows

    def batches(self, area: StagingArea, store: Store) -> Iterator[Batch]:
        """The rows that stay, as they were staged one after the other."""
        first = 0
        for table in tables(store, area.settings.bucket, self.piece.key):
            batch = self.piece.batch(table, area.registry)
            rows = np.arange(first, first + len(table))
            first += len(table)
            kept = np.flatnonzero(~np.isin(rows, self.dropped))
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


@dataclass(frozen=True, eq=False)
class RowWork:
    """Pieces of a received day and a partition, to be made files by the final registry."""

    day: date
    partition: str
    pieces: tuple[Survivors, ...]

    @property
    def rows(self) -> int:
        return sum(survivors.piece.rows for survivors in self.pieces)

    def run(self, area: StagingArea, registry: Registry, store: Store) -> list[FinalFile]:
        """Write the files into the staging, by the final `registry`. There is none if no row is
        left."""
        settings = area.settings
        extension = EXTENSIONS[settings.output_format]
        with tempfile.TemporaryDirectory() as folder:
            files = FinalFiles(Path(folder), settings.output_format, settings.target_file_bytes)
            for survivors in self.pieces:
                for batch in survivors.batches(area, store):
                    if batch.rows:
                        files.write(to_table(batch, registry))
            files.close()
            with attempt(store, settings.bucket, area.prefix) as own:
                for file in files.files:
                    file.key = f"{area.prefix}final/{uuid.uuid4().hex}.{extension}"
                    own.put_file(file.key, file.path)
        return files.files


@dataclass(frozen=True)
class IdFile:
    """A staged file of ids that are to be published."""

    key: str
    ids: int
    bytes: int


@dataclass(frozen=True, eq=False)
class Candidates:
    """A staged file of candidates, and which of them are duplicates: the rows by piece."""

    key: str
    ids: int
    dropped: Mapping[int, Rows]

    def survivors(self, table: pa.Table) -> pa.Table:
        """The ids of a part of the file that stay."""
        pieces, rows = table["file"].to_numpy(), table["row"].to_numpy()
        kept = np.ones(len(table), bool)
        for piece, dropped in self.dropped.items():
            kept &= ~((pieces == piece) & np.isin(rows, dropped))
        return table.select(IDS.names).filter(pa.array(kept))


@dataclass(frozen=True, eq=False)
class IdWork:
    """Files of candidates of a received day, whose ids become one file."""

    day: date
    files: tuple[Candidates, ...]

    @property
    def rows(self) -> int:
        return sum(file.ids for file in self.files)

    def run(self, area: StagingArea, store: Store) -> IdFile:
        """Write the ids that stay into the staging."""
        key, count = f"{area.prefix}final/{uuid.uuid4().hex}.parquet", 0
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "ids"
            with new_writer(str(path), IDS) as writer:
                for candidates in self.files:
                    for table in tables(store, area.settings.bucket, candidates.key):
                        ids = candidates.survivors(table)
                        writer.write_table(ids)
                        count += len(ids)
            with attempt(store, area.settings.bucket, area.prefix) as own:
                own.put_file(key, path)
            return IdFile(key, count, path.stat().st_size)
