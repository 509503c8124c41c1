"""Avro: columns from the schema in a file's header, by fastavro.

Types: Apache Hive wiki, "AvroSerDe", "Avro to Hive type conversion". A union with null is the
other type.
"""

from __future__ import annotations

import io
import json
from collections.abc import Mapping
from typing import Any

import fastavro

from emulator.crawl.hive_types import UNKNOWN, Array, GlueType, Map, Primitive, Struct

MAGIC = b"Obj\x01"

_SIMPLE = {
    "boolean": "boolean",
    "bytes": "binary",
    "double": "double",
    "enum": "string",
    "fixed": "binary",
    "float": "float",
    "int": "int",
    "long": "bigint",
    "string": "string",
}
_LOGICAL = {"date": "date", "timestamp-millis": "timestamp"}
"""Others are as the type below them."""


def infer(head: bytes) -> tuple[Struct, int, int, str] | None:
    """Columns, the records in `head`'s whole blocks, the bytes that those take, and the schema.

    None if the head holds no schema of records.
    """
    try:
        blocks = fastavro.block_reader(io.BytesIO(head))
    except (ValueError, EOFError, KeyError, fastavro.schema.SchemaParseException):
        return None
    schema: Any = blocks.writer_schema
    if not isinstance(schema, dict) or schema.get("type") != "record":
        return None
    records = end = 0
    try:
        for block in blocks:
            records, end = records + block.num_records, block.offset + block.size
    except (ValueError, EOFError):
        pass  # the head cuts a block short
    columns = _type(schema, {})
    assert isinstance(columns, Struct)
    return columns, records, end or len(head), literal(schema)


def literal(schema: Mapping[str, Any]) -> str:
    """The schema as a table carries it: without what fastavro adds to it."""
    own = {key: value for key, value in schema.items() if not key.startswith("__")}
    return json.dumps(own, separators=(",", ":"))


def _type(schema: Any, named: Mapping[str, Any]) -> GlueType:
    if isinstance(schema, list):
        others = [part for part in schema if part != "null"]
        if len(others) == 1:
            return _type(others[0], named)
        parts = ",".join(str(_type(part, named)) for part in others)
        return Primitive(f"uniontype<{parts}>") if others else UNKNOWN
    if isinstance(schema, str):
        if schema in named:
            return _type(named[schema], {k: v for k, v in named.items() if k != schema})
        return UNKNOWN if schema == "null" else Primitive(_SIMPLE.get(schema, "string"))
    kind, logical = schema["type"], schema.get("logicalType")
    if kind in ("record", "error", "enum", "fixed"):
        named = {**named, schema["name"]: schema}
    if kind in ("record", "error"):
        return Struct({field["name"]: _type(field["type"], named) for field in schema["fields"]})
    if kind == "array":
        return Array(_type(schema["items"], named))
    if kind == "map":
        return Map(Primitive("string"), _type(schema["values"], named))
    if logical == "decimal":
        return Primitive(f"decimal({schema['precision']},{schema.get('scale', 0)})")
    if logical in _LOGICAL:
        return Primitive(_LOGICAL[logical])
    return _type(kind, named)
