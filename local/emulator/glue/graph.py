"""The graph and the statistics of a workflow, as it is defined and as it ran."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

from emulator.glue.firing import Entity, started, watched
from emulator.glue.runs import ActionRun, Crawl, JobRun
from emulator.moto_api import Payload

COUNTED = {
    "SUCCEEDED": "SucceededActions",
    "FAILED": "FailedActions",
    "TIMEOUT": "TimeoutActions",
    "STOPPED": "StoppedActions",
    "CANCELLED": "StoppedActions",
    "ERROR": "ErroredActions",
    "WAITING": "WaitingActions",
}
RUNNING = "RunningActions"


def graph(workflow: str, triggers: Sequence[Payload], actions: Sequence[ActionRun]) -> Payload:
    """Nodes for the triggers, and the jobs and crawlers that they name; edges as things start.

    `actions`: what ran of it, oldest first; the nodes of jobs and crawlers list these runs.
    """
    entities: dict[Entity, None] = {}
    edges: list[tuple[Entity, Entity]] = []
    for trigger in triggers:
        this = ("TRIGGER", trigger["Name"])
        conditions = (trigger.get("Predicate") or {}).get("Conditions") or []
        edges += [(watched(condition), this) for condition in conditions]
        edges += [(this, target) for target in started(trigger)]
        entities |= dict.fromkeys([*map(watched, conditions), *started(trigger)])
    nodes = [_trigger_node(workflow, trigger) for trigger in triggers]
    nodes += [_action_node(workflow, entity, actions) for entity in entities]
    return {
        "Nodes": nodes,
        "Edges": [
            {"SourceId": node_id(workflow, source), "DestinationId": node_id(workflow, target)}
            for source, target in dict.fromkeys(edges)
        ],
    }


def statistics(triggers: Sequence[Payload], actions: Sequence[ActionRun]) -> dict[str, int]:
    """Counts of job runs and crawls by state. The total also has what was never started."""
    planned = {target for trigger in triggers for target in started(trigger)}
    unstarted = planned - {(action.kind, action.name) for action in actions}
    counts = dict.fromkeys(["TotalActions", RUNNING, *COUNTED.values()], 0)
    counts["TotalActions"] = len(actions) + len(unstarted)
    for action in actions:
        counts[COUNTED.get(action.state, RUNNING)] += 1
    return counts


def node_id(workflow: str, entity: Entity) -> str:
    """The same for each run of a workflow."""
    return "wnode_" + hashlib.sha256("\x1f".join([workflow, *entity]).encode()).hexdigest()


def _trigger_node(workflow: str, trigger: Payload) -> Payload:
    return {
        "Type": "TRIGGER",
        "Name": trigger["Name"],
        "UniqueId": node_id(workflow, ("TRIGGER", trigger["Name"])),
        "TriggerDetails": {"Trigger": trigger},
    }


def _action_node(workflow: str, entity: Entity, actions: Sequence[ActionRun]) -> Payload:
    kind, name = entity
    mine = [action for action in actions if (action.kind, action.name) == entity]
    node: Payload = {"Type": kind, "Name": name, "UniqueId": node_id(workflow, entity)}
    if kind == "JOB":
        job_runs = [run.as_dict() for run in mine if isinstance(run, JobRun)]
        node["JobDetails"] = {"JobRuns": job_runs}
    else:
        crawls = [_crawl(crawl) for crawl in mine if isinstance(crawl, Crawl)]
        node["CrawlerDetails"] = {"Crawls": crawls}
    return node


def _crawl(crawl: Crawl) -> Payload:
    described: Payload = {
        "State": crawl.state,
        "StartedOn": crawl.started,
        "LogGroup": crawl.log_group,
        "LogStream": crawl.crawler,
    }
    optional = {"CompletedOn": crawl.completed, "ErrorMessage": crawl.error}
    return described | {name: value for name, value in optional.items() if value is not None}
