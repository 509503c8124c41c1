"""Writes rows as the file formats of tables: one encoder a file."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any, Protocol

import pyarrow as pa
import pyarrow.orc as orc
import pyarrow.parquet as pq

from emulator.athena.errors import QueryFailedError, not_supported
from emulator.athena.results import formatter


@dataclass(frozen=True)
class Layout:
    """`format` as CREATE TABLE AS names it, `compression` in capitals."""

    format: str
    compression: str
    delimiter: str = "\x01"
    null: str = "\\N"

    @property
    def suffix(self) -> str:
        """Ending of a file's name."""
        return _SUFFIXES[self.compression] if self.format in ("TEXTFILE", "JSON") else ""


class Encoder(Protocol):
    """Takes batches of one schema; the file is complete once it is closed."""

    def write(self, batch: pa.RecordBatch) -> None: ...

    def close(self) -> None: ...


_SUFFIXES = {"GZIP": ".gz", "NONE": ""}
_CODECS: Mapping[str, Mapping[str, str]] = {
    "PARQUET": {"GZIP": "gzip", "SNAPPY": "snappy", "ZSTD": "zstd", "NONE": "none"},
    "ORC": {
        "ZLIB": "zlib",
        "SNAPPY": "snappy",
        "ZSTD": "zstd",
        "LZ4": "lz4",
        "NONE": "uncompressed",
    },
    "JSON": {"GZIP": "gzip", "NONE": ""},
    "TEXTFILE": {"GZIP": "gzip", "NONE": ""},
}
"""Format, compression: the codec's name in pyarrow."""
_DEFAULTS = {"ORC": "ZLIB"}
"""Athena guide, "Compression support": GZIP where nothing is said, ZLIB for ORC."""


def layout(
    format_: str, compression: str | None, delimiter: str | None = None, null: str = "\\N"
) -> Layout:
    """Raises QueryFailedError for a format or compression that can't be written here."""
    name = format_.upper()
    if name not in _CODECS:
        raise not_supported(f"Writing the format {name}")
    wanted = (compression or _DEFAULTS.get(name, "GZIP")).upper()
    wanted = "NONE" if wanted == "UNCOMPRESSED" else wanted
    if wanted not in _CODECS[name]:
        raise not_supported(f"The compression {wanted} of {name}")
    return Layout(name, wanted, delimiter or "\x01", null)


def encoder(chosen: Layout, path: Path, schema: pa.Schema) -> Encoder:
    """Raises QueryFailedError for a column that the format can't hold."""
    codec = _CODECS[chosen.format][chosen.compression]
    if chosen.format == "PARQUET":
        # Athena writes times of tables of Hive's as INT96.
        options: dict[str, Any] = {"use_deprecated_int96_timestamps": True}
        return _Tables(pq.ParquetWriter(str(path), schema, compression=codec, **options))
    if chosen.format == "ORC":
        return _Tables(orc.ORCWriter(str(path), compression=codec))
    lines = _json_lines(schema) if chosen.format == "JSON" else _text_lines(schema, chosen)
    return _Lines(path, codec or None, lines)


class _Tables:
    def __init__(self, writer: Any) -> None:
        self._writer = writer

    def write(self, batch: pa.RecordBatch) -> None:
        self._writer.write(pa.Table.from_batches([batch]))

    def close(self) -> None:
        self._writer.close()


Lines = Callable[[pa.RecordBatch], Iterable[str]]


class _Lines:
    def __init__(self, path: Path, codec: str | None, lines: Lines) -> None:
        self._stream = pa.output_stream(str(path), compression=codec)
        self._lines = lines

    def write(self, batch: pa.RecordBatch) -> None:
        self._stream.write("".join(f"{line}\n" for line in self._lines(batch)).encode())

    def close(self) -> None:
        self._stream.close()


def _text_lines(schema: pa.Schema, chosen: Layout) -> Lines:
    for field in schema:
        if pa.types.is_nested(field.type) or pa.types.is_binary(field.type):
            raise not_supported(f"Writing {field.type} of {field.name!r} to a delimited file")
    formats = [formatter(field.type) for field in schema]

    def lines(batch: pa.RecordBatch) -> Iterable[str]:
        columns = [
            [chosen.null if value is None else format_(value) for value in column.to_pylist()]
            for format_, column in zip(formats, batch.columns, strict=True)
        ]
        return map(chosen.delimiter.join, zip(*columns, strict=True))

    return lines


def _json_lines(schema: pa.Schema) -> Lines:
    def lines(batch: pa.RecordBatch) -> Iterable[str]:
        for row in batch.to_pylist(maps_as_pydicts="strict"):
            yield json.dumps(row, default=_plain, ensure_ascii=False, separators=(",", ":"))

    return lines


def _plain(value: Any) -> Any:
    """What JSON has no type for, as Hive's serde reads it."""
    if isinstance(value, datetime):
        return value.isoformat(" ", "milliseconds")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, bytes):
        return base64.b64encode(value).decode()
    if isinstance(value, Decimal):
        return float(value)
    raise QueryFailedError("NOT_SUPPORTED", f"JSON can't hold {value!r}")
