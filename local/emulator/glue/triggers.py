"""Triggers: what Glue refuses, their activation, and those that stand outside workflows."""

from __future__ import annotations

from moto.glue.utils import Action, Predicate

from emulator.glue.errors import GlueError, entity_not_found, invalid_input
from emulator.glue.event_triggers import check_batching
from emulator.glue.firing import Firing, holds, started, watched
from emulator.glue.region import Operation, Region, required
from emulator.glue.runs import ActionRun
from emulator.glue.schedule import check_schedule
from emulator.glue.workflows import Workflows
from emulator.moto_api import Payload

UPDATES = {
    "Description": "description",
    "EventBatchingCondition": "event_batching_condition",
    "Schedule": "schedule",
}
TYPES = ("SCHEDULED", "CONDITIONAL", "ON_DEMAND", "EVENT")
NOT_ACTIVATED = ("ON_DEMAND", "EVENT")
"""Types that stay in the state CREATED."""

LISTENED = {
    "JobName": ("State", ("SUCCEEDED", "STOPPED", "FAILED", "TIMEOUT")),
    "CrawlerName": ("CrawlState", ("SUCCEEDED", "FAILED", "CANCELLED")),
}
"""What a condition may ask for. Source: AWS Glue API reference, "Condition"."""


class Triggers:
    """Operations on triggers. `action_ended` fires the conditional ones outside workflows."""

    def __init__(self, region: Region, workflows: Workflows, firing: Firing) -> None:
        self._region = region
        self._call = region.records.call
        self._workflows = workflows
        self._firing = firing

    def operations(self) -> dict[str, Operation]:
        return {
            "CreateTrigger": self._create,
            "UpdateTrigger": self._update,
            "DeleteTrigger": self._delete,
            "StartTrigger": self._start,
            "StopTrigger": self._stop,
        }

    def action_ended(self, run: ActionRun) -> None:
        """Fire what waits for this end of a job run or crawl, if a trigger had started it.

        AWS Glue guide, "AWS Glue triggers": a dependent job is only started if the one before it
        was started by a trigger; "Workflow restrictions": one started inside a workflow fires
        nothing outside.
        """
        if run.origin.workflow_run is not None or run.origin.trigger is None:
            return
        for trigger in self._waiting():
            conditions = trigger["Predicate"]["Conditions"]
            if (run.kind, run.name) not in [watched(condition) for condition in conditions]:
                continue
            seen = self._region.runs.outcomes.setdefault(trigger["Name"], {})
            seen[run.kind, run.name] = run.state
            if holds(trigger["Predicate"], seen, seen):
                seen.clear()
                self._firing.fire(trigger, None)

    def _waiting(self) -> list[Payload]:
        triggers = [trigger.as_dict() for trigger in self._region.records.backend.triggers.values()]
        return [
            trigger
            for trigger in triggers
            if trigger["Type"] == "CONDITIONAL"
            and trigger["State"] == "ACTIVATED"
            and not trigger.get("WorkflowName")
        ]

    def _create(self, payload: Payload) -> Payload:
        name = required(payload, "Name")
        if name in self._region.records.backend.triggers:
            raise GlueError("AlreadyExistsException", f"Trigger with name {name} already exists")
        if payload.get("Type") not in TYPES:
            raise invalid_input(f"Trigger type {payload.get('Type')!r} is not one of {TYPES}")
        if payload["Type"] in NOT_ACTIVATED and payload.get("StartOnCreation"):
            raise invalid_input(f"StartOnCreation is not supported for {payload['Type']} triggers")
        self._check_workflow(payload)
        wanted = _with_logical(payload)
        self._check(wanted)
        return self._call("CreateTrigger", wanted)

    def _check_workflow(self, trigger: Payload) -> None:
        workflow = trigger.get("WorkflowName")
        if not workflow:
            return
        backend = self._region.records.backend
        if workflow not in backend.workflows:
            raise entity_not_found(f"Workflow {workflow} not found")
        others = [kept for kept in backend.triggers.values() if kept.workflow_name == workflow]
        starts = [kept.name for kept in others if kept.trigger_type != "CONDITIONAL"]
        if trigger["Type"] != "CONDITIONAL" and starts:
            raise invalid_input(f"Workflow {workflow} already has the starting trigger {starts[0]}")

    def _check(self, trigger: Payload) -> None:
        """Raise for a definition that CreateTrigger or UpdateTrigger refuses."""
        if not trigger.get("Actions"):
            raise invalid_input("Actions cannot be null or empty")
        conditions = (trigger.get("Predicate") or {}).get("Conditions") or []
        if trigger["Type"] == "CONDITIONAL" and not conditions:
            raise invalid_input("Predicate cannot be null or empty for a CONDITIONAL trigger")
        if trigger["Type"] != "CONDITIONAL" and conditions:
            raise invalid_input(f"Predicate is not supported for {trigger['Type']} triggers")
        if trigger["Type"] == "SCHEDULED":
            check_schedule(required(trigger, "Schedule"))
        check_batching(trigger)
        for part in (*trigger["Actions"], *conditions):
            self._check_named(part)
        for condition in conditions:
            _check_condition(condition)
        if set(started(trigger)) & {watched(condition) for condition in conditions}:
            raise invalid_input("Job cannot be a Predicate and Action for Conditional Trigger.")

    def _check_named(self, part: Payload) -> None:
        backend = self._region.records.backend
        job, crawler = part.get("JobName"), part.get("CrawlerName")
        if bool(job) == bool(crawler):
            raise invalid_input("Either JobName or CrawlerName must be set, and not both")
        if job and job not in backend.jobs:
            raise entity_not_found(f"Job {job} not found.")
        if crawler and crawler not in backend.crawlers:
            raise entity_not_found(f"Crawler {crawler} not found.")

    def _update(self, payload: Payload) -> Payload:
        """Replace the definition but name, type, workflow and state; moto has no UpdateTrigger."""
        name = required(payload, "Name")
        record = self._call("GetTrigger", {"Name": name})["Trigger"]
        wanted = _with_logical({**record, **(payload.get("TriggerUpdate") or {})})
        self._check(wanted)
        trigger = self._region.records.backend.triggers[name]
        trigger.actions = [Action(action) for action in wanted["Actions"]]
        trigger.predicate = Predicate(wanted["Predicate"]) if wanted.get("Predicate") else None
        for field, attribute in UPDATES.items():
            setattr(trigger, attribute, wanted.get(field))
        return self._call("GetTrigger", {"Name": name})

    def _delete(self, payload: Payload) -> Payload:
        name = required(payload, "Name")
        answer = self._call("DeleteTrigger", payload)
        self._region.forget_tags("trigger", name)
        self._region.runs.outcomes.pop(name, None)
        return answer

    def _start(self, payload: Payload) -> Payload:
        """Activate the trigger; one on demand fires at once and stays as it is."""
        trigger = self._call("GetTrigger", payload)["Trigger"]
        if trigger["Type"] != "ON_DEMAND":
            return self._call("StartTrigger", payload)
        if trigger.get("WorkflowName"):
            self._workflows.start(trigger["WorkflowName"], {})
        else:
            self._firing.fire(trigger, None)
        return {"Name": trigger["Name"]}

    def _stop(self, payload: Payload) -> Payload:
        trigger = self._call("GetTrigger", payload)["Trigger"]
        if trigger["Type"] == "ON_DEMAND":
            return {"Name": trigger["Name"]}
        return self._call("StopTrigger", payload)


def _check_condition(condition: Payload) -> None:
    if condition.get("LogicalOperator") != "EQUALS":
        raise invalid_input("A condition's LogicalOperator must be EQUALS")
    field, states = LISTENED["JobName" if condition.get("JobName") else "CrawlerName"]
    if condition.get(field) not in states:
        raise invalid_input(f"A condition's {field} must be one of {', '.join(states)}")


def _with_logical(trigger: Payload) -> Payload:
    """The trigger with the predicate's default, AND, that the API takes as read."""
    if not trigger.get("Predicate"):
        return trigger
    return {**trigger, "Predicate": {"Logical": "AND", **trigger["Predicate"]}}
