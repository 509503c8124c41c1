"""EVENT triggers: events from EventBridge are gathered, and start the workflow as a batch.

Source: AWS Glue guide, "Starting an AWS Glue workflow with an Amazon EventBridge event": the run
starts when the batch has its size, or its window is over since the first event. Events that wait
don't survive a restart: Glue doesn't guarantee their delivery either.
"""

from __future__ import annotations

import logging
import threading
from dataclasses import dataclass, field

from moto.glue.models import FakeTrigger

from emulator.glue.errors import GlueError, invalid_input
from emulator.glue.region import Region
from emulator.glue.workflows import Workflows
from emulator.moto_api import Payload

SIZES = range(1, 101)
WINDOWS_S = range(1, 901)
EVENT_IDS = "aws:eventIds"
logger = logging.getLogger("emulator.glue")


def check_batching(trigger: Payload) -> None:
    """Raise InvalidInputException for what CreateTrigger or UpdateTrigger refuses of an event."""
    condition = trigger.get("EventBatchingCondition")
    if trigger["Type"] != "EVENT":
        if condition:
            raise invalid_input(
                f"EventBatchingCondition is not supported for {trigger['Type']} triggers"
            )
        return
    if not trigger.get("WorkflowName"):
        raise invalid_input("An EVENT trigger must start a workflow: set WorkflowName")
    if not condition:
        return
    if condition.get("BatchSize") not in SIZES:
        raise invalid_input("BatchSize must be between 1 and 100")
    if condition.get("BatchWindow", WINDOWS_S[-1]) not in WINDOWS_S:
        raise invalid_input("BatchWindow must be between 1 and 900 seconds")


@dataclass
class Batch:
    """Ids of the events that wait for one trigger, and what ends their window."""

    timer: threading.Timer
    events: list[str] = field(default_factory=list)


class EventTriggers:
    """Takes events for workflows, and starts these."""

    def __init__(self, region: Region, workflows: Workflows) -> None:
        self._region = region
        self._workflows = workflows
        self._batches: dict[str, Batch] = {}

    def notify(self, workflow: str, event: str) -> None:
        """Add an event to the batch of the workflow's EVENT trigger; without one, drop it."""
        with self._region.lock:
            trigger = self._trigger(workflow)
            if trigger is None:
                logger.warning("event %s: workflow %s has no EVENT trigger", event, workflow)
                return
            condition = trigger.event_batching_condition or {"BatchSize": 1}
            batch = self._batches.get(trigger.name) or self._open(trigger, condition)
            batch.events.append(event)
            if len(batch.events) >= condition["BatchSize"]:
                self._start(trigger, {"BatchSize": len(batch.events)})

    def stop(self) -> None:
        """Drop what waits."""
        for batch in self._batches.values():
            batch.timer.cancel()
        self._batches.clear()

    def _trigger(self, workflow: str) -> FakeTrigger | None:
        kept = self._region.records.backend.triggers.values()
        for trigger in kept:
            if (trigger.workflow_name, trigger.trigger_type) == (workflow, "EVENT"):
                return None if trigger.state == "DEACTIVATED" else trigger
        return None

    def _open(self, trigger: FakeTrigger, condition: Payload) -> Batch:
        window = condition.get("BatchWindow", WINDOWS_S[-1])
        batch = Batch(threading.Timer(window, lambda: self._window_over(trigger, batch, window)))
        batch.timer.daemon = True
        batch.timer.start()
        self._batches[trigger.name] = batch
        return batch

    def _window_over(self, trigger: FakeTrigger, batch: Batch, window: int) -> None:
        with self._region.lock:
            if self._batches.get(trigger.name) is batch:
                self._start(trigger, {"BatchWindow": window})

    def _start(self, trigger: FakeTrigger, condition: Payload) -> None:
        """Start the workflow with the events that wait. A run that Glue refuses loses them."""
        batch = self._batches.pop(trigger.name)
        batch.timer.cancel()
        properties = {EVENT_IDS: f"[{', '.join(batch.events)}]"}
        try:
            self._workflows.start(trigger.workflow_name, properties, condition)
        except GlueError as error:
            logger.warning("%s: events don't start a run: %s", trigger.workflow_name, error)
        self._region.save()
