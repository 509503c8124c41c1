"""Timestamps of events: which texts count as one, and which instants are plausible."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta, timezone

EARLIEST = date(2000, 1, 1)
DAYS_AHEAD = 2
"""An event may claim to be this many days later than the end of the day it was received on."""

# ISO 8601 with date, time and zone, every field in its range. A day past 28 depends on the month.
_FORMAT = re.compile(
    r"(?!0000)(\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01]))"
    r"T((?:[01]\d|2[0-3]):[0-5]\d)(:[0-5]\d)?(?:\.(\d{1,9}))?"
    r"(Z|[+-](?:0\d|1[0-4]):?[0-5]\d|[+-](?:0\d|1[0-4]))",
    re.ASCII,
)


def is_timestamp(value: object) -> bool:
    """Whether a JSON value is a text in ISO 8601 with a zone, on a day that exists."""
    if not isinstance(value, str):
        return False
    match = _FORMAT.fullmatch(value)
    return (
        match is not None
        and (match[4] is None or match[3] is not None)
        and (match[1][8:] <= "28" or _exists(match[1]))
    )


class PlausibleTimes:
    """Tells the timestamps that an event received on a day may have: from 2000-01-01 (UTC) to two
    days after the end of the received day, both included."""

    def __init__(self, received_day: date) -> None:
        self.earliest = _midnight(EARLIEST)
        self.latest = _midnight(received_day) + timedelta(days=1 + DAYS_AHEAD)
        # A zone moves an instant by less than a day: between these days no arithmetic is needed.
        self._first_sure = (EARLIEST + timedelta(days=1)).isoformat()
        self._last_sure = (received_day + timedelta(days=DAYS_AHEAD - 1)).isoformat()

    def __contains__(self, value: object) -> bool:
        """Whether a JSON value is a timestamp in that range."""
        if not isinstance(value, str) or not is_timestamp(value):
            return False
        if self._first_sure <= value[:10] <= self._last_sure:
            return True
        try:
            instant, rest = to_instant(value)
        except OverflowError:
            return False
        return self.earliest <= instant and (instant, rest) <= (self.latest, 0)


def to_instant(value: str) -> tuple[datetime, int]:
    """The instant in UTC to the microsecond, and the nanoseconds that are left over.

    Raises ValueError for a text that isn't a timestamp, OverflowError for one beyond year 9999 or
    before year 1.
    """
    match = _FORMAT.fullmatch(value)
    if match is None:
        raise ValueError(f"{value!r} is not an ISO 8601 timestamp with a zone")
    day, minutes, seconds, fraction, zone = match.groups()
    digits = (fraction or "").ljust(9, "0")
    local = datetime.fromisoformat(f"{day}T{minutes}{seconds or ':00'}")
    local = local.replace(tzinfo=timezone.utc, microsecond=int(digits[:6]))
    return local - _offset(zone), int(digits[6:])


def _offset(zone: str) -> timedelta:
    if zone == "Z":
        return timedelta(0)
    digits = zone[1:].replace(":", "").ljust(4, "0")
    offset = timedelta(hours=int(digits[:2]), minutes=int(digits[2:]))
    return -offset if zone[0] == "-" else offset


def _exists(day: str) -> bool:
    try:
        date.fromisoformat(day)
    except ValueError:
        return False
    return True


def _midnight(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=timezone.utc)
