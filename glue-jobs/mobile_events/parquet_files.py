"""Writes Parquet files piece by piece: memory is bounded by a piece, not by a file."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

UNIQUE_COLUMNS = frozenset(
    {
        "message_id",
        "utc_timestamp",
        "local_timestamp",
        "sent_at",
        "received_at",
        "original_timestamp",
    }
)
"""A dictionary of values that hardly repeat only costs time."""

MOST_OPEN = 64
"""Files at once: events with absurd times can lie on any day of many years."""

COMPRESSION = "zstd"
ZSTD_LEVEL = 1


def new_writer(sink: Any, schema: pa.Schema) -> pq.ParquetWriter:
    """A writer with the settings of all our files."""
    return pq.ParquetWriter(
        sink,
        schema,
        compression=COMPRESSION,
        compression_level=ZSTD_LEVEL,
        use_dictionary=[name for name in schema.names if name not in UNIQUE_COLUMNS],
        write_statistics=True,
    )


@dataclass
class LocalFile:
    """A file on disk that is being written."""

    path: Path
    layout: Any
    sink: Any
    writer: pq.ParquetWriter
    rows: int = 0

    def write(self, table: pa.Table) -> None:
        self.writer.write_table(table)
        self.rows += len(table)

    def close(self) -> None:
        self.writer.close()
        self.sink.close()


class ParquetFiles:
    """One open file a partition; a new one when the layout differs or a file is large enough.

    A layout says what the columns of a table stand for: tables of one layout have one schema.
    """

    def __init__(self, folder: Path, target_bytes: int) -> None:
        self.files: list[LocalFile] = []
        self._folder = folder
        self._target_bytes = target_bytes
        self._open: dict[str, int] = {}

    def write(self, partition: str, table: pa.Table, layout: Any) -> tuple[int, int]:
        """Write rows to the partition. Gives the file's place in `files` and the rows' first place
        in that file."""
        place = self._open.get(partition)
        if place is not None and not self._takes(self.files[place], layout):
            self.files[self._open.pop(partition)].close()
            place = None
        if place is None:
            if len(self._open) >= MOST_OPEN:
                self.close()
            place = self._open[partition] = self._create(table.schema, layout)
        file = self.files[place]
        first = file.rows
        file.write(table)
        return place, first

    def close(self) -> None:
        """Close all files that are open; later rows go to new ones."""
        for place in self._open.values():
            self.files[place].close()
        self._open.clear()

    def _takes(self, file: LocalFile, layout: Any) -> bool:
        return bool(file.layout == layout and file.sink.tell() < self._target_bytes)

    def _create(self, schema: pa.Schema, layout: Any) -> int:
        path = self._folder / f"{len(self.files)}.parquet"
        sink = path.open("wb")
        self.files.append(LocalFile(path, layout, sink, new_writer(sink, schema)))
        return len(self.files) - 1
