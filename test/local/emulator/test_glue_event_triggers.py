"""Workflows that events start, one by one and in batches."""

from __future__ import annotations

import json
from typing import Any

import pytest

WORKFLOW = "arn:aws:glue:us-east-1:000000000000:workflow/"
SEES = """
import sys
import boto3
from awsglue.utils import getResolvedOptions
args = getResolvedOptions(sys.argv, ["WORKFLOW_NAME", "WORKFLOW_RUN_ID"])
run = {"Name": args["WORKFLOW_NAME"], "RunId": args["WORKFLOW_RUN_ID"]}
print("started by", boto3.client("glue").get_workflow_run_properties(**run)["RunProperties"])
"""


@pytest.fixture(scope="module")
def world(emulator: Any, new_world: Any) -> Any:
    world = new_world(emulator)
    world.role("runner", {"s3:*": "*", "glue:GetWorkflowRunProperties": f"{WORKFLOW}*"})
    world.job("sees", SEES, ExecutionProperty={"MaxConcurrentRuns": 9})
    return world


def workflow(world: Any, name: str, allowed: str, batching: Any = None, **settings: Any) -> None:
    """A workflow with a rule that sends it the events whose source is the workflow's name."""
    events = world.emulator.client("events")
    world.glue.create_workflow(Name=name, **settings)
    world.glue.create_trigger(
        Name=f"{name}-start",
        WorkflowName=name,
        Type="EVENT",
        Actions=[{"JobName": "sees"}],
        **({"EventBatchingCondition": batching} if batching else {}),
    )
    role = world.role(f"notifies-{name}", {"glue:NotifyEvent": allowed}, "events.amazonaws.com")
    pattern = {"source": [name, "aws.s3"]}
    events.put_rule(Name=name, EventPattern=json.dumps(pattern))
    target = {"Id": "workflow", "Arn": WORKFLOW + name, "RoleArn": role}
    events.put_targets(Rule=name, Targets=[target])


def send(world: Any, source: str) -> str:
    """Put an event, and give its id."""
    entry = {"Source": source, "DetailType": "test", "Detail": "{}"}
    put = world.emulator.client("events").put_events(Entries=[entry])
    return str(put["Entries"][0]["EventId"])


def runs(world: Any, name: str, count: int) -> list[dict[str, Any]]:
    """The workflow's runs, newest first, once there are `count` and they have ended."""
    found = world.wait(
        lambda: world.glue.get_workflow_runs(Name=name, IncludeGraph=True),
        lambda answer: [run["Status"] for run in answer["Runs"]] == ["COMPLETED"] * count,
    )
    return list(found["Runs"])


def test_objects_start_a_run_when_the_batch_is_full(world: Any) -> None:
    workflow(world, "objects", WORKFLOW + "objects", {"BatchSize": 2})
    world.s3.put_bucket_notification_configuration(
        Bucket="data", NotificationConfiguration={"EventBridgeConfiguration": {}}
    )
    trigger = world.glue.get_trigger(Name="objects-start")["Trigger"]
    assert (trigger["Type"], trigger["State"]) == ("EVENT", "CREATED")
    world.s3.put_object(Bucket="data", Key="a", Body=b"1")
    assert world.glue.get_workflow_runs(Name="objects")["Runs"] == []
    world.s3.put_object(Bucket="data", Key="b", Body=b"2")
    (run,) = runs(world, "objects", 1)
    assert run["StartingEventBatchCondition"] == {"BatchSize": 2}
    properties = run["WorkflowRunProperties"]
    ids = properties["aws:eventIds"]
    assert (ids[0], ids[-1]) == ("[", "]")
    assert len(set(ids[1:-1].split(", "))) == 2
    node = next(node for node in run["Graph"]["Nodes"] if node["Name"] == "sees")
    (job_run,) = node["JobDetails"]["JobRuns"]
    assert job_run["TriggerName"] == "objects-start"
    assert f"started by {properties}" in world.log(job_run)


def test_window_starts_what_has_come(world: Any) -> None:
    workflow(
        world,
        "window",
        WORKFLOW + "window",
        {"BatchSize": 100, "BatchWindow": 1},
        DefaultRunProperties={"zone": "UTC"},
    )
    ids = [send(world, "window"), send(world, "window")]
    (run,) = runs(world, "window", 1)
    assert run["StartingEventBatchCondition"] == {"BatchWindow": 1}
    assert sorted(run["WorkflowRunProperties"]["aws:eventIds"][1:-1].split(", ")) == sorted(ids)
    assert run["WorkflowRunProperties"]["zone"] == "UTC"
    later = send(world, "window")
    assert runs(world, "window", 2)[0]["WorkflowRunProperties"]["aws:eventIds"] == f"[{later}]"


def test_each_event_starts_a_run_without_a_condition(world: Any) -> None:
    workflow(world, "each", WORKFLOW + "each")
    first = send(world, "each")
    assert runs(world, "each", 1)[0]["WorkflowRunProperties"] == {"aws:eventIds": f"[{first}]"}
    send(world, "each")
    runs(world, "each", 2)


def test_role_that_may_not_notify_starts_nothing(world: Any) -> None:
    workflow(world, "denied", WORKFLOW + "other")
    workflow(world, "allowed", WORKFLOW + "allowed")
    send(world, "denied")
    send(world, "allowed")
    runs(world, "allowed", 1)
    assert world.glue.get_workflow_runs(Name="denied")["Runs"] == []


def test_limit_of_runs_loses_the_batch(world: Any) -> None:
    world.job("sleeps", "import time\ntime.sleep(600)\n")
    workflow(world, "limited", WORKFLOW + "limited", MaxConcurrentRuns=1)
    update = {"Actions": [{"JobName": "sleeps"}]}
    world.glue.update_trigger(Name="limited-start", TriggerUpdate=update)
    send(world, "limited")
    (run,) = world.wait(
        lambda: world.glue.get_workflow_runs(Name="limited"), lambda answer: bool(answer["Runs"])
    )["Runs"]
    send(world, "limited")
    send(world, "each")
    runs(world, "each", 3)
    assert len(world.glue.get_workflow_runs(Name="limited")["Runs"]) == 1
    world.glue.stop_workflow_run(Name="limited", RunId=run["WorkflowRunId"])
