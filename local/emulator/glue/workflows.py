"""Workflows: their runs, driven by the triggers that were deployed, and how Glue tells of them."""

from __future__ import annotations

from emulator.glue.errors import GlueError, entity_not_found, invalid_input
from emulator.glue.firing import Firing, holds, outcomes_of
from emulator.glue.graph import graph, node_id, statistics
from emulator.glue.region import Operation, Region, page, required
from emulator.glue.resuming import plan
from emulator.glue.runs import ActionRun, WorkflowRun
from emulator.moto_api import Payload

UPDATES = {
    "DefaultRunProperties": "default_run_properties",
    "Description": "description",
    "MaxConcurrentRuns": "max_concurrent_runs",
}


class Workflows:
    """Operations on workflows. A run goes on whenever one of its job runs or crawls ends.

    It is COMPLETED when nothing of it runs and no trigger of it can fire, also if actions failed:
    the statistics tell (github.com/awsdocs/aws-glue-developer-guide, issue 90).
    """

    def __init__(self, region: Region, firing: Firing) -> None:
        self._region = region
        self._call = region.records.call
        self._firing = firing

    def operations(self) -> dict[str, Operation]:
        return {
            "CreateWorkflow": self._create,
            "UpdateWorkflow": self._update,
            "DeleteWorkflow": self._delete,
            "GetWorkflow": self._get,
            "BatchGetWorkflows": self._batch_get,
            "StartWorkflowRun": self._start,
            "ResumeWorkflowRun": self._resume,
            "StopWorkflowRun": self._stop,
            "GetWorkflowRun": self._get_run,
            "GetWorkflowRuns": self._get_runs,
            "GetWorkflowRunProperties": self._get_properties,
            "PutWorkflowRunProperties": self._put_properties,
        }

    def start(
        self, name: str, properties: dict[str, str], batch: Payload | None = None
    ) -> WorkflowRun:
        """Start a run by the workflow's starting trigger, whether or not that is activated.

        `batch`: the condition that was met, if a batch of events starts the run.
        Raises GlueError: EntityNotFoundException, ConcurrentRunsExceededException, or
        InvalidInputException where there is no starting trigger.
        """
        workflow = self._workflow(name)
        runs = self._runs(name)
        self._check_limit(workflow)
        triggers = self._triggers(name)
        starting = [trigger for trigger in triggers if trigger["Type"] != "CONDITIONAL"]
        if not starting:
            raise invalid_input(f"Workflow {name} has no starting trigger")
        merged = {**(workflow.get("DefaultRunProperties") or {}), **properties}
        run = WorkflowRun(name, merged, triggers, runs[-1].id if runs else None)
        run.batch = batch
        runs.append(run)
        for trigger in starting:
            self._fire(run, trigger)
        self._advance(run)
        return run

    def _check_limit(self, workflow: Payload) -> None:
        name, limit = workflow["Name"], workflow.get("MaxConcurrentRuns")
        if limit and sum(run.active for run in self._runs(name)) >= limit:
            raise GlueError(
                "ConcurrentRunsExceededException", f"Concurrent runs exceeded for workflow: {name}."
            )

    def action_ended(self, action: ActionRun) -> None:
        """Go on with the run that the job run or crawl belongs to."""
        run = self._region.runs.workflow_run(action.origin.workflow_run or "")
        if run is not None and run.active:
            self._advance(run)

    def _advance(self, run: WorkflowRun) -> None:
        while run.status == "RUNNING":
            actions = self._region.runs.of_workflow(run)
            outcomes = outcomes_of(actions)
            new = {(action.kind, action.name) for action in actions if action.id not in run.copied}
            ready = [
                trigger
                for trigger in run.triggers
                if self._can_fire(run, trigger) and holds(trigger["Predicate"], outcomes, new)
            ]
            if not ready:
                break
            for trigger in ready:
                self._fire(run, trigger)
        if not any(action.active for action in self._region.runs.of_workflow(run)):
            run.move("STOPPED" if run.status == "STOPPING" else "COMPLETED")

    def _can_fire(self, run: WorkflowRun, trigger: Payload) -> bool:
        """Whether it is conditional, hasn't fired in this run, and is activated now."""
        if trigger["Type"] != "CONDITIONAL" or trigger["Name"] in run.fired:
            return False
        kept = self._region.records.backend.triggers.get(trigger["Name"])
        return kept is not None and kept.state == "ACTIVATED"

    def _fire(self, run: WorkflowRun, trigger: Payload) -> None:
        run.fired.add(trigger["Name"])
        self._firing.fire(trigger, run.id)

    def _workflow(self, name: str) -> Payload:
        workflow: Payload = self._call("GetWorkflow", {"Name": name})["Workflow"]
        return workflow

    def _check_known(self, name: str) -> None:
        self._region.records.ask(lambda backend: backend.get_workflow(name))

    def _runs(self, name: str) -> list[WorkflowRun]:
        return self._region.runs.workflows.setdefault(name, [])

    def _triggers(self, name: str) -> list[Payload]:
        kept = self._region.records.backend.triggers.values()
        return [trigger.as_dict() for trigger in kept if trigger.workflow_name == name]

    def _create(self, payload: Payload) -> Payload:
        name = required(payload, "Name")
        if name in self._region.records.backend.workflows:
            raise GlueError("AlreadyExistsException", f"Workflow {name} already exists")
        return self._call("CreateWorkflow", payload)

    def _update(self, payload: Payload) -> Payload:
        """Set the fields that are given, also to nothing, which moto's own operation can't."""
        name = required(payload, "Name")
        self._check_known(name)
        workflow = self._region.records.backend.workflows[name]
        for field, attribute in UPDATES.items():
            if field in payload:
                setattr(workflow, attribute, payload[field])
        return self._call("UpdateWorkflow", {"Name": name})

    def _delete(self, payload: Payload) -> Payload:
        name = required(payload, "Name")
        for run in self._region.runs.workflows.pop(name, []):
            self._end_actions(run)
        return self._call("DeleteWorkflow", payload)

    def _end_actions(self, run: WorkflowRun) -> None:
        for action in self._region.runs.of_workflow(run):
            if action.active:
                self._firing.stop(action)

    def _get(self, payload: Payload) -> Payload:
        name = required(payload, "Name")
        return {"Workflow": self._described(self._workflow(name), payload)}

    def _batch_get(self, payload: Payload) -> Payload:
        answer = self._call("BatchGetWorkflows", payload)
        return {
            **answer,
            "Workflows": [self._described(found, payload) for found in answer["Workflows"]],
        }

    def _described(self, workflow: Payload, payload: Payload) -> Payload:
        described = dict(workflow)
        runs = self._runs(workflow["Name"])
        if runs:
            described["LastRun"] = self._run_described(runs[-1], payload)
        if payload.get("IncludeGraph"):
            described["Graph"] = graph(workflow["Name"], self._triggers(workflow["Name"]), [])
        return described

    def _run_described(self, run: WorkflowRun, payload: Payload) -> Payload:
        actions = self._region.runs.of_workflow(run)
        described: Payload = {
            "Name": run.workflow,
            "WorkflowRunId": run.id,
            "WorkflowRunProperties": run.properties,
            "StartedOn": run.started,
            "Status": run.status,
            "Statistics": statistics(run.triggers, actions),
        }
        if payload.get("IncludeGraph"):
            described["Graph"] = graph(run.workflow, run.triggers, actions)
        optional = {
            "PreviousRunId": run.previous,
            "StartingEventBatchCondition": run.batch,
            "CompletedOn": run.completed,
            "ErrorMessage": run.error,
        }
        return described | {name: value for name, value in optional.items() if value is not None}

    def _start(self, payload: Payload) -> Payload:
        run = self.start(required(payload, "Name"), payload.get("RunProperties") or {})
        return {"RunId": run.id}

    def _resume(self, payload: Payload) -> Payload:
        previous = self._find(payload)
        actions = self._region.runs.of_workflow(previous)
        resumption = plan(previous, actions, payload.get("NodeIds") or [])
        self._check_limit(self._workflow(previous.workflow))
        run = WorkflowRun(
            previous.workflow,
            previous.properties.copy(),
            previous.triggers,
            previous.id,
            fired=resumption.fired,
            copied=resumption.copied,
        )
        self._runs(run.workflow).append(run)
        for entity, trigger in resumption.restarted.items():
            self._firing.fire(trigger, run.id, only=entity)
        self._advance(run)
        nodes = [node_id(run.workflow, entity) for entity in resumption.restarted]
        return {"RunId": run.id, "NodeIds": nodes}

    def _stop(self, payload: Payload) -> Payload:
        run = self._find(payload)
        if run.status != "RUNNING":
            raise GlueError(
                "IllegalWorkflowStateException", f"Workflow run {run.id} is in state {run.status}"
            )
        run.move("STOPPING")
        self._end_actions(run)
        self._advance(run)
        return {}

    def _get_run(self, payload: Payload) -> Payload:
        return {"Run": self._run_described(self._find(payload), payload)}

    def _get_runs(self, payload: Payload) -> Payload:
        name = required(payload, "Name")
        self._check_known(name)
        newest_first = [self._run_described(run, payload) for run in reversed(self._runs(name))]
        return page(newest_first, payload, "Runs")

    def _get_properties(self, payload: Payload) -> Payload:
        return {"RunProperties": self._find(payload).properties}

    def _put_properties(self, payload: Payload) -> Payload:
        self._find(payload).properties.update(payload.get("RunProperties") or {})
        return {}

    def _find(self, payload: Payload) -> WorkflowRun:
        name, run_id = required(payload, "Name"), required(payload, "RunId")
        self._check_known(name)
        for run in self._runs(name):
            if run.id == run_id:
                return run
        raise entity_not_found(f"Workflow run {run_id} not found for workflow {name}")
