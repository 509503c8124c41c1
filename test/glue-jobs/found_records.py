"""What the readers of raw objects give."""

from __future__ import annotations

from typing import Any, NamedTuple

from mobile_events.raw.raw_objects import DamagedObjectError, Records


class Found(NamedTuple):
    """A record, its parts by name."""

    number: int
    event: dict[str, Any] | None
    line: bytes | None
    reason: str | None


def all_of(records: Records) -> tuple[list[Found], bool]:
    """The records of an object, and whether it could be read to its end."""
    found: list[Found] = []
    try:
        for record in records:
            found.append(Found(*record))
    except DamagedObjectError:
        return found, False
    return found, True
