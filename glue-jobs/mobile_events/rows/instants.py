"""Columns of timestamps: from texts to instants, from instants to wall time in a zone."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta, timezone
from typing import Any
from zoneinfo import ZoneInfo

import pyarrow as pa
import pyarrow.compute as pc

from mobile_events.rows.timestamps import is_timestamp, to_instant

INSTANT = pa.timestamp("us", "UTC")
WALL_TIME = pa.timestamp("us")

# What clients nearly always send. Arrow reads these right, or refuses the day.
_COMMON = (
    r"^[12]\d{3}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])"
    r"T([01]\d|2[0-3]):[0-5]\d:[0-5]\d(\.\d{1,6})?Z$"
)
_EPOCH = datetime(1970, 1, 1, tzinfo=timezone.utc)
_MICROSECOND = timedelta(microseconds=1)
# Since 1980 every zone has changed its offset at a full minute of UTC.
_SLOT = 60_000_000


def instants(values: Sequence[Any]) -> tuple[pa.Array, list[Any] | None]:
    """The instants of values that are ISO 8601 texts with a zone, cut to microseconds.

    Other values are null in it, and stand in the list beside it, which is None without them.
    """
    try:
        found = common_instants(pa.array(values, pa.string()))
    except (pa.ArrowInvalid, pa.ArrowTypeError, UnicodeEncodeError):
        found = None  # other types, lone surrogates
    return (found, None) if found is not None else _one_by_one(values)


def common_instants(texts: pa.Array) -> pa.Array | None:
    """The instants of texts in the form that clients nearly always send; None if others are among
    them."""
    if not pc.all(pc.match_substring_regex(texts, _COMMON), min_count=0).as_py():
        return None
    try:
        return texts.cast(INSTANT)
    except pa.ArrowInvalid:  # a day that doesn't exist
        return None


def _one_by_one(values: Sequence[Any]) -> tuple[pa.Array, list[Any] | None]:
    found = [None if value is None else microseconds(value) for value in values]
    others = [v if m is None else None for v, m in zip(values, found, strict=True)]
    array = pa.array(found, pa.int64()).cast(INSTANT)
    return array, others if any(other is not None for other in others) else None


def microseconds(value: object) -> int | None:
    """Microseconds since 1970 of a timestamp's text; None for anything else."""
    if not isinstance(value, str) or not is_timestamp(value):
        return None
    try:
        return (to_instant(value)[0] - _EPOCH) // _MICROSECOND
    except OverflowError:  # a zone that leads out of the years 1 to 9999
        return None


def wall_time(utc: pa.Array, zone: str) -> pa.Array:
    """The local time of instants since 1980, by the tz database."""
    micros = utc.cast(pa.int64())
    slots = pc.divide(micros, _SLOT).dictionary_encode()
    tz = ZoneInfo(zone)
    offsets = [_offset(slot * _SLOT, tz) for slot in slots.dictionary.to_pylist()]
    offset = pa.array(offsets, pa.int64()).take(slots.indices)
    return pc.add(micros, offset).cast(WALL_TIME)


def _offset(instant: int, zone: ZoneInfo) -> int:
    at = (_EPOCH + instant * _MICROSECOND).astimezone(zone)
    return (at.utcoffset() or timedelta(0)) // _MICROSECOND
