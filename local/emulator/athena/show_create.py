"""The statements that SHOW CREATE gives, and DESCRIBE FORMATTED, in the shape of Hive's."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from emulator.athena.catalog import Column, Table
from emulator.athena.errors import QueryFailedError
from emulator.athena.sql.positions import START
from emulator.athena.views import definition


def create_table(table: Table, record: Mapping[str, Any]) -> list[str]:
    """Lines of SHOW CREATE TABLE, from the catalog's record of the table."""
    storage = record.get("StorageDescriptor") or {}
    lines = [f"CREATE EXTERNAL TABLE `{table.name}`(", *_columns(table.columns)]
    parameters = dict(table.parameters)
    comment = parameters.pop("comment", None)
    if comment is not None:
        lines.append(f"COMMENT {_text(comment)}")
    if table.keys:
        lines += ["PARTITIONED BY ( ", *_columns(table.keys)]
    lines += ["ROW FORMAT SERDE ", f"  {_text(table.storage.serde)} "]
    if table.storage.parameters:
        lines += ["WITH SERDEPROPERTIES ( ", *_pairs(table.storage.parameters, " ")]
    lines += ["STORED AS INPUTFORMAT ", f"  {_text(storage.get('InputFormat') or '')} "]
    lines += ["OUTPUTFORMAT ", f"  {_text(storage.get('OutputFormat') or '')}"]
    lines += ["LOCATION", f"  {_text(table.storage.location)}"]
    parameters.pop("EXTERNAL", None)
    return [*lines, "TBLPROPERTIES (", *_pairs(parameters, "")] if parameters else lines


def create_view(table: Table) -> list[str]:
    """Lines of SHOW CREATE VIEW. Raises QueryFailedError for a table."""
    if not table.is_view:
        raise QueryFailedError(
            "NOT_SUPPORTED",
            f"{START}: Relation '{table.database}.{table.name}' is a table, not a view",
        )
    return [
        f"CREATE VIEW {table.database}.{table.name} AS",
        *definition(table).sql.split("\n"),
    ]


def details(table: Table, record: Mapping[str, Any]) -> list[tuple[str, str, str]]:
    """What DESCRIBE FORMATTED says below the columns: three cells a line."""
    storage = record.get("StorageDescriptor") or {}
    serde = storage.get("SerdeInfo") or {}
    return [
        ("# Detailed Table Information", "", ""),
        ("Database:", table.database, ""),
        ("Owner:", str(record.get("Owner") or ""), ""),
        ("Location:", table.storage.location, ""),
        ("Table Type:", str(record.get("TableType") or ""), ""),
        ("Table Parameters:", "", ""),
        *(("", key, value) for key, value in sorted(table.parameters.items())),
        ("# Storage Information", "", ""),
        ("SerDe Library:", table.storage.serde, ""),
        ("InputFormat:", str(storage.get("InputFormat") or ""), ""),
        ("OutputFormat:", str(storage.get("OutputFormat") or ""), ""),
        ("Compressed:", "Yes" if storage.get("Compressed") else "No", ""),
        ("Storage Desc Params:", "", ""),
        *(("", key, value) for key, value in sorted((serde.get("Parameters") or {}).items())),
    ]


def _columns(columns: Sequence[Column]) -> list[str]:
    written = [
        f"  `{column.name}` {column.type}"
        + (f" COMMENT {_text(column.comment)}" if column.comment else "")
        for column in columns
    ]
    return _closed(written, ", ", ")")


def _pairs(pairs: Mapping[str, str], end: str) -> list[str]:
    written = [f"  {_text(key)}={_text(value)}" for key, value in sorted(pairs.items())]
    return _closed(written, ", ", f"){end}")


def _closed(lines: Iterable[str], separator: str, end: str) -> list[str]:
    written = list(lines)
    return [*(line + separator for line in written[:-1]), *(line + end for line in written[-1:])]


def _text(value: str) -> str:
    escaped = value.replace("\\", "\\\\").replace("'", "\\'")
    for letter, code in (("\n", "\\n"), ("\t", "\\t"), ("\x01", "\\u0001")):
        escaped = escaped.replace(letter, code)
    return f"'{escaped}'"
