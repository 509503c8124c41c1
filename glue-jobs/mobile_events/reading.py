"""The records of a raw object, by the format of its source."""

from __future__ import annotations

from mobile_events import csv_rows, json_lines, parquet_rows
from mobile_events.raw_objects import Records, Stream
from mobile_events.settings import Source


def records(source: Source, body: Stream) -> Records:
    """All records of an object. Raises DamagedObjectError, after those that could be read."""
    if source.format == "csv":
        return csv_rows.records(body, source.columns)
    if source.format == "parquet":
        return parquet_rows.records(body, source.columns)
    return json_lines.records(body)
