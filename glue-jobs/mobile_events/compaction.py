"""Merges the small files of received days that collected many, without reading raw objects.

A merged file still holds one received day and one partition, so a later rebuild knows what to
replace. It is published by the same journal: first the merged files, then the ledger, then the
small ones go.
"""

from __future__ import annotations

import gzip
import tempfile
import uuid
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
from pyspark.sql import SparkSession

from mobile_events.curated import csv_text
from mobile_events.curated.parquet_files import new_writer
from mobile_events.curated.publish import FinalNames, Journal
from mobile_events.settings import Settings
from mobile_events.spark import OpenStore, each
from mobile_events.state.ledger import Ledger, PublishedFile


@dataclass(frozen=True)
class Merge:
    """Files of one folder that become one, staged at `key`."""

    bucket: str
    files: tuple[PublishedFile, ...]
    key: str


def compact(
    spark: SparkSession, settings: Settings, ledger: Ledger, staging: str, open_store: OpenStore
) -> Journal:
    """Merge the small files of each received day of the range, and give the journal for it."""
    names = FinalNames(settings.run_id)
    journal = Journal()
    finals: list[str] = []
    merges: list[Merge] = []
    lists: list[list[PublishedFile]] = []
    changed: set[date] = set()
    days = ledger.read(settings.received_days)
    for day, entry in days.items():
        for files in (entry.data, entry.ids):
            for group in _groups(files, settings.target_file_bytes):
                extension = group[0].key.rsplit("/", 1)[1].split(".", 1)[1]
                folder = group[0].key.rsplit("/", 1)[0] + "/"
                finals.append(names.next(folder, day.isoformat(), extension))
                key = f"{staging}{uuid.uuid4().hex}.{extension}"
                merges.append(Merge(settings.bucket, tuple(group), key))
                lists.append(files)
                changed.add(day)
    merged = each(spark, partial(_merge, open_store=open_store), merges, _bytes)
    for merge, final, files, size in zip(merges, finals, lists, merged, strict=True):
        journal.copies[merge.key] = final
        journal.removals += [file.key for file in merge.files]
        new = PublishedFile(final, sum(file.rows for file in merge.files), size)
        files[:] = [*(file for file in files if file not in merge.files), new]
    journal.documents = {ledger.key(day): days[day].to_json() for day in sorted(changed)}
    return journal


def _bytes(merge: Merge) -> int:
    return sum(file.bytes for file in merge.files)


def _groups(files: Sequence[PublishedFile], target: int) -> Iterator[list[PublishedFile]]:
    """Files of less than half the target, by folder, in groups of about the target at most."""
    folders: dict[str, list[PublishedFile]] = defaultdict(list)
    for file in files:
        if file.bytes < target // 2:
            folders[file.key.rsplit("/", 1)[0]].append(file)
    for small in folders.values():
        group: list[PublishedFile] = []
        for file in small:
            if group and sum(each.bytes for each in group) + file.bytes > target:
                yield from [group] if len(group) > 1 else []
                group = []
            group.append(file)
        if len(group) > 1:
            yield group


def _merge(merge: Merge, open_store: OpenStore) -> int:
    """Write the rows of all files into one. Gives its size in bytes."""
    store = open_store()
    contents = [store.get(merge.bucket, file.key) for file in merge.files]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "file"
        if merge.key.endswith(".parquet"):
            _merge_parquet(contents, path)
        else:
            _merge_csv(list(map(gzip.decompress, contents)), path)
        store.put_file(merge.bucket, merge.key, path)
        return path.stat().st_size


def _merge_parquet(contents: list[bytes], path: Path) -> None:
    """One row group for each file; columns that a file lacks are null."""
    files = [pq.ParquetFile(pa.BufferReader(content)) for content in contents]
    schema = pa.unify_schemas([file.schema_arrow for file in files])
    with new_writer(str(path), schema) as writer:
        for file in files:
            writer.write_table(_padded(file.read(), schema))


def _padded(table: pa.Table, schema: pa.Schema) -> pa.Table:
    columns = [
        table[field.name] if field.name in table.column_names else pa.nulls(len(table), field.type)
        for field in schema
    ]
    return pa.table(columns, schema=schema)


def _merge_csv(contents: list[bytes], path: Path) -> None:
    """The lines of all files below the header of the widest: new columns come at the end."""
    headers = [content.split(b"\n", 1)[0] for content in contents]
    widest = max(headers, key=csv_text.width)
    with gzip.open(path, "wb", compresslevel=1) as sink:
        sink.write(widest + b"\n")
        for header, content in zip(headers, contents, strict=True):
            missing = b',""' * (csv_text.width(widest) - csv_text.width(header))
            for line in content.split(b"\n")[1:-1]:
                sink.write(line + missing + b"\n")
