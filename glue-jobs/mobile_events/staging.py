"""Stages the rows of some raw objects: the work of one Spark task.

Each object is decoded once. Rows go to Parquet files below the run's staging, by local date; what
can't be a row goes to a file of quarantined records; and ids, with what duplicates are told by, go
to a narrow file of their own.
"""

from __future__ import annotations

import gc
import gzip
import json
import tempfile
import uuid
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path as FilePath
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from mobile_events import batch as batches
from mobile_events.batch import Batch
from mobile_events.columns import Columns
from mobile_events.duplicates import CANDIDATES, LAST, losers
from mobile_events.instants import wall_time
from mobile_events.parquet_files import LocalFile, ParquetFiles, new_writer
from mobile_events.raw_objects import (
    BAD_TIMESTAMP,
    NOT_JSON,
    DamagedObjectError,
    RawObject,
    Record,
)
from mobile_events.reading import records
from mobile_events.registry import Registry
from mobile_events.settings import Settings
from mobile_events.staged import FreshColumn, ObjectCounts, Staged, StagedFile, Task
from mobile_events.storage import Store
from mobile_events.timestamps import PlausibleTimes
from mobile_events.values import json_text

CHUNK_ROWS = 20_000
CHUNK_BYTES = 32 << 20
"""Rows, or bytes of their lines, that are held as Python's values at most."""

FLUSH_BYTES = 192 << 20
"""Of Arrow's arrays, held at most before they are written as a row group of each date."""


@dataclass(frozen=True)
class StagingArea:
    """Where a run stages, and by which settings and columns; `prefix` has its final slash."""

    settings: Settings
    registry: Registry
    prefix: str


def stage(task: Task, area: StagingArea, store: Store) -> Staged:
    """Stage all objects of a task, under names that no other attempt at it uses."""
    with _no_cycles(), ExitStack() as stack:
        folder = FilePath(stack.enter_context(tempfile.TemporaryDirectory()))
        stager = _Stager(task, area, folder)
        for place, raw in task.objects:
            stager.read(place, raw, store)
        return stager.finish(store)


@contextmanager
def _no_cycles() -> Iterator[None]:
    """Without Python's search for cycles, which decoded events don't have and make slow."""
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()


class _Chunk:
    """Events that are still values of Python, with what else is known of each."""

    def __init__(self, drop: frozenset[str]) -> None:
        self.columns = Columns(drop)
        self.bytes = 0
        self.lines: list[int] = []
        self.ids: list[object] = []
        self.objects: list[tuple[int, str, int]] = []
        """Place and source of each object, and the number of rows up to and with its last."""

    @property
    def full(self) -> bool:
        return self.columns.rows >= CHUNK_ROWS or self.bytes >= CHUNK_BYTES

    def own(self) -> dict[str, pa.Array]:
        """The columns that the events don't have themselves."""
        ends = [end for _, _, end in self.objects]
        counts = [end - start for start, end in zip([0, *ends], ends, strict=False)]
        both = list(zip(self.objects, counts, strict=True))
        return {
            "platform": _repeated([(source, n) for (_, source, _), n in both], pa.string()),
            "object": _repeated([(place, n) for (place, _, _), n in both], pa.int32()),
            "line": pa.array(self.lines, pa.int64()),
            "message_id": batches.array_of([_message_id(id_) for id_ in self.ids], "string"),
        }


class _Stager:
    def __init__(self, task: Task, area: StagingArea, folder: FilePath) -> None:
        self._task = task
        self._area = area
        self._plausible = PlausibleTimes(task.day)
        self._writer = _RowWriter(area, folder)
        self._quarantine = _Quarantine(task, area.settings.run_id, folder / "quarantine.json.gz")
        self._objects: dict[int, ObjectCounts] = {}
        self._duplicates: Counter[str] = Counter()
        self._chunk = _Chunk(area.settings.drop_fields)
        self._pending: list[Batch] = []
        self._pending_bytes = 0

    def read(self, place: int, raw: RawObject, store: Store) -> None:
        counts = self._objects[place] = ObjectCounts()
        source = self._area.settings.source(raw.source)
        try:
            for record in records(source, store.open(raw.bucket, raw.key)):
                counts.records += 1
                reason = self._add(record)
                if reason is not None:
                    counts.reasons[reason] += 1
                    self._quarantine.add(raw, record, reason)
                elif self._chunk.full:
                    self._end_object(place, raw.source)
                    self._end_chunk()
        except DamagedObjectError:
            counts.readable = False
        self._end_object(place, raw.source)

    def finish(self, store: Store) -> Staged:
        self._end_chunk()
        self._flush()
        attempt = f"{self._task.number}-{uuid.uuid4().hex[:8]}"
        bucket, prefix = self._area.settings.bucket, self._area.prefix
        files, ids = self._writer.upload(store, bucket, prefix, attempt)
        quarantine = None
        if self._quarantine.close():
            quarantine = f"{prefix}quarantine/{attempt}.json.gz"
            store.put_file(bucket, quarantine, self._quarantine.path)
        return Staged(
            self._task,
            self._objects,
            files,
            ids,
            self._writer.id_count,
            quarantine,
            self._duplicates,
        )

    def _add(self, record: Record) -> str | None:
        """Add the record as a row, or tell why it can't be one."""
        event = record.event
        if event is None:
            return record.reason
        if event.get("timestamp") not in self._plausible:
            return BAD_TIMESTAMP
        chunk = self._chunk
        if not chunk.columns.add(event):
            return NOT_JSON
        chunk.lines.append(record.number)
        chunk.ids.append(event.get("messageId"))
        chunk.bytes += len(record.line or b"")
        return None

    def _end_object(self, place: int, source: str) -> None:
        self._chunk.objects.append((place, source, self._chunk.columns.rows))

    def _end_chunk(self) -> None:
        chunk, self._chunk = self._chunk, _Chunk(self._area.settings.drop_fields)
        if not chunk.columns.rows:
            return
        batch = batches.from_events(chunk.columns, chunk.own(), self._area.registry)
        self._pending.append(batch)
        self._pending_bytes += batch.bytes
        if self._pending_bytes >= FLUSH_BYTES:
            self._flush()

    def _flush(self) -> None:
        pending, self._pending, self._pending_bytes = self._pending, [], 0
        if not pending:
            return
        batch = batches.concatenated(pending)
        pending.clear()
        lost = losers(_candidates(batch))
        if lost:
            kept = pa.array(sorted(set(range(batch.rows)) - set(lost)))
            platforms = batch.own["platform"].take(pa.array(lost)).to_pylist()
            self._duplicates.update(platforms)
            batch = batch.take(kept)
        self._writer.write(batch)


class _RowWriter:
    """Writes rows by partition, and beside them what duplicates are told by."""

    def __init__(self, area: StagingArea, folder: FilePath) -> None:
        self.id_count = 0
        self._area = area
        self._data = ParquetFiles(folder, area.settings.target_file_bytes)
        self._staged: dict[int, StagedFile] = {}
        self._ids_path = folder / "ids"
        self._ids: LocalFile | None = None

    def write(self, batch: Batch) -> None:
        settings = self._area.settings
        utc = batch.own["utc_timestamp"]
        batch.own["local_timestamp"] = wall_time(utc, settings.time_zone)
        known = self._area.registry
        names = known.extended(batch.kinds(), batch.siblings(known), first_seen="")
        dates = batch.own["local_timestamp"].cast(pa.date32())
        for date in sorted(dates.unique().to_pylist()):
            of_date = pc.equal(dates, pa.scalar(date))
            part = batch if pc.all(of_date).as_py() else batch.take(of_date)
            self._write_date(part, date.isoformat(), names)

    def _write_date(self, batch: Batch, date: str, names: Registry) -> None:
        partition = partition_folder(date, self._area.settings.partition_keys)
        known = self._area.registry
        table = batches.to_staged_table(batch, known, names)
        fresh = {
            path: FreshColumn(names.first[path].name, column.kinds, column.encoding)
            for path, column in batch.fresh.items()
        }
        siblings = {key: names.by_key[key].name for key in batch.siblings(known)}
        layout = ({path: (c.name, c.encoding) for path, c in fresh.items()}, siblings)
        place, first = self._data.write(partition, table, layout)
        staged = self._staged.setdefault(place, StagedFile("", partition, siblings=siblings))
        staged.add_kinds(fresh)
        staged.describe(table)
        self._write_ids(batch, place, first)

    def _write_ids(self, batch: Batch, file: int, first: int) -> None:
        table = _candidates(batch)
        table = table.append_column("file", pa.repeat(pa.scalar(file, pa.int32()), batch.rows))
        table = table.append_column("row", pa.array(range(first, first + batch.rows), pa.int64()))
        table = table.filter(table["message_id"].is_valid()).select(CANDIDATES.names)
        if not len(table):
            return
        if self._ids is None:
            sink = self._ids_path.open("wb")
            writer = new_writer(sink, CANDIDATES)
            self._ids = LocalFile(self._ids_path, None, sink, writer)
        self._ids.write(table)
        self.id_count += len(table)

    def upload(
        self, store: Store, bucket: str, prefix: str, attempt: str
    ) -> tuple[list[StagedFile], str | None]:
        """Put all files into the staging: those of rows, and the key of the one of ids."""
        self._data.close()
        for place, file in enumerate(self._data.files):
            key = f"{prefix}data/{attempt}-{place}.parquet"
            store.put_file(bucket, key, file.path)
            self._staged[place].key = key
            self._staged[place].bytes = file.path.stat().st_size
        files = [self._staged[place] for place in range(len(self._data.files))]
        if self._ids is None:
            return files, None
        self._ids.close()
        ids = f"{prefix}ids/{attempt}.parquet"
        store.put_file(bucket, ids, self._ids.path)
        return files, ids


class _Quarantine:
    """A gzipped file of lines of JSON, one a record that can't be a row."""

    def __init__(self, task: Task, run_id: str, path: FilePath) -> None:
        self.path = path
        self._day = task.day.isoformat()
        self._run_id = run_id
        self._file: Any = None

    def add(self, raw: RawObject, record: Record, reason: str) -> None:
        if self._file is None:
            self._file = gzip.open(self.path, "wt", 6, "utf-8")  # noqa: SIM115 - close() does
        line = record.line
        text = json_text(record.event) if line is None else line.decode(errors="replace")
        entry = {
            "source": raw.source,
            "reason": reason,
            "object_key": raw.key,
            "line_number": record.number,
            "received_day": self._day,
            "run_id": self._run_id,
            "line": text,
        }
        self._file.write(json.dumps(entry) + "\n")

    def close(self) -> bool:
        """Whether there is a file."""
        if self._file is None:
            return False
        self._file.close()
        return True


def partition_folder(date: str, keys: tuple[str, ...]) -> str:
    """The folders of a local date, such as `year=2026/month=11/date=2026-11-20`."""
    values = {"year": date[:4], "month": date[5:7], "date": date}
    return "/".join(f"{key}={values[key]}" for key in keys)


def _candidates(batch: Batch) -> pa.Table:
    received = batch.own["received_at"].cast(pa.int64())
    return pa.table(
        {
            "message_id": batch.own["message_id"],
            "received_at": received.fill_null(LAST),
            "object": batch.own["object"],
            "line": batch.own["line"],
        }
    )


def _message_id(value: object) -> str | None:
    """What tells an event from others; nothing where a client sent no id, or an empty one."""
    if value is None or value == "" or isinstance(value, list | dict):
        return None
    return value if isinstance(value, str) else json_text(value)


def _repeated(runs: list[tuple[Any, int]], type_: pa.DataType) -> pa.Array:
    return pa.concat_arrays([pa.repeat(pa.scalar(value, type_), n) for value, n in runs])
