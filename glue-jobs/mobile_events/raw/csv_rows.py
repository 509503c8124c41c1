"""CSV with a header (RFC 4180), gzipped or plain: every row a record, every value a text."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping
from itertools import chain
from typing import Any

from mobile_events.raw.gzipped import pieces, unzipped
from mobile_events.raw.raw_objects import NOT_AN_OBJECT, DamagedObjectError, Records
from mobile_events.raw.required_columns import renamed
from mobile_events.rows.values import json_text
from mobile_events.storage import Stream

GZIP_MAGIC = b"\x1f\x8b"

csv.field_size_limit(1 << 30)


def records(body: Stream, columns: Mapping[str, str]) -> Records:
    """All rows; an empty value is as good as absent. `columns` maps required fields to columns.

    Raises DamagedObjectError, after the rows that could be read to their ends.
    """
    reader = csv.reader(_text(body))
    number = 0
    try:
        header = renamed(next(reader, []), columns)
        for number, row in enumerate(reader, 1):
            if row and len(row) == len(header):
                fields = {key: value for key, value in zip(header, row, strict=True) if value}
                yield number, fields, None, None
            elif row:
                yield number, None, json_text(row).encode(), NOT_AN_OBJECT
    except csv.Error as error:
        raise DamagedObjectError(f"after row {number}: {error}") from error


def _text(body: Stream) -> io.TextIOWrapper:
    stored = pieces(body)
    first = next(stored, b"")
    content = chain([first], stored)
    plain = unzipped(content) if first.startswith(GZIP_MAGIC) else content
    return io.TextIOWrapper(io.BufferedReader(_Pieces(plain)), "utf-8-sig", "replace", newline="")


class _Pieces(io.RawIOBase):
    """Pieces of content as a file."""

    def __init__(self, pieces: Iterator[bytes]) -> None:
        self._pieces = pieces
        self._rest = b""

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        while not self._rest:
            piece = next(self._pieces, None)
            if piece is None:
                return 0
            self._rest = piece
        count = min(len(self._rest), len(buffer))
        buffer[:count] = self._rest[:count]
        self._rest = self._rest[count:]
        return count
