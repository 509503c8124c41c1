"""Statements with parameters: PREPARE, EXECUTE, DEALLOCATE PREPARE, and putting values in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import sqlglot
from sqlglot import exp
from sqlglot.errors import ParseError, TokenError

from emulator.athena.errors import ApiError, QueryFailedError
from emulator.athena.sql.cursor import Cursor, tokens


@dataclass(frozen=True)
class Prepare:
    name: str
    text: str


@dataclass(frozen=True)
class Execute:
    """`parameters` are expressions in SQL."""

    name: str
    parameters: Sequence[str]


@dataclass(frozen=True)
class Deallocate:
    name: str


Preparation = Prepare | Execute | Deallocate


def parse_preparation(sql: str) -> Preparation | None:
    """None for a statement of another kind. Raises ApiError for what isn't in the grammar."""
    cursor = Cursor(sql, "trino")
    if cursor.accept("PREPARE"):
        name = cursor.name()
        cursor.expect("FROM")
        return Prepare(name, cursor.rest().strip())
    if cursor.accept("DEALLOCATE", "PREPARE"):
        name = cursor.name()
        cursor.end()
        return Deallocate(name)
    if not cursor.accept("EXECUTE"):
        return None
    name = cursor.name()
    if cursor.ended:
        return Execute(name, ())
    cursor.expect("USING")
    return Execute(name, _split(cursor.rest().strip()))


def placeholders(sql: str) -> int:
    """How many parameters the statement has."""
    return len(_places(sql))


def bind(sql: str, parameters: Sequence[str]) -> str:
    """The statement with an expression in the place of each `?`.

    Raises QueryFailedError where their numbers differ, ApiError for what is no single expression.
    """
    places = _places(sql)
    if len(places) != len(parameters):
        raise QueryFailedError(
            "INVALID_PARAMETER_USAGE",
            f"line 1:1: Incorrect number of parameters: expected {len(places)} but found "
            f"{len(parameters)}",
        )
    bound, end = "", 0
    for place, parameter in zip(places, parameters, strict=True):
        bound += sql[end:place] + _expression(parameter)
        end = place + 1
    return bound + sql[end:]


def _places(sql: str) -> list[int]:
    found = tokens(sql, "trino")
    return [token.start for token in found if token.kind == "sign" and token.text == "?"]


def _expression(parameter: str) -> str:
    """A parameter as it stands in the statement: no part of it can end the expression."""
    try:
        tree = sqlglot.parse_one(parameter, read="trino", into=exp.Condition)
    except (ParseError, TokenError) as error:
        raise ApiError(f"{parameter!r} is no value for a parameter", "MALFORMED_QUERY") from error
    if tree.find(exp.Column, exp.Query, exp.Placeholder):
        raise QueryFailedError(
            "EXPRESSION_NOT_CONSTANT", f"line 1:1: Constant expression cannot contain {parameter}"
        )
    bare = tree.this if isinstance(tree, exp.Neg) else tree
    plain = isinstance(bare, (exp.Literal, exp.Boolean, exp.Null))
    text = parameter.strip()
    return text if plain and "--" not in text and "/*" not in text else f"({text}\n)"


def _split(text: str) -> list[str]:
    """The expressions between commas that stand in no parentheses or brackets."""
    parts, depth, start = [], 0, 0
    for token in tokens(text, "trino"):
        if token.kind != "sign":
            continue
        depth += {"(": 1, "[": 1, ")": -1, "]": -1}.get(token.text, 0)
        if token.text == "," and depth == 0:
            parts.append(text[start : token.start].strip())
            start = token.end
    return [*parts, text[start:].strip()]
