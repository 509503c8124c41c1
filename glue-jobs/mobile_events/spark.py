"""What is asked of Spark: to run work on items side by side, and to bring ids together."""

from __future__ import annotations

import zlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, TypeVar

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from pyspark.sql import SparkSession

from mobile_events.duplicates import CANDIDATES, PLACES, duplicates
from mobile_events.storage import Store

Item = TypeVar("Item")
Result = TypeVar("Result")
OpenStore = Callable[[], Store]
"""Gives a process its store; it is called where the work is done."""

IDS_AT_ONCE = 1_000_000
"""About how many ids are held against each other in one task."""


@dataclass(frozen=True)
class IdFile:
    """A file of ids: of the task `task` of this run, or published before, where that is None.

    `day` counts days since 1970, `ids` how many there are.
    """

    key: str
    day: int
    ids: int
    task: int | None


def each(
    spark: SparkSession, work: Callable[[Item], Result], items: Sequence[Item]
) -> list[Result]:
    """What `work` gives for each item, a task of Spark an item; the first ones start first."""
    if not items:
        return []
    results: list[Result] = spark.sparkContext.parallelize(items, len(items)).map(work).collect()
    return results


def find_duplicates(
    spark: SparkSession, files: Sequence[IdFile], bucket: str, window: int, open_store: OpenStore
) -> list[dict[str, Any]]:
    """Rows of `PLACES` that are duplicates, among all candidates and published ids of the files."""
    if not any(file.task is not None for file in files):
        return []
    parts = 1 + sum(file.ids for file in files) // IDS_AT_ONCE
    read = partial(_read_parts, bucket=bucket, parts=parts, open_store=open_store)
    found: list[dict[str, Any]] = (
        spark.sparkContext.parallelize(files, len(files))
        .flatMap(read)
        .groupByKey(parts)
        .flatMap(partial(_duplicates, window=window))
        .collect()
    )
    return found


def _read_parts(
    file: IdFile, bucket: str, parts: int, open_store: OpenStore
) -> Iterator[tuple[int, bytes]]:
    """The ids of a file, all rows of one id in the same part, as Arrow's IPC streams."""
    content = pa.BufferReader(open_store().get(bucket, file.key))
    table = _with_place(pq.read_table(content), file)
    if parts == 1:
        yield 0, _to_bytes(table)
        return
    hashes = (zlib.crc32(id_.encode()) % parts for id_ in table["message_id"].to_pylist())
    part_of = pa.array(hashes, pa.int32())
    for part in part_of.unique().to_pylist():
        yield part, _to_bytes(table.filter(pc.equal(part_of, part)))


def _with_place(table: pa.Table, file: IdFile) -> pa.Table:
    rows = len(table)
    columns = {name: table[name] for name in CANDIDATES.names}
    if file.task is None:
        columns["object"] = pa.nulls(rows, pa.int32())
    columns["day"] = pa.repeat(pa.scalar(file.day, pa.int32()), rows)
    columns["task"] = pa.repeat(pa.scalar(file.task, pa.int32()), rows)
    return pa.table(columns, PLACES)


def _to_bytes(table: pa.Table) -> bytes:
    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, table.schema) as writer:
        writer.write_table(table)
    content: bytes = sink.getvalue().to_pybytes()
    return content


def _duplicates(part: tuple[int, Iterable[bytes]], window: int) -> list[dict[str, Any]]:
    tables = [pa.ipc.open_stream(content).read_all() for content in part[1]]
    return duplicates(pa.concat_tables(tables), window)
