"""Which part of a workflow's run is run again when it is resumed.

Source: AWS Glue guide, "Repairing and resuming a workflow run": the nodes that are named and what
comes after them run again, in a run of its own; the other nodes are copied to its graph.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from emulator.glue.errors import GlueError, invalid_input
from emulator.glue.firing import Entity, started, watched
from emulator.glue.graph import node_id
from emulator.glue.runs import ActionRun, WorkflowRun
from emulator.moto_api import Payload


@dataclass(frozen=True)
class Resumption:
    """`restarted`: jobs and crawlers to start at once, each with the trigger that started it."""

    restarted: dict[Entity, Payload]
    copied: frozenset[str]
    """Ids of the job runs and crawls that stay as they are."""
    fired: set[str]
    """Names of the triggers that don't fire again."""


def plan(run: WorkflowRun, actions: Sequence[ActionRun], node_ids: Sequence[str]) -> Resumption:
    """How to resume `run`, whose `actions` are given oldest first, from nodes of its graph.

    A node that comes after another one that is named isn't restarted: the flow gets to it.
    Raises GlueError: IllegalWorkflowStateException for a run that isn't COMPLETED, and
    InvalidInputException for nodes that it didn't try to run.
    """
    if run.status != "COMPLETED":
        raise GlueError(
            "IllegalWorkflowStateException",
            f"Workflow run {run.id} is in state {run.status}: only one in COMPLETED can be resumed",
        )
    tried: dict[Entity, ActionRun] = {(action.kind, action.name): action for action in actions}
    by_id = {node_id(run.workflow, entity): entity for entity in tried}
    unknown = [each for each in node_ids if each not in by_id]
    if unknown or not node_ids:
        raise invalid_input(
            f"NodeIds must name jobs or crawlers that run {run.id} tried to run: {unknown}"
        )
    named = [by_id[each] for each in dict.fromkeys(node_ids)]
    after = {entity: _after(run, entity) for entity in named}
    first = [
        entity
        for entity in named
        if not any(entity in after[other] for other in named if other != entity)
    ]
    again = set(first).union(*(after[entity] for entity in first))
    triggers = {trigger["Name"]: trigger for trigger in run.triggers}
    return Resumption(
        restarted={entity: triggers[tried[entity].origin.trigger or ""] for entity in first},
        copied=frozenset(
            action.id for action in actions if (action.kind, action.name) not in again
        ),
        fired={name for name in run.fired if not again & _watched(triggers[name])},
    )


def _after(run: WorkflowRun, entity: Entity) -> set[Entity]:
    """Jobs and crawlers that the run's triggers start after `entity`, at any distance."""
    found: set[Entity] = set()
    ends = [entity]
    while ends:
        end = ends.pop()
        for trigger in run.triggers:
            new = set(started(trigger)) - found if end in _watched(trigger) else set()
            found |= new
            ends += new
    return found


def _watched(trigger: Payload) -> set[Entity]:
    conditions = (trigger.get("Predicate") or {}).get("Conditions") or []
    return {watched(condition) for condition in conditions}
