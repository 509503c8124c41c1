"""How many cores a run may get. Glue's auto scaling adds workers only while Spark has tasks that
wait for one, so work must be cut for all of them, not for those that are there at the start."""

from __future__ import annotations

import re
from typing import Any

CORES = 4
"""Of a worker of one DPU (Glue guide, "Worker types"): G.1X and R.1X, and `Standard`."""

SMALL_CORES = {"G.025X": 2}
"""Of a worker of less than one DPU."""


def most_cores(glue: Any, job: str, run_id: str) -> int:
    """Cores of all executors once each worker of the run is there: one worker is the driver's.

    Glue is asked, as a run may be started with other workers than its job has (StartJobRun's
    `NumberOfWorkers`). 0 for a run that Glue doesn't know, or that has no workers by number.
    """
    try:
        run = glue.get_job_run(JobName=job, RunId=run_id)["JobRun"]
    except glue.exceptions.EntityNotFoundException:
        return 0
    executors: int = run.get("NumberOfWorkers", 0) - 1
    return max(0, executors) * cores_of(run.get("WorkerType", ""))


def cores_of(worker_type: str) -> int:
    """Cores of a worker of this type, such as 8 of a `G.2X`."""
    size = re.fullmatch(r"[A-Z]\.([1-9]\d*)X", worker_type)
    return CORES * int(size[1]) if size else SMALL_CORES.get(worker_type, CORES)
