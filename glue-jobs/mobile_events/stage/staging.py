"""Stages the rows of some raw objects: the work of one Spark task.

Each object is decoded once. Rows go to pieces below the run's staging, by local date; what can't be
a row goes to a file of quarantined records; and ids, with what duplicates are told by, go to a
narrow file of their own, the candidates.
"""

from __future__ import annotations

import gc
import tempfile
import uuid
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path as FilePath
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from mobile_events.raw import csv_rows, json_lines, parquet_rows
from mobile_events.raw.raw_objects import (
    BAD_TIMESTAMP,
    NOT_JSON,
    DamagedObjectError,
    RawObject,
    Records,
)
from mobile_events.rows import batch as batches
from mobile_events.rows.batch import Batch
from mobile_events.rows.columns import flatten
from mobile_events.rows.fast_json import FastJson
from mobile_events.rows.instants import instants
from mobile_events.rows.names import Path
from mobile_events.rows.timestamps import PlausibleTimes
from mobile_events.rows.values import json_text
from mobile_events.stage.attempt import attempt
from mobile_events.stage.quarantine import Quarantine
from mobile_events.stage.row_writer import RowWriter
from mobile_events.stage.staged import ObjectCounts, Staged, StagingArea, Task
from mobile_events.storage import Store

CHUNK_ROWS = 1_000
CHUNK_BYTES = 32 << 20
"""Rows, or bytes of their lines, that are held as Python's values at most."""

FLUSH_BYTES = 192 << 20
"""Of Arrow's arrays, held at most before they are written to the piece of each date."""


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
    """Events that are still values of Python, each with its line's number and text, and the place
    of its object in the run."""

    def __init__(self) -> None:
        self.events: list[dict[str, Any]] = []
        self.numbers: list[int] = []
        self.lines: list[bytes | None] = []
        self.objects: list[int] = []
        self.bytes = 0

    @property
    def full(self) -> bool:
        return len(self.events) >= CHUNK_ROWS or self.bytes >= CHUNK_BYTES

    def add(self, number: int, event: dict[str, Any], line: bytes | None) -> None:
        self.events.append(event)
        self.numbers.append(number)
        self.lines.append(line)
        self.bytes += len(line or b"")

    def end_object(self, place: int) -> None:
        """Say which object the events since the last one are of."""
        self.objects += [place] * (len(self.events) - len(self.objects))

    def keep(self, places: list[int]) -> None:
        """Keep some of the events."""
        self.events = [self.events[place] for place in places]
        self.numbers = [self.numbers[place] for place in places]
        self.objects = [self.objects[place] for place in places]


class _Stager:
    def __init__(self, task: Task, area: StagingArea, folder: FilePath) -> None:
        self._task = task
        self._area = area
        self._raw = dict(task.objects)
        self._plausible = PlausibleTimes(task.day)
        self._writer = RowWriter(area, folder)
        self._quarantine = Quarantine(task, area.settings.run_id, folder / "quarantine.json.gz")
        self._objects: dict[int, ObjectCounts] = {}
        self._fast = FastJson(area.registry, area.settings.drop_fields)
        self._chunk = _Chunk()
        self._pending: list[Batch] = []
        self._pending_bytes = 0

    def read(self, place: int, raw: RawObject, store: Store) -> None:
        self._objects[place] = ObjectCounts()
        source = self._area.settings.source(raw.source)
        body = store.open(raw.bucket, raw.key)
        try:
            if source.format == "csv":
                self._take(place, csv_rows.records(body, source.columns))
            elif source.format == "parquet":
                self._take(place, parquet_rows.records(body, source.columns))
            else:
                self._read_json(place, json_lines.blocks(body))
        except DamagedObjectError:
            self._objects[place].readable = False
        self._chunk.end_object(place)

    def _read_json(self, place: int, blocks: Iterator[tuple[int, bytes]]) -> None:
        """The fast way where it is sure to be right, else the exact one."""
        for first, text in blocks:
            batch = self._fast.read(text, self._are_plausible)
            if batch is None:
                self._take(place, json_lines.records(first, text))
                continue
            rows = len(batch.own["message_id"])
            self._objects[place].records += rows
            numbers = pa.array(np.arange(first, first + rows))
            batch.own |= self._places(pa.repeat(pa.scalar(place, pa.int32()), rows), numbers)
            self._add(batches.completed(batch))

    def _take(self, place: int, records: Records) -> None:
        """Take records one by one."""
        counts = self._objects[place]
        for number, event, line, reason in records:
            counts.records += 1
            if event is None:
                self._set_aside(place, number, None, line, reason or NOT_JSON)
                continue
            self._chunk.add(number, event, line)
            if self._chunk.full:
                self._end_chunk(place)

    def finish(self, store: Store) -> Staged:
        if self._chunk.events:
            self._end_chunk(self._chunk.objects[-1])
        self._flush()
        name = f"{self._task.number}-{uuid.uuid4().hex[:8]}"
        bucket, prefix = self._area.settings.bucket, self._area.prefix
        quarantine = None
        with attempt(store, bucket, prefix) as own:
            pieces, ids = self._writer.upload(own, name)
            if self._quarantine.close():
                quarantine = f"{prefix}quarantine/{name}.json.gz"
                own.put_file(quarantine, self._quarantine.path)
        return Staged(
            self._task,
            self._objects,
            pieces,
            ids,
            self._writer.id_count,
            quarantine,
            self._writer.duplicates,
        )

    def _set_aside(
        self,
        place: int,
        number: int,
        event: dict[str, Any] | None,
        line: bytes | None,
        reason: str,
    ) -> None:
        self._objects[place].reasons[reason] += 1
        text = json_text(event) if line is None else line.decode(errors="replace")
        self._quarantine.add(self._raw[place], number, text, reason)

    def _end_chunk(self, place: int) -> None:
        chunk, self._chunk = self._chunk, _Chunk()
        chunk.end_object(place)
        utc = self._without_bad_timestamps(chunk)
        if not chunk.events:
            return
        self._add(self._batch(chunk, utc))

    def _add(self, batch: Batch) -> None:
        self._pending.append(batch)
        self._pending_bytes += batch.bytes
        if self._pending_bytes >= FLUSH_BYTES:
            self._flush()

    def _without_bad_timestamps(self, chunk: _Chunk) -> pa.Array:
        """Set aside events without a plausible timestamp. Gives the instants of the others."""
        times = [event.get("timestamp") for event in chunk.events]
        utc, others = instants(times)
        if others is None and self._are_plausible(utc):
            return utc
        good = [place for place, time in enumerate(times) if time in self._plausible]
        for place in sorted(set(range(len(times))) - set(good)):
            self._set_aside(
                chunk.objects[place],
                chunk.numbers[place],
                chunk.events[place],
                chunk.lines[place],
                BAD_TIMESTAMP,
            )
        chunk.keep(good)
        return utc.take(pa.array(good, pa.int64()))

    def _are_plausible(self, utc: pa.Array) -> bool:
        """Whether all are, for sure; the last instant that is plausible is looked at by itself."""
        if utc.null_count:
            return False
        bounds = pc.min_max(utc).as_py()
        inside = (
            self._plausible.earliest <= bounds["min"] and bounds["max"] < self._plausible.latest
        )
        return bool(inside)

    def _batch(self, chunk: _Chunk, utc: pa.Array) -> Batch:
        ids = [_message_id(event.get("messageId")) for event in chunk.events]
        objects, numbers = pa.array(chunk.objects, pa.int32()), pa.array(chunk.numbers, pa.int64())
        own = {
            "utc_timestamp": utc,
            "message_id": batches.array_of(ids, "string"),
            **self._places(objects, numbers),
        }
        odd: set[Path] = set()
        leaves = flatten(chunk.events, self._area.settings.drop_fields)
        batch = batches.from_events(leaves, own, self._area.registry, odd)
        self._fast.learn(batch, odd)
        return batch

    def _places(self, objects: pa.Array, numbers: pa.Array) -> dict[str, pa.Array]:
        """Where rows come from, by the places of their objects and the numbers of their lines."""
        found = objects.dictionary_encode()
        sources = pa.array([self._raw[place].source for place in found.dictionary.to_pylist()])
        return {"platform": sources.take(found.indices), "object": objects, "line": numbers}

    def _flush(self) -> None:
        pending, self._pending, self._pending_bytes = self._pending, [], 0
        if pending:
            self._writer.write(batches.concatenated(pending))


def _message_id(value: object) -> str | None:
    """What tells an event from others; nothing where a client sent no id, or an empty one."""
    if value is None or value == "" or isinstance(value, list | dict):
        return None
    return value if isinstance(value, str) else json_text(value)
