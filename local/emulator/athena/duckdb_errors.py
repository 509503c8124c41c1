"""Errors of DuckDB's in Athena's words."""

from __future__ import annotations

import re

import duckdb
from sqlglot import exp

from emulator.athena.errors import QueryCancelledError, QueryFailedError
from emulator.athena.sql.positions import position
from emulator.athena.sql.statements import Statement

_COLUMN = re.compile(
    r'Referenced column "(?P<a>[^"]+)" not found|does not have a column named "(?P<b>[^"]+)"'
    r'|Referenced table "(?P<c>[^"]+)" not found'
)
_KINDS: tuple[tuple[str, str], ...] = (
    (r"Division by zero", "DIVISION_BY_ZERO"),
    (r"TRY can not be used|UNNEST requires a single list", "NOT_SUPPORTED"),
    (
        r"Could not convert|Conversion Error: Could not|invalid .* field format",
        "INVALID_CAST_ARGUMENT",
    ),
    (r"out of range|Overflow|overflow", "NUMERIC_VALUE_OUT_OF_RANGE"),
    (
        r"Cannot compare values|Cannot mix values|No function matches|Could not choose a best "
        r"candidate",
        "TYPE_MISMATCH",
    ),
    (r"must appear in the GROUP BY clause", "EXPRESSION_NOT_AGGREGATE"),
    (r"Could not parse string", "INVALID_FUNCTION_ARGUMENT"),
    (r"Ambiguous reference", "AMBIGUOUS_NAME"),
)
_OWN = re.compile(r"\b([A-Z]+(?:_[A-Z]+)+): (.*)", re.DOTALL)
"""An error that a function of `prelude.sql` raised, with its name."""


def translated(error: Exception, failure: Exception | None, statement: Statement) -> Exception:
    """What to raise in place of `error`; `failure` is what went wrong under DuckDB, if anything."""
    if isinstance(failure, (QueryFailedError, QueryCancelledError)):
        return failure
    if failure is not None:
        return QueryFailedError("HIVE_CANNOT_OPEN_SPLIT", f"Error opening Hive split: {failure}")
    if isinstance(error, duckdb.InterruptException) or "INTERRUPT" in str(error):
        if "max_execution_time" in str(error) or "timeout" in str(error).lower():
            return QueryFailedError("EXCEEDED_TIME_LIMIT", "Query exceeded the time limit")
        return QueryCancelledError("Query cancelled by user")
    if isinstance(error, duckdb.OutOfMemoryException):
        return QueryFailedError(
            "EXCEEDED_MEMORY_LIMIT", "Query exhausted resources at this scale factor"
        )
    return _by_message(str(error), statement)


def _by_message(message: str, statement: Statement) -> QueryFailedError:
    first = message.split("\n")[0].partition("Error: ")[2] or message.split("\n")[0]
    missing = _COLUMN.search(message)
    if missing:
        name = missing.group("a") or missing.group("b") or missing.group("c")
        return QueryFailedError(
            "COLUMN_NOT_FOUND",
            f"{_place(name, statement)}: Column '{name.lower()}' cannot be resolved or requester "
            "is not authorized to access requested resources",
        )
    own = _OWN.search(first)
    if own:
        return QueryFailedError(own.group(1), own.group(2))
    for pattern, name in _KINDS:
        if re.search(pattern, first):
            text = "Division by zero" if name == "DIVISION_BY_ZERO" else first
            return QueryFailedError(name, text)
    return QueryFailedError("GENERIC_USER_ERROR", first)


def _place(name: str, statement: Statement) -> str:
    if statement.tree is not None:
        for column in statement.tree.find_all(exp.Column):
            if name.lower() in (column.name.lower(), column.table.lower()):
                return position(column)
    return "line 1:1"
