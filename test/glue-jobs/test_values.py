"""Values of events: which JSON is taken, kinds and types, what fits where, and texts."""

from __future__ import annotations

import pickle
from typing import Any

import pyarrow as pa
import pytest
from contract import strategies
from contract.lines import parse
from contract.values import Type, cell, common_type, kind, text
from contract.values import json_text as model_text
from hypothesis import given
from hypothesis import strategies as st
from mobile_events.rows.batch import array_of
from mobile_events.rows.values import (
    BIGINT,
    BOOLEAN,
    DOUBLE,
    STRING,
    WIDE,
    HugeNumber,
    decode,
    fits,
    json_text,
    kind_of,
    text_of,
    type_of,
    type_of_kinds,
)

MODEL_TYPES: tuple[Type, ...] = ("bigint", "boolean", "double", "string")


@pytest.mark.parametrize(
    "line",
    [
        "NaN",
        "[Infinity]",
        '{"a":-Infinity}',
        "{'a':1}",
        '{"a":1}{"b":2}',
        '{"a":1},',
        '{"a":"\t"}',
        '\ufeff{"a":1}',
        "7" * 5000,
        "",
    ],
)
def test_what_json_lacks_is_refused(line: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        decode(line)


def test_nesting_that_python_cannot_follow_is_an_error_of_its_own() -> None:
    with pytest.raises(RecursionError):
        decode("[" * 200_000)


@pytest.mark.parametrize("number", ["1e400", "-1E+400", "123456789e999"])
def test_number_that_no_double_holds_keeps_its_text(number: str) -> None:
    value = decode(number)
    assert isinstance(value, HugeNumber)
    assert (text_of(value), kind_of(value), type_of(value)) == (number, STRING, "string")
    nested = [1, number, {"é": [value, None, True, 2.0]}]
    assert json_text(nested) == f'[1,"{number}",{{"é":[{number},null,true,2.0]}}]'
    # It goes from Spark's driver to its workers and back.
    again = pickle.loads(pickle.dumps(value))
    assert (type(again), again.text) == (HugeNumber, number)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ('say "é"\n', 'say "é"\n'),
        ("", ""),
        (True, "true"),
        (2**70, str(2**70)),
        (-0.0, "-0.0"),
        (1e22, "1e+22"),
        (0.1, "0.1"),
        ([], "[]"),
        ([1, "é", {"a": [None]}], '[1,"é",{"a":[null]}]'),
    ],
)
def test_text_of_a_value(value: Any, expected: str) -> None:
    assert text_of(value) == expected


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ([1, 2], "bigint"),
        ([2**53, -(2**53)], "bigint"),
        ([2**63 - 1, -(2**63)], "bigint"),
        ([1, 2**53 + 1], "bigint"),
        ([2**63], "string"),
        ([1, 2**63], "string"),
        ([1, -(2**63) - 1], "string"),
        ([1.5, 2.0], "double"),
        ([1, 1.5], "double"),
        ([2**53, 1.5], "double"),
        ([2**62, 1.5], "double"),
        ([2**53 + 1, 1.5], "string"),
        ([2**53 + 1, 1, 1.5], "string"),
        ([1.5, 2**63], "string"),
        ([HugeNumber("1e400")], "string"),
        ([1.5, HugeNumber("1e400")], "string"),
        ([True, False], "boolean"),
        ([True, 1], "string"),
        ([False, 0.0], "string"),
        (["a"], "string"),
        (["a", 1], "string"),
        ([[]], "string"),
        ([[1], 2], "string"),
    ],
)
def test_type_of_a_path_with_these_values(values: list[Any], expected: str) -> None:
    kinds = 0
    for value in values:
        kinds |= kind_of(value)
    assert type_of_kinds(kinds) == expected


def test_kinds() -> None:
    values = (True, 7, 2**53 + 1, 7.0, "7", [7], 2**63)
    kinds = [BOOLEAN, BIGINT, WIDE, DOUBLE, STRING, STRING, STRING]
    assert [kind_of(value) for value in values] == kinds


@pytest.mark.parametrize(
    ("value", "column_types"),
    [
        (True, {"boolean", "string"}),
        (0, {"bigint", "double", "string"}),
        (2**53 + 1, {"bigint", "string"}),
        (2**63 - 1, {"bigint", "string"}),
        (2**63, {"double", "string"}),
        (2**63 + 1, {"string"}),
        (10**400, {"string"}),
        (1.0, {"double", "string"}),
        (HugeNumber("1e400"), {"string"}),
        ("true", {"string"}),
        ("2026-03-09T12:00:00Z", {"string"}),
        ([1], {"string"}),
    ],
)
def test_columns_that_take_a_value(value: Any, column_types: set[str]) -> None:
    assert {name for name in (*MODEL_TYPES, "timestamp") if fits(value, name)} == column_types


@given(st.lists(strategies.values().filter(lambda v: v is not None and not isinstance(v, dict))))
def test_values_agree_with_the_model(values: list[Any]) -> None:
    line = strategies.encode({"values": values})
    ours: list[Any] = decode(line.decode())["values"]
    event = parse(line)
    assert isinstance(event, dict)
    theirs: Any = event["values"]
    kinds = 0
    for our, their in zip(ours, theirs, strict=True):
        kinds |= kind_of(our)
        assert type_of(our) == kind(their)
        for column_type in MODEL_TYPES:
            wanted = cell(their, column_type)
            assert fits(our, column_type) is (wanted is not None)
            if wanted is not None:
                assert repr(array_of([our], column_type)[0].as_py()) == repr(wanted)
        assert array_of([our], "string").to_pylist() == [text(their)]
    if ours:
        assert type_of_kinds(kinds) == common_type(theirs)


@given(strategies.values())
def test_json_text_is_the_models(value: Any) -> None:
    assert json_text(decode(strategies.encode(value).decode())) == model_text(value)


def test_lone_surrogates_become_replacement_characters() -> None:
    assert array_of(["a\ud800b", "\udc00", "🙂", None], "string").to_pylist() == [
        "a\ufffdb",
        "\ufffd",
        "🙂",
        None,
    ]


def test_integers_past_64_bits_do_not_fit_an_array() -> None:
    with pytest.raises(OverflowError):
        array_of([2**63], "bigint")
    assert array_of([-(2**63), None], "bigint") == pa.array([-(2**63), None], pa.int64())
