"""Schemas of JSON, CSV and Parquet, as Glue's classifiers give them."""

from __future__ import annotations

import datetime
import decimal
import io
import json

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from emulator.crawl.schema import delimited, json_records, parquet


def json_types(*lines: str) -> dict[str, str]:
    found = json_records.infer("\n".join(lines))
    assert found is not None
    return {name: str(type_) for name, type_ in found[0].fields.items()}


@pytest.mark.parametrize(
    ("value", "type_"),
    [
        ("1", "int"),
        (str(2**31 - 1), "int"),
        (str(2**31), "bigint"),
        (str(-(2**31)), "int"),
        (str(2**63), "string"),
        ("1.0", "double"),
        ("1e3", "double"),
        ("true", "boolean"),
        ('"2024-01-01T00:00:00Z"', "string"),
        ("null", "string"),
        ("{}", "string"),
        ("[]", "array<string>"),
        ("[1, null, 2.5]", "array<double>"),
        ('[1, "a"]', "array<string>"),
        ('{"a b": 1, "C": [{"d": true}]}', "struct<a b:int,C:array<struct<d:boolean>>>"),
    ],
)
def test_json_value(value: str, type_: str) -> None:
    assert json_types(f'{{"x": {value}}}') == {"x": type_}


def test_json_lines_are_merged() -> None:
    assert json_types(
        '{"a": 1, "b": {"c": 1}}',
        '{"a": 3000000000, "b": {"d": [1]}, "n": null}',
        '{"A": 1.5, "b": "text", "n": 1}',
    ) == {"a": "double", "b": "string", "n": "int"}


def test_fields_that_are_new_in_one_object_keep_changes_of_known_ones() -> None:
    assert json_types('{"a": 1, "b": 1}', '{"a": "x", "c": 1, "b": "y", "d": 1}') == {
        "a": "string",
        "b": "string",
        "c": "int",
        "d": "int",
    }


def test_bad_lines_are_passed_over() -> None:
    found = json_records.infer(
        '\n\r\n{"a": 1}\nnot json\n{"a": 1, "b": {"c"\n42\n"text"\nnull\n{}\n{"a": NaN}\n'
        '{"z": 1}\n{"a": 2, "b": "cut sho'
    )
    assert found is not None
    columns, objects = found
    assert {name: str(type_) for name, type_ in columns.fields.items()} == {"a": "int", "z": "int"}
    assert objects == 3


def test_objects_may_span_lines() -> None:
    text = json.dumps({"a": {"b": 1}}, indent=2) + json.dumps({"a": {"c": 1}}, indent=2)
    assert json_types(text) == {"a": "struct<b:int,c:int>"}


def test_a_file_that_is_one_array_is_one_column() -> None:
    assert json_types('[{"a": 1}, {"b": 2}]') == {"array": "array<struct<a:int,b:int>>"}


@pytest.mark.parametrize("text", ["", "\n\n", "{}", "1\n2\n", "a,b\n1,2\n", "x y\nz\n"])
def test_what_is_not_json(text: str) -> None:
    assert json_records.infer(text) is None


def test_deep_nesting_is_a_bad_line() -> None:
    found = json_records.infer('{"a": 1}\n' + '{"x":' * 100_000 + "\n")
    assert found is not None
    assert list(found[0].fields) == ["a"]


def csv_types(text: str, *, is_whole: bool = True) -> dict[str, str]:
    found = delimited.infer(text, is_whole=is_whole)
    assert found is not None
    return {name: str(type_) for name, type_ in found.columns.fields.items()}


def test_csv_with_a_header() -> None:
    found = delimited.infer("id,name,price\n1,a,1.5\n2,,2\n", is_whole=True)
    assert found is not None
    assert (found.delimiter, found.has_header, found.has_quotes, found.rows) == (
        ",",
        True,
        False,
        2,
    )
    assert {name: str(type_) for name, type_ in found.columns.fields.items()} == {
        "id": "bigint",
        "name": "string",
        "price": "double",
    }


def test_csv_of_text_alone_has_no_header_that_can_be_told() -> None:
    found = delimited.infer("id,name\na,b\nc,d\n", is_whole=True)
    assert found is not None
    assert not found.has_header
    assert list(found.columns.fields) == ["col0", "col1"]
    assert found.rows == 3


def test_csv_whose_first_row_has_a_number_has_no_header() -> None:
    assert csv_types("1,a\n2,b\n") == {"col0": "bigint", "col1": "string"}


@pytest.mark.parametrize("delimiter", delimited.DELIMITERS)
def test_csv_delimiters(delimiter: str) -> None:
    found = delimited.infer(f"a{delimiter}b\n1{delimiter}2\n", is_whole=True)
    assert found is not None
    assert found.delimiter == delimiter


def test_csv_fields_may_be_quoted() -> None:
    found = delimited.infer('a,b\n"1, or\n2",3\n', is_whole=True)
    assert found is not None
    assert found.has_quotes
    assert found.rows == 1


def test_csv_columns_go_by_position() -> None:
    assert csv_types("id,ID,x,\n1,a,2,\n") == {
        "id": "bigint",
        "ID_1": "string",
        "x": "bigint",
        "col3": "string",
    }


def test_a_row_that_is_cut_short_does_not_count() -> None:
    assert csv_types("a,b\n1,2\n3,4\n5", is_whole=False) == {"a": "bigint", "b": "bigint"}


@pytest.mark.parametrize("text", ["", "one column\n1\n2\n", "a,b\n", "a,b\n1,2,3\n", "text\n"])
def test_what_is_not_csv(text: str) -> None:
    assert delimited.infer(text, is_whole=True) is None
    assert delimited.infer(text, is_whole=False) is None


def test_parquet() -> None:
    table = pa.table(
        {
            "Flag": pa.array([True]),
            "tiny": pa.array([1], pa.int8()),
            "small": pa.array([1], pa.int16()),
            "whole": pa.array([1], pa.int32()),
            "big": pa.array([1], pa.int64()),
            "unsigned": pa.array([1], pa.uint32()),
            "real": pa.array([1], pa.float32()),
            "double": pa.array([1.0]),
            "text": pa.array(["x"]),
            "dictionary": pa.array(["x"]).dictionary_encode(),
            "day": pa.array([datetime.date(2024, 1, 1)]),
            "instant": pa.array([0], pa.timestamp("us", tz="UTC")),
            "wall": pa.array([0], pa.timestamp("ms")),
            "money": pa.array([decimal.Decimal("1.25")], pa.decimal128(9, 2)),
            "raw": pa.array([b"x"]),
            "list": pa.array([[1, 2]]),
            "map": pa.array([[("a", 1)]], pa.map_(pa.string(), pa.int32())),
            "nested": pa.array([{"A": 1, "b": ["x"]}]),
        }
    )
    file = io.BytesIO()
    pq.write_table(table, file)
    found = parquet.infer(file)
    assert found is not None
    columns, rows = found
    assert rows == 1
    assert {name: str(type_) for name, type_ in columns.fields.items()} == {
        "Flag": "boolean",
        "tiny": "tinyint",
        "small": "smallint",
        "whole": "int",
        "big": "bigint",
        "unsigned": "bigint",
        "real": "float",
        "double": "double",
        "text": "string",
        "dictionary": "string",
        "day": "date",
        "instant": "timestamp",
        "wall": "timestamp",
        "money": "decimal(9,2)",
        "raw": "binary",
        "list": "array<bigint>",
        "map": "map<string,int>",
        "nested": "struct<A:bigint,b:array<string>>",
    }


def test_damaged_parquet_is_not_read() -> None:
    assert parquet.infer(io.BytesIO(b"PAR1 and then nothing of the kind")) is None
