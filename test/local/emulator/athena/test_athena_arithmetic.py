"""Arithmetic on columns, aggregates and windows: their types tell what an operator means."""

from __future__ import annotations

import datetime
from typing import Any

import pytest

COLUMNS = [
    ("id", "bigint"),
    ("n", "int"),
    ("d", "double"),
    ("f", "float"),
    ("s", "string"),
    ("b", "boolean"),
    ("t", "timestamp"),
    ("day", "date"),
]


@pytest.fixture(scope="module")
def numbers(world: Any) -> Any:
    world.table("numbers", COLUMNS)
    times = [datetime.datetime(2026, 1, 1), datetime.datetime(2026, 1, 2, 3)]
    values = {
        "id": [1, 5],
        "n": [2, 2],
        "d": [1.5, 2.5],
        "f": [0.5, 0.5],
        "s": ["1", "2"],
        "b": [True, False],
        "t": times,
        "day": [time.date() for time in times],
    }
    world.put_parquet("numbers/x.parquet", values)
    return world


@pytest.mark.parametrize(
    ("expression", "values"),
    [
        ("id / n", ["0", "2"]),
        ("d / n", ["0.75", "1.25"]),
        ("id / d", ["0.6666666666666666", "2.0"]),
        ("7.0 / n", ["3.5", "3.5"]),
        ("id * 1.0 / n", ["0.5", "2.5"]),
        ("CAST(id AS double) / n", ["0.5", "2.5"]),
        ("(d + 1) / (n - 2)", ["Infinity", "Infinity"]),
        ("d / 0", ["Infinity", "Infinity"]),
        ("100 * d / n", ["75.0", "125.0"]),
        ("CAST(d AS bigint)", ["2", "3"]),
        ("CAST(b AS integer)", ["1", "0"]),
        ("t - INTERVAL '1' HOUR", ["2025-12-31 23:00:00.000", "2026-01-02 02:00:00.000"]),
        ("day - DATE '2025-12-31'", ["1 00:00:00.000", "2 00:00:00.000"]),
        ("id - lag(id, 1, 0) OVER (ORDER BY id)", ["1", "4"]),
        ("CAST(first_value(d) OVER (ORDER BY id) AS bigint)", ["2", "2"]),
    ],
)
def test_of_columns(numbers: Any, expression: str, values: list[str]) -> None:
    rows = numbers.rows(f"SELECT {expression} FROM numbers ORDER BY id")
    assert [row[0] for row in rows] == values


@pytest.mark.parametrize(
    ("expression", "value"),
    [
        ("sum(d) / 2", "2.0"),
        ("sum(d) / count(*)", "2.0"),
        ("sum(id) / count(*)", "3"),
        ("avg(id) / 2", "1.5"),
        ("avg(d) / 0", "Infinity"),
        ("100.0 * count_if(b) / count(*)", "50.0"),
        ("CAST(sum(if(b, 1, 0)) AS double) / count(*)", "0.5"),
        ("max(id) - min(id)", "4"),
        ("max(d) - min(d)", "1.0"),
        ("CAST(avg(d) AS integer)", "2"),
        ("CAST(sum(id) AS bigint)", "6"),
        ("CAST(max(s) AS bigint)", "2"),
        ("CAST(bool_or(b) AS integer)", "1"),
        ("CAST(max_by(d, id) AS bigint)", "3"),
        ("max(t) + INTERVAL '1' DAY", "2026-01-03 03:00:00.000"),
        ("max(t) - INTERVAL '1' HOUR", "2026-01-02 02:00:00.000"),
        ("max(day) - min(day)", "1 00:00:00.000"),
        ("max(day) + INTERVAL '1' DAY", "2026-01-03"),
        ("date_add('day', 1, max(day))", "2026-01-03"),
        ("date_trunc('day', max(t))", "2026-01-02 00:00:00.000"),
        ("max(date_trunc('day', t)) + INTERVAL '1' DAY", "2026-01-03 00:00:00.000"),
        ("date_trunc('month', max_by(t, id))", "2026-01-01 00:00:00.000"),
        (
            "CAST(max(t) AT TIME ZONE 'America/Los_Angeles' AS timestamp)",
            "2026-01-01 19:00:00.000",
        ),
        ("sequence(min(day), max(day), INTERVAL '1' DAY)", "[2026-01-01, 2026-01-02]"),
        ("sequence(min(day), max(day))", "[2026-01-01, 2026-01-02]"),
        (
            "sequence(min(t), max(t), INTERVAL '1' DAY)",
            "[2026-01-01 00:00:00.000, 2026-01-02 00:00:00.000]",
        ),
        ("max(id) + (SELECT max(x) - 1 FROM (SELECT id AS x FROM numbers))", "9"),
    ],
)
def test_of_aggregates(numbers: Any, expression: str, value: str) -> None:
    assert numbers.rows(f"SELECT {expression} FROM numbers") == [[value]]


def test_of_aggregates_of_a_group_and_a_subquery(numbers: Any) -> None:
    sql = (
        "WITH days AS (SELECT day, sum(d) AS total, count(*) AS n FROM numbers GROUP BY day) "
        "SELECT day, CAST(max(total) - min(n) AS varchar), sum(total) / sum(n) FROM days "
        "GROUP BY day HAVING max(total) / 2 > 0.5 ORDER BY max(total) - 1 DESC"
    )
    assert numbers.rows(sql) == [["2026-01-02", "1.5E0", "2.5"], ["2026-01-01", "5.0E-1", "1.5"]]


def test_division_of_whole_numbers_by_zero_fails(numbers: Any) -> None:
    for expression in ("id / 0", "sum(id) / (count(*) - 2)"):
        reason = numbers.failure(f"SELECT {expression} FROM numbers")
        assert reason == "DIVISION_BY_ZERO: Division by zero"
