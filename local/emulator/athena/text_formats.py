"""Rows of text files by the rules of their serdes, as Arrow batches.

Rules: Trino's documentation and sources of its line formats (OpenX JSON, CSV, LazySimple), which
Athena engine version 3 builds on.
"""

from __future__ import annotations

import csv
import gzip
import io
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from emulator.athena.catalog import Column, Storage
from emulator.athena.column_types import arrow_type, hive_type
from emulator.athena.errors import QueryFailedError, not_supported
from emulator.athena.json_rows import JsonDecoder
from emulator.hive_formats import JSON_SERDES, OPEN_CSV, TEXT_SERDES

BATCH_LINES = 20_000

Fields = list[list[str | None]]

csv.field_size_limit(1 << 30)


def is_text(storage: Storage) -> bool:
    return storage.serde in TEXT_SERDES


def batches(
    source: io.RawIOBase,
    url: str,
    storage: Storage,
    columns: Sequence[Column],
    table_parameters: Mapping[str, str],
) -> Iterator[pa.RecordBatch]:
    """The rows of one file, with `columns` alone. Raises QueryFailedError as Athena fails.

    `columns` are some of the storage's; a file may be gzipped, which its name tells.
    """
    schema = pa.schema([(column.name, arrow_type(hive_type(column.type))) for column in columns])
    decode = _decoder(storage, columns, schema)
    skipped = int(
        storage.parameters.get("skip.header.line.count")
        or table_parameters.get("skip.header.line.count")
        or 0
    )
    try:
        lines = islice(_lines(source, url), skipped, None)
        while chunk := list(islice(lines, BATCH_LINES)):
            yield decode(chunk)
    except (EOFError, zlib.error, gzip.BadGzipFile) as error:
        raise QueryFailedError("HIVE_CURSOR_ERROR", f"Failed to read file: {url}") from error
    except QueryFailedError as error:
        raise QueryFailedError(error.name, f"{error.message} ({url})") from error


def _lines(source: io.RawIOBase, url: str) -> Iterator[str]:
    """Lines that end in `\\n`, `\\r` or both, without it; bad UTF-8 is replaced."""
    binary: Any = io.BufferedReader(source, 1 << 20)
    if url.endswith(".gz"):
        binary = gzip.GzipFile(fileobj=binary)
    for line in io.TextIOWrapper(binary, "utf-8", "replace", newline=None):
        yield line[:-1] if line.endswith("\n") else line


def _decoder(
    storage: Storage, columns: Sequence[Column], schema: pa.Schema
) -> Callable[[list[str]], pa.RecordBatch]:
    if storage.serde in JSON_SERDES:
        return JsonDecoder(columns, schema, storage).decode
    places = [_place(storage, column.name) for column in columns]
    if storage.serde == OPEN_CSV:
        split = _open_csv(storage.parameters)
        return lambda lines: _texts(split(lines), places, schema)
    for column in columns:
        if pa.types.is_nested(schema.field(column.name).type):
            raise not_supported(f"The type {column.type} of {column.name!r} in a delimited file")
    separate = _lazy(storage.parameters)
    null = storage.parameters.get("serialization.null.format", "\\N")
    return lambda lines: _casts(_texts(separate(lines), places, schema), schema, null)


def _place(storage: Storage, name: str) -> int:
    """Delimited files have their columns by place."""
    return next(place for place, column in enumerate(storage.columns) if column.name == name)


def _texts(rows: Fields, places: Sequence[int], schema: pa.Schema) -> pa.RecordBatch:
    """Fields as text; what a short row lacks is null, what a long one has too much is dropped."""
    arrays = [
        pa.array([row[place] if place < len(row) else None for row in rows], pa.string())
        for place in places
    ]
    return pa.RecordBatch.from_arrays(arrays, names=schema.names)


def _open_csv(parameters: Mapping[str, str]) -> Callable[[list[str]], Fields]:
    separator = parameters.get("separatorChar", ",")
    quote = parameters.get("quoteChar", '"')
    escape = parameters.get("escapeChar", "\\")

    def split(lines: list[str]) -> Fields:
        return [_open_csv_line(line, separator, quote, escape) for line in lines]

    return split


def _open_csv_line(line: str, separator: str, quote: str, escape: str) -> list[str | None]:
    if not line:
        return []
    if quote not in line and escape not in line:
        return list(line.split(separator))
    row: list[str | None] = list(
        next(csv.reader([line], delimiter=separator, quotechar=quote, escapechar=escape))
    )
    return row[:-1] if _ends_in_quotes(line, quote, escape) else row


def _ends_in_quotes(line: str, quote: str, escape: str) -> bool:
    """Whether the last field's quotes stay open: the serde then drops it, and the next line is
    a row of its own."""
    bare = line.replace(escape * 2, "").replace(escape + quote, "")
    return bare.count(quote) % 2 == 1


def _lazy(parameters: Mapping[str, str]) -> Callable[[list[str]], Fields]:
    separator = parameters.get("field.delim") or parameters.get("serialization.format") or "\x01"
    if separator.isdigit():
        separator = chr(int(separator))
    escape = parameters.get("escape.delim")

    def split(lines: list[str]) -> Fields:
        if escape is None:
            return [list(line.split(separator)) for line in lines]
        options: dict[str, Any] = {"quoting": csv.QUOTE_NONE, "escapechar": escape}
        return [
            list(next(csv.reader([line], delimiter=separator, **options), [])) for line in lines
        ]

    return split


def _casts(texts: pa.RecordBatch, schema: pa.Schema, null: str) -> pa.RecordBatch:
    """Text of LazySimpleSerDe in the columns' types; what can't be read is null."""
    arrays = []
    for column, field in zip(texts.columns, schema, strict=True):
        present = pc.if_else(pc.equal(column, null), pa.scalar(None, pa.string()), column)
        arrays.append(_cast(present, field.type))
    return pa.RecordBatch.from_arrays(arrays, schema=schema)


def _cast(column: pa.Array, wanted: pa.DataType) -> pa.Array:
    if pa.types.is_string(wanted):
        return column
    try:
        return pc.cast(column, wanted)
    except (pa.ArrowInvalid, pa.ArrowNotImplementedError):
        return pa.array([_cast_one(value, wanted) for value in column], wanted)


def _cast_one(value: pa.Scalar, wanted: pa.DataType) -> Any:
    try:
        return value.cast(wanted).as_py()
    except (pa.ArrowInvalid, pa.ArrowNotImplementedError):
        return None


def write_parquet(rows: Iterable[pa.RecordBatch], schema: pa.Schema, target: str) -> None:
    """Put the rows in a Parquet file, which DuckDB reads in their place."""
    with pq.ParquetWriter(target, schema, compression="lz4") as writer:
        for batch in rows:
            writer.write_batch(batch)
