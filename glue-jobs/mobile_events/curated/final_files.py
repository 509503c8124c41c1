"""Writes files of the dataset, in either format, row group by row group and up to a target size."""

from __future__ import annotations

import gzip
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from mobile_events.curated import csv_text
from mobile_events.curated.parquet_files import new_writer

ROW_GROUP_BYTES = 64 << 20
"""Of Arrow's arrays, about what a row group has at least."""

EXTENSIONS = {"parquet": "parquet", "csv": "csv.gz"}


@dataclass
class FinalFile:
    """A file of rows that is ready, and what is in it. `newest` is the latest event, in
    microseconds since 1970."""

    path: Path
    key: str = ""
    rows: int = 0
    bytes: int = 0
    platforms: Counter[str] = field(default_factory=Counter)
    dates: Counter[str] = field(default_factory=Counter)
    newest: int | None = None

    def describe(self, table: pa.Table) -> None:
        """Add what is in rows of the file."""
        self.rows += len(table)
        self.platforms.update(_counts(table["platform"]))
        days = _counts(table["local_timestamp"].cast(pa.date32()))
        self.dates.update({day.isoformat(): rows for day, rows in days.items()})
        newest = pc.max(table["utc_timestamp"].cast(pa.int64())).as_py()
        self.newest = max(newest, self.newest or newest)


class FinalFiles:
    """Rows of one partition, in as many files as their size asks for; all have one schema."""

    def __init__(self, folder: Path, output_format: str, target_bytes: int) -> None:
        self.files: list[FinalFile] = []
        self._folder = folder
        self._format = output_format
        self._target_bytes = target_bytes
        self._waiting: list[pa.Table] = []
        self._waiting_bytes = 0
        self._sink: _Parquet | _Csv | None = None

    def write(self, table: pa.Table) -> None:
        self._waiting.append(table)
        self._waiting_bytes += table.nbytes
        if self._waiting_bytes >= ROW_GROUP_BYTES:
            self._write_row_group()

    def close(self) -> None:
        """Write what is left, and close the last file."""
        if self._waiting:
            self._write_row_group()
        if self._sink is not None:
            self._close_file()

    def _write_row_group(self) -> None:
        table = pa.concat_tables(self._waiting)
        self._waiting, self._waiting_bytes = [], 0
        if self._sink is None:
            path = self._folder / f"{len(self.files)}.{EXTENSIONS[self._format]}"
            self.files.append(FinalFile(path))
            self._sink = (_Csv if self._format == "csv" else _Parquet)(path, table)
        self._sink.write(table)
        self.files[-1].describe(table)
        if self.files[-1].path.stat().st_size >= self._target_bytes:
            self._close_file()

    def _close_file(self) -> None:
        if self._sink is not None:
            self._sink.close()
            self._sink = None
        self.files[-1].bytes = self.files[-1].path.stat().st_size


class _Parquet:
    def __init__(self, path: Path, table: pa.Table) -> None:
        self._writer = new_writer(str(path), table.schema)

    def write(self, table: pa.Table) -> None:
        self._writer.write_table(table)

    def close(self) -> None:
        self._writer.close()


class _Csv:
    def __init__(self, path: Path, table: pa.Table) -> None:
        self._file = gzip.open(path, "wb", 1)  # noqa: SIM115 - close() does
        self._file.write(csv_text.header(table))

    def write(self, table: pa.Table) -> None:
        self._file.write(csv_text.lines(table))

    def close(self) -> None:
        self._file.close()


def _counts(array: pa.ChunkedArray) -> dict[Any, int]:
    return {entry["values"]: entry["counts"] for entry in array.value_counts().to_pylist()}
