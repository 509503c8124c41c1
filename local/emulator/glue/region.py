"""What the parts of one region's Glue share: records, runs, the lock, the state on disk."""

from __future__ import annotations

import shutil
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any, Protocol

from emulator.account import ACCOUNT_ID
from emulator.glue.errors import invalid_input
from emulator.glue.events import Events
from emulator.glue.own_records import OwnRecords
from emulator.glue.records import Records
from emulator.glue.runs import ActionRun, Runs
from emulator.glue.snapshot import Snapshot
from emulator.moto_api import Payload

Operation = Callable[[Payload], Payload]
Finished = Callable[[ActionRun], None]


class Part(Protocol):
    """A part of the service, with the operations of the Glue API that it answers itself."""

    def operations(self) -> dict[str, Operation]: ...


class Region:
    """State of one region. Whoever reads or changes it holds `lock`, and then calls `save`."""

    def __init__(self, name: str, state_dir: Path, endpoint: str) -> None:
        self.name = name
        self.endpoint = endpoint
        self.run_dir = state_dir / "job-runs"
        self.lock = threading.RLock()
        self.records = Records(name)
        self.events = Events(name)
        self.own = OwnRecords()
        self.runs = Runs()
        self._snapshot = Snapshot(state_dir / "glue" / f"{name}.pickle")
        for left_by_a_kill in self.run_dir.glob("*/"):
            shutil.rmtree(left_by_a_kill, ignore_errors=True)
        saved = self._snapshot.load()
        if saved is not None:
            backend, self.own, self.runs = saved
            self.records.restore(backend)

    def save(self) -> None:
        """Put the state on disk as it is now."""
        self._snapshot.save((self.records.backend, self.own, self.runs))

    def arn(self, kind: str, name: str) -> str:
        return f"arn:aws:glue:{self.name}:{ACCOUNT_ID}:{kind}/{name}"

    def forget_tags(self, kind: str, name: str) -> None:
        """Drop the tags of what is deleted, which moto keeps."""
        self.records.backend.tagger.delete_all_tags_for_resource(self.arn(kind, name))


def page(items: list[Any], payload: Payload, field: str) -> Payload:
    """One page of `items` by the request's MaxResults (default 100) and NextToken (an offset)."""
    token = payload.get("NextToken") or "0"
    if not str(token).isdigit():
        raise invalid_input(f"NextToken {token!r} isn't one that was given")
    start = int(token)
    end = start + int(payload.get("MaxResults") or 100)
    answer: Payload = {field: items[start:end]}
    if end < len(items):
        answer["NextToken"] = str(end)
    return answer


def required(payload: Payload, field: str) -> str:
    """A string that the request must carry."""
    value = payload.get(field)
    if not isinstance(value, str) or not value:
        raise invalid_input(f"{field} cannot be null or empty")
    return value
