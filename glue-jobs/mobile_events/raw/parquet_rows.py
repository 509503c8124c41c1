"""Parquet: every row a record, with values as JSON would have them."""

from __future__ import annotations

import math
import tempfile
from collections.abc import Iterator, Mapping
from datetime import date, datetime, time, timezone
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from mobile_events.raw.raw_objects import DamagedObjectError, Records
from mobile_events.raw.required_columns import renamed
from mobile_events.rows.values import json_text
from mobile_events.storage import Stream

BATCH_ROWS = 10_000


def records(body: Stream, columns: Mapping[str, str]) -> Records:
    """All rows. `columns` maps required fields to columns; a timestamp without a zone is UTC.

    Raises DamagedObjectError, after the rows that could be read.
    """
    with tempfile.TemporaryFile() as file:  # a footer is read first, and it comes last
        while part := body.read(1 << 20):
            file.write(part)
        number = 0
        try:
            for row in _rows(file, columns):
                number += 1
                yield number, {k: plain(v) for k, v in row.items()}, None, None
        except (pa.ArrowException, OSError, ValueError, OverflowError) as error:
            raise DamagedObjectError(f"after row {number}: {error}") from error


def _rows(file: Any, columns: Mapping[str, str]) -> Iterator[dict[str, Any]]:
    if not file.tell():
        return
    parquet = pq.ParquetFile(file)
    names = renamed(parquet.schema_arrow.names, columns)
    for batch in parquet.iter_batches(BATCH_ROWS):
        arrays = [_without_maps(array) for array in batch.columns]
        yield from pa.RecordBatch.from_arrays(arrays, names=names).to_pylist()


def _without_maps(array: pa.Array) -> pa.Array:
    """Maps as texts of JSON: their keys are data, not columns."""
    if not pa.types.is_map(array.type):
        return array
    return pa.array([None if m is None else json_text(dict(plain(m))) for m in array.to_pylist()])


def plain(value: Any) -> Any:
    """A value of Python as JSON has it: times in ISO 8601 with a zone, and as text what JSON lacks,
    such as decimals, bytes, and numbers that aren't finite."""
    if isinstance(value, dict):
        return {key: plain(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [plain(inner) for inner in value]
    if isinstance(value, datetime):
        return _iso(value)
    if isinstance(value, date | time):
        return value.isoformat()
    if isinstance(value, bytes):
        return value.decode(errors="replace")
    if value is None or isinstance(value, str | int) or _is_finite(value):
        return value
    return str(value)


def _is_finite(value: Any) -> bool:
    return isinstance(value, float) and math.isfinite(value)


def _iso(at: datetime) -> str:
    utc = at.replace(tzinfo=timezone.utc) if at.tzinfo is None else at.astimezone(timezone.utc)
    return utc.isoformat(timespec="microseconds").replace("+00:00", "Z")
