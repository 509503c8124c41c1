"""Blocks of lines read the exact way, and readers that may be faster held against it."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

import pyarrow as pa
from mobile_events.raw.json_lines import records
from mobile_events.rows.batch import OWN, Batch, array_of, completed, from_events
from mobile_events.rows.columns import flatten
from mobile_events.rows.fast_json import FastJson
from mobile_events.rows.instants import instants
from mobile_events.rows.names import Path
from mobile_events.rows.registry import Registry
from mobile_events.rows.timestamps import PlausibleTimes
from mobile_events.rows.values import BIGINT, BOOLEAN, DOUBLE, STRING

DAY = date(2026, 3, 9)
TIMES = PlausibleTimes(DAY)
DROP = frozenset({"drop", "properties.ab", "context.device.adTrackingEnabled"})

_KINDS: dict[Path, int] = {
    ("type",): STRING,
    ("context", "userAgent"): STRING,
    ("context", "device", "id"): BIGINT,
    ("properties", "string"): STRING,
    ("properties", "double"): DOUBLE,
    ("properties", "bigint"): BIGINT,
    ("properties", "boolean"): BOOLEAN,
    ("properties", "deep", "string"): STRING,
    ("properties", "a"): DOUBLE,
    ("properties", "A"): BIGINT,
    ("properties", "aB"): STRING,
    ("properties", "a b"): BOOLEAN,
    ("a",): STRING,
    ("a", "b"): BIGINT,
    ("\udc00",): STRING,
}
REGISTRY = Registry.start("").extended(_KINDS, set(), "").extended({}, {(("type",), "bigint")}, "")


@dataclass(frozen=True)
class Exact:
    """What Python's decoder makes of a block of which each line is an event that is taken."""

    batch: Batch
    odd: frozenset[Path]


def exact(text: bytes) -> Exact | None:
    """None if a line is blank, no event, or an event that is set aside."""
    found = list(records(1, text))
    events = [event for _, event, _, _ in found if event is not None]
    utc, _ = instants([event.get("timestamp") for event in events])
    if len(events) != text.count(b"\n") + 1 or not plausible(utc):
        return None
    ids = array_of([_id(event.get("messageId")) for event in events], "string")
    own = {"utc_timestamp": utc, "message_id": ids, "platform": _platform(len(events))}
    odd: set[Path] = set()
    return Exact(from_events(flatten(events, DROP), own, REGISTRY, odd), frozenset(odd))


def plausible(utc: pa.Array) -> bool:
    return utc.null_count == 0 and all(TIMES.earliest <= t < TIMES.latest for t in utc.to_pylist())


def reader(*learnt: bytes) -> FastJson:
    """A reader that has seen blocks which were read the exact way."""
    fast = FastJson(REGISTRY, DROP)
    for text in learnt:
        found = exact(text)
        if found is not None:
            fast.learn(found.batch, found.odd)
    return fast


def check(text: bytes, *learnt: bytes) -> bool:
    """Whether the block is taken by a reader that has learnt; then it must be as the exact way
    has it."""
    found = reader(*learnt).read(text, plausible)
    if found is None:
        return False
    wanted = exact(text)
    assert wanted is not None, "there is a line that is no event to be taken"
    found.own["platform"] = _platform(wanted.batch.rows)
    assert content(completed(found)) == content(wanted.batch)
    return True


def content(batch: Batch) -> dict[Any, Any]:
    """All that a batch has to say, in types that compare -0.0 and 0.0 as different."""
    arrays: dict[Any, pa.Array] = {name: batch.own[name] for name in (*OWN, "message_id")}
    arrays |= {key: a for key, a in batch.typed.items() if a.null_count < len(a)}
    columns = {key: (str(array.type), repr(array.to_pylist())) for key, array in arrays.items()}
    fresh = {
        path: (column.kinds, column.encoding, repr(column.values.to_pylist()))
        for path, column in batch.fresh.items()
    }
    return {"columns": columns, "fresh": fresh}


def line(properties: str = "", rest: str = "", message_id: str = '"id"') -> str:
    """A line of an event; fields are texts of JSON, as they are to stand in it."""
    return (
        f'{{"type":"track","messageId":{message_id},"timestamp":"{DAY}T12:00:00Z",'
        f'"properties":{{{properties}}}{rest and ","}{rest}}}'
    )


def block(lines: Iterable[str]) -> bytes:
    return "\n".join(lines).encode()


def _platform(rows: int) -> pa.Array:
    return pa.array(["ios"] * rows, pa.string())


def _id(value: object) -> str | None:
    """The data contract's `messageId`: a text, or a scalar as JSON; else there is none."""
    if value is None or value == "" or isinstance(value, list | dict):
        return None
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
