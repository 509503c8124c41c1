"""Parquet: every row a record, with values as JSON would have them."""

from __future__ import annotations

import math
import tempfile
from collections.abc import Iterator, Mapping
from datetime import date, datetime, time, timezone
from decimal import Decimal
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from mobile_events.raw_objects import DamagedObjectError, Record, Records, Stream
from mobile_events.required_columns import renamed
from mobile_events.values import json_text

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
            for row in _rows(file):
                number += 1
                fields = {key: plain(value) for key, value in row.items()}
                yield Record(number, renamed(fields, columns), None, None)
        except (pa.ArrowException, OSError, ValueError) as error:
            raise DamagedObjectError(f"after row {number}: {error}") from error


def _rows(file: Any) -> Iterator[dict[str, Any]]:
    if not file.tell():
        return
    parquet = pq.ParquetFile(file)
    for batch in parquet.iter_batches(BATCH_ROWS):
        yield from _without_maps(batch).to_pylist()


def _without_maps(batch: pa.RecordBatch) -> pa.RecordBatch:
    """Maps as texts of JSON: their keys are data, not columns."""
    arrays = [
        pa.array([None if m is None else json_text(dict(plain(m))) for m in array.to_pylist()])
        if pa.types.is_map(array.type)
        else array
        for array in batch.columns
    ]
    return pa.RecordBatch.from_arrays(arrays, names=batch.schema.names)


def plain(value: Any) -> Any:
    """A value of Python as JSON has it: times in ISO 8601 with a zone, and as text what JSON lacks:
    decimals, bytes, numbers that aren't finite."""
    if isinstance(value, dict):
        return {key: plain(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [plain(inner) for inner in value]
    if isinstance(value, datetime):
        return _iso(value)
    if isinstance(value, date | time):
        return value.isoformat()
    if isinstance(value, Decimal):
        return str(value)
    if isinstance(value, bytes):
        return value.decode(errors="replace")
    if isinstance(value, float) and not math.isfinite(value):
        return str(value)
    return value


def _iso(at: datetime) -> str:
    utc = at.replace(tzinfo=timezone.utc) if at.tzinfo is None else at.astimezone(timezone.utc)
    return utc.isoformat(timespec="microseconds").replace("+00:00", "Z")
