"""Rows of ORC and Avro files, as Arrow batches of the table's types.

Source: Athena guide, "ORC SerDe": columns of ORC are taken by their place, unless the table says
`orc.column.index.access` false; and "Avro SerDe": those of Avro by their names.
"""

from __future__ import annotations

import io
from collections.abc import Iterator, Mapping, Sequence
from itertools import islice
from typing import Any

import fastavro
import pyarrow as pa
import pyarrow.orc as orc

from emulator.athena.catalog import Column, Storage
from emulator.athena.column_types import arrow_type, hive_type, trino_type
from emulator.athena.errors import QueryFailedError
from emulator.hive_formats import AVRO, ORC

BATCH_RECORDS = 20_000


def is_binary(storage: Storage) -> bool:
    return storage.serde in (ORC, AVRO)


def batches(
    source: io.RawIOBase,
    url: str,
    storage: Storage,
    columns: Sequence[Column],
    table_parameters: Mapping[str, str],
) -> Iterator[pa.RecordBatch]:
    """The rows of one file, with `columns` alone. Raises QueryFailedError as Athena fails."""
    if storage.serde == AVRO:
        yield from _avro(source, url, columns)
        return
    by_name = {**storage.parameters, **table_parameters}
    named = by_name.get("orc.column.index.access", "true").lower() == "false"
    yield from _orc(source, url, storage, columns, named)


def _orc(
    source: io.RawIOBase, url: str, storage: Storage, columns: Sequence[Column], named: bool
) -> Iterator[pa.RecordBatch]:
    try:
        file = orc.ORCFile(io.BytesIO(source.read() or b""))
        table = file.read()
    except (pa.ArrowException, OSError) as error:
        raise QueryFailedError("HIVE_BAD_DATA", f"Error opening ORC file {url}") from error
    names = [name.lower() for name in table.column_names]
    places = {column.name: place for place, column in enumerate(storage.columns)}
    arrays, fields = [], []
    for column in columns:
        wanted = arrow_type(hive_type(column.type))
        found = names.index(column.name) if column.name in names else len(names)
        place = found if named else places[column.name]
        if place < len(names):
            arrays.append(_orc_column(table.column(place), wanted, column, names[place], url))
        else:
            arrays.append(pa.chunked_array([pa.nulls(table.num_rows, wanted)]))
        fields.append(pa.field(column.name, wanted))
    yield from pa.table(arrays, schema=pa.schema(fields)).to_batches()


def _orc_column(
    values: pa.ChunkedArray, wanted: pa.DataType, column: Column, name: str, url: str
) -> pa.ChunkedArray:
    """Values of the table's type; integers may be of another width, and structs' fields differ."""
    found = values.type
    numbers = pa.types.is_integer(found) and pa.types.is_integer(wanted)
    times = pa.types.is_timestamp(found) and pa.types.is_timestamp(wanted)
    decimals = pa.types.is_decimal(found) and pa.types.is_decimal(wanted)
    nested = pa.types.is_nested(found) and found.id == wanted.id
    try:
        if found == wanted or numbers or decimals:
            return values.cast(wanted)
        if times:
            return values.cast(wanted, safe=False)
        if nested:
            shaped = [_shaped(value, wanted) for value in values.to_pylist()]
            return pa.chunked_array([pa.array(shaped, wanted)])
    except (pa.ArrowException, TypeError, ValueError) as error:
        raise QueryFailedError(
            "HIVE_BAD_DATA", f"Malformed ORC file. Column {name} can't be read [{url}]"
        ) from error
    raise QueryFailedError(
        "HIVE_BAD_DATA",
        f"Malformed ORC file. Cannot read SQL type '{trino_type(hive_type(column.type))}' from "
        f"ORC stream '.{name}' of type {str(found).upper()} [{url}]",
    )


def _avro(source: io.RawIOBase, url: str, columns: Sequence[Column]) -> Iterator[pa.RecordBatch]:
    types = {column.name: arrow_type(hive_type(column.type)) for column in columns}
    schema = pa.schema(types.items())
    try:
        records: Any = fastavro.reader(io.BufferedReader(source, 1 << 20))
        while chunk := list(islice(records, BATCH_RECORDS)):
            rows = [{key.lower(): value for key, value in record.items()} for record in chunk]
            arrays = [
                pa.array([_shaped(row.get(name), type_) for row in rows], type_)
                for name, type_ in types.items()
            ]
            yield pa.RecordBatch.from_arrays(arrays, schema=schema)
    except (pa.ArrowException, TypeError, ValueError, EOFError, KeyError) as error:
        raise QueryFailedError(
            "HIVE_BAD_DATA", f"Error reading Avro file {url}: {error}"
        ) from error


def _shaped(value: Any, wanted: pa.DataType) -> Any:
    """The value as pyarrow takes it for the type: fields by name, in whatever case."""
    if value is None:
        return None
    if pa.types.is_struct(wanted):
        found = {str(key).lower(): each for key, each in value.items()}
        return {field.name: _shaped(found.get(field.name.lower()), field.type) for field in wanted}
    if pa.types.is_map(wanted):
        pairs = value.items() if isinstance(value, dict) else value
        return [(key, _shaped(each, wanted.item_type)) for key, each in pairs]
    if pa.types.is_list(wanted):
        return [_shaped(each, wanted.value_type) for each in value]
    return value
