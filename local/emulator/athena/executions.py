"""Query executions: their states, kept one JSON file each, so that a kill loses none."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from emulator.athena.errors import SYSTEM, USER, ApiError, QueryFailedError
from emulator.athena.results import ResultColumn
from emulator.athena.workgroups import ENGINE

QUEUED, RUNNING, SUCCEEDED, FAILED, CANCELLED = (
    "QUEUED",
    "RUNNING",
    "SUCCEEDED",
    "FAILED",
    "CANCELLED",
)
CUT_OFF = "The local platform ended while the query ran"


@dataclass
class Execution:
    """One query. Times are seconds since 1970, `output` is the URL of its result object.

    `enforced` tells that the work group alone decides on locations; `manifest` is the URL of the
    list of files that the query wrote.
    """

    id: str
    query: str
    type: str
    substatement: str | None
    work_group: str
    database: str | None
    catalog: str | None
    output: str
    settings: dict[str, Any]
    token: str | None
    scan_limit: int | None
    submitted: float = field(default_factory=time.time)
    started: float | None = None
    completed: float | None = None
    state: str = QUEUED
    reason: str | None = None
    error: dict[str, Any] | None = None
    columns: list[ResultColumn] = field(default_factory=list)
    scanned: int = 0
    rows: int = 0
    enforced: bool = False
    manifest: str | None = None

    @property
    def ended(self) -> bool:
        return self.state in (SUCCEEDED, FAILED, CANCELLED)

    def fail(self, cause: Exception) -> None:
        """End as failed, for a reason that is the user's or, for other errors, the platform's."""
        user = isinstance(cause, QueryFailedError)
        reason = cause.reason if isinstance(cause, QueryFailedError) else f"{cause}"
        self.end(FAILED, reason)
        self.error = {
            "ErrorCategory": USER if user else SYSTEM,
            "ErrorType": cause.error_type if isinstance(cause, QueryFailedError) else 200,
            "Retryable": not user,
            "ErrorMessage": reason,
        }

    def end(self, state: str, reason: str | None = None) -> None:
        self.state = state
        self.reason = reason
        self.completed = time.time()

    def wire(self) -> dict[str, Any]:
        """The execution as GetQueryExecution gives it."""
        record: dict[str, Any] = {
            "QueryExecutionId": self.id,
            "Query": self.query,
            "StatementType": self.type,
            "ResultConfiguration": {**self.settings, "OutputLocation": self.output},
            "ResultReuseConfiguration": {"ResultReuseByAgeConfiguration": {"Enabled": False}},
            "QueryExecutionContext": _present(Database=self.database, Catalog=self.catalog),
            "Status": _present(
                State=self.state,
                StateChangeReason=self.reason,
                SubmissionDateTime=self.submitted,
                CompletionDateTime=self.completed,
                AthenaError=self.error,
            ),
            "Statistics": self.statistics(),
            "WorkGroup": self.work_group,
            "EngineVersion": {"SelectedEngineVersion": "AUTO", "EffectiveEngineVersion": ENGINE},
        }
        if self.substatement:
            record["SubstatementType"] = self.substatement
        return record

    def statistics(self) -> dict[str, Any]:
        end = self.completed or time.time()
        started = self.started or end
        return {
            "EngineExecutionTimeInMillis": _milliseconds(end - started),
            "DataScannedInBytes": self.scanned,
            "TotalExecutionTimeInMillis": _milliseconds(end - self.submitted),
            "QueryQueueTimeInMillis": _milliseconds(started - self.submitted),
            "ServicePreProcessingTimeInMillis": 0,
            "ServiceProcessingTimeInMillis": 0,
            "ResultReuseInformation": {"ReusedPreviousResult": False},
            **_present(DataManifestLocation=self.manifest),
        }


class Executions:
    """All executions of a region. Not safe for threads: the caller holds the region's lock."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._folder = folder
        self._kept: dict[str, Execution] = {}
        for path in folder.glob("*.json"):
            record = json.loads(path.read_text())
            record["columns"] = [ResultColumn(**column) for column in record["columns"]]
            self._kept[path.stem] = Execution(**record)
        self.cut_off()

    def cut_off(self) -> None:
        """Record as failed what hasn't ended."""
        for execution in self._kept.values():
            if not execution.ended:
                execution.fail(RuntimeError(CUT_OFF))
                self.save(execution)

    def get(self, key: str) -> Execution:
        if key not in self._kept:
            raise ApiError(f"QueryExecution {key} was not found", "QUERY_EXECUTION_NOT_FOUND")
        return self._kept[key]

    def has(self, key: str) -> bool:
        return key in self._kept

    def newest_first(self) -> Iterator[Execution]:
        return iter(sorted(self._kept.values(), key=lambda each: each.submitted, reverse=True))

    def with_token(self, token: str) -> Execution | None:
        return next((each for each in self._kept.values() if each.token == token), None)

    def save(self, execution: Execution) -> None:
        """Put the execution on disk as it is now, in one step."""
        self._kept[execution.id] = execution
        path = self._folder / f"{execution.id}.json"
        new = path.with_suffix(".new")
        new.write_text(json.dumps(asdict(execution)))
        new.replace(path)


def _present(**fields: Any) -> dict[str, Any]:
    return {name: value for name, value in fields.items() if value is not None}


def _milliseconds(seconds: float) -> int:
    return max(round(seconds * 1000), 0)
