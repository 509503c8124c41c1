"""Raw objects of S3 and the records in them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

NOT_JSON, NOT_AN_OBJECT, BAD_TIMESTAMP = "not_json", "not_an_object", "bad_timestamp"


@dataclass(frozen=True)
class RawObject:
    """One object of a source's received day. `size` is in bytes, as stored."""

    source: str
    received_day: date
    bucket: str
    key: str
    etag: str
    size: int


Record = tuple[int, "dict[str, Any] | None", "bytes | None", "str | None"]
"""A line that isn't blank, or a row: number, event, line, reason.

The number counts all lines, or rows, of the object from 1. The event has its fields; it is None for
a record that has none, and the reason says why. The line is None where only the fields are known.
(A plain tuple: there are millions.)
"""

Records = Iterator[Record]


class DamagedObjectError(Exception):
    """An object can't be read to its end; what came before has been given."""
