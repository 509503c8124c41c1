"""One attempt at a task: Spark may run several, and takes the results of one.

Spark tells an attempt that lost to end, but doesn't wait for it: its Python process goes on for
seconds (`spark.python.task.killTimeout`, and as long as it takes to notice), that of an executor
without a network for longer. What it puts after the run has cleared its staging would stay there.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from mobile_events.storage import Store

OPEN = "open"
"""The object below a staging's prefix that is there for as long as the run wants more files."""


class RunHasEndedError(RuntimeError):
    """Nobody waits for this attempt any more; what it had put is gone again."""


class Attempt:
    """Puts files into a run's staging, below `prefix` of `bucket`."""

    def __init__(self, store: Store, bucket: str, prefix: str) -> None:
        self._store = store
        self._bucket = bucket
        self._prefix = prefix
        self._keys: list[str] = []

    def put_file(self, key: str, path: Path) -> None:
        """Put a file under a key that no other attempt uses."""
        if not self._keys:
            self.check()
        self._keys.append(key)
        self._store.put_file(self._bucket, key, path)

    def check(self) -> None:
        """Raises RunHasEndedError where the staging isn't open any more."""
        if self._store.get_json(self._bucket, f"{self._prefix}{OPEN}") is None:
            self._store.delete(self._bucket, self._keys)
            raise RunHasEndedError(f"s3://{self._bucket}/{self._prefix} is closed")


@contextmanager
def attempt(store: Store, bucket: str, prefix: str) -> Iterator[Attempt]:
    """An attempt whose files are all in the staging at the end, for the run to find.

    A run closes its staging before it lists it. So an attempt that finds it open after its last
    file knows that the run will see them all. Raises RunHasEndedError for one that doesn't.
    """
    own = Attempt(store, bucket, prefix)
    yield own
    own.check()
