"""One run at a time: a lock in the output path, whose holder Glue knows to run or not."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timezone
from typing import Any

from mobile_events.storage import ChangedMeanwhileError, Store

ACTIVE = ("STARTING", "RUNNING", "STOPPING", "WAITING")


class OtherRunError(RuntimeError):
    """Another run writes to the same output path."""

    def __init__(self, holder: str) -> None:
        super().__init__(
            f"run {holder} writes to the same output path: wait until it has ended, or stop it"
        )


@contextmanager
def lock(store: Store, glue: Any, place: tuple[str, str], job: str, run_id: str) -> Iterator[None]:
    """Hold the lock at `place` (bucket and key). Raises OtherRunError if a run holds it that Glue
    knows to be active; that of a dead run is taken over."""
    bucket, key = place
    held, etag = store.get_tagged_json(bucket, key)
    holder = held or {}
    if holder.get("run_id") not in (None, run_id) and _is_active(glue, holder):
        raise OtherRunError(holder["run_id"])
    since = datetime.now(timezone.utc).isoformat(timespec="seconds")
    mine = {"job": job, "run_id": run_id, "since": since}
    try:
        etag = store.put_json_if_unchanged(bucket, key, mine, etag)
    except ChangedMeanwhileError:
        now = store.get_json(bucket, key) or {}
        raise OtherRunError(now.get("run_id", "of another job")) from None
    try:
        yield
    finally:
        store.put_json_if_unchanged(bucket, key, {}, etag)


def _is_active(glue: Any, holder: dict[str, str]) -> bool:
    try:
        answer = glue.get_job_run(JobName=holder["job"], RunId=holder["run_id"])
    except glue.exceptions.EntityNotFoundException:
        return False
    return answer["JobRun"]["JobRunState"] in ACTIVE
