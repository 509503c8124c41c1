"""What is known of one file, or of several files together."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import reduce

from emulator.crawl.hive_types import Struct, merge_all


@dataclass(frozen=True)
class Format:
    """How a table's files are written.

    Files whose `compatible_with` is the same can stand in one table.
    """

    classification: str
    """`json`, `csv`, `parquet`, `orc` or `avro`."""
    compression: str = "none"
    """`none` or `gzip`: of the whole file; what a format compresses by itself doesn't count."""
    delimiter: str | None = None
    has_header: bool = False
    has_quotes: bool = False
    open_csv_quote: str | None = None
    """The quote, where OpenCSVSerDe is to read the files."""
    avro_schema: str | None = None
    """The schema of Avro files, as JSON."""

    @property
    def compatible_with(self) -> tuple[str, str, str | None]:
        return self.classification, self.compression, self.delimiter


@dataclass(frozen=True)
class FileSchema:
    """Format and columns of one file, or of files that were put together by `combine`.

    `records` is exact for a file that was read to its end, else estimated from its head.
    `data_bytes` is what those records take, uncompressed; `file_bytes` what the files take.
    """

    format: Format
    columns: Struct
    records: int
    data_bytes: int
    file_bytes: int


def combine(schemas: Sequence[FileSchema]) -> FileSchema:
    """The schema of files of compatible formats, given in a fixed order, at least one."""
    first = schemas[0]
    return FileSchema(
        format=reduce(_combine_formats, (schema.format for schema in schemas)),
        columns=first.columns
        if len(schemas) == 1
        else merge_all(schema.columns for schema in schemas),
        records=sum(schema.records for schema in schemas),
        data_bytes=sum(schema.data_bytes for schema in schemas),
        file_bytes=sum(schema.file_bytes for schema in schemas),
    )


def _combine_formats(left: Format, right: Format) -> Format:
    return replace(
        left,
        has_header=left.has_header or right.has_header,
        has_quotes=left.has_quotes or right.has_quotes,
        # Schemas grow by fields, so the longer one is the later.
        avro_schema=max(left.avro_schema or "", right.avro_schema or "", key=len) or None,
    )
