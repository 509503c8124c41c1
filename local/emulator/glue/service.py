"""One region's Glue: which part answers which operation, and when state goes to disk."""

from __future__ import annotations

import threading
from pathlib import Path

from emulator.glue.errors import GlueError
from emulator.glue.records import Payload, Records
from emulator.glue.snapshot import Snapshot

READING = ("Get", "BatchGet", "List", "Search", "Query", "Check")


class GlueService:
    """Answers one call at a time. What a call changed is on disk before it is answered."""

    def __init__(self, region: str, state_dir: Path, endpoint: str) -> None:
        self._lock = threading.RLock()
        self._records = Records(region)
        self._snapshot = Snapshot(state_dir / f"{region}.pickle")
        saved = self._snapshot.load()
        if saved is not None:
            self._records.restore(saved)

    def call(self, operation: str, payload: Payload) -> Payload:
        """Run one operation of the Glue API. Raises GlueError."""
        with self._lock:
            if not self._records.has(operation):
                raise GlueError(
                    "UnknownOperationException",
                    f"The local Glue has no operation {operation!r}.",
                )
            try:
                return self._records.call(operation, payload)
            finally:
                if not operation.startswith(READING):
                    self._snapshot.save(self._records.backend)

    def stop(self) -> None:
        """End every run."""
