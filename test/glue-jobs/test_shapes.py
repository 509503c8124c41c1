"""Shapes of events: types of columns, and that no field is missed."""

from __future__ import annotations

import json
import random
from typing import Any

import pytest
from mobile_events.names import Path
from mobile_events.shapes import TIMES, Observer, Shape, column_types, merge


def types_of(*events: dict[str, Any], drop: tuple[str, ...] = ()) -> dict[Path, str]:
    observer = Observer()
    for event in events:
        observer.add(event)
    return column_types(observer.shape, drop)


@pytest.mark.parametrize(
    ("values", "kind"),
    [
        ([1, 2], "bigint"),
        ([2**63 - 1, -(2**63)], "bigint"),
        ([2**63], "string"),
        ([1, 2**63], "string"),
        ([1.5, 2.0], "double"),
        ([1, 1.5], "double"),
        ([2**53, 1.5], "double"),
        ([2**53 + 1, 1.5], "string"),
        ([float("inf")], "string"),
        ([True, False], "boolean"),
        ([True, 1], "string"),
        (["a"], "string"),
        (["a", 1], "string"),
        ([[1, 2]], "string"),
        ([[], None], "string"),
        ([{"a": 1}, 3], "string"),
        ([None, 7], "bigint"),
    ],
)
def test_type_of_a_path(values: list[Any], kind: str) -> None:
    events = [{"p": {"x": value}} for value in values]
    assert types_of(*events) == {("p", "x"): kind}
    assert types_of(*reversed(events)) == {("p", "x"): kind}


def test_nulls_and_empty_objects_give_no_column() -> None:
    assert types_of({"a": None, "b": {}, "c": {"d": None}}) == {}


def test_keys_are_taken_as_they_are() -> None:
    event = {"a.b": 1, "A": 1, "a": {"": 1, "x y": 1}}
    assert set(types_of(event)) == {("a.b",), ("A",), ("a", ""), ("a", "x y")}


def test_dropped_paths_are_gone_with_all_below_them() -> None:
    event = {"integrations": {"All": True}, "context": {"ip": "1", "device": {"id": "2"}}, "ip": 3}
    kept = types_of(event, drop=("integrations", "context.ip"))
    assert set(kept) == {("context", "device", "id"), ("ip",)}


def test_many_different_objects_are_all_seen() -> None:
    events = [{"p": {f"k{n}": n}} for n in range(Observer.MOST_KNOWN * 2)]
    assert len(types_of(*events, *events)) == Observer.MOST_KNOWN * 2


def naive(events: list[dict[str, Any]]) -> dict[Path, set[str]]:
    """Every path with the names of the kinds of its values, in the plainest way."""
    found: dict[Path, set[str]] = {}

    def walk(value: Any, path: Path) -> None:
        if isinstance(value, dict):
            for key, inner in value.items():
                walk(inner, (*path, key))
        if path and value is not None:
            wide = isinstance(value, int) and abs(value) > 2**53
            found.setdefault(path, set()).add("wide" if wide else type(value).__name__)

    for event in events:
        walk(event, ())
    return found


def expected(events: list[dict[str, Any]]) -> dict[Path, str]:
    found = naive(events)
    single = {"bool": "boolean", "int": "bigint", "wide": "bigint", "float": "double"}
    types = {}
    for path, kinds in found.items():
        above = (found[path[:n]] for n in range(1, len(path)))
        if kinds == {"dict"} or any(kinds_above != {"dict"} for kinds_above in above):
            continue
        if kinds <= {"int", "float"} and len(kinds) == 2:
            types[path] = "double"
        elif kinds == {"int", "wide"}:
            types[path] = "bigint"
        else:
            types[path] = single.get(next(iter(kinds)), "string") if len(kinds) == 1 else "string"
    return types


def random_value(rng: random.Random, depth: int) -> Any:
    if depth and rng.random() < 0.4:
        keys = rng.sample(["a", "A", "b.c", "d e", "é", "timestamp"], k=rng.randrange(0, 4))
        return {key: random_value(rng, depth - 1) for key in keys}
    return rng.choice([None, True, 3, 2**53 + 1, 1.5, "x", [1], []])


@pytest.mark.parametrize("seed", range(40))
def test_types_agree_with_the_plainest_way(seed: int) -> None:
    rng = random.Random(seed)
    events = []
    for _ in range(rng.randrange(1, 60)):
        keys = rng.sample(["a", "b", "context", "properties", "Properties"], k=3)
        events.append({key: random_value(rng, 3) for key in keys})
    assert types_of(*events) == expected(events)
    # The same from several tasks, by way of JSON.
    merged: Shape = {}
    for start in range(0, len(events), 7):
        observer = Observer()
        for event in events[start : start + 7]:
            observer.add(event)
        merge(merged, json.loads(json.dumps(observer.shape)))
    assert column_types(merged, ()) == expected(events)


def test_times_are_told_from_other_texts() -> None:
    observer = Observer()
    for value in ("2026-03-09T12:00:00Z", "2026-03-09T12:00:01Z", "yesterday"):
        observer.add({"sentAt": value, "receivedAt": "2026-03-09T12:00:00Z", "x": {"sentAt": "n"}})
    assert {"sentAt", "receivedAt"} < set(TIMES)
    kinds = {key: entry[0] for key, entry in observer.shape.items()}
    assert kinds["receivedAt"] != kinds["sentAt"]
