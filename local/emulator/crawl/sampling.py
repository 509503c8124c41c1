"""Reads the heads of a folder's files, as many as the target's sample asks for."""

from __future__ import annotations

import io
import logging
import zlib
from collections.abc import Sequence
from concurrent.futures import Executor
from dataclasses import dataclass
from functools import cached_property, partial

from botocore.client import BaseClient

from emulator.account import read_object
from emulator.crawl.listing import Folder, S3Object
from emulator.crawl.schema import avro, delimited, json_records, orc, parquet
from emulator.crawl.schema.file_schema import FileSchema, Format, combine
from emulator.ranged_file import RangedFile

# A file's first megabyte, or its first ten where one holds no record
# (AWS re:Post knowledge center, "How does the AWS Glue crawler detect the schema?").
HEAD_SIZES = (1 << 20, 10 << 20)

_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Sample:
    """A folder and the schemas of those of its files that were read and understood."""

    folder: Folder
    files: tuple[tuple[S3Object, FileSchema], ...]

    @cached_property
    def schema(self) -> FileSchema:
        """The schema of all its files together."""
        return combine([schema for _, schema in self.files])


def sample_folders(
    s3: BaseClient,
    folders: Sequence[Folder],
    sample_size: int | None,
    executor: Executor,
    rules: Sequence[delimited.Rules] = (),
) -> list[Sample]:
    """Infer the schemas of `sample_size` files of each folder (None: of all).

    Where none of them can be read, the folder's other files are tried. Folders without a readable
    file are left out.
    """
    samples: list[Sample] = []
    waiting = [(folder, _in_sampling_order(folder.objects, sample_size)) for folder in folders]
    while waiting:
        tries = [(folder, objects[:sample_size]) for folder, objects in waiting]
        flat = [item for _, objects in tries for item in objects]
        schemas = iter(list(executor.map(lambda item: infer_schema(s3, item, rules), flat)))
        unread: list[tuple[Folder, list[S3Object]]] = []
        for (folder, objects), (_, candidates) in zip(tries, waiting, strict=True):
            inferred = [(item, next(schemas)) for item in objects]
            files = tuple((item, schema) for item, schema in inferred if schema is not None)
            if files:
                samples.append(Sample(folder, tuple(sorted(files, key=lambda file: file[0].key))))
            elif rest := candidates[len(objects) :]:
                unread.append((folder, rest))
            else:
                _log.warning("%s: no file that can be read", folder.location)
        waiting = unread
    return sorted(samples, key=lambda sample: sample.folder.prefix)


def _in_sampling_order(objects: Sequence[S3Object], size: int | None) -> list[S3Object]:
    """Spread evenly over the folder first, then the others, so that the sample isn't one hour's."""
    if size is None or size >= len(objects):
        return list(objects)
    steps = max(size - 1, 1)
    chosen = [objects[index * (len(objects) - 1) // steps] for index in range(size)]
    return chosen + [item for item in objects if item not in set(chosen)]


def infer_schema(
    s3: BaseClient, item: S3Object, rules: Sequence[delimited.Rules] = ()
) -> FileSchema | None:
    """Format and columns of one file; None if no classifier knows it.

    `rules` for CSV are tried in their order, then Glue's own classifiers.
    """
    for size in HEAD_SIZES:
        head = _read(s3, item, 0, min(size, item.size))
        for classification, module in _BY_FOOTER.items():
            if head.startswith(module.MAGIC):
                return _infer_footer(s3, item, classification)
        if head.startswith(avro.MAGIC):
            return _infer_avro(item, head)
        schema = _infer_text(item, head, size, rules)
        if schema is not None or item.size <= size:
            return schema
    return None


def _infer_text(
    item: S3Object, head: bytes, limit: int, rules: Sequence[delimited.Rules]
) -> FileSchema | None:
    compression = "gzip" if head.startswith(_GZIP_MAGIC) else "none"
    data, used = _gunzip(head, limit) if compression == "gzip" else (head, len(head))
    is_whole = used == item.size
    text = data.decode("utf-8-sig", errors="replace")
    custom = (delimited.infer(text, is_whole=is_whole, rules=each) for each in rules)
    if (csv := next(filter(None, custom), None)) is not None:
        columns, records, format_ = csv.columns, csv.rows, _csv_format(csv, compression)
    elif (found := json_records.infer(text)) is not None:
        columns, records = found
        format_ = Format("json", compression)
    elif text.lstrip().startswith(("{", "[")):
        return None
    elif (csv := delimited.infer(text, is_whole=is_whole)) is not None:
        columns, records, format_ = csv.columns, csv.rows, _csv_format(csv, compression)
    else:
        return None
    whole = 1.0 if is_whole else item.size / used
    return FileSchema(format_, columns, round(records * whole), round(len(data) * whole), item.size)


def _csv_format(csv: delimited.DelimitedText, compression: str) -> Format:
    return Format(
        "csv", compression, csv.delimiter, csv.has_header, csv.has_quotes, csv.open_csv_quote
    )


_GZIP_MAGIC = b"\x1f\x8b"
_GZIP_WINDOW = zlib.MAX_WBITS | 16


_CHUNK = 16 << 10


def _gunzip(compressed: bytes, limit: int) -> tuple[bytes, int]:
    """At most about `limit` bytes of the data, and how many compressed bytes they took.

    Of data that is cut short or damaged, what can be read. A file may hold several members.
    """
    data = bytearray()
    used = 0
    member = zlib.decompressobj(wbits=_GZIP_WINDOW)
    while used < len(compressed) and len(data) < limit:
        chunk = compressed[used : used + _CHUNK]
        if member.eof:
            if not chunk.startswith(_GZIP_MAGIC):
                break
            member = zlib.decompressobj(wbits=_GZIP_WINDOW)
        try:
            data += member.decompress(chunk)
        except zlib.error:
            break
        used += len(chunk) - len(member.unused_data)
    return bytes(data), used


def _infer_footer(s3: BaseClient, item: S3Object, classification: str) -> FileSchema | None:
    file = io.BufferedReader(RangedFile(item.size, partial(_read, s3, item)), _FOOTER_READ)
    found = _BY_FOOTER[classification].infer(file)
    if found is None:
        return None
    columns, rows = found
    return FileSchema(Format(classification), columns, rows, item.size, item.size)


def _infer_avro(item: S3Object, head: bytes) -> FileSchema | None:
    found = avro.infer(head)
    if found is None:
        return None
    columns, records, used, schema = found
    whole = item.size / used if used < item.size else 1.0
    format_ = Format("avro", avro_schema=schema)
    return FileSchema(format_, columns, round(records * whole), item.size, item.size)


_BY_FOOTER = {"parquet": parquet, "orc": orc}
_FOOTER_READ = 64 << 10


def _read(s3: BaseClient, item: S3Object, start: int, end: int) -> bytes:
    """The bytes from `start` to before `end`."""
    return read_object(s3, Bucket=item.bucket, Key=item.key, Range=f"bytes={start}-{end - 1}")
