"""When a conditional trigger holds, and how a trigger's actions are started."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from emulator.glue.crawlers import Crawlers
from emulator.glue.errors import GlueError
from emulator.glue.jobs import Jobs
from emulator.glue.runs import ActionRun, JobRun, Origin
from emulator.moto_api import Payload

Entity = tuple[str, str]
"""Kind (JOB or CRAWLER) and name."""


def watched(condition: Payload) -> Entity:
    """What a predicate's condition looks at."""
    return _entity(condition)


def started(trigger: Payload) -> list[Entity]:
    """What a trigger's actions start."""
    return [_entity(action) for action in trigger["Actions"]]


def _entity(part: Payload) -> Entity:
    return ("JOB", part["JobName"]) if part.get("JobName") else ("CRAWLER", part["CrawlerName"])


def outcomes_of(runs: Iterable[ActionRun]) -> dict[Entity, str]:
    """The last state of each job and crawler whose last run has ended; `runs` oldest first.

    A job between two attempts has no outcome yet.
    """
    last = {(run.kind, run.name): run for run in runs}
    return {entity: run.state for entity, run in last.items() if not run.active}


def holds(predicate: Payload, outcomes: dict[Entity, str], new: Collection[Entity]) -> bool:
    """Whether all (AND) or any (ANY) of the predicate's conditions are met, one by what is `new`.

    In a resumed run, outcomes that it has from the run before aren't new.
    """
    met = [
        watched(condition)
        for condition in predicate["Conditions"]
        if outcomes.get(watched(condition)) == (condition.get("State") or condition["CrawlState"])
    ]
    enough = predicate.get("Logical") == "ANY" or len(met) == len(predicate["Conditions"])
    return enough and any(entity in new for entity in met)


class Firing:
    """Starts what a trigger names. What can't be started is recorded as a failed run."""

    def __init__(self, jobs: Jobs, crawlers: Crawlers) -> None:
        self._jobs = jobs
        self._crawlers = crawlers

    def fire(self, trigger: Payload, workflow_run: str | None, only: Entity | None = None) -> None:
        """Start the trigger's actions, or those of one job or crawler."""
        origin = Origin(trigger["Name"], workflow_run)
        for action in trigger["Actions"]:
            kind, name = _entity(action)
            if only not in (None, (kind, name)):
                continue
            if kind == "JOB":
                self._start_job(name, origin, action)
            else:
                self._start_crawler(name, origin)

    def stop(self, run: ActionRun) -> None:
        """Ask a job run or crawl to end."""
        if isinstance(run, JobRun):
            self._jobs.stop(run)
        else:
            self._crawlers.stop(run)

    def _start_job(self, name: str, origin: Origin, action: Payload) -> None:
        try:
            self._jobs.start(name, origin, action)
        except GlueError as error:
            exceeded = error.code == "ConcurrentRunsExceededException"
            self._jobs.fail(
                name, origin, "Max concurrent runs exceeded" if exceeded else error.message
            )

    def _start_crawler(self, name: str, origin: Origin) -> None:
        try:
            self._crawlers.start(name, origin)
        except GlueError as error:
            self._crawlers.fail(name, origin, error.message)
