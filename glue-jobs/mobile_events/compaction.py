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

from mobile_events.curated import csv_text
from mobile_events.curated.parquet_files import new_writer
from mobile_events.curated.publish import FinalNames, Journal
from mobile_events.settings import Settings
from mobile_events.spark import REQUEST_SECONDS, Cluster, OpenStore, each
from mobile_events.stage.attempt import attempt
from mobile_events.state.ledger import Ledger, PublishedFile

BYTES_A_SECOND = 20_000_000
"""That a core of Glue may read, merge and write."""

ID_BYTES = 40


@dataclass(frozen=True)
class Merge:
    """Files of one folder that become one in the staging."""

    bucket: str
    files: tuple[PublishedFile, ...]
    extension: str

    @property
    def bytes(self) -> int:
        return sum(map(_bytes, self.files))


@dataclass(frozen=True)
class Merged:
    """The file that a merge has staged."""

    key: str
    bytes: int


def compact(
    cluster: Cluster, settings: Settings, ledger: Ledger, staging: str, open_store: OpenStore
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
                merges.append(Merge(settings.bucket, tuple(group), extension))
                lists.append(files)
                changed.add(day)
    merge_one = partial(_merge, staging=staging, open_store=open_store)
    merged = each(cluster, merge_one, merges, _seconds)
    for merge, final, files, staged in zip(merges, finals, lists, merged, strict=True):
        journal.copies[staged.key] = final
        journal.removals += [file.key for file in merge.files]
        new = PublishedFile(final, sum(file.rows for file in merge.files), staged.bytes)
        files[:] = [*(file for file in files if file not in merge.files), new]
    journal.documents = {ledger.key(day): days[day].to_json() for day in sorted(changed)}
    return journal


def _seconds(merge: Merge) -> float:
    return len(merge.files) * REQUEST_SECONDS + merge.bytes / BYTES_A_SECOND


def _bytes(file: PublishedFile) -> int:
    """Its size; about that of ids whose size isn't in the ledger."""
    return file.bytes or file.rows * ID_BYTES


def _groups(files: Sequence[PublishedFile], target: int) -> Iterator[list[PublishedFile]]:
    """Files of less than half the target, by folder, in groups of about the target at most."""
    folders: dict[str, list[PublishedFile]] = defaultdict(list)
    for file in files:
        if _bytes(file) < target // 2:
            folders[file.key.rsplit("/", 1)[0]].append(file)
    for small in folders.values():
        group: list[PublishedFile] = []
        for file in small:
            if group and sum(map(_bytes, group)) + _bytes(file) > target:
                yield from [group] if len(group) > 1 else []
                group = []
            group.append(file)
        if len(group) > 1:
            yield group


def _merge(merge: Merge, staging: str, open_store: OpenStore) -> Merged:
    """Write the rows of all files into one."""
    store = open_store()
    contents = [store.get(merge.bucket, file.key) for file in merge.files]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "file"
        if merge.extension == "parquet":
            _merge_parquet(contents, path)
        else:
            _merge_csv(list(map(gzip.decompress, contents)), path)
        key = f"{staging}{uuid.uuid4().hex}.{merge.extension}"
        with attempt(store, merge.bucket, staging) as own:
            own.put_file(key, path)
        return Merged(key, path.stat().st_size)


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
