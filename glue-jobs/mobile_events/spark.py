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

from mobile_events.stage.duplicates import CANDIDATES, PLACES, duplicates
from mobile_events.stage.pieces import OPTIONS, tables
from mobile_events.storage import Store

Item = TypeVar("Item")
Result = TypeVar("Result")
OpenStore = Callable[[], Store]
"""Gives a process its store; it is called where the work is done."""

TASKS_A_CORE = 2
"""A task of Spark costs some 90 ms in Python, whatever it does, so there are few."""

IDS_AT_ONCE = 1_000_000
"""About how many ids are held against each other in one task."""

FEW_IDS = 100_000
"""So few are left to one task, even if other cores are idle."""


@dataclass(frozen=True)
class IdFile:
    """A file of ids: candidates of a task of this run, or published ids, where `task` is None.

    `day` counts days since 1970, `ids` how many there are.
    """

    key: str
    day: int
    ids: int
    task: int | None


def each(
    spark: SparkSession,
    work: Callable[[Item], Result],
    items: Sequence[Item],
    size: Callable[[Item], int],
) -> list[Result]:
    """What `work` gives for each item, in their order. `size` says how much work an item is."""
    if not items:
        return []
    context = spark.sparkContext
    shares = _shares(list(map(size, items)), TASKS_A_CORE * context.defaultParallelism)
    parts = [[(place, items[place]) for place in share] for share in shares]
    results: list[tuple[int, Result]] = (
        context.parallelize(parts, len(parts)).flatMap(partial(_work_off, work=work)).collect()
    )
    return [result for _, result in sorted(results, key=lambda found: found[0])]


def _work_off(
    part: Iterable[tuple[int, Item]], work: Callable[[Item], Result]
) -> list[tuple[int, Result]]:
    return [(place, work(item)) for place, item in part]


def _shares(sizes: Sequence[int], most: int) -> list[list[int]]:
    """Places of the items in shares of about the same size, the largest items first."""
    shares: list[list[int]] = [[] for _ in range(min(len(sizes), most))]
    totals = [0] * len(shares)
    for place in sorted(range(len(sizes)), key=lambda place: -sizes[place]):
        smallest = totals.index(min(totals))
        shares[smallest].append(place)
        totals[smallest] += sizes[place]
    return shares


def find_duplicates(
    spark: SparkSession, files: Sequence[IdFile], bucket: str, window: int, open_store: OpenStore
) -> list[dict[str, Any]]:
    """Rows of `PLACES` that are duplicates, among all candidates and published ids of the files."""
    if not any(file.task is not None for file in files):
        return []
    context = spark.sparkContext
    ids = sum(file.ids for file in files)
    parts = 1 + max(ids // IDS_AT_ONCE, min(ids // FEW_IDS, context.defaultParallelism - 1))
    read = partial(_read_parts, bucket=bucket, parts=parts, open_store=open_store)
    found: list[dict[str, Any]] = (
        context.parallelize(files, min(len(files), context.defaultParallelism))
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
    table = _with_place(_table(file, bucket, open_store()), file)
    if parts == 1:
        yield 0, _to_bytes(table)
        return
    hashes = (zlib.crc32(id_.encode()) % parts for id_ in table["message_id"].to_pylist())
    part_of = pa.array(hashes, pa.int32())
    for part in part_of.unique().to_pylist():
        yield part, _to_bytes(table.filter(pc.equal(part_of, part)))


def _table(file: IdFile, bucket: str, store: Store) -> pa.Table:
    if file.task is None:
        return pq.read_table(pa.BufferReader(store.get(bucket, file.key)), columns=["message_id"])
    return pa.concat_tables(tables(store, bucket, file.key))


def _with_place(table: pa.Table, file: IdFile) -> pa.Table:
    rows = len(table)
    columns = {
        field.name: table[field.name]
        if field.name in table.column_names
        else pa.nulls(rows, field.type)
        for field in CANDIDATES
    }
    columns["day"] = pa.repeat(pa.scalar(file.day, pa.int32()), rows)
    columns["task"] = pa.repeat(pa.scalar(file.task, pa.int32()), rows)
    return pa.table(columns, PLACES)


def _to_bytes(table: pa.Table) -> bytes:
    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, table.schema, options=OPTIONS) as writer:
        writer.write_table(table)
    content: bytes = sink.getvalue().to_pybytes()
    return content


def _duplicates(part: tuple[int, Iterable[bytes]], window: int) -> list[dict[str, Any]]:
    tables = [pa.ipc.open_stream(content).read_all() for content in part[1]]
    return duplicates(pa.concat_tables(tables), window)
