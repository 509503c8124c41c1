"""What ran: job runs, crawls and workflow runs, in the states and shapes of the Glue API.

Times are epoch seconds, as the API's JSON has them. All of it is pickled with the region's records.
"""

from __future__ import annotations

import secrets
import time
import uuid
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

Payload = dict[str, Any]

CUT_OFF = "The local platform stopped while this run was in progress."

JOB_ACTIVE = {"STARTING", "RUNNING", "STOPPING", "WAITING"}
CRAWL_ACTIVE = {"RUNNING", "CANCELLING"}
WORKFLOW_ACTIVE = {"RUNNING", "STOPPING"}


def now() -> float:
    """Epoch seconds to the millisecond, as Glue has them."""
    return round(time.time(), 3)


def new_id(prefix: str) -> str:
    """An id as Glue makes them: prefix and 64 hex digits."""
    return f"{prefix}_{secrets.token_hex(32)}"


@dataclass
class Origin:
    """Who started a job run or crawl. Both None: a caller of the API."""

    trigger: str | None = None
    workflow_run: str | None = None


@dataclass
class JobRun:
    """One attempt of a job. `settings` holds the fields that the API only passes on."""

    job: str
    origin: Origin
    arguments: dict[str, str]
    timeout: int
    settings: Payload
    id: str = field(default_factory=lambda: new_id("jr"))
    attempt: int = 0
    previous: str | None = None
    state: str = "STARTING"
    started: float = field(default_factory=now)
    modified: float = field(default_factory=now)
    completed: float | None = None
    error: str | None = None

    kind = "JOB"

    @property
    def name(self) -> str:
        return self.job

    @property
    def active(self) -> bool:
        return self.state in JOB_ACTIVE

    def move(self, state: str, error: str | None = None) -> None:
        """Enter a state; one that isn't active any more completes the run."""
        self.state = state
        self.modified = now()
        if not self.active:
            self.completed = self.modified
            self.error = error

    def cut_off(self) -> None:
        self.move("FAILED", CUT_OFF)

    def as_dict(self) -> Payload:
        """The API's JobRun."""
        end = self.completed or now()
        answer: Payload = {
            "Id": self.id,
            "Attempt": self.attempt,
            "JobName": self.job,
            "StartedOn": self.started,
            "LastModifiedOn": self.modified,
            "JobRunState": self.state,
            "Arguments": self.arguments,
            "PredecessorRuns": [],
            "ExecutionTime": 0 if self.state == "STARTING" else round(end - self.started),
            "Timeout": self.timeout,
            "LogGroupName": "/aws-glue/jobs",
            **self.settings,
        }
        optional = {
            "PreviousRunId": self.previous,
            "TriggerName": self.origin.trigger,
            "CompletedOn": self.completed,
            "ErrorMessage": self.error,
        }
        return answer | {name: value for name, value in optional.items() if value is not None}


@dataclass
class Crawl:
    """One run of a crawler, in the states of a workflow's Crawl.

    `changes`: names by kind of entity and of change, as in {"TABLE": {"ADD": ["events"]}}.
    `version` is the crawler's. Its log is the stream of the crawler's name.
    """

    crawler: str
    origin: Origin
    id: str = field(default_factory=lambda: str(uuid.uuid4()))
    state: str = "RUNNING"
    started: float = field(default_factory=now)
    completed: float | None = None
    error: str | None = None
    changes: dict[str, dict[str, list[str]]] = field(default_factory=dict)
    version: int = 0
    log_group: str = "/aws-glue/crawlers"

    kind = "CRAWLER"

    @property
    def name(self) -> str:
        return self.crawler

    @property
    def active(self) -> bool:
        return self.state in CRAWL_ACTIVE

    def move(self, state: str, error: str | None = None) -> None:
        """Enter a state; one that isn't active any more completes the crawl."""
        self.state = state
        if not self.active:
            self.completed = now()
            self.error = error

    def cut_off(self) -> None:
        self.move("FAILED", CUT_OFF)

    @property
    def seconds(self) -> float:
        return (self.completed or now()) - self.started


@dataclass
class WorkflowRun:
    """One run of a workflow: `triggers` as they stood when it started, and those that `fired`.

    `batch`: the condition that a batch of events met, if events started the run. `copied`: ids of
    the job runs and crawls that a resumed run has from the one before.
    """

    workflow: str
    properties: dict[str, str]
    triggers: list[Payload]
    previous: str | None
    id: str = field(default_factory=lambda: new_id("wr"))
    status: str = "RUNNING"
    started: float = field(default_factory=now)
    completed: float | None = None
    error: str | None = None
    fired: set[str] = field(default_factory=set)
    batch: Payload | None = None
    copied: frozenset[str] = frozenset()

    @property
    def active(self) -> bool:
        return self.status in WORKFLOW_ACTIVE

    def move(self, status: str, error: str | None = None) -> None:
        """Enter a status; one that isn't active any more completes the run."""
        self.status = status
        if not self.active:
            self.completed = now()
            self.error = error

    def cut_off(self) -> None:
        self.move("ERROR", CUT_OFF)


ActionRun = JobRun | Crawl


@dataclass
class Runs:
    """Everything that ran in a region, oldest first, by job, crawler and workflow.

    `outcomes`: for conditional triggers outside workflows, what each has seen since it last fired.
    """

    jobs: dict[str, list[JobRun]] = field(default_factory=dict)
    crawls: dict[str, list[Crawl]] = field(default_factory=dict)
    workflows: dict[str, list[WorkflowRun]] = field(default_factory=dict)
    outcomes: dict[str, dict[tuple[str, str], str]] = field(default_factory=dict)

    def actions(self) -> Iterator[ActionRun]:
        for job_runs in self.jobs.values():
            yield from job_runs
        for crawls in self.crawls.values():
            yield from crawls

    def of_workflow(self, run: WorkflowRun) -> list[ActionRun]:
        """Job runs and crawls of a workflow run, also those that it copied, oldest first."""
        mine = [
            action
            for action in self.actions()
            if action.origin.workflow_run == run.id or action.id in run.copied
        ]
        return sorted(mine, key=lambda action: action.started)

    def workflow_run(self, run_id: str) -> WorkflowRun | None:
        for runs in self.workflows.values():
            for run in runs:
                if run.id == run_id:
                    return run
        return None

    def cut_off(self) -> bool:
        """Record everything that was in progress as failed. Whether there was anything."""
        workflows = [run for runs in self.workflows.values() for run in runs if run.active]
        actions = [action for action in self.actions() if action.active]
        for run in (*workflows, *actions):
            run.cut_off()
        return bool(workflows or actions)
