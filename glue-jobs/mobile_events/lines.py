"""Reads raw objects line by line and says of each line what it is.

Each object is fetched, unzipped and checked once. A line that can be a row goes on as text, for
Spark to decode by the schema that all objects together turn out to have.
"""

from __future__ import annotations

import json
import zlib
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Any, NoReturn, Protocol

from mobile_events import shapes, timestamps

NOT_JSON, NOT_AN_OBJECT, BAD_TIMESTAMP = "not_json", "not_an_object", "bad_timestamp"
READ_BYTES = 1 << 20


@dataclass(frozen=True)
class RawObject:
    """One object of a source's received day. `size` is in bytes, as stored."""

    source: str
    received_day: date
    bucket: str
    key: str
    etag: str
    size: int


@dataclass(frozen=True)
class Line:
    """A line that isn't blank; `number` counts all lines of the object from 1.

    `reason` is None for a line that can be a row, else why it is quarantined.
    """

    number: int
    text: str
    reason: str | None


@dataclass
class Summary:
    """What was found in one object; `readable` is False if it couldn't be unzipped to its end."""

    records: int = 0
    reasons: Counter[str] = field(default_factory=Counter)
    readable: bool = True
    shape: shapes.Shape = field(default_factory=dict)

    def to_json(self) -> str:
        return json.dumps(vars(self))

    @staticmethod
    def from_json(text: str) -> Summary:
        values = json.loads(text)
        return Summary(**{**values, "reasons": Counter(values["reasons"])})


class Stream(Protocol):
    """The body of an object."""

    def read(self, amount: int, /) -> bytes:
        """At most `amount` bytes; none at the end."""
        ...


def read_lines(body: Stream, received_day: date, summary: Summary) -> Iterator[Line]:
    """All lines of a gzipped object that aren't blank; `summary` is filled in on the way."""
    plausible = timestamps.PlausibleTimes(received_day)
    observer = shapes.Observer()
    summary.shape = observer.shape
    for number, raw in enumerate(_split(_unzip(body, summary)), 1):
        if raw.strip():
            line = classify(number, raw, plausible, observer)
            summary.records += 1
            if line.reason is not None:
                summary.reasons[line.reason] += 1
            yield line


def classify(
    number: int, raw: bytes, plausible: timestamps.PlausibleTimes, observer: shapes.Observer
) -> Line:
    """Tell what one line is; an event that can be a row is shown to the observer."""
    try:
        text = raw.decode()
        event = _DECODER.decode(text)
    except (ValueError, RecursionError):
        return Line(number, raw.decode(errors="replace"), NOT_JSON)
    if not isinstance(event, dict) or not event:
        return Line(number, text, NOT_AN_OBJECT)
    if event.get("timestamp") not in plausible:
        return Line(number, text, BAD_TIMESTAMP)
    observer.add(event)
    return Line(number, text, None)


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is not JSON")


# Python's decoder takes NaN and Infinity, which JSON doesn't have.
_DECODER = json.JSONDecoder(parse_constant=_refuse_constant)


def _unzip(body: Stream, summary: Summary) -> Iterator[bytes]:
    """The unzipped content of all gzip members; stops where the data are damaged or cut short."""
    unzip = None
    while packed := body.read(READ_BYTES):
        while packed:
            if unzip is None:
                packed = packed.lstrip(b"\0")  # padding between members
                if not packed:
                    break
                unzip = zlib.decompressobj(wbits=31)
            try:
                yield unzip.decompress(packed)
            except zlib.error:
                summary.readable = False
                return
            packed = unzip.unused_data
            if unzip.eof:
                unzip = None
    if unzip is not None:
        summary.readable = False


def _split(chunks: Iterable[bytes]) -> Iterator[bytes]:
    """Lines ended by `\\n` alone, and what stands after the last one."""
    rest: list[bytes] = []
    for chunk in chunks:
        first, *others = chunk.split(b"\n")
        rest.append(first)
        if others:
            yield b"".join(rest)
            yield from others[:-1]
            rest = [others[-1]]
    yield b"".join(rest)


Opener = Callable[[RawObject], Stream]
Row = tuple[str, str, str, "int | None", "str | None", "str | None", "str | None"]
COLUMNS = "source string, received_day string, object_key string, line_number bigint, " + (
    "line string, reason string, summary string"
)
"""One row a line; and after an object's lines one row with its summary alone."""


def object_rows(raw: RawObject, open_object: Opener) -> Iterator[Row]:
    """The rows of one object, in the columns of `COLUMNS`."""
    day, summary = raw.received_day.isoformat(), Summary()
    for line in read_lines(open_object(raw), raw.received_day, summary):
        yield raw.source, day, raw.key, line.number, line.text, line.reason, None
    yield raw.source, day, raw.key, None, None, None, summary.to_json()


def batched(rows: Iterable[Row], text_size: int) -> Iterator[list[Row]]:
    """Rows in lists of about `text_size` characters of text."""
    batch: list[Row] = []
    size = 0
    for row in rows:
        batch.append(row)
        size += len(row[4] or row[6] or "")
        if size >= text_size:
            yield batch
            batch, size = [], 0
    if batch:
        yield batch


def plan_tasks(objects: Iterable[RawObject], parallelism: int) -> list[list[RawObject]]:
    """Objects in groups for one task each, so that a file that a task writes holds one day.

    Small days are one group; larger ones are split so that all cores have work, into groups of at
    least 4 MB and about 32 MB at most.
    """
    days: dict[date, list[RawObject]] = {}
    for raw in objects:
        days.setdefault(raw.received_day, []).append(raw)
    total = sum(raw.size for day in days.values() for raw in day)
    target = min(32 << 20, max(4 << 20, total // parallelism))
    return [group for day in sorted(days) for group in _pack(days[day], target)]


def _pack(objects: list[RawObject], target: int) -> list[list[RawObject]]:
    number = min(len(objects), -(-sum(raw.size for raw in objects) // target) or 1)
    groups: list[tuple[int, list[RawObject]]] = [(0, []) for _ in range(number)]
    for raw in sorted(objects, key=lambda raw: (-raw.size, raw.source, raw.key)):
        smallest = min(range(number), key=lambda index: groups[index][0])
        size, group = groups[smallest]
        group.append(raw)
        groups[smallest] = (size + raw.size, group)
    return [group for _, group in groups]


def arrow_batches(
    groups: list[list[RawObject]], open_object: Opener, ids: Iterable[Any]
) -> Iterator[Any]:
    """Spark's side of `object_rows`: for each group number in `ids`, the rows of its objects.

    Takes and gives pyarrow.RecordBatch, as DataFrame.mapInArrow wants it.
    """
    import pyarrow as pa  # only Spark's workers need it

    names = [column.split()[0] for column in COLUMNS.split(", ")]
    types = [pa.int64() if name == "line_number" else pa.string() for name in names]
    for batch in ids:
        for number in batch.column(0).to_pylist():
            rows = (row for raw in groups[number] for row in object_rows(raw, open_object))
            for part in batched(rows, 4 << 20):
                columns = zip(*part, strict=True)
                arrays = [pa.array(c, t) for c, t in zip(columns, types, strict=True)]
                yield pa.RecordBatch.from_arrays(arrays, names=names)
