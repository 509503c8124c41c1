"""What Glue refuses of a job's definition, and the values that it fills in.

Defaults: AWS Glue API reference, "CreateJob" (timeout 480 minutes from Glue 5.0 on, else 2880).
"""

from __future__ import annotations

from emulator.glue.errors import invalid_input
from emulator.glue.region import required
from emulator.moto_api import Payload

COMMANDS = ("glueetl", "pythonshell")
DPU_OF_WORKER = {
    "Standard": 1.0,
    "G.025X": 0.25,
    "G.1X": 1.0,
    "G.2X": 2.0,
    "G.4X": 4.0,
    "G.8X": 8.0,
}
RETRIES = range(11)


def check_job(job: Payload) -> None:
    """Raise InvalidInputException for a definition that CreateJob or UpdateJob refuses."""
    required(job, "Role")
    command = job.get("Command") or {}
    if command.get("Name") not in COMMANDS:
        raise invalid_input(
            f"Command name {command.get('Name')!r}: the local Glue runs {' and '.join(COMMANDS)}"
        )
    location = required(command, "ScriptLocation")
    if not location.startswith("s3://"):
        raise invalid_input(f"ScriptLocation {location!r} is not an S3 path")
    if (job.get("MaxRetries") or 0) not in RETRIES:
        raise invalid_input("MaxRetries must be between 0 and 10")
    _check_capacity(job)


def _check_capacity(job: Payload) -> None:
    worker, count = job.get("WorkerType"), job.get("NumberOfWorkers")
    if (worker is None) != (count is None):
        raise invalid_input("Please set both Worker Type and Number of Workers.")
    for field, name in (
        ("MaxCapacity", "Max Capacity"),
        ("AllocatedCapacity", "Allocated Capacity"),
    ):
        if worker is not None and job.get(field) is not None:
            raise invalid_input(
                f"Please do not set {name} if using Worker Type and Number of Workers."
            )


def with_defaults(job: Payload) -> Payload:
    """The definition with what GetJob shows for fields that weren't given."""
    version = job.get("GlueVersion") or "0.9"
    full = {
        "GlueVersion": version,
        "MaxRetries": 0,
        "Timeout": 480 if float(version) >= 5 else 2880,
        "ExecutionClass": "STANDARD",
        "ExecutionProperty": {"MaxConcurrentRuns": 1},
        **job,
    }
    if "WorkerType" in job:
        capacity = DPU_OF_WORKER.get(job["WorkerType"], 1.0) * job["NumberOfWorkers"]
        full |= {"MaxCapacity": capacity, "AllocatedCapacity": int(capacity)}
    return full
