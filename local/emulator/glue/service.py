"""One region's Glue: which part answers which operation, and when state goes to disk."""

from __future__ import annotations

from pathlib import Path

from emulator.glue.catalog import Catalog, as_glue_keeps, check_batch
from emulator.glue.catalog_events import catalog_event
from emulator.glue.classifiers import Classifiers
from emulator.glue.clock import Clock
from emulator.glue.column_statistics import ColumnStatistics
from emulator.glue.connections import Connections, DevEndpoints
from emulator.glue.crawler_schedules import CrawlerSchedules
from emulator.glue.crawlers import Crawlers
from emulator.glue.errors import GlueError
from emulator.glue.event_triggers import EventTriggers
from emulator.glue.firing import Firing
from emulator.glue.functions import Functions
from emulator.glue.jobs import Jobs
from emulator.glue.partition_indexes import PartitionIndexes
from emulator.glue.records import Records
from emulator.glue.region import Part, Region
from emulator.glue.runs import ActionRun
from emulator.glue.scheduler import Scheduler
from emulator.glue.schema_registries import SchemaRegistries
from emulator.glue.sessions import Sessions
from emulator.glue.tables import Tables
from emulator.glue.triggers import Triggers
from emulator.glue.workflows import Workflows
from emulator.moto_api import Payload

READING = ("Get", "BatchGet", "List", "Search", "Query", "Check")
ONLY_RECORDED = "MLTransform"
"""In operations of moto's that would record as done what nothing here does."""


class GlueService:
    """Answers one call at a time. What a call changed is on disk before it is answered."""

    def __init__(self, name: str, state_dir: Path, endpoint: str, clock: Clock) -> None:
        self._region = Region(name, state_dir, endpoint)
        self._jobs = Jobs(self._region)
        crawlers = Crawlers(self._region)
        firing = Firing(self._jobs, crawlers)
        self._workflows = Workflows(self._region, firing)
        self._triggers = Triggers(self._region, self._workflows, firing)
        self._events = EventTriggers(self._region, self._workflows)
        self.scheduler = Scheduler(self._region, self._workflows, firing, crawlers, clock)
        self._jobs.finished = crawlers.finished = self._action_ended
        parts: list[Part] = [
            Catalog(self._region),
            Classifiers(self._region),
            ColumnStatistics(self._region),
            Connections(self._region),
            crawlers,
            CrawlerSchedules(self._region),
            DevEndpoints(self._region),
            Functions(self._region),
            self._jobs,
            PartitionIndexes(self._region),
            SchemaRegistries(self._region),
            Sessions(self._region),
            Tables(self._region),
            self._triggers,
            self._workflows,
        ]
        self._operations = {
            operation: answer for part in parts for operation, answer in part.operations().items()
        }
        if self._region.runs.cut_off():
            self._region.save()
        self.scheduler.start()

    def call(self, operation: str, payload: Payload) -> Payload:
        """Run one operation of the Glue API. Raises GlueError."""
        known = operation in self._operations or (
            Records.has(operation) and ONLY_RECORDED not in operation
        )
        if not known:
            raise GlueError(
                "UnknownOperationException", f"{operation} isn't supported by the local Glue."
            )
        with self._region.lock:
            check_batch(operation, payload)
            request = as_glue_keeps(operation, payload)
            try:
                answer = self._run(operation, request)
                event = catalog_event(operation, request, answer)
                if event is not None:
                    self._region.events.catalog_changed(event)
                return answer
            finally:
                if not operation.startswith(READING):
                    self._region.save()

    def _run(self, operation: str, request: Payload) -> Payload:
        if operation in self._operations:
            return self._operations[operation](request)
        return self._region.records.call(operation, request)

    def notify(self, workflow: str, event: str) -> None:
        """Take an event from EventBridge for a workflow."""
        self._events.notify(workflow, event)

    def stop(self) -> None:
        """End every run, which is then recorded as failed."""
        with self._region.lock:
            self._events.stop()
            self.scheduler.stop()
            self._region.runs.cut_off()
            self._jobs.end_all()
            self._region.save()

    def _action_ended(self, run: ActionRun) -> None:
        self._workflows.action_ended(run)
        self._triggers.action_ended(run)
