"""`python -m etl.hot_spots ARCHIVE`: where the time of one task goes, by function.

The largest task of the job in Parquet, its columns known, in this process.
"""

from __future__ import annotations

import cProfile
import pstats
import sys
import tempfile
import time
from pathlib import Path

from job_runs import settings
from mobile_events.raw.catalog import Catalog
from mobile_events.selection import select
from mobile_events.stage.staged import Staged, StagingArea
from mobile_events.stage.staging import stage
from mobile_events.stage.tasks import plan_tasks
from mobile_events.state.ledger import Ledger
from mobile_events.state.schema import Schema

from etl.archive import MEASURED, WARM_UP, Archive
from etl.job_ways import job_on

CORES = 2
LINES = 15


def main(archive: Path) -> None:
    with tempfile.TemporaryDirectory(prefix="bench-etl-") as folder:
        job = job_on(Archive(archive), Path(folder) / "job")
        job.run(WARM_UP[0], WARM_UP[-1])
        asked = settings(first_day=MEASURED[0], last_day=MEASURED[-1])
        ledger = Ledger(job.store, asked.bucket, asked.prefix)
        selection = select(asked, Catalog(job.glue, job.store), ledger)
        task = plan_tasks(selection.objects, CORES, asked.target_file_bytes)[0]
        registry = Schema.read(job.store, asked).registry
        area = StagingArea(asked, registry, "_staging/profile/")

        start = time.perf_counter()
        staged = stage(task, area, job.store)
        _say(staged, time.perf_counter() - start)
        profile = cProfile.Profile()
        profile.runcall(stage, task, area, job.store)
    pstats.Stats(profile).strip_dirs().sort_stats("tottime").print_stats(LINES)


def _say(staged: Staged, seconds: float) -> None:
    records = sum(counts.records for counts in staged.objects.values())
    size = sum(raw.size for _, raw in staged.task.objects)
    print(
        f"{records} records of {len(staged.objects)} objects, {size / 1e6:.1f} MB: "
        f"{seconds:.2f} s, {seconds / records * 1e6:.1f} µs a record; with the profiler:"
    )


if __name__ == "__main__":
    main(Path(sys.argv[1]))
