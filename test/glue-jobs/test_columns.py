"""Flattening: values by path and row, what is dropped, and events that are deeply nested."""

from __future__ import annotations

import contextlib
import sys
from typing import Any

import pytest
from contract import strategies
from contract.values import Huge
from contract.values import flatten as model_flatten
from contract.values import json_text as model_text
from hypothesis import given
from hypothesis import strategies as st
from mobile_events.rows.columns import flatten
from mobile_events.rows.names import Path
from mobile_events.rows.values import HugeNumber, decode


def collected(*events: dict[str, Any], drop: tuple[str, ...] = ()) -> dict[Path, list[Any]]:
    """Values by path, with an entry a row."""
    found: dict[Path, list[Any]] = {}
    for path, leaves in flatten(events, drop).items():
        values = found[path] = [None] * len(events)
        for rows, part in zip(leaves.rows, leaves.values, strict=True):
            for row, value in zip(rows.tolist(), part, strict=True):
                assert values[row] is None, "a row has one value"
                values[row] = value
    return found


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


def test_objects_of_many_layouts() -> None:
    events = [{f"k{n % 7}": n, "o": {f"x{n % 5}": n, "s": "t"}} for n in range(70)]
    found = collected(*events, *reversed(events))
    numbers = [*range(70), *range(69, -1, -1)]
    assert len(found) == 7 + 5 + 1
    assert found["o", "s"] == ["t"] * 140
    for k in range(7):
        assert found[(f"k{k}",)] == [n if n % 7 == k else None for n in numbers]
    for k in range(5):
        assert found["o", f"x{k}"] == [n if n % 5 == k else None for n in numbers]


@pytest.mark.parametrize(("left", "right"), [('{"d":', "}"), ("[", "]")])
def test_event_as_deep_as_can_be_read_is_kept(left: str, right: str) -> None:
    def read(levels: int) -> Any:
        return decode(f'{{"d":{left * levels}"é"{right * levels}}}')

    levels, limit = 100, sys.getrecursionlimit()
    for step in (100, 10, 1):
        with contextlib.suppress(RecursionError):
            while levels < 3000:
                read(levels + step)
                levels += step
    assert levels > 400
    ((path, values),) = collected({"d": None}, read(levels), {}).items()
    if left == "[":
        assert (path, values) == (("d",), [None, f'{"[" * levels}"é"{"]" * levels}', None])
    else:
        assert (path, values) == (("d",) * (levels + 1), [None, "é", None])
    assert sys.getrecursionlimit() == limit


@given(st.lists(st.dictionaries(strategies.keys(), strategies.values(), max_size=4), max_size=8))
def test_values_are_what_the_model_flattens(events: list[dict[str, Any]]) -> None:
    drop = ("a", "aB.a", "A.")
    decoded = [decode(strategies.encode(event).decode()) for event in events]
    found = {path: list(map(text, v)) for path, v in collected(*decoded, drop=drop).items()}
    leaves = [model_flatten(event, frozenset(drop)) for event in events]
    assert found == {
        path: [text(leaf.get(path)) for leaf in leaves] for each in leaves for path in each
    }


def text(value: Any) -> str | None:
    """A value as text; arrays are text already."""
    return value if value is None or isinstance(value, str) else model_text(plain(value))


def plain(value: Any) -> Any:
    return Huge(value.text) if isinstance(value, HugeNumber) else value
