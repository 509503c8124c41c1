"""What the statements that write rows say, and reading them (Athena guide: "CREATE TABLE AS",
"INSERT INTO", "UNLOAD")."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from emulator.athena.errors import not_supported
from emulator.athena.sql.cursor import Cursor
from emulator.athena.sql.tables import TableName

Properties = Mapping[str, str | Sequence[str]]


@dataclass(frozen=True)
class CreateTableAs:
    """`query` stands in its place in the statement, behind blanks, here and below."""

    name: TableName
    if_not_exists: bool
    properties: Properties
    query: str
    with_data: bool


@dataclass(frozen=True)
class Insert:
    """`columns` are empty where the statement names none."""

    table: TableName
    columns: Sequence[str]
    query: str


@dataclass(frozen=True)
class Unload:
    query: str
    location: str
    properties: Properties


Write = CreateTableAs | Insert | Unload
WRITES = (CreateTableAs, Insert, Unload)


def parse_write(sql: str) -> tuple[str, str, Write] | None:
    """Statement type, substatement and command; None for a statement of another kind.

    Raises ApiError for what isn't in the grammar, QueryFailedError for what isn't here.
    """
    cursor = Cursor(sql, "trino")
    if cursor.accept("CREATE", "TABLE"):
        return "DDL", "CREATE_TABLE_AS_SELECT", _create_table_as(cursor)
    if cursor.accept("INSERT", "INTO"):
        return "DML", "INSERT", _insert(cursor)
    if cursor.accept("UNLOAD"):
        return "DML", "UNLOAD", _unload(cursor)
    return None


def _create_table_as(cursor: Cursor) -> CreateTableAs:
    if_not_exists = cursor.accept("IF", "NOT", "EXISTS")
    name = cursor.qualified()
    if cursor.at("("):
        raise not_supported("CREATE TABLE of an Iceberg table")
    properties = _properties(cursor) if cursor.accept("WITH") else {}
    cursor.expect("AS")
    query = cursor.rest()
    ending = Cursor(query, "trino")
    with_data = not ending.drop_last("WITH", "NO", "DATA")
    if with_data:
        ending.drop_last("WITH", "DATA")
    return CreateTableAs(name, if_not_exists, properties, ending.sql, with_data)


def _insert(cursor: Cursor) -> Insert:
    table = cursor.qualified()
    starts = (("(", "SELECT"), ("(", "WITH"), ("(", "VALUES"), ("(", "("))
    named = cursor.at("(") and not any(cursor.at(*words) for words in starts)
    columns = cursor.listed(cursor.name) if named else []
    return Insert(table, columns, cursor.rest())


def _unload(cursor: Cursor) -> Unload:
    query = cursor.parenthesized()
    cursor.expect("TO")
    location = cursor.string()
    properties = _properties(cursor) if cursor.accept("WITH") else {}
    cursor.end()
    return Unload(query, location, properties)


def _properties(cursor: Cursor) -> Properties:
    def value() -> str | list[str]:
        if not cursor.accept("ARRAY"):
            return cursor.literal()
        cursor.expect("[")
        values = [] if cursor.at("]") else [cursor.literal()]
        while cursor.accept(","):
            values.append(cursor.literal())
        cursor.expect("]")
        return values

    def pair() -> tuple[str, str | list[str]]:
        name = cursor.name()
        cursor.expect("=")
        return name, value()

    return dict(cursor.listed(pair))
