"""Views as the catalog holds them: a query in Athena's SQL, with the columns that it had when the
view was made. What is refused, and in which words: Trino's Hive connector and its analyzer."""

from __future__ import annotations

import base64
import json
from collections.abc import Sequence
from dataclasses import dataclass

from sqlglot import exp
from sqlglot.errors import SqlglotError

from emulator.athena.catalog import CATALOG, Table
from emulator.athena.errors import QueryFailedError
from emulator.athena.results import ResultColumn
from emulator.athena.sql.positions import position
from emulator.athena.sql.tables import TableName

PREFIX, SUFFIX = "/* Presto View: ", " */"


@dataclass(frozen=True)
class ViewColumn:
    """A column's name and its type as Trino writes it, for example `array(varchar)`."""

    name: str
    type: str


@dataclass(frozen=True)
class Definition:
    """`database` is the one of the tables that the query names without any."""

    sql: str
    database: str
    columns: Sequence[ViewColumn]


Path = tuple[tuple[TableName, exp.Table], ...]
"""A view and where it is read, then the view whose query that is in, and so on outwards."""


def definition(table: Table) -> Definition:
    """Raises QueryFailedError for a view that Athena didn't make or can't decode."""
    if table.parameters.get("presto_view") != "true":
        raise QueryFailedError(
            "NOT_SUPPORTED", f"Hive views are not supported: '{table.database}.{table.name}'"
        )
    text = table.view_text
    if not text.startswith(PREFIX):
        raise QueryFailedError("HIVE_INVALID_VIEW_DATA", f"View data missing prefix: {text}")
    if not text.endswith(SUFFIX):
        raise QueryFailedError("HIVE_INVALID_VIEW_DATA", f"View data missing suffix: {text}")
    try:
        stored = json.loads(base64.b64decode(text[len(PREFIX) : -len(SUFFIX)], validate=True))
        columns = [ViewColumn(each["name"].lower(), each["type"]) for each in stored["columns"]]
        database = (stored.get("schema") or table.database).lower()
        return Definition(str(stored["originalSql"]), database, columns)
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise QueryFailedError(
            "HIVE_INVALID_VIEW_DATA", f"View data can't be decoded: {error!r}"
        ) from error


def duckdb_type(column: ViewColumn, path: Path) -> str:
    """Raises QueryFailedError for a type that there isn't."""
    try:
        type_ = exp.DataType.build(column.type, dialect="trino")
    except SqlglotError as error:
        raise QueryFailedError(
            "INVALID_VIEW",
            f"{position(path[0][1])}: Unknown type '{column.type}' for column '{column.name}' in "
            f"view: {full_name(path[0][0])}",
        ) from error
    for part in type_.find_all(exp.DataType):
        if part.is_type("timestamp", "timestamptz", "time"):
            part.set("expressions", [])  # all times have microseconds
    return type_.sql("duckdb")


def full_name(name: TableName) -> str:
    return ".".join((CATALOG, *name))


def invalid(error: QueryFailedError, path: Path) -> QueryFailedError:
    """The error of a view's query, as who reads the view gets it."""
    for name, node in path:
        error = QueryFailedError(
            "INVALID_VIEW",
            f"{position(node)}: Failed analyzing stored view '{full_name(name)}': {error.message}",
        )
    return error


def check_fresh(
    stored: Sequence[ViewColumn],
    types: Sequence[ResultColumn],
    fields: Sequence[ResultColumn],
    path: Path,
) -> None:
    """Raises QueryFailedError unless the query still gives the columns that the view stores.

    `types`: the stored columns' types as results have them; `fields`: what the query gives.
    """
    reason = _stale(stored, types, fields)
    if reason is not None:
        name, node = path[0]
        error = QueryFailedError(
            "VIEW_IS_STALE",
            f"{position(node)}: View '{full_name(name)}' is stale or in invalid state: {reason}",
        )
        raise invalid(error, path[1:])


def _stale(
    stored: Sequence[ViewColumn], types: Sequence[ResultColumn], fields: Sequence[ResultColumn]
) -> str | None:
    if len(stored) != len(fields):
        return (
            f"stored view column count ({len(stored)}) does not match column count derived from "
            f"the view query analysis ({len(fields)})"
        )
    for place, (column, type_, field) in enumerate(zip(stored, types, fields, strict=True)):
        projected = (
            f"column [{field.name}] of type {_trino_name(field)} projected from query view at "
            f"position {place}"
        )
        held = f"column [{column.name}] of type {column.type} stored in view definition"
        if field.name.lower() != column.name:
            return f"{projected} has a different name from {held}"
        if not _coerces(field, type_):
            return f"{projected} cannot be coerced to {held}"
    return None


_WIDER = (
    ("tinyint", "smallint", "integer", "bigint", "decimal", "float", "double"),
    ("date", "timestamp", "timestamp with time zone"),
)
"""Each type can become those after it (Trino's documentation, "Conversion functions")."""


def _coerces(field: ResultColumn, type_: ResultColumn) -> bool:
    if field.type == type_.type == "decimal":
        whole, wanted = field.precision - field.scale, type_.precision - type_.scale
        return field.scale <= type_.scale and whole <= wanted
    if field.type in (type_.type, "unknown"):
        return True
    return any(
        field.type in chain
        and type_.type in chain
        and chain.index(field.type) < chain.index(type_.type)
        for chain in _WIDER
    )


def _trino_name(field: ResultColumn) -> str:
    if field.type == "decimal":
        return f"decimal({field.precision},{field.scale})"
    names = {
        "float": "real",
        "timestamp": "timestamp(3)",
        "timestamp with time zone": "timestamp(3) with time zone",
    }
    return names.get(field.type, field.type)
