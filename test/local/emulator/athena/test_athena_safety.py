"""What no query can reach: functions, files and settings of DuckDB's, and the machine."""

from __future__ import annotations

import duckdb
import pytest
from emulator.athena.catalog import Catalog
from emulator.athena.engine import Engine, lock_away
from emulator.athena.engine_result import Result
from emulator.athena.errors import ApiError, QueryFailedError
from emulator.athena.objects import Scan
from emulator.athena.sql.statements import read


def values(sql: str) -> list[list[str | None]]:
    rows: list[list[str | None]] = []
    engine = Engine(Catalog(None), None)

    def take(result: Result) -> None:
        rows.extend(result.rows)

    engine.run(read(sql), "db", Scan(), lambda _: None, take)
    return rows


@pytest.mark.parametrize(
    ("expression", "error"),
    [
        ("format('%s', 1)", "NOT_SUPPORTED: The function 'format'"),
        ("list_aggregate(ARRAY[1], 'sum')", "FUNCTION_NOT_FOUND: line 1:8: Function"),
        ("read_text('/etc/passwd')", "FUNCTION_NOT_FOUND: line 1:8: Function 'read_text'"),
        ("\"read_text\"('/etc/passwd')", "FUNCTION_NOT_FOUND"),
        ("getenv('HOME')", "FUNCTION_NOT_FOUND"),
        ("athena_double(DOUBLE '1')", "FUNCTION_NOT_FOUND"),
        ("1 / 0", "DIVISION_BY_ZERO: Division by zero"),
        ("CAST('x' AS bigint)", "INVALID_CAST_ARGUMENT"),
        ("1 = '1'", "TYPE_MISMATCH: line 1:10: Cannot apply operator: integer = varchar(1)"),
        ("from_unixtime(0, 'UTC')", "NOT_SUPPORTED"),
    ],
)
def test_what_athena_refuses_or_isnt_sure_here_fails(expression: str, error: str) -> None:
    with pytest.raises(QueryFailedError) as caught:
        values(f"SELECT {expression}")
    assert caught.value.reason.startswith(error)


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT * FROM read_csv('/etc/passwd')",
        "SELECT * FROM glob('/*')",
        "SELECT * FROM duckdb_settings()",
        "SELECT * FROM db.read_csv('/etc/passwd')",
        "COPY (SELECT 1) TO '/tmp/athena.csv'",
        "PRAGMA database_list",
        "SET threads = 1",
    ],
)
def test_nothing_of_duckdb_or_the_machine_can_be_reached(sql: str) -> None:
    with pytest.raises((QueryFailedError, ApiError)):
        values(sql)


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT * FROM read_text('/etc/hostname')",
        "COPY (SELECT 1) TO '/tmp/athena.csv'",
        "ATTACH '/tmp/athena.db'",
        "SET enable_external_access = true",
    ],
)
def test_duckdb_is_locked_even_if_a_statement_got_through(sql: str) -> None:
    with duckdb.connect() as connection:
        lock_away(connection)
        with pytest.raises(duckdb.Error, match=r"disabled by configuration|has been locked"):
            connection.execute(sql)
