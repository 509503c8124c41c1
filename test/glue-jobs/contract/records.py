"""Records: the lines of raw objects, quarantined or not, and which of them are duplicates."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Set
from dataclasses import dataclass
from datetime import date, timedelta

from .instants import is_plausible, microseconds, nanoseconds
from .lines import Place, Reason, parse
from .values import Leaf, Path, flatten, text


@dataclass(frozen=True)
class Record:
    """A record with an event that can be written."""

    place: Place
    line_number: int
    leaves: dict[Path, Leaf]

    @property
    def message_id(self) -> str | None:
        """The id, as it stands in its column; None where it is none."""
        value = self.leaves.get(("messageId",))
        return None if value is None or isinstance(value, list) else text(value) or None

    @property
    def rank(self) -> tuple[bool, int, str, int]:
        """Key that sorts the better record first."""
        value = self.leaves.get(("receivedAt",))
        received = microseconds(value) if isinstance(value, str) else None
        return received is None, received or 0, self.place.object_key, self.line_number


@dataclass(frozen=True)
class Quarantined:
    """A record of the quarantine. Bytes of `line` that aren't UTF-8 are U+FFFD in it."""

    source: str
    reason: Reason
    object_key: str
    line_number: int
    received_day: date
    line: str


def read(
    place: Place, lines: Iterable[tuple[int, bytes]], drop_fields: frozenset[str]
) -> list[Record | Quarantined]:
    """The records of an object's numbered lines."""
    return [_record(place, number, line, drop_fields) for number, line in lines]


def _record(
    place: Place, number: int, line: bytes, drop_fields: frozenset[str]
) -> Record | Quarantined:
    event = parse(line)
    if isinstance(event, str):
        return _quarantined(place, number, line, event)
    leaves = flatten(event, drop_fields)
    timestamp = leaves.get(("timestamp",))
    instant = nanoseconds(timestamp) if isinstance(timestamp, str) else None
    if instant is None or not is_plausible(instant, place.received_day):
        return _quarantined(place, number, line, "bad_timestamp")
    return Record(place, number, leaves)


def _quarantined(place: Place, number: int, line: bytes, reason: Reason) -> Quarantined:
    source, received_day, key = place
    return Quarantined(source, reason, key, number, received_day, line.decode("utf-8", "replace"))


def separate(
    records: Iterable[Record], published: Mapping[date, Set[str]], dedupe_days: int
) -> tuple[list[Record], list[Record]]:
    """The records to write, and the duplicates.

    A duplicate's id stands in a better one of `records`, or in what is published (ids by received
    day) for days within `dedupe_days` of its own.
    """
    written: list[Record] = []
    dropped: list[Record] = []
    better: set[str] = set()
    for record in sorted(records, key=lambda record: record.rank):
        message_id = record.message_id
        if message_id is None:
            written.append(record)
            continue
        day = record.place.received_day
        near = (day + timedelta(days=n) for n in range(-dedupe_days, dedupe_days + 1))
        known = message_id in better or any(message_id in published.get(d, ()) for d in near)
        (dropped if known else written).append(record)
        better.add(message_id)
    return written, dropped
