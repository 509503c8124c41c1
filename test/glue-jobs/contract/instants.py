"""Timestamps: ISO 8601 with a zone, exact to the nanosecond, counted from 1970-01-01T00:00Z."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

MICROSECOND = 1_000
SECOND = 1_000_000_000
DAY = 86_400 * SECOND

_EPOCH = datetime(1970, 1, 1, tzinfo=timezone.utc)
_FORM = re.compile(
    r"(?P<day>[0-9]{4}-[0-9]{2}-[0-9]{2})T(?P<hour>[0-9]{2}):(?P<minute>[0-9]{2})"
    r"(?::(?P<second>[0-9]{2})(?:\.(?P<fraction>[0-9]{1,9}))?)?"
    r"(?:Z|(?P<sign>[+-])(?P<hours>[0-9]{2})(?::?(?P<minutes>[0-9]{2}))?)"
)


def nanoseconds(text: str) -> int | None:
    """The instant that a text names, None where it isn't a timestamp with a zone."""
    match = _FORM.fullmatch(text)
    if match is None:
        return None
    day = _day(match["day"])
    hour, minute, second = (int(match[name] or 0) for name in ("hour", "minute", "second"))
    hours, minutes = int(match["hours"] or 0), int(match["minutes"] or 0)
    if day is None or hour > 23 or max(minute, second, minutes) > 59 or hours > 14:
        return None
    offset = (hours * 60 + minutes) * (-1 if match["sign"] == "-" else 1)
    seconds = (hour * 60 + minute - offset) * 60 + second
    return midnight(day) + seconds * SECOND + int((match["fraction"] or "").ljust(9, "0"))


def microseconds(text: str) -> int | None:
    """The same in microseconds; digits behind them are cut off.

    None also where the zone leads out of the years 1 to 9999, which no reader of a timestamp takes.
    """
    instant = nanoseconds(text)
    if instant is None or not midnight(date.min) <= instant < midnight(date.max) + DAY:
        return None
    return instant // MICROSECOND


def _day(text: str) -> date | None:
    try:
        return date(*map(int, text.split("-")))
    except ValueError:
        return None


def midnight(day: date) -> int:
    """The instant at which a UTC day begins."""
    return (day - _EPOCH.date()).days * DAY


def is_plausible(instant: int, received_day: date) -> bool:
    """Whether an event that was received on that UTC day can have happened at that instant."""
    return midnight(date(2000, 1, 1)) <= instant <= midnight(received_day) + 3 * DAY


def wall_time(microseconds: int, zone: ZoneInfo) -> datetime:
    """What clocks in the zone show at an instant in microseconds; without a zone."""
    instant = _EPOCH + timedelta(microseconds=microseconds)
    return instant.astimezone(zone).replace(tzinfo=None)


def wall_microseconds(wall: datetime) -> int:
    """A wall time as microseconds, counted as if it were UTC."""
    return (wall.replace(tzinfo=timezone.utc) - _EPOCH) // timedelta(microseconds=1)
