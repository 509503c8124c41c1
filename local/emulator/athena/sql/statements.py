"""What kind of statement a text is, and the parts of the statements that aren't queries."""

from __future__ import annotations

import logging
import re
from collections.abc import Mapping
from dataclasses import dataclass, field

import sqlglot
from sqlglot import exp
from sqlglot.errors import ParseError, TokenError

from emulator.athena.ddl.commands import Command, CreateView
from emulator.athena.ddl.parser import parse_ddl
from emulator.athena.errors import ApiError, QueryFailedError, not_supported
from emulator.athena.sql.prepared import Preparation, parse_preparation
from emulator.athena.writes.commands import (
    WRITES,
    CreateTableAs,
    Insert,
    Unload,
    Write,
    parse_write,
)

logging.getLogger("sqlglot").setLevel(logging.ERROR)

NAME = r'[`"]?[^\s`".()]+[`"]?'
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
    "SHOW_VIEWS": rf"SHOW\s+VIEWS(?:\s+(?:IN|FROM)\s+(?P<database>{NAME}))?{_PATTERN}",
    "SHOW_CREATE_TABLE": rf"SHOW\s+CREATE\s+TABLE\s+(?P<table>{QUALIFIED})",
    "SHOW_CREATE_VIEW": rf"SHOW\s+CREATE\s+VIEW\s+(?P<table>{QUALIFIED})",
    "SHOW_TABLE_PROPERTIES": (
        rf"SHOW\s+TBLPROPERTIES\s+(?P<table>{QUALIFIED})"
        r"(?:\s*\(\s*['\"](?P<property>[^'\"]*)['\"]\s*\))?"
    ),
    "DESCRIBE_TABLE": (
        rf"(?:DESCRIBE|DESC)\s+(?:(?P<formatted>FORMATTED)\s+)?(?P<table>{QUALIFIED})"
    ),
}
_COMMENTS = re.compile(r"^(?:\s+|--[^\n]*(?:\n|$)|/\*.*?\*/)+", re.DOTALL)
_DML = ("SELECT", "WITH", "VALUES", "TABLE", "INSERT", "UPDATE", "DELETE", "MERGE", "EXPLAIN")
_DDL = ("CREATE", "DROP", "ALTER", "MSCK", "OPTIMIZE", "VACUUM")

Action = Command | Write | Preparation


@dataclass(frozen=True)
class Statement:
    """`tree` is there for a query, `action` for what changes something; `parts` are the names in
    a SHOW or DESCRIBE, unquoted. `failure` is how the statement ends without being run."""

    text: str
    type: str
    substatement: str | None = None
    tree: exp.Query | None = None
    parts: Mapping[str, str] = field(default_factory=dict)
    action: Action | None = None
    failure: QueryFailedError | None = None

    @property
    def query_text(self) -> str:
        """The text of `tree`, in its place in the statement."""
        return self.action.query if isinstance(self.action, (*WRITES, CreateView)) else self.text

    @property
    def result_name(self) -> str:
        """The result object's name, where `{id}` stands for the execution's id."""
        if isinstance(self.action, CreateTableAs):
            return "tables/{id}"
        if isinstance(self.action, (Insert, Unload)):
            return "{id}"
        return "{id}.csv" if self.type == "DML" else "{id}.txt"


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
                key: value if key in ("pattern", "property") else re.sub(r'[`"]', "", value).lower()
                for key, value in found.items()
            }
            return Statement(text, "UTILITY", substatement, parts=parts)
    words = re.findall(r"[A-Za-z_]+", bare.upper())
    first = words[0] if words else ""
    try:
        changing = _changing(text) if first in (*_DDL, "INSERT", *_OTHERS) else None
    except QueryFailedError as error:
        return Statement(text, _type(first), failure=error)
    return changing or _parsed(text, bare, first)


def read_query(text: str) -> tuple[str, exp.Query]:
    """The query that is part of a statement, with its text. Raises ApiError for what is none."""
    statement = _parsed(text, text, "")
    if statement.tree is None:
        raise ApiError(f"line 1:1: mismatched input '{text.split()[0]}'", "MALFORMED_QUERY")
    return text, statement.tree


def _changing(text: str) -> Statement | None:
    preparation = parse_preparation(text)
    if preparation is not None:
        return Statement(text, "DDL", type(preparation).__name__.upper(), action=preparation)
    definition = parse_ddl(text)
    if definition is not None:
        command = definition[1]
        tree = read_query(command.query)[1] if isinstance(command, CreateView) else None
        return Statement(text, "DDL", definition[0], tree, action=command)
    write = parse_write(text)
    if write is None:
        return None
    type_, substatement, action = write
    return Statement(text, type_, substatement, read_query(action.query)[1], action=action)


def _parsed(text: str, bare: str, first: str) -> Statement:
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
        return Statement(text, "DML", "SELECT", tree)
    if isinstance(tree, exp.Values):
        query = exp.select("*").from_(exp.alias_(tree, "values_", table=True))
        return Statement(text, "DML", "SELECT", query)
    if not _is_statement(first):
        raise ApiError(f"line 1:1: mismatched input '{bare.split()[0]}'", "MALFORMED_QUERY")
    failure = not_supported(f"The statement {' '.join(text.split()[:3])!r}")
    return Statement(text, _type(first), failure=failure)


def _type(first: str) -> str:
    return "DML" if first in (*_DML, "UNLOAD") else "DDL" if first in _DDL else "UTILITY"


_OTHERS = ("UNLOAD", "PREPARE", "EXECUTE", "DEALLOCATE")


def _is_statement(word: str) -> bool:
    return word in (*_DML, *_DDL, *_OTHERS, "SHOW", "DESCRIBE", "DESC", "USE")


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
