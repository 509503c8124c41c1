"""Workflow runs that are resumed: what runs again, what is copied, what is refused."""

from __future__ import annotations

import json
import time
from collections.abc import Mapping
from typing import Any

import pytest

OK = "print('done')\n"
ONCE_MENDED = """
import boto3
s3 = boto3.client("s3")
print(s3.get_object(Bucket="data", Key="mended"))
"""
WORKFLOW = "arn:aws:glue:us-east-1:000000000000:workflow/"


@pytest.fixture(scope="module")
def world(emulator: Any, new_world: Any) -> Any:
    world = new_world(emulator)
    world.role("runner", {"s3:*": "*", "glue:*": "*"})
    for name in ("one", "beside", "next", "last", "cleanup"):
        world.job(name, OK, ExecutionProperty={"MaxConcurrentRuns": 9})
    for name in ("fails", "fails-too"):
        world.job(name, ONCE_MENDED, ExecutionProperty={"MaxConcurrentRuns": 9})
    return world


@pytest.fixture(autouse=True)
def unmended(world: Any) -> None:
    world.s3.delete_object(Bucket="data", Key="mended")


def mend(world: Any) -> None:
    world.s3.put_object(Bucket="data", Key="mended", Body=b"1")


def workflow(
    world: Any,
    name: str,
    edges: Mapping[str, tuple[list[tuple[str, str]], list[str]]],
    **settings: Any,
) -> None:
    """A workflow that starts with job `one`; `edges`: what each trigger waits for and starts."""
    world.glue.create_workflow(Name=name, **settings)
    action = {"JobName": "one", "Arguments": {"--day": "1"}}
    world.glue.create_trigger(
        Name=f"{name}-start", WorkflowName=name, Type="ON_DEMAND", Actions=[action]
    )
    for edge, (ends, jobs) in edges.items():
        conditions = [
            {"LogicalOperator": "EQUALS", "JobName": job, "State": state} for job, state in ends
        ]
        world.glue.create_trigger(
            Name=f"{name}-{edge}",
            WorkflowName=name,
            Type="CONDITIONAL",
            Predicate={"Logical": "ANY" if edge == "any" else "AND", "Conditions": conditions},
            Actions=[{"JobName": job, "Arguments": {"--by": edge}} for job in jobs],
            StartOnCreation=True,
        )


def start(world: Any, name: str, **arguments: Any) -> dict[str, Any]:
    run_id = world.glue.start_workflow_run(Name=name, **arguments)["RunId"]
    run: dict[str, Any] = world.wait_for_workflow(name, run_id)
    return run


def resume(world: Any, run: dict[str, Any], *jobs: str) -> tuple[dict[str, Any], list[str]]:
    """The ended run, and the names of the nodes that were restarted."""
    ids = {node["Name"]: node["UniqueId"] for node in run["Graph"]["Nodes"]}
    answer = world.glue.resume_workflow_run(
        Name=run["Name"], RunId=run["WorkflowRunId"], NodeIds=[ids[job] for job in jobs]
    )
    names = {node_id: name for name, node_id in ids.items()}
    resumed = world.wait_for_workflow(run["Name"], answer["RunId"])
    return resumed, [names[node_id] for node_id in answer["NodeIds"]]


def runs_of(run: dict[str, Any]) -> dict[str, list[tuple[str, str]]]:
    """State and trigger of the job runs of each node."""
    return {
        node["Name"]: [
            (each["JobRunState"], each["TriggerName"]) for each in node["JobDetails"]["JobRuns"]
        ]
        for node in run["Graph"]["Nodes"]
        if node["Type"] == "JOB"
    }


def test_failed_nodes_and_what_comes_after_them_run_again(world: Any) -> None:
    edges = {
        "both": ([("one", "SUCCEEDED")], ["beside", "fails", "fails-too"]),
        "join": ([("fails", "SUCCEEDED"), ("beside", "SUCCEEDED")], ["next"]),
        "cleanup": ([("fails", "FAILED")], ["cleanup"]),
        "end": ([("next", "SUCCEEDED")], ["last"]),
    }
    workflow(world, "day", edges)
    first = start(world, "day", RunProperties={"day": "2026-01-02"})
    world.glue.put_workflow_run_properties(
        Name="day", RunId=first["WorkflowRunId"], RunProperties={"note": "mended"}
    )
    before = runs_of(first)
    assert before["cleanup"] == [("SUCCEEDED", "day-cleanup")]
    assert (before["next"], before["last"]) == ([], [])
    mend(world)
    resumed, restarted = resume(world, first, "fails")
    assert restarted == ["fails"]
    assert resumed["Status"] == "COMPLETED"
    assert resumed["PreviousRunId"] == first["WorkflowRunId"] != resumed["WorkflowRunId"]
    assert resumed["WorkflowRunProperties"] == {"day": "2026-01-02", "note": "mended"}
    assert runs_of(resumed) == {
        "one": [("SUCCEEDED", "day-start")],
        "beside": [("SUCCEEDED", "day-both")],
        "fails": [("SUCCEEDED", "day-both")],
        "fails-too": [("FAILED", "day-both")],
        "next": [("SUCCEEDED", "day-join")],
        "last": [("SUCCEEDED", "day-end")],
        "cleanup": [],
    }
    counts = resumed["Statistics"]
    assert (counts["TotalActions"], counts["SucceededActions"]) == (7, 5)
    assert counts["FailedActions"] == 1
    # What isn't run again is copied, what is has runs of its own with the trigger's arguments.
    assert len(world.glue.get_job_runs(JobName="one")["JobRuns"]) == 1
    newest = world.glue.get_job_runs(JobName="fails")["JobRuns"][0]
    assert newest["Arguments"] == {"--by": "both"}
    last = world.glue.get_workflow(Name="day")["Workflow"]["LastRun"]
    assert last["WorkflowRunId"] == resumed["WorkflowRunId"]
    assert runs_of(world.wait_for_workflow("day", first["WorkflowRunId"])) == before
    again, restarted = resume(world, resumed, "fails-too")
    assert runs_of(again)["fails-too"] == [("SUCCEEDED", "day-both")]
    assert again["Statistics"]["SucceededActions"] == 6
    assert again["PreviousRunId"] == resumed["WorkflowRunId"]


def test_any_waits_for_what_runs_again(world: Any) -> None:
    edges = {
        "both": ([("one", "SUCCEEDED")], ["beside", "fails"]),
        "any": ([("beside", "SUCCEEDED"), ("fails", "SUCCEEDED")], ["next"]),
    }
    workflow(world, "anyway", edges)
    first = start(world, "anyway")
    assert runs_of(first)["next"] == [("SUCCEEDED", "anyway-any")]
    still, _ = resume(world, first, "fails")
    assert runs_of(still)["fails"] == [("FAILED", "anyway-both")]
    assert runs_of(still)["next"] == []
    mend(world)
    good, _ = resume(world, still, "fails")
    assert runs_of(good)["next"] == [("SUCCEEDED", "anyway-any")]


def test_node_after_another_is_left_to_the_flow(world: Any) -> None:
    edges = {
        "next": ([("one", "SUCCEEDED")], ["next"]),
        "last": ([("next", "SUCCEEDED")], ["last"]),
    }
    workflow(world, "chain", edges)
    resumed, restarted = resume(world, start(world, "chain"), "last", "next")
    assert restarted == ["next"]
    assert runs_of(resumed)["last"] == [("SUCCEEDED", "chain-last")]


def test_refusals(world: Any) -> None:
    world.job("sleeps", "import time\ntime.sleep(600)\n")
    edges = {
        "both": ([("one", "SUCCEEDED")], ["fails", "sleeps"]),
        "end": ([("fails", "SUCCEEDED")], ["last"]),
    }
    workflow(world, "refused", edges, MaxConcurrentRuns=1)
    call, run = world.glue.resume_workflow_run, {"Name": "refused"}
    run["RunId"] = world.glue.start_workflow_run(Name="refused")["RunId"]
    graph = world.glue.get_workflow_run(**run, IncludeGraph=True)["Run"]["Graph"]
    ids = {node["Name"]: node["UniqueId"] for node in graph["Nodes"]}
    one, last, trigger = ids["one"], ids["last"], ids["refused-end"]
    assert world.refusal(call, **run, NodeIds=[one]) == "IllegalWorkflowStateException"
    (sleeping,) = world.wait(
        lambda: world.glue.get_job_runs(JobName="sleeps"),
        lambda answer: bool(answer["JobRuns"]),
    )["JobRuns"]
    world.glue.batch_stop_job_run(JobName="sleeps", JobRunIds=[sleeping["Id"]])
    world.wait_for_workflow("refused", run["RunId"])
    invalid = "InvalidInputException"
    assert world.refusal(call, **run, NodeIds=[]) == invalid
    assert world.refusal(call, **run, NodeIds=[last]) == invalid
    assert world.refusal(call, **run, NodeIds=[trigger]) == invalid
    assert world.refusal(call, **run, NodeIds=[one, "wnode_0"]) == invalid
    missing = "EntityNotFoundException"
    assert world.refusal(call, Name="no", RunId=run["RunId"], NodeIds=[one]) == missing
    assert world.refusal(call, Name="refused", RunId="wr_0", NodeIds=[one]) == missing
    busy = world.glue.start_workflow_run(Name="refused")["RunId"]
    assert world.refusal(call, **run, NodeIds=[one]) == "ConcurrentRunsExceededException"
    world.glue.stop_workflow_run(Name="refused", RunId=busy)
    stopped = world.wait_for_workflow("refused", busy)
    assert stopped["Status"] == "STOPPED"
    refused = world.refusal(call, Name="refused", RunId=busy, NodeIds=[one])
    assert refused == "IllegalWorkflowStateException"


FAILED_NODES = """{% [
  $states.result.Run.Graph.Nodes[
    JobDetails.JobRuns[JobRunState in ["FAILED", "TIMEOUT", "STOPPED"]]
  ].UniqueId
] %}"""
RUN = {"Name": "{% $name %}", "RunId": "{% $id %}"}


def task(operation: str, following: str, **fields: Any) -> dict[str, Any]:
    resource = f"arn:aws:states:::aws-sdk:glue:{operation}"
    return {"Type": "Task", "Resource": resource, "Next": following, **fields}


MACHINE = {
    "QueryLanguage": "JSONata",
    "StartAt": "Last",
    "States": {
        "Last": task(
            "getWorkflow",
            "Look",
            Arguments={"Name": "{% $states.input.name %}"},
            Assign={
                "name": "{% $states.input.name %}",
                "id": "{% $states.result.Workflow.LastRun.WorkflowRunId %}",
            },
        ),
        "Look": task(
            "getWorkflowRun",
            "Note",
            Arguments={**RUN, "IncludeGraph": True},
            Assign={"nodes": FAILED_NODES},
        ),
        "Note": task(
            "putWorkflowRunProperties",
            "Resume",
            Arguments={**RUN, "RunProperties": {"resumes": "1"}},
        ),
        "Resume": task(
            "resumeWorkflowRun",
            "Done",
            Arguments={**RUN, "NodeIds": "{% $nodes %}"},
            Output="{% $states.result.RunId %}",
        ),
        "Done": {"Type": "Succeed"},
    },
}


def test_state_machine_resumes_the_failed_nodes(world: Any) -> None:
    workflow(world, "healed", {"next": ([("one", "SUCCEEDED")], ["fails"])})
    start(world, "healed")
    mend(world)
    actions = ("GetWorkflow", "GetWorkflowRun", "PutWorkflowRunProperties", "ResumeWorkflowRun")
    allowed = {f"glue:{action}": f"{WORKFLOW}healed" for action in actions}
    role = world.role("heals", allowed, "states.amazonaws.com")
    states = world.emulator.client("stepfunctions")
    machine = states.create_state_machine(
        name="heals", roleArn=role, definition=json.dumps(MACHINE)
    )["stateMachineArn"]
    execution = states.start_execution(
        stateMachineArn=machine, input=json.dumps({"name": "healed"})
    )["executionArn"]
    while (found := states.describe_execution(executionArn=execution))["status"] == "RUNNING":
        time.sleep(0.1)
    assert found["status"] == "SUCCEEDED", found.get("cause")
    run = world.wait_for_workflow("healed", json.loads(found["output"]))
    assert runs_of(run)["fails"] == [("SUCCEEDED", "healed-next")]
    assert run["WorkflowRunProperties"] == {"resumes": "1"}
