"""Rows of CSV, read back by the rules of the serde that Athena reads them with."""

from __future__ import annotations

import gzip
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import open_csv
import pyarrow as pa
import pytest
from contract import nasty, strategies
from contract.model import Model
from hypothesis import given
from hypothesis import strategies as st
from job_runs import Job
from mobile_events.curated import csv_text
from mobile_events.rows.instants import INSTANT, WALL_TIME

EPOCH = datetime(1970, 1, 1)


def read(table: pa.Table) -> list[dict[str, str]]:
    """The rows of a file with this table in it."""
    return open_csv.read(csv_text.header(table) + csv_text.lines(table))


def texts(*values: str | None) -> list[str]:
    return [row["a"] for row in read(pa.table({"a": pa.array(values, pa.string())}))]


def readable(text: str | None) -> str:
    """What is left of a text: a null is empty, line breaks are two characters."""
    return (text or "").replace("\n", "\\n").replace("\r", "\\r")


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ('"a","b"', ["a", "b"]),
        ('"a,b",""', ["a,b", ""]),
        (r'"\"a\"","\\"', ['"a"', "\\"]),
        (r'"a\b\\n",x\\y,\z', [r"ab\n", r"x\y", "z"]),
        ('"say ""a""",""', ['say "a"', ""]),
        ('a b"c"d', ['a b"c"d']),
    ],
)
def test_reader_follows_the_serde(line: str, expected: list[str]) -> None:
    assert open_csv.fields(line) == expected


@pytest.mark.parametrize(
    "text",
    [
        'say "a", "b"',
        '"',
        '""',
        "\\",
        '\\"',
        "\\\\",
        'C:\\dir\\n"',
        ",",
        '","',
        " padded ",
        '  "quoted"',
        "\ttab\x00nul\x1f",
        "\u2028\u0085é🙂",
        "null",
        "NULL",
        "\\N",
        "",
    ],
)
def test_text_is_read_back_as_it_is(text: str) -> None:
    assert texts(text, "x", text) == [text, "x", text]


def test_line_breaks_are_two_characters_and_nulls_are_empty() -> None:
    assert texts("a\nb", "\r\n", None, "\\\n") == ["a\\nb", "\\r\\n", "", "\\\\n"]
    table = pa.table({"a": ["x\ny\rz", None], "b": ['"\\', ","]})
    first, second = csv_text.lines(table).splitlines()
    assert first == rb'''"x\\ny\\rz","\"\\"'''
    assert second == b'"",","'


@given(st.lists(st.tuples(*[st.none() | st.text() | st.text('\\",\n\r x')] * 3)))
def test_any_texts_are_read_back(rows: list[tuple[str | None, ...]]) -> None:
    columns = {name: [row[i] for row in rows] for i, name in enumerate("abc")}
    arrays = {name: pa.array(map(valid, values), pa.string()) for name, values in columns.items()}
    found = [tuple(row.values()) for row in read(pa.table(arrays))]
    assert found == [tuple(readable(valid(value)) for value in row) for row in rows]


def valid(text: str | None) -> str | None:
    return text and text.encode("utf-8", "replace").decode()


def test_values_of_other_types() -> None:
    at = datetime(2026, 3, 9, 12, 0, 0, 5)
    table = pa.table({
        "flag": pa.array([True, False, None]),
        "number": pa.array([-(2**63), 2**63 - 1, None]),
        "instant": pa.array([at.replace(tzinfo=timezone.utc), None, None], INSTANT),
        "wall": pa.array([None, datetime(2000, 1, 1), None], WALL_TIME),
    })  # fmt: skip
    assert [list(row.values()) for row in read(table)] == [
        ["true", str(-(2**63)), "2026-03-09 12:00:00.000005", ""],
        ["false", str(2**63 - 1), "", "2000-01-01 00:00:00.000000"],
        ["", "", "", ""],
    ]


@given(st.lists(strategies.doubles().filter(lambda value: isinstance(value, float))))
def test_doubles_are_read_back_exactly(values: list[float]) -> None:
    found = read(pa.table({"a": pa.array(values, pa.float64())}))
    assert [repr(float(row["a"])) for row in found] == list(map(repr, values))


def test_slices_and_chunks_are_written_as_they_are() -> None:
    numbers = pa.table({"a": [f"é{n}" for n in range(100)], "b": range(100)})
    part = numbers.slice(40, 3)
    assert csv_text.lines(part) == '"é40","40"\n"é41","41"\n"é42","42"\n'.encode()
    both = pa.concat_tables([part, numbers.slice(0, 1), numbers.slice(99)])
    assert csv_text.lines(both) == csv_text.lines(part) + '"é0","0"\n"é99","99"\n'.encode()
    assert csv_text.lines(numbers.slice(0, 0)) == b""


def test_header() -> None:
    table = pa.table({"a": [1], "b_c": [2], "date": [3]})
    assert csv_text.header(table) == b'"a","b_c","date"\n'
    assert csv_text.width(csv_text.header(table)) == 3
    assert csv_text.width(csv_text.header(table.select(["a"]))) == 1


def test_run_writes_all_nasty_cases_as_the_model_has_them(tmp_path: Path) -> None:
    objects = nasty.everything()
    days = sorted(place.received_day for place in objects)
    job, model = Job(tmp_path), Model()
    job.put(objects)
    job.run(days[0], days[-1], output_format="csv")
    model.run(objects, days[0], days[-1])
    types = {column.name: column.type for column in job.registry.columns}
    found = []
    for key in job.keys("mobile_user/"):
        folders = dict(part.split("=") for part in key.split("/")[1:-1])
        for row in open_csv.read(gzip.decompress(job.store.get("curated", key))):
            found.append({**{name: text for name, text in row.items() if text}, **folders})
    wanted = [
        {name: as_text(value, types.get(name, name)) for name, value in row.cells.items()}
        for row in model.published
    ]
    wanted = [{name: text for name, text in row.items() if text} for row in wanted]
    assert sorted(map(canonical, found)) == sorted(map(canonical, wanted))


def as_text(value: Any, column_type: str) -> str:
    """What CSV has of a cell of the model."""
    if column_type.endswith("_timestamp") or column_type.endswith("_at"):
        return f"{EPOCH + timedelta(microseconds=value):%Y-%m-%d %H:%M:%S.%f}".rjust(26, "0")
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return str(pa.scalar(value).cast(pa.string()))
    return readable(str(value))


def canonical(row: dict[str, str]) -> str:
    return repr(sorted(row.items()))
