"""`python -m etl.driver_memory`: what the driver holds at a terabyte a day.

20,000 objects of 40 sources in 4,000 tasks, with stand-ins for what tasks give back: no raw byte is
read. Everything else is the job's own: listing, plan, collection of results by Spark, ledger,
journal and report. It prints peaks of the Python process and of the JVM beside it.
"""

from __future__ import annotations

import json
import os
import tempfile
from collections import Counter
from collections.abc import Iterable
from datetime import timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
from job_runs import DAY, settings
from mobile_events import posting as posting_module
from mobile_events import processing
from mobile_events.curated.final_files import FinalFile
from mobile_events.curated.finishing import IdFile as StagedIds
from mobile_events.curated.finishing import IdWork, RowWork
from mobile_events.posting import journal_of, post
from mobile_events.raw.raw_objects import RawObject
from mobile_events.report import Report
from mobile_events.rows.registry import Registry
from mobile_events.selection import Selection
from mobile_events.settings import Source
from mobile_events.spark import FOUND, Cluster, IdFile, OpenStore
from mobile_events.stage.staged import ObjectCounts, Staged, StagedPiece, StagingArea, Task
from mobile_events.stage.tasks import plan_tasks
from mobile_events.state.ledger import Ledger
from mobile_events.state.schema import Schema, written_as
from stand_ins import FolderStore

from etl.session import session

OBJECTS, TASKS, SOURCES, CORES = 20_000, 4_000, 40, 44
OBJECT_BYTES = 70 * 1024**3 // OBJECTS
"""Gzipped; a terabyte of JSON is 70 GB of it (docs/job.md)."""
ROWS = 930_000_000
DUPLICATES = 9_300_000
"""One in a hundred."""


def main() -> None:
    """Print the counts and the peaks."""
    with tempfile.TemporaryDirectory(prefix="bench-etl-") as folder:
        spark = session(Path(folder))
        cluster = Cluster(spark, CORES)
        store = FolderStore(Path(folder))
        asked = settings(
            sources=tuple(Source(f"source-{n:02}", "raw", f"t{n}", 1000) for n in range(SOURCES)),
            target_file_bytes=70 * 1024**3 // TASKS,
        )
        objects = [_object(n) for n in range(OBJECTS)]
        selection = Selection(OBJECTS, objects)
        tasks = plan_tasks(objects, CORES, asked.target_file_bytes)
        processing._stage, processing._finish = _stage, _finish
        vars(processing)["find_duplicates"] = _found
        # Which source a row is of, only the rows know.
        posting_module._check_account = lambda day, entry: None
        before = _peak("self")
        area = StagingArea(asked, Registry.start(asked.first_seen), "_staging/jr_1/")
        outcome = processing.process(cluster, area, tasks, {}, lambda: store)
        posting = post(asked, outcome)
        schema = Schema(asked, outcome.registry, written_as(asked), exists=True)
        journal = journal_of(posting, asked, Ledger(store, "b", ""), selection, schema)
        report = Report.start(asked)
        report.add_selection(selection)
        report.add_outcome(outcome)
        sizes = [len(json.dumps(vars(journal))), len(json.dumps(report.to_json()))]
        context: Any = spark.sparkContext
        runtime = context._jvm.java.lang.Runtime.getRuntime()
        heap = runtime.totalMemory() - runtime.freeMemory()
        jvm = context._gateway.proc.pid
        print(
            f"{OBJECTS} objects, {len(tasks)} tasks, {SOURCES} sources, {DUPLICATES} duplicates, "
            f"{len(journal.copies)} files: Python {_peak('self') / 1e6:.0f} MB at its peak "
            f"({before / 1e6:.0f} MB before), JVM {_peak(str(jvm)) / 1e6:.0f} MB resident, "
            f"{heap / 1e6:.0f} MB of its heap in use; the journal has {sizes[0] / 1e6:.1f} MB, "
            f"the report {sizes[1] / 1e6:.2f} MB"
        )
        spark.stop()


def _object(n: int) -> RawObject:
    key = f"segment-logs/ksMsMXyyEa{n % SOURCES:02}/1773014400000/{n:032x}.gz"
    return RawObject(f"source-{n % SOURCES:02}", DAY, "raw", key, f'"{n:032x}"', OBJECT_BYTES)


def _stage(task: Task, area: StagingArea, open_store: OpenStore) -> Staged:
    """What a task gives back: pieces of two dates."""
    rows = ROWS // TASKS
    pieces = []
    for place in range(2):
        date = DAY - timedelta(days=place)
        partition = f"year=2026/month=03/date={date}"
        key = f"{area.prefix}pieces/{task.number}-00000000-{place}.arrows"
        pieces.append(StagedPiece(key, partition, rows // 2, rows // 2 * 160))
    counts = {place: ObjectCounts(rows // len(task.objects)) for place, _ in task.objects}
    return Staged(task, counts, pieces, f"candidates/{task.number}", rows, None, Counter())


def _finish(
    work: RowWork | IdWork, area: StagingArea, registry: Registry, open_store: OpenStore
) -> list[FinalFile] | StagedIds:
    return _files(work, area) if isinstance(work, RowWork) else _ids(work, area)


def _found(
    cluster: Cluster, files: Iterable[IdFile], bucket: str, window: int, open_store: OpenStore
) -> pa.Table:
    rng = np.random.default_rng(1)
    tasks = rng.integers(0, TASKS, DUPLICATES, np.int32)
    columns = {
        "task": tasks,
        "file": rng.integers(0, 2, DUPLICATES, np.int32),
        "row": rng.integers(0, ROWS // TASKS // 2, DUPLICATES),
        "object": tasks * (OBJECTS // TASKS),
    }
    return pa.table(columns, FOUND)


def _files(work: RowWork, area: StagingArea) -> list[FinalFile]:
    rows = work.rows - sum(len(survivors.dropped) for survivors in work.pieces)
    file = FinalFile(Path("file"), f"{area.prefix}final/{os.urandom(16).hex()}.parquet", rows)
    file.platforms = Counter({f"source-{n:02}": rows // SOURCES for n in range(SOURCES)})
    file.dates = Counter({str(work.day): rows})
    file.bytes, file.newest = area.settings.target_file_bytes, 0
    return [file]


def _ids(work: IdWork, area: StagingArea) -> StagedIds:
    key = f"{area.prefix}final/{os.urandom(16).hex()}.parquet"
    return StagedIds(key, work.rows, work.rows * 20)


def _peak(process: str) -> int:
    """Most bytes that a process has had resident (proc(5))."""
    for line in Path(f"/proc/{process}/status").read_text().splitlines():
        if line.startswith("VmHWM"):
            return int(line.split()[1]) * 1024
    return 0


if __name__ == "__main__":
    main()
