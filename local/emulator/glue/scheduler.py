"""Fires what is scheduled while the emulator runs: activated SCHEDULED triggers, and crawlers.

Nothing that was due while it didn't run is made up. Source: AWS Glue guide, "Time-based schedules
for jobs and crawlers" (UTC, to the minute).
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from emulator.glue.clock import Clock
from emulator.glue.crawler_schedules import is_scheduled
from emulator.glue.crawlers import Crawlers
from emulator.glue.errors import GlueError
from emulator.glue.firing import Firing
from emulator.glue.region import Region
from emulator.glue.runs import Origin
from emulator.glue.schedule import next_time
from emulator.glue.workflows import Workflows
from emulator.moto_api import Payload

TICK_S = 1.0
LONGEST_PAUSE = timedelta(minutes=1)
"""What was due in a longer one, such as a machine's sleep, is over."""

logger = logging.getLogger("emulator.glue")


@dataclass(frozen=True)
class Scheduled:
    """A trigger or a crawler (`kind`, as in an ARN) and its cron expression."""

    kind: str
    name: str
    schedule: str


class Scheduler:
    """A thread that looks every second for what has become due since it last looked."""

    def __init__(
        self,
        region: Region,
        workflows: Workflows,
        firing: Firing,
        crawlers: Crawlers,
        clock: Clock,
    ) -> None:
        self._region = region
        self._workflows = workflows
        self._firing = firing
        self._crawlers = crawlers
        self._clock = clock
        self._stopped = threading.Event()

    def start(self) -> None:
        threading.Thread(target=self._run, name="glue-schedule", daemon=True).start()

    def stop(self) -> None:
        self._stopped.set()

    def upcoming(self) -> list[tuple[datetime, Scheduled]]:
        """What is scheduled and when next, the nearest first."""
        now = self._clock.now()
        with self._region.lock:
            found = [(next_time(each.schedule, now), each) for each in self._scheduled()]
        return sorted(((at, each) for at, each in found if at), key=lambda pair: pair[0])

    def _run(self) -> None:
        before = self._clock.now()
        while not self._stopped.wait(TICK_S):
            now = self._clock.now()
            if now - before < LONGEST_PAUSE:
                self._fire_due(before, now)
            before = now

    def _fire_due(self, after: datetime, until: datetime) -> None:
        with self._region.lock:
            for each in list(self._scheduled()):
                at = next_time(each.schedule, after)
                if at is not None and at <= until:
                    self._fire(each, at)

    def _scheduled(self) -> Iterator[Scheduled]:
        backend = self._region.records.backend
        for trigger in backend.triggers.values():
            if trigger.trigger_type == "SCHEDULED" and trigger.state == "ACTIVATED":
                yield Scheduled("trigger", trigger.name, trigger.schedule)
        for crawler in backend.crawlers.values():
            if is_scheduled(crawler):
                yield Scheduled("crawler", crawler.name, crawler.schedule)

    def _fire(self, scheduled: Scheduled, at: datetime) -> None:
        """Start it. What Glue refuses, such as a run beyond a workflow's limit, is left out."""
        logger.warning("%s %s is due at %s", scheduled.kind, scheduled.name, at.isoformat())
        try:
            if scheduled.kind == "crawler":
                self._crawlers.start(scheduled.name, Origin())
            else:
                self._fire_trigger(self._region.records.backend.triggers[scheduled.name].as_dict())
        except GlueError as error:
            logger.warning("%s %s doesn't start: %s", scheduled.kind, scheduled.name, error)
        self._region.save()

    def _fire_trigger(self, trigger: Payload) -> None:
        if trigger.get("WorkflowName"):
            self._workflows.start(trigger["WorkflowName"], {})
        else:
            self._firing.fire(trigger, None)
