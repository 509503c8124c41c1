"""Columns of new paths: no type is settled before all values are known, and nothing is lost."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pyarrow as pa
import pytest
from contract import strategies
from contract.lines import parse
from contract.values import cell, common_type
from hypothesis import given
from hypothesis import strategies as st
from mobile_events.rows.batch import (
    OWN,
    Batch,
    Fresh,
    concatenated,
    from_events,
    to_staged_table,
    to_table,
)
from mobile_events.rows.columns import flatten
from mobile_events.rows.names import Path
from mobile_events.rows.registry import Registry
from mobile_events.rows.values import BIGINT, BOOLEAN, DOUBLE, STRING, WIDE, HugeNumber, decode
from mobile_events.stage.staged import FreshColumn, StagedPiece

START = Registry.start("2026-03-01")
A: Path = ("a",)
ODD = 2**53 + 1
HUGE = HugeNumber("1e400")


def batch_of(values: Sequence[Any], registry: Registry = START, key: str = "a") -> Batch:
    """Rows of which each has one of the values; None for a row that has none."""
    events: list[dict[str, Any]] = [{} if value is None else {key: value} for value in values]
    platforms = pa.array(["ios"] * len(values), pa.string())
    return from_events(flatten(events, ()), {"platform": platforms}, registry, set())


def fresh_of(values: Sequence[Any]) -> Fresh:
    return batch_of(values).fresh[A]


def final(batch: Batch) -> tuple[str, list[Any]]:
    """The type that the new path has after the run, and its values."""
    registry = START.extended(batch.kinds(), batch.siblings(START), "2026-03-02")
    return registry.first[A].type, to_table(batch, registry)["a"].to_pylist()


@pytest.mark.parametrize(
    ("values", "kinds", "encoding"),
    [
        ([1, None, -2], BIGINT, "bigint"),
        ([1, ODD], BIGINT | WIDE, "bigint"),
        ([2**63], STRING, "json"),
        ([1.5, 2.0], DOUBLE, "double"),
        ([1, 1.5], BIGINT | DOUBLE, "json"),
        ([1.5, HUGE], DOUBLE | STRING, "json"),
        ([HUGE], STRING, "json"),
        ([True, None], BOOLEAN, "boolean"),
        ([True, 1], BOOLEAN | BIGINT, "json"),
        (["x", [1]], STRING, "string"),
        (["x", 1], STRING | BIGINT, "json"),
    ],
)
def test_kinds_and_encoding_of_a_new_path(values: list[Any], kinds: int, encoding: str) -> None:
    fresh = fresh_of(values)
    assert (fresh.kinds, fresh.encoding) == (kinds, encoding)


@pytest.mark.parametrize(
    ("first", "second", "column_type", "expected"),
    [
        ([1], [2], "bigint", [1, 2]),
        ([1], [ODD], "bigint", [1, ODD]),
        ([1], [0.5], "double", [1.0, 0.5]),
        ([1, 2.5], [2], "double", [1.0, 2.5, 2.0]),
        ([ODD], [0.5], "string", [str(ODD), "0.5"]),
        ([ODD], [1, 0.5], "string", [str(ODD), "1", "0.5"]),
        ([1], [2**63], "string", ["1", str(2**63)]),
        ([True], [None], "boolean", [True, None]),
        ([True, None], [1], "string", ["true", None, "1"]),
        ([1.0], ["1.0"], "string", ["1.0", "1.0"]),
        ([1e22], [HUGE], "string", ["1e+22", "1e400"]),
        ([-0.0], [7], "double", [-0.0, 7.0]),
        (["x"], [[1, "é", HUGE]], "string", ["x", '[1,"é",1e400]']),
        (["\ud800"], [7], "string", ["\ufffd", "7"]),
        (["\ud800", 7], [True], "string", ["\ufffd", "7", "true"]),
        ([["\ud800"]], [True], "string", ['["\ufffd"]', "true"]),
    ],
)
def test_values_of_two_batches_end_in_one_type(
    first: list[Any], second: list[Any], column_type: str, expected: list[Any]
) -> None:
    both = final(concatenated([batch_of(first), batch_of(second)]))
    assert repr(both) == repr((column_type, expected))
    turned = final(concatenated([batch_of(second), batch_of(first)]))
    cut = len(first)
    assert repr(turned) == repr((column_type, [*expected[cut:], *expected[:cut]]))


def test_integers_past_2_53_enter_a_column_that_other_pieces_made_double() -> None:
    exact = [2**62, None, -(2**63), 2**53 + 2]
    batch = batch_of(exact)
    assert batch.fresh[A].encoding == "bigint"
    registry = START.extended({A: BIGINT | DOUBLE}, set(), "2026-03-02")
    values = to_table(batch, registry)["a"].to_pylist()
    assert values == [None if n is None else float(n) for n in exact]


def test_batches_without_the_path_have_nulls() -> None:
    parts = [batch_of([None, None]), batch_of([1, "x"]), batch_of([None]), batch_of([0.5])]
    assert final(concatenated(parts)) == ("string", [None, None, "1", "x", None, "0.5"])


@pytest.mark.parametrize(
    ("values", "rows", "kinds", "encoding"),
    [
        ([1, "x"], [0], BIGINT, "bigint"),
        ([1, "x"], [1], STRING, "string"),
        ([True, 0.5, 1], [1], DOUBLE, "double"),
        ([True, 0.5, 1], [0], BOOLEAN, "boolean"),
        ([ODD, 0.5, 1], [2, 1], BIGINT | DOUBLE, "json"),
        ([ODD, 1], [1], BIGINT, "bigint"),
        ([ODD, 1], [0], WIDE, "bigint"),
        ([HUGE, 1.5], [1], DOUBLE, "double"),
    ],
)
def test_kinds_are_those_of_the_rows_that_are_left(
    values: list[Any], rows: list[int], kinds: int, encoding: str
) -> None:
    mask = pa.array([row in rows for row in range(len(values))])
    for selected in (pa.array(sorted(rows), pa.int64()), mask):
        fresh = batch_of(values).take(selected).fresh[A]
        assert (fresh.kinds, fresh.encoding) == (kinds, encoding)


def test_path_whose_values_are_all_gone_is_gone() -> None:
    batch = batch_of([1, None, None]).take(pa.array([1, 2], pa.int64()))
    assert (batch.fresh, batch.kinds(), batch.rows) == ({}, {}, 2)


_VALUES = (strategies.scalars() | st.lists(strategies.scalars(), max_size=2)).filter(
    lambda value: value is not None
)


@given(st.lists(st.lists(_VALUES | st.none(), min_size=1, max_size=4), min_size=1), st.data())
def test_any_values_in_any_batches_are_the_models(parts: list[Any], data: st.DataObject) -> None:
    lines = [[strategies.encode({"a": value}) for value in part] for part in parts]
    ours = [batch_of([decode(line.decode())["a"] for line in part]) for part in lines]
    every = [line for part in lines for line in part]
    kept = data.draw(st.lists(st.sampled_from(range(len(every))), unique=True).map(sorted))
    batch = concatenated(ours).take(pa.array(kept, pa.int64()))
    events = [parse(every[row]) for row in kept]
    leaves: list[Any] = [event["a"] for event in events if isinstance(event, dict)]
    wanted = [leaf for leaf in leaves if leaf is not None]
    if not wanted:
        assert batch.fresh == {}
        return
    column_type = common_type(wanted)
    cells = [None if leaf is None else cell(leaf, column_type) for leaf in leaves]
    assert repr(final(batch)) == repr((column_type, cells))


_KINDS: dict[Path, int] = {A: DOUBLE, ("b",): BIGINT, ("c",): BOOLEAN, ("d",): STRING}
KNOWN = START.extended(_KINDS, set(), "").extended({}, {(A, "string")}, "")


@pytest.mark.parametrize(
    ("key", "values", "columns"),
    [
        ("a", [1, 0.5, None], {"double": [1.0, 0.5, None]}),
        ("a", [0.5, ODD], {"double": [0.5, None], "bigint": [None, ODD]}),
        ("a", [2, "x"], {"double": [2.0, None], "string": [None, "x"]}),
        ("a", [2**63, True], {"double": [float(2**63), None], "boolean": [None, True]}),
        ("b", [1, None], {"bigint": [1, None]}),
        ("b", [2**63, 7], {"string": [str(2**63), None], "bigint": [None, 7]}),
        ("b", [True, 7], {"boolean": [True, None], "bigint": [None, 7]}),
        ("b", [1.0], {"double": [1.0]}),
        ("c", [1, False], {"bigint": [1, None], "boolean": [None, False]}),
        ("d", [1, [True], "\ud800", HUGE], {"string": ["1", "[true]", "\ufffd", "1e400"]}),
        ("sentAt", ["2026-03-09T12:00Z", 5], {"bigint": [None, 5]}),
        ("sentAt", ["soon", None], {"string": ["soon", None]}),
    ],
)  # fmt: skip
def test_values_that_do_not_fit_go_to_siblings(
    key: str, values: list[Any], columns: dict[str, list[Any]]
) -> None:
    batch = batch_of(values, KNOWN, key)
    found = {type_: array.to_pylist() for (_, type_), array in batch.typed.items()}
    assert repr(sorted(found.items())) == repr(sorted(columns.items()))
    lacking = {(path, type_) for path, type_ in batch.typed if (path, type_) not in KNOWN.by_key}
    assert batch.siblings(KNOWN) == lacking
    assert batch.fresh == {}


def test_sibling_without_a_value_left_is_none() -> None:
    batch = batch_of([1, "x", True], KNOWN, "b").take(pa.array([0, 2], pa.int64()))
    assert batch.siblings(KNOWN) == {(("b",), "boolean")}


def test_table_has_all_columns_of_the_registry_in_its_order() -> None:
    batch = batch_of([1, "x"], KNOWN)
    registry = KNOWN.extended({("z",): STRING}, set(), "2026-03-03")
    table = to_table(batch, registry)
    assert table.column_names == [*OWN, *(column.name for column in registry.columns)]
    assert [str(table[name].type) for name in ("message_id", "a", "b", "c", "sent_at")] == [
        "string",
        "double",
        "int64",
        "bool",
        "timestamp[us, tz=UTC]",
    ]
    assert table["a"].to_pylist() == [1.0, None]
    assert table["a__string"].to_pylist() == [None, "x"]
    assert table["z"].null_count == table["local_timestamp"].null_count == 2


def staged(batch: Batch, known: Registry, whole: Batch) -> tuple[StagedPiece, pa.Table]:
    """A part of a batch as it is staged, and what the driver knows of its piece."""
    names = known.extended(whole.kinds(), whole.siblings(known), "")
    fresh = {
        path: FreshColumn(names.first[path].name, column.kinds, column.encoding)
        for path, column in batch.fresh.items()
    }
    siblings = {key: names.by_key[key].name for key in batch.siblings(known)}
    piece = StagedPiece("key", "", 0, fresh=fresh, siblings=siblings)
    return piece, to_staged_table(batch, known, names)


def test_staged_table_has_all_that_is_known_and_of_the_rest_what_has_a_value() -> None:
    events: list[dict[str, Any]] = [
        {"new": {"x": 1}, "b": "text", "sentAt": "soon"},
        {"new": {"x": "y"}, "b": 2},
    ]
    own = {"platform": pa.array(["ios", "android"])}
    whole = from_events(flatten(events, ()), own, KNOWN, set())
    batch = whole.take(pa.array([0], pa.int64()))
    piece, table = staged(batch, KNOWN, whole)
    known = [column.name for column in KNOWN.columns]
    assert table.column_names == [*OWN, *known, "new_x", "b__string", "sent_at__string"]
    again = piece.batch(table, KNOWN)
    after = KNOWN.extended(again.kinds(), again.siblings(KNOWN), "2026-03-03")
    final_table = to_table(again, after)
    assert final_table["new_x"].to_pylist() == [1]
    assert final_table["b__string"].to_pylist() == ["text"]
    assert final_table["sent_at__string"].to_pylist() == ["soon"]
    assert final_table.equals(to_table(batch, after))
    rest = whole.take(pa.array([1], pa.int64()))
    assert staged(rest, KNOWN, whole)[1].column_names == [*OWN, *known, "new_x"]


@pytest.mark.parametrize(
    ("key", "values", "odd"),
    [
        ("new", [1, None, 2], False),
        ("new", [1, 2.0], True),
        ("new", [[1], [2]], True),
        ("a", [0.5, 2.0], False),
        ("a", [0.5, 2], True),
        ("b", [1, None], False),
        ("b", [1, True], True),
        ("c", [False], False),
        ("d", ["x", None], False),
        ("d", ["x", 5], True),
        ("d", ["x", []], True),
        ("sentAt", ["2026-03-09T12:00Z"], False),
        ("sentAt", [5], True),
    ],
)
def test_paths_with_values_of_other_types_are_told(key: str, values: list[Any], odd: bool) -> None:
    events: list[dict[str, Any]] = [{} if value is None else {key: value} for value in values]
    found: set[Path] = set()
    from_events(flatten(events, ()), {"platform": pa.array(["ios"] * len(events))}, KNOWN, found)
    assert found == ({(key,)} if odd else set())
