"""Hypothesis strategies: archives of raw objects, and the runs that take them in."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import NamedTuple

from hypothesis import strategies as st

from .archive import gz, place
from .lines import Objects
from .nasty_values import SOUND_TIMESTAMPS, UNSOUND_TIMESTAMPS
from .values import Huge, Json, json_text

FIRST_DAY = date(2026, 3, 6)
DAYS = tuple(FIRST_DAY + timedelta(days=n) for n in range(6))
"""Received days of archives; Los Angeles changes its time on the third."""

Event = dict[str, Json]

_KEYS = ("a", "A", "aB", "a_b", "a b", "a.b", "ab", "é", "e", "日", "", "a__string", "a_bigint")
_TEXTS = ("", "1", "null", 'a"b', "a,b", "a\nb", "a\\", "🎉", "\x00", "\ud800", "2026-03-09T12:00Z")
_INTEGERS = (0, -1, 2**53, 2**53 + 1, 2**63 - 1, 2**63, -(2**63), -(2**63) - 1, 2**70, 10**400)
_IDS = tuple(f"id-{n}" for n in range(8))


class Run(NamedTuple):
    """One run: the raw objects that there are by then, its received days, and `rebuild`."""

    objects: Objects
    first_day: date
    last_day: date
    rebuild: bool


def keys() -> st.SearchStrategy[str]:
    """Keys of objects, of which many give one name."""
    return st.sampled_from(_KEYS) | st.text(max_size=3)


def integers() -> st.SearchStrategy[Json]:
    return st.integers(-3, 3) | st.sampled_from(_INTEGERS) | st.integers(-(2**65), 2**65)


def doubles() -> st.SearchStrategy[Json]:
    """Doubles, and what is beyond them."""
    huge = st.sampled_from(("1e400", "-1E+400")).map(Huge)
    return st.floats(allow_nan=False, allow_infinity=False) | huge


def texts() -> st.SearchStrategy[Json]:
    return st.sampled_from(_TEXTS) | st.text(max_size=8)


def scalars() -> st.SearchStrategy[Json]:
    return st.none() | st.booleans() | integers() | doubles() | texts()


def values() -> st.SearchStrategy[Json]:
    """Any value of JSON, a few levels deep."""
    return st.recursive(scalars(), _nested, max_leaves=6)


def _nested(inner: st.SearchStrategy[Json]) -> st.SearchStrategy[Json]:
    lists: st.SearchStrategy[Json] = st.lists(inner, max_size=3)
    objects: st.SearchStrategy[Json] = st.dictionaries(keys(), inner, max_size=3)
    return lists | objects


@st.composite
def timestamps(draw: st.DrawFn, received_day: date) -> str:
    """A timestamp in any form, mostly of the days about the received one."""
    start = datetime(received_day.year, received_day.month, received_day.day)
    moment = draw(st.datetimes(start - timedelta(days=4), start + timedelta(days=3, hours=1)))
    digits = draw(st.integers(0, 9))
    fraction = f".{draw(st.integers(0, 10**digits - 1)):0{digits}}" if digits else ""
    zone = draw(st.sampled_from(("Z", "Z", "+00:00", "-0800", "+05:30", "-03", "+14:00")))
    return f"{moment:%Y-%m-%dT%H:%M:%S}{fraction}{zone}"


@st.composite
def _times(draw: st.DrawFn, received_day: date) -> Json:
    if draw(st.integers(0, 9)):
        return draw(timestamps(received_day))
    return draw(st.sampled_from((*SOUND_TIMESTAMPS, *UNSOUND_TIMESTAMPS)))


_KINDS: tuple[Callable[[], st.SearchStrategy[Json]], ...] = (
    st.none,
    st.booleans,
    integers,
    doubles,
    texts,
    values,
)


@st.composite
def schemas(draw: st.DrawFn) -> dict[str, st.SearchStrategy[Json]]:
    """Fields of a source on one day, each of one kind: drawn anew, they drift."""
    fields = draw(st.lists(st.sampled_from(_KEYS), max_size=4, unique=True))
    return {field: draw(st.sampled_from(_KINDS))() for field in fields}


@st.composite
def events(
    draw: st.DrawFn,
    source: str,
    received_day: date,
    schema: dict[str, st.SearchStrategy[Json]],
) -> Event:
    """A call as Segment's libraries send it, with the fields that its platform has."""
    call: Event = {"type": draw(st.sampled_from(("track", "screen", "identify")))}
    if draw(st.integers(0, 9)):
        call["messageId"] = draw(st.sampled_from(_IDS) | st.sampled_from(_IDS) | scalars())
    call["timestamp"] = draw(_times(received_day))
    for name in ("sentAt", "receivedAt", "originalTimestamp"):
        if draw(st.booleans()):
            call[name] = draw(_times(received_day))
    fields: Json = {field: draw(strategy) for field, strategy in schema.items()}
    call[draw(st.sampled_from(("properties", "properties", "traits")))] = fields
    own: Json = {"userAgent": draw(texts())}
    if source == "ios":
        own = {
            "device": {"adTrackingEnabled": draw(st.booleans() | st.none()), "id": draw(values())}
        }
    call["context"] = own
    call.update(draw(st.dictionaries(keys(), values(), max_size=2)))
    return call


def encode(value: Json) -> bytes:
    """A line of JSON; halves of letters, which UTF-8 can't hold, are escaped."""
    text = json_text(value)
    return re.sub("[\ud800-\udfff]", lambda half: f"\\u{ord(half[0]):x}", text).encode()


@st.composite
def hostile_lines(draw: st.DrawFn, line: bytes) -> bytes:
    """A line that may be broken: cut, padded, spoilt, or something else altogether."""
    at = draw(st.integers(0, len(line)))
    return draw(
        st.sampled_from(
            (line[:at], line[at:], line[:at] + b"\xff" + line[at:], line + b"\r", line + line)
        )
        | st.sampled_from((b"", b" \t\r", b"\x00", b"{}", b"[]", b"null", b"\xef\xbb\xbf" + line))
        | st.binary(max_size=12).map(lambda data: data.replace(b"\n", b""))
        | values().map(encode)
    )


@st.composite
def zipped(draw: st.DrawFn, data: bytes) -> bytes:
    """A gzip of the data, mostly a whole one."""
    at = draw(st.integers(0, len(data)))
    whole, halves = gz(data), gz(data[:at]) + gz(data[at:])
    form = draw(st.integers(0, 11))
    if form == 0:
        return whole[: draw(st.integers(0, len(whole)))]
    if form == 1:
        spoilt = draw(st.integers(0, len(whole) - 1))
        return whole[:spoilt] + bytes([whole[spoilt] ^ 0x55]) + whole[spoilt + 1 :]
    return halves if form < 4 else whole


@st.composite
def archives(draw: st.DrawFn, days: tuple[date, ...] = DAYS) -> Objects:
    """Raw objects of both platforms; some days have none, and schemas drift from day to day."""
    objects: Objects = {}
    for day in days:
        for source in ("ios", "android"):
            schema = draw(schemas())
            for file in range(draw(st.integers(0, 2))):
                calls = st.lists(events(source, day, schema), min_size=1, max_size=6)
                lines = [encode(call) for call in draw(calls)]
                if draw(st.integers(0, 5)) == 0:
                    lines = [draw(hostile_lines(line)) for line in lines]
                end = draw(st.sampled_from((b"\n", b"")))
                data = b"\n".join(lines) + end
                objects[place(source, day, f"{file}")] = draw(zipped(data))
    return objects


@st.composite
def runs(draw: st.DrawFn, objects: Objects) -> list[Run]:
    """Runs in any order and overlap while the objects arrive.

    The last one is no rebuild, and takes what the others left; one that meets no object needs
    `allow_empty`.
    """
    days = sorted({place.received_day for place in objects}) or [FIRST_DAY]
    count = draw(st.integers(0, 4))
    arrival = {place: draw(st.integers(0, count)) for place in objects}
    drawn: list[Run] = []
    for step in range(count):
        there = {place: data for place, data in objects.items() if arrival[place] <= step}
        first, last = sorted(draw(st.tuples(st.sampled_from(days), st.sampled_from(days))))
        drawn.append(Run(there, first, last, draw(st.integers(0, 3)) == 0))
    return [*drawn, Run(objects, days[0], days[-1], False)]
