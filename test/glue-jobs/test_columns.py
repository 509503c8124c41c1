"""Flattening: values by path, what is dropped, and events that are nested too deeply."""

from __future__ import annotations

import sys
from typing import Any

from contract import strategies
from contract.values import Huge, flatten
from contract.values import json_text as model_text
from hypothesis import given
from hypothesis import strategies as st
from mobile_events.columns import Columns
from mobile_events.names import Path
from mobile_events.values import HugeNumber, decode


def collected(*events: dict[str, Any], drop: tuple[str, ...] = ()) -> dict[Path, list[Any]]:
    columns = Columns(drop)
    for event in events:
        assert columns.add(event)
    assert columns.rows == len(events)
    return dict(columns.items())


def test_objects_are_descended_and_rows_stay_aligned() -> None:
    assert collected(
        {"a": 1, "b": {"c": {"d": "x"}, "e": 2.5}},
        {},
        {"b": {"e": None, "c": {"D": True}}},
        {"a": None, "b": {"c": {"d": "y"}}, "c": None},
    ) == {
        ("a",): [1, None, None, None],
        ("b", "c", "d"): ["x", None, None, "y"],
        ("b", "e"): [2.5, None, None, None],
        ("b", "c", "D"): [None, None, True, None],
    }


def test_arrays_are_texts_of_json() -> None:
    found = collected({"a": [], "b": [{"Ä": 1}, None, [2.0]]}, {"a": [1, 2]})
    assert found == {("a",): ["[]", "[1,2]"], ("b",): ['[{"Ä":1},null,[2.0]]', None]}


def test_nulls_and_empty_objects_give_nothing() -> None:
    assert collected({"a": None, "b": {}, "c": {"d": None, "e": {}}}) == {}


def test_path_can_be_a_value_and_an_object() -> None:
    found = collected({"thing": {"a": 1}}, {"thing": 7}, {"thing": {"a": 2}})
    assert found == {("thing",): [None, 7, None], ("thing", "a"): [1, None, 2]}


def test_keys_are_taken_as_they_are() -> None:
    event = {"a.b": 1, "A": 1, "a": {"": 1, "x y": 1, "b": 1}}
    assert set(collected(event)) == {("a.b",), ("A",), ("a", ""), ("a", "x y"), ("a", "b")}


def test_dropped_paths_are_gone_with_all_below_them() -> None:
    event = {
        "integrations": {"All": True, "deep": {"er": 1}},
        "Integrations": 1,
        "context": {"ip": "1", "IP": "2", "device": {"id": "3"}, "integrations": 4},
        "ip": 5,
    }
    assert collected(event, event, drop=("integrations", "context.ip", "device.id")) == {
        ("Integrations",): [1, 1],
        ("context", "IP"): ["2", "2"],
        ("context", "device", "id"): ["3", "3"],
        ("context", "integrations"): [4, 4],
        ("ip",): [5, 5],
    }


def nested(levels: int, inner: Any) -> Any:
    for _ in range(levels):
        inner = {"d": inner}
    return inner


def test_event_that_is_nested_too_deeply_leaves_no_trace() -> None:
    columns = Columns(())
    assert columns.add({"a": 1, "x": {"y": 1}})
    assert not columns.add({"a": 2, "b": 2, "x": {"y": 2, "deep": nested(100_000, 2)}, "z": 2})
    assert not columns.add({"a": 3, "c": [nested(100_000, 3)]})
    assert columns.add({"a": 4, "b": 4, "c": 4})
    assert columns.rows == 2
    found = {path: values for path, values in columns.items() if any(values)}
    assert found == {("a",): [1, 4], ("b",): [None, 4], ("c",): [None, 4], ("x", "y"): [1, None]}


def test_event_as_deep_as_the_stack_allows_is_kept() -> None:
    levels = sys.getrecursionlimit() // 2
    (path,) = collected(nested(levels, "found"))
    assert path == ("d",) * levels


@given(st.lists(st.dictionaries(strategies.keys(), strategies.values(), max_size=4), max_size=8))
def test_columns_are_what_the_model_flattens(events: list[dict[str, Any]]) -> None:
    drop = ("a", "aB.a", "A.")
    columns = Columns(drop)
    for event in events:
        assert columns.add(decode(strategies.encode(event).decode()))
    found = {path: list(map(text, values)) for path, values in columns.items()}
    leaves = [flatten(event, frozenset(drop)) for event in events]
    assert found == {
        path: [text(leaf.get(path)) for leaf in leaves] for each in leaves for path in each
    }


def text(value: Any) -> str | None:
    """A value as text; arrays are text already."""
    return value if value is None or isinstance(value, str) else model_text(plain(value))


def plain(value: Any) -> Any:
    return Huge(value.text) if isinstance(value, HugeNumber) else value
