"""The file of records that can't be rows."""

from __future__ import annotations

import gzip
import json
from pathlib import Path
from typing import Any

from mobile_events.raw.raw_objects import RawObject
from mobile_events.stage.staged import Task


class Quarantine:
    """A gzipped file of lines of JSON, one a record that can't be a row."""

    def __init__(self, task: Task, run_id: str, path: Path) -> None:
        self.path = path
        self._day = task.day.isoformat()
        self._run_id = run_id
        self._file: Any = None

    def add(self, raw: RawObject, number: int, line: str, reason: str) -> None:
        if self._file is None:
            self._file = gzip.open(self.path, "wt", 6, "utf-8")  # noqa: SIM115 - close() does
        entry = {
            "source": raw.source,
            "reason": reason,
            "object_key": raw.key,
            "line_number": number,
            "received_day": self._day,
            "run_id": self._run_id,
            "line": line,
        }
        self._file.write(json.dumps(entry) + "\n")

    def close(self) -> bool:
        """Whether there is a file."""
        if self._file is None:
            return False
        self._file.close()
        return True
