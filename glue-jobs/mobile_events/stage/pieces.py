"""Rows on their way through the staging: Arrow's streams, one a partition, lightly compressed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa

from mobile_events.storage import Store

MOST_OPEN = 64
"""Files at once: events with absurd times can lie on any day of many years."""

OPTIONS = pa.ipc.IpcWriteOptions(compression="lz4")


@dataclass
class Piece:
    """A file on disk that is being written."""

    path: Path
    sink: Any
    writer: Any
    rows: int = 0

    @staticmethod
    def create(path: Path, schema: pa.Schema) -> Piece:
        sink = pa.OSFile(str(path), "wb")
        return Piece(path, sink, pa.ipc.new_stream(sink, schema, options=OPTIONS))

    def write(self, table: pa.Table) -> None:
        self.writer.write_table(table)
        self.rows += len(table)

    def close(self) -> None:
        self.writer.close()
        self.sink.close()  # a writer leaves its file open


class Pieces:
    """One open file a partition; a new one when the layout differs.

    A layout says what the columns of a table stand for: tables of one layout have one schema.
    """

    def __init__(self, folder: Path) -> None:
        self.files: list[Piece] = []
        self._layouts: list[Any] = []
        self._folder = folder
        self._open: dict[str, int] = {}

    def write(self, partition: str, table: pa.Table, layout: Any) -> tuple[int, int]:
        """Write rows to the partition. Gives the file's place in `files` and the rows' first place
        in that file."""
        place = self._open.get(partition)
        if place is not None and self._layouts[place] != layout:
            self.files[self._open.pop(partition)].close()
            place = None
        if place is None:
            if len(self._open) >= MOST_OPEN:
                self.close()
            place = self._open[partition] = self._create(table.schema, layout)
        first = self.files[place].rows
        self.files[place].write(table)
        return place, first

    def close(self) -> None:
        """Close all files that are open; later rows go to new ones."""
        for place in self._open.values():
            self.files[place].close()
        self._open.clear()

    def _create(self, schema: pa.Schema, layout: Any) -> int:
        self.files.append(Piece.create(self._folder / f"{len(self.files)}.arrows", schema))
        self._layouts.append(layout)
        return len(self.files) - 1


def tables(store: Store, bucket: str, key: str) -> Iterator[pa.Table]:
    """The tables that were written to a file, one after the other."""
    with pa.ipc.open_stream(store.open(bucket, key)) as reader:
        for batch in reader:
            yield pa.Table.from_batches([batch])
