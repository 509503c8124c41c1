"""What kind of statement a text is, and the parts of the statements that aren't queries."""

from __future__ import annotations

import logging
import re
from dataclasses import dataclass

import sqlglot
from sqlglot import exp
from sqlglot.errors import ParseError, TokenError

from emulator.athena.errors import ApiError

logging.getLogger("sqlglot").setLevel(logging.ERROR)

NAME = r'[`"]?[^\s`".]+[`"]?'
QUALIFIED = rf"(?:{NAME}\.){{0,2}}{NAME}"
_PATTERN = r"(?:\s+(?:LIKE\s+)?'(?P<pattern>[^']*)')?"
UTILITIES = {
    "SHOW_DATABASES": rf"SHOW\s+(?:DATABASES|SCHEMAS){_PATTERN}",
    "SHOW_TABLES": rf"SHOW\s+TABLES(?:\s+(?:IN|FROM)\s+(?P<database>{NAME}))?{_PATTERN}",
    "SHOW_COLUMNS": (
        rf"SHOW\s+COLUMNS\s+(?:IN|FROM)\s+(?P<table>{QUALIFIED})"
        rf"(?:\s+(?:IN|FROM)\s+(?P<database>{NAME}))?"
    ),
    "SHOW_PARTITIONS": rf"SHOW\s+PARTITIONS\s+(?P<table>{QUALIFIED})",
    "DESCRIBE_TABLE": rf"(?:DESCRIBE|DESC)\s+(?P<table>{QUALIFIED})",
}
_COMMENTS = re.compile(r"^(?:\s+|--[^\n]*(?:\n|$)|/\*.*?\*/)+", re.DOTALL)
_DML = ("SELECT", "WITH", "VALUES", "TABLE", "INSERT", "UPDATE", "DELETE", "MERGE", "EXPLAIN")
_DDL = ("CREATE", "DROP", "ALTER", "MSCK", "OPTIMIZE", "VACUUM")


@dataclass(frozen=True)
class Statement:
    """`tree` is there for a query; `parts` are the names in a SHOW or DESCRIBE, unquoted."""

    text: str
    type: str
    substatement: str | None
    tree: exp.Query | None
    parts: dict[str, str]

    @property
    def result_suffix(self) -> str:
        """Ending of the result object's name."""
        return ".csv" if self.type == "DML" else ".txt"


def read(sql: str) -> Statement:
    """Raises ApiError for what isn't one statement of Athena's SQL."""
    text = sql.strip().rstrip(";").rstrip()
    bare = _COMMENTS.sub("", text)
    if not bare:
        raise ApiError("line 1:1: mismatched input '<EOF>'", "MALFORMED_QUERY")
    for substatement, pattern in UTILITIES.items():
        match = re.fullmatch(pattern, bare, re.IGNORECASE | re.DOTALL)
        if match:
            found = {key: value for key, value in match.groupdict().items() if value is not None}
            parts = {
                key: value if key == "pattern" else re.sub(r'[`"]', "", value).lower()
                for key, value in found.items()
            }
            return Statement(text, "UTILITY", substatement, None, parts)
    return _parsed(text, bare)


def _parsed(text: str, bare: str) -> Statement:
    words = re.findall(r"[A-Za-z_]+", bare.upper())
    first = words[0] if words else ""
    try:
        trees = [tree for tree in sqlglot.parse(text, read="athena") if tree is not None]
    except ParseError as error:
        raise _malformed(error) from error
    except TokenError as error:
        raise ApiError(f"line 1:1: {error}", "MALFORMED_QUERY") from error
    if len(trees) != 1 or isinstance(trees[0], exp.Block):
        raise ApiError(f"Only one sql statement is allowed. Got: {text}", "MALFORMED_QUERY")
    tree = trees[0]
    if isinstance(tree, exp.Query):
        return Statement(text, "DML", "SELECT", tree, {})
    if isinstance(tree, exp.Values):
        query = exp.select("*").from_(exp.alias_(tree, "values_", table=True))
        return Statement(text, "DML", "SELECT", query, {})
    if not _is_statement(first):
        raise ApiError(f"line 1:1: mismatched input '{bare.split()[0]}'", "MALFORMED_QUERY")
    type_ = "DML" if first in _DML else "DDL" if first in _DDL else "UTILITY"
    return Statement(text, type_, None, None, {})


def _is_statement(word: str) -> bool:
    others = ("SHOW", "DESCRIBE", "DESC", "UNLOAD", "PREPARE", "EXECUTE", "DEALLOCATE", "USE")
    return word in _DML or word in _DDL or word in others


def _malformed(error: ParseError) -> ApiError:
    first = error.errors[0]
    token = first.get("highlight") or "<EOF>"
    column = max(int(first.get("col") or 1) - len(token) + 1, 1)
    return ApiError(
        f"line {first.get('line') or 1}:{column}: mismatched input '{token}'", "MALFORMED_QUERY"
    )


def split_name(name: str, database: str) -> tuple[str, str]:
    """Database and table of a qualified name; a data catalog before them is left out."""
    parts = name.split(".")
    return (parts[-2] if len(parts) > 1 else database), parts[-1]


def matches(pattern: str | None, name: str) -> bool:
    """Hive's pattern of SHOW: `*` for any text, `|` between alternatives; other letters are a
    regular expression's."""
    if pattern is None:
        return True
    expression = "|".join(part.replace("*", ".*") for part in pattern.lower().split("|"))
    try:
        return re.fullmatch(expression, name) is not None
    except re.error:
        return False
