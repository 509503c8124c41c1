"""Makes staged files final, once duplicates, names and types are known for the whole run.

A Parquet file that has no duplicate, and whose new columns are as the registry now has them, stays
as it is; others are read and written once more, a row group at a time.
"""

from __future__ import annotations

import gzip
import tempfile
import uuid
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from mobile_events import csv_text
from mobile_events.batch import Batch, to_table
from mobile_events.duplicates import CANDIDATES
from mobile_events.names import Path as EventPath
from mobile_events.parquet_files import new_writer
from mobile_events.registry import ColumnKey, Registry
from mobile_events.staged import StagedFile
from mobile_events.storage import Store


@dataclass(frozen=True)
class Rewrite:
    """A staged file, the rows to drop of it, and the registries before and after this run."""

    bucket: str
    file: StagedFile
    dropped: frozenset[int]
    before: Registry
    after: Registry
    output_format: str


@dataclass
class Seen:
    """New columns of a file that still have values without the rows that are dropped."""

    kinds: dict[EventPath, int] = field(default_factory=dict)
    siblings: set[ColumnKey] = field(default_factory=set)


def see(rewrite: Rewrite, store: Store) -> Seen:
    """What new columns a file has once its duplicates are gone."""
    seen = Seen()
    for batch in _batches(rewrite, store):
        for path, kinds in batch.kinds().items():
            seen.kinds[path] = seen.kinds.get(path, 0) | kinds
        seen.siblings.update(batch.siblings(rewrite.before))
    return seen


def finish(rewrite: Rewrite, store: Store) -> StagedFile:
    """Write the file as the table has it, beside the staged one. It may have no rows left."""
    file = rewrite.file
    folder, name = file.key.rsplit("/", 1)
    extension = "csv.gz" if rewrite.output_format == "csv" else "parquet"
    stem = f"{name.removesuffix('.parquet')}-{uuid.uuid4().hex[:8]}"
    final = StagedFile(f"{folder}/{stem}.{extension}", file.partition)
    with tempfile.TemporaryDirectory() as local:
        path = Path(local) / "file"
        with _Sink(path, rewrite.output_format) as sink:
            for batch in _batches(rewrite, store):
                if batch.rows:
                    table = to_table(batch, rewrite.after)
                    sink.write(table)
                    final.describe(table)
        if final.rows:
            final.bytes = path.stat().st_size
            store.put_file(rewrite.bucket, final.key, path)
    return final


def drop_ids(
    bucket: str, key: str, places: frozenset[tuple[int, int]], store: Store
) -> tuple[str, int]:
    """Write a file of ids without those of dropped rows, given by file and row: its key, and how
    many ids it has."""
    table = pq.read_table(pa.BufferReader(store.get(bucket, key)))
    at = zip(table["file"].to_pylist(), table["row"].to_pylist(), strict=True)
    kept = table.filter(pa.array([place not in places for place in at], pa.bool_()))
    final = f"{key.removesuffix('.parquet')}-{uuid.uuid4().hex[:8]}.parquet"
    with tempfile.TemporaryDirectory() as local:
        path = Path(local) / "file"
        with new_writer(str(path), CANDIDATES) as writer:
            writer.write_table(kept)
        store.put_file(bucket, final, path)
    return final, len(kept)


def _batches(rewrite: Rewrite, store: Store) -> Iterator[Batch]:
    """The rows that stay, a row group at a time."""
    content = pa.BufferReader(store.get(rewrite.bucket, rewrite.file.key))
    parquet = pq.ParquetFile(content)
    first = 0
    for group in range(parquet.num_row_groups):
        table = parquet.read_row_group(group)
        batch = rewrite.file.batch(table, rewrite.before)
        rows = range(first, first + len(table))
        first += len(table)
        dropped = rewrite.dropped.intersection(rows)
        if dropped:
            kept = [row - rows.start for row in rows if row not in dropped]
            yield batch.take(pa.array(kept, pa.int64()))
        else:
            yield batch.observed()


class _Sink:
    """A local file of either format, opened at the first table."""

    def __init__(self, path: Path, output_format: str) -> None:
        self._path = path
        self._csv = output_format == "csv"
        self._file: Any = None

    def __enter__(self) -> _Sink:
        return self

    def write(self, table: pa.Table) -> None:
        if self._csv:
            if self._file is None:
                self._file = gzip.open(self._path, "wb", 1)  # noqa: SIM115
                self._file.write(csv_text.header(table))
            self._file.write(csv_text.lines(table))
            return
        if self._file is None:
            self._file = new_writer(str(self._path), table.schema)
        self._file.write_table(table)

    def __exit__(self, *_: object) -> None:
        if self._file is not None:
            self._file.close()
