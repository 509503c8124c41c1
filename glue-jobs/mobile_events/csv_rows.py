"""CSV with a header (RFC 4180), gzipped or plain: every row a record, every value a text."""

from __future__ import annotations

import csv
import gzip
import io
import zlib
from collections.abc import Mapping
from typing import Any

from mobile_events.raw_objects import NOT_AN_OBJECT, DamagedObjectError, Record, Records, Stream
from mobile_events.required_columns import renamed
from mobile_events.values import json_text

GZIP_MAGIC = b"\x1f\x8b"

csv.field_size_limit(1 << 30)


def records(body: Stream, columns: Mapping[str, str]) -> Records:
    """All rows; an empty value is as good as absent. `columns` maps required fields to columns.

    Raises DamagedObjectError, after the rows that could be read.
    """
    reader = csv.reader(_text(body))
    number = 0
    try:
        header = next(reader, [])
        for number, row in enumerate(reader, 1):
            if len(row) == len(header):
                fields = {key: value for key, value in zip(header, row, strict=True) if value}
                yield Record(number, renamed(fields, columns), None, None)
            elif row:
                yield Record(number, None, json_text(row).encode(), NOT_AN_OBJECT)
    except (EOFError, OSError, zlib.error, csv.Error) as error:
        raise DamagedObjectError(f"after row {number}: {error}") from error


def _text(body: Stream) -> Any:
    start = body.read(len(GZIP_MAGIC))
    whole = _Body(start, body)
    binary = gzip.GzipFile(fileobj=whole) if start == GZIP_MAGIC else io.BufferedReader(whole)
    return io.TextIOWrapper(binary, "utf-8-sig", "replace", newline="")


class _Body(io.RawIOBase):
    """A stream whose first bytes were read already."""

    def __init__(self, start: bytes, rest: Stream) -> None:
        self._start = start
        self._rest = rest

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        data = self._start or self._rest.read(len(buffer))
        self._start = data[len(buffer) :]
        buffer[: len(data)] = data[: len(buffer)]
        return min(len(data), len(buffer))
