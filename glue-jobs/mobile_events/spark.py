"""What is asked of Spark: to run work on items side by side, and to bring ids together.

Executors come and go, and Spark may run an attempt at a task while another is still at work. So
tasks give back what they found, and share nothing.
"""

from __future__ import annotations

import heapq
import math
import zlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TypeVar

import numpy as np
import pyarrow as pa
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
"""So that cores that end early have more to do, and workers that come late have something."""

LEAST_SECONDS = 1.0
"""A task of Spark costs some 90 ms in Python, whatever it does: there is none for less work."""

MOST_SECONDS = 10.0
"""About what a task has where there is much to do: an executor that goes takes little with it."""

IDS_AT_ONCE = 1_000_000
"""About how many ids are held against each other in one task."""

FEW_IDS = 100_000
"""So few are left to one task, even if other cores are idle."""

REQUEST_SECONDS = 0.05
"""About how long S3 takes to answer, whatever is asked of it."""

IDS_A_SECOND = 1_000_000
"""About how many are read and split by one core."""

FOUND = pa.schema([(name, PLACES.field(name).type) for name in ("task", "file", "row", "object")])
"""Where a duplicate is, and the place of its object in the run: there may be millions, and the
driver has them all."""


@dataclass(frozen=True)
class IdFile:
    """A file of ids: candidates of a task of this run, or published ids, where `task` is None.

    `day` counts days since 1970, `ids` how many there are.
    """

    key: str
    day: int
    ids: int
    task: int | None


@dataclass(frozen=True)
class Cluster:
    """A Spark session, and the cores that its executors have once all of them are there."""

    spark: SparkSession
    cores: int

    @staticmethod
    def of(spark: SparkSession, most_cores: int) -> Cluster:
        """The session's cluster, which may get `most_cores`, or has more of them now."""
        return Cluster(spark, max(most_cores, spark.sparkContext.defaultParallelism))


def each(
    cluster: Cluster,
    work: Callable[[Item], Result],
    items: Sequence[Item],
    seconds: Callable[[Item], float],
) -> list[Result]:
    """What `work` gives for each item, in their order. `seconds` says about how long an item takes
    one core."""
    if not items:
        return []
    shares = _shares(list(map(seconds, items)), cluster.cores)
    parts = [[(place, items[place]) for place in share] for share in shares]
    context = cluster.spark.sparkContext
    results: list[tuple[int, Result]] = (
        context.parallelize(parts, len(parts)).flatMap(partial(_work_off, work=work)).collect()
    )
    return [result for _, result in sorted(results, key=lambda found: found[0])]


def _work_off(
    part: Iterable[tuple[int, Item]], work: Callable[[Item], Result]
) -> list[tuple[int, Result]]:
    return [(place, work(item)) for place, item in part]


def _shares(seconds: Sequence[float], cores: int) -> list[list[int]]:
    """Places of the items in shares of about the same length, the longest items first."""
    total = sum(seconds)
    wanted = max(total / MOST_SECONDS, min(TASKS_A_CORE * cores, total / LEAST_SECONDS))
    shares: list[list[int]] = [[] for _ in range(min(len(seconds), max(1, math.ceil(wanted))))]
    shortest = [(0.0, number) for number in range(len(shares))]
    for place in sorted(range(len(seconds)), key=lambda place: -seconds[place]):
        length, number = shortest[0]
        shares[number].append(place)
        heapq.heapreplace(shortest, (length + seconds[place], number))
    return shares


def find_duplicates(
    cluster: Cluster, files: Sequence[IdFile], bucket: str, window: int, open_store: OpenStore
) -> pa.Table:
    """Which candidates are duplicates, among all candidates and published ids of the files: a table
    with the columns of `FOUND`."""
    if not any(file.task is not None for file in files):
        return FOUND.empty_table()
    ids = sum(file.ids for file in files)
    parts = 1 + max(ids // IDS_AT_ONCE, min(ids // FEW_IDS, cluster.cores - 1))
    shares = _shares([_reading_seconds(file) for file in files], cluster.cores)
    read = partial(_read_parts, bucket=bucket, parts=parts, open_store=open_store)
    found: list[bytes] = (
        cluster.spark.sparkContext.parallelize(
            [[files[place] for place in share] for share in shares], len(shares)
        )
        .flatMap(read)
        .groupByKey(parts)
        .flatMap(partial(_duplicates, window=window))
        .collect()
    )
    return pa.concat_tables([FOUND.empty_table(), *map(_to_table, found)])


def _reading_seconds(file: IdFile) -> float:
    return REQUEST_SECONDS + file.ids / IDS_A_SECOND


def _read_parts(
    files: Iterable[IdFile], bucket: str, parts: int, open_store: OpenStore
) -> Iterator[tuple[int, bytes]]:
    """The ids of files, all rows of one id in the same part, as Arrow's IPC streams."""
    for file in files:
        for table in _tables(file, bucket, open_store()):
            yield from _split(_with_place(table, file), parts)


def _split(table: pa.Table, parts: int) -> Iterator[tuple[int, bytes]]:
    if parts == 1:
        yield 0, _to_bytes(table)
        return
    ids = table["message_id"].to_pylist()
    part_of = np.fromiter((zlib.crc32(id_.encode()) % parts for id_ in ids), np.int64, len(ids))
    # Sorted once: to filter for each part would take parts times rows.
    order = np.argsort(part_of, kind="stable")
    table = table.take(pa.array(order))
    found, firsts = np.unique(part_of[order], return_index=True)
    ends = [*firsts[1:].tolist(), len(ids)]
    for part, first, end in zip(found.tolist(), firsts.tolist(), ends, strict=True):
        yield part, _to_bytes(table.slice(first, end - first))


def _tables(file: IdFile, bucket: str, store: Store) -> Iterator[pa.Table]:
    """The ids of a file, some at a time; those of a task's candidates fit the memory."""
    if file.task is not None:
        yield pa.concat_tables(tables(store, bucket, file.key))
        return
    content = pq.ParquetFile(pa.BufferReader(store.get(bucket, file.key)))
    for batch in content.iter_batches(IDS_AT_ONCE, columns=["message_id"]):
        yield pa.Table.from_batches([batch])


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


def _to_table(content: bytes) -> pa.Table:
    return pa.ipc.open_stream(content).read_all()


def _duplicates(part: tuple[int, Iterable[bytes]], window: int) -> list[bytes]:
    """Of a part's ids; nothing where none is a duplicate."""
    found = duplicates(pa.concat_tables(map(_to_table, part[1])), window)
    return [_to_bytes(pa.Table.from_pylist(found, FOUND))] if found else []
