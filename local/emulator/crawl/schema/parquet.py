"""Parquet: columns and row count from a file's footer, by pyarrow."""

from __future__ import annotations

from typing import Any, BinaryIO

import pyarrow as pa
import pyarrow.parquet as pq

from emulator.crawl.hive_types import Array, GlueType, Map, Primitive, Struct

MAGIC = b"PAR1"

# Hive has no unsigned types: each takes the next wider one that holds it.
_SIMPLE = {
    pa.bool_(): "boolean",
    pa.int8(): "tinyint",
    pa.int16(): "smallint",
    pa.int32(): "int",
    pa.int64(): "bigint",
    pa.uint8(): "smallint",
    pa.uint16(): "int",
    pa.uint32(): "bigint",
    pa.uint64(): "decimal(20,0)",
    pa.float16(): "float",
    pa.float32(): "float",
    pa.float64(): "double",
    pa.date32(): "date",
    pa.binary(): "binary",
    pa.large_binary(): "binary",
}


def infer(file: BinaryIO) -> tuple[Struct, int] | None:
    """Columns and rows of a Parquet file; None if its footer can't be read."""
    try:
        metadata = pq.read_metadata(file)
        schema = metadata.schema.to_arrow_schema()
    except (pa.ArrowException, OSError):
        return None
    return Struct({item.name: glue_type(item.type) for item in schema}), metadata.num_rows


def glue_type(type_: Any) -> GlueType:
    """The Hive type of an Arrow type; what Hive has no type for is a string."""
    if type_ in _SIMPLE:
        return Primitive(_SIMPLE[type_])
    if pa.types.is_timestamp(type_):
        return Primitive("timestamp")
    if pa.types.is_decimal(type_):
        return Primitive(f"decimal({type_.precision},{type_.scale})")
    if pa.types.is_fixed_size_binary(type_):
        return Primitive("binary")
    if pa.types.is_struct(type_):
        return Struct({item.name: glue_type(item.type) for item in type_})
    if pa.types.is_map(type_):
        return Map(glue_type(type_.key_type), glue_type(type_.item_type))
    if pa.types.is_list(type_) or pa.types.is_large_list(type_):
        return Array(glue_type(type_.value_type))
    return Primitive("string")
