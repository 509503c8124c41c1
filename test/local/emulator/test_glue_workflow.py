"""Workflow runs over real jobs: any graph of triggers, graph and statistics, stops and kills."""

from __future__ import annotations

import signal
from collections.abc import Callable
from typing import Any

import pytest

ROLE = {"s3:*": "*", "glue:*": "*"}
OK = "print('done')\n"
BROKEN = "raise ValueError('broken')\n"
SLEEPS = "import time\ntime.sleep(600)\n"
FLAKY = """
import sys, time
if not any(argument.endswith("_attempt_1") for argument in sys.argv):
    raise ValueError("broken")
time.sleep(3)
"""
PROPERTIES = """
import sys
import boto3
from awsglue.utils import getResolvedOptions
args = getResolvedOptions(sys.argv, ["JOB_NAME", "WORKFLOW_NAME", "WORKFLOW_RUN_ID", "greeting"])
glue = boto3.client("glue")
run = {"Name": args["WORKFLOW_NAME"], "RunId": args["WORKFLOW_RUN_ID"]}
properties = glue.get_workflow_run_properties(**run)["RunProperties"]
assert args["greeting"] == "from the trigger", args
glue.put_workflow_run_properties(**run, RunProperties={"seen": properties["day"]})
"""


@pytest.fixture(scope="module")
def world(emulator: Any, new_world: Any) -> Any:
    world = new_world(emulator)
    world.role("runner", ROLE)
    for name, script in {"ok": OK, "broken": BROKEN, "sleeps": SLEEPS}.items():
        world.job(name, script, ExecutionProperty={"MaxConcurrentRuns": 9})
    world.job("reports", OK)
    world.job("mends", OK)
    world.job("never", OK)
    return world


def when(*ends: tuple[str, str], logical: str = "AND") -> dict[str, Any]:
    conditions = [
        {"LogicalOperator": "EQUALS", "JobName": job, "State": state} for job, state in ends
    ]
    return {"Logical": logical, "Conditions": conditions}


def conditional(world: Any, workflow: str, name: str, predicate: Any, *jobs: str) -> None:
    world.glue.create_trigger(
        Name=f"{workflow}-{name}",
        WorkflowName=workflow,
        Type="CONDITIONAL",
        Predicate=predicate,
        Actions=[{"JobName": job} for job in jobs],
        StartOnCreation=True,
    )


def starting(
    world: Any, workflow: str, *jobs: str, settings: dict[str, Any] | None = None, **fields: Any
) -> None:
    world.glue.create_workflow(Name=workflow, **(settings or {}))
    world.glue.create_trigger(
        **{
            "Name": f"{workflow}-start",
            "WorkflowName": workflow,
            "Type": "ON_DEMAND",
            "Actions": [{"JobName": job} for job in jobs],
            **fields,
        }
    )


def run_of(world: Any, workflow: str, **arguments: Any) -> dict[str, Any]:
    run_id = world.glue.start_workflow_run(Name=workflow, **arguments)["RunId"]
    run: dict[str, Any] = world.wait_for_workflow(workflow, run_id)
    return run


def job_states(run: dict[str, Any]) -> dict[str, list[str]]:
    return {
        node["Name"]: [job_run["JobRunState"] for job_run in node["JobDetails"]["JobRuns"]]
        for node in run["Graph"]["Nodes"]
        if node["Type"] == "JOB"
    }


def edges(graph: dict[str, Any]) -> set[tuple[str, str]]:
    names = {node["UniqueId"]: node["Name"] for node in graph["Nodes"]}
    return {(names[edge["SourceId"]], names[edge["DestinationId"]]) for edge in graph["Edges"]}


def test_branches_on_success_and_failure(world: Any) -> None:
    starting(world, "branches", "ok", "broken")
    conditional(
        world,
        "branches",
        "any",
        when(("ok", "FAILED"), ("broken", "FAILED"), logical="ANY"),
        "mends",
    )
    conditional(
        world, "branches", "all", when(("ok", "SUCCEEDED"), ("mends", "SUCCEEDED")), "reports"
    )
    conditional(
        world, "branches", "not", when(("ok", "SUCCEEDED"), ("broken", "SUCCEEDED")), "never"
    )
    run = run_of(world, "branches")
    assert run["Status"] == "COMPLETED"
    assert job_states(run) == {
        "ok": ["SUCCEEDED"],
        "broken": ["FAILED"],
        "mends": ["SUCCEEDED"],
        "reports": ["SUCCEEDED"],
        "never": [],
    }
    assert run["Statistics"] == {
        "TotalActions": 5,
        "SucceededActions": 3,
        "FailedActions": 1,
        "StoppedActions": 0,
        "TimeoutActions": 0,
        "RunningActions": 0,
        "ErroredActions": 0,
        "WaitingActions": 0,
    }
    wanted = {
        ("branches-start", "ok"),
        ("branches-start", "broken"),
        ("ok", "branches-any"),
        ("broken", "branches-any"),
        ("branches-any", "mends"),
        ("ok", "branches-all"),
        ("mends", "branches-all"),
        ("branches-all", "reports"),
        ("ok", "branches-not"),
        ("broken", "branches-not"),
        ("branches-not", "never"),
    }
    assert edges(run["Graph"]) == wanted
    mended = next(node for node in run["Graph"]["Nodes"] if node["Name"] == "mends")
    assert mended["JobDetails"]["JobRuns"][0]["TriggerName"] == "branches-any"
    static = world.glue.get_workflow(Name="branches", IncludeGraph=True)["Workflow"]
    assert edges(static["Graph"]) == wanted
    assert static["LastRun"]["WorkflowRunId"] == run["WorkflowRunId"]
    assert not any(node.get("JobDetails", {}).get("JobRuns") for node in static["Graph"]["Nodes"])


def test_run_properties_reach_the_job_and_come_back(world: Any) -> None:
    world.job("properties", PROPERTIES)
    defaults = {"DefaultRunProperties": {"day": "default", "zone": "UTC"}}
    action = {"JobName": "properties", "Arguments": {"--greeting": "from the trigger"}}
    starting(world, "with-properties", settings=defaults, Actions=[action])
    run = run_of(world, "with-properties", RunProperties={"day": "2026-01-02"})
    assert job_states(run) == {"properties": ["SUCCEEDED"]}
    assert run["WorkflowRunProperties"] == {
        "day": "2026-01-02",
        "zone": "UTC",
        "seen": "2026-01-02",
    }


def test_scheduled_workflow_can_be_started_and_only_activated_triggers_fire(world: Any) -> None:
    schedule: dict[str, Any] = {"Type": "SCHEDULED", "Schedule": "cron(0 13 * * ? *)"}
    starting(world, "scheduled", "ok", **schedule)
    conditional(world, "scheduled", "next", when(("ok", "SUCCEEDED")), "reports")
    world.glue.stop_trigger(Name="scheduled-next")
    assert job_states(run_of(world, "scheduled")) == {"ok": ["SUCCEEDED"], "reports": []}
    world.glue.start_trigger(Name="scheduled-next")
    run = run_of(world, "scheduled")
    assert job_states(run) == {"ok": ["SUCCEEDED"], "reports": ["SUCCEEDED"]}
    runs = world.glue.get_workflow_runs(Name="scheduled")["Runs"]
    assert runs[0]["WorkflowRunId"] == run["WorkflowRunId"]
    assert run["PreviousRunId"] == runs[1]["WorkflowRunId"]


def test_retried_job_has_the_outcome_of_its_last_attempt(world: Any) -> None:
    """The other job ends between the attempts, when the triggers are looked at."""
    world.job("flaky", FLAKY, MaxRetries=1)
    world.job("meanwhile", "import time\ntime.sleep(1)\n")
    starting(world, "retries", "flaky", "meanwhile")
    conditional(world, "retries", "failed", when(("flaky", "FAILED")), "never")
    conditional(world, "retries", "mended", when(("flaky", "SUCCEEDED")), "mends")
    run = run_of(world, "retries")
    assert job_states(run) == {
        "flaky": ["FAILED", "SUCCEEDED"],
        "meanwhile": ["SUCCEEDED"],
        "mends": ["SUCCEEDED"],
        "never": [],
    }
    assert run["Statistics"]["TotalActions"] == 5


def test_branches_on_stopped_job_and_failed_or_cancelled_crawls(world: Any) -> None:
    targets = {"S3Targets": [{"Path": "s3://data/events/"}]}
    world.role("crawls-nothing", {"glue:*": "*"})
    for number in range(60):
        key = f"events/17000{number:08d}/a.json"
        world.s3.put_object(Bucket="data", Key=key, Body=b'{"n": 1}')
    for crawler, role in {"denied": "crawls-nothing", "slow": "runner"}.items():
        world.glue.create_crawler(Name=crawler, Role=role, DatabaseName="nowhere", Targets=targets)
    actions = [{"JobName": "sleeps"}, {"CrawlerName": "denied"}, {"CrawlerName": "slow"}]
    starting(world, "ends", Actions=actions)
    crawl = {"LogicalOperator": "EQUALS", "CrawlerName": "denied", "CrawlState": "FAILED"}
    conditional(world, "ends", "failed", {"Conditions": [crawl]}, "mends")
    crawl = {"LogicalOperator": "EQUALS", "CrawlerName": "slow", "CrawlState": "CANCELLED"}
    conditional(world, "ends", "cancelled", {"Conditions": [crawl]}, "reports")
    conditional(world, "ends", "stopped", when(("sleeps", "STOPPED")), "ok")
    conditional(world, "ends", "timeout", when(("sleeps", "TIMEOUT")), "never")
    run_id = world.glue.start_workflow_run(Name="ends")["RunId"]
    world.glue.stop_crawler(Name="slow")
    sleeping = world.glue.get_job_runs(JobName="sleeps")["JobRuns"][0]["Id"]
    world.glue.batch_stop_job_run(JobName="sleeps", JobRunIds=[sleeping])
    run = world.wait_for_workflow("ends", run_id)
    assert job_states(run) == {
        "sleeps": ["STOPPED"],
        "mends": ["SUCCEEDED"],
        "reports": ["SUCCEEDED"],
        "ok": ["SUCCEEDED"],
        "never": [],
    }
    counts = run["Statistics"]
    assert (counts["FailedActions"], counts["StoppedActions"], counts["TotalActions"]) == (1, 2, 7)


def test_action_sets_arguments_and_timeout_and_a_trigger_on_demand_starts_the_run(
    world: Any,
) -> None:
    world.job("takes", OK, DefaultArguments={"--zone": "UTC", "--day": "0"}, Timeout=9)
    action = {"JobName": "takes", "Arguments": {"--day": "1"}, "Timeout": 5}
    starting(world, "takes", Actions=[action])
    world.glue.start_trigger(Name="takes-start")
    run_id = world.glue.get_workflow(Name="takes")["Workflow"]["LastRun"]["WorkflowRunId"]
    world.wait_for_workflow("takes", run_id)
    (job_run,) = world.glue.get_job_runs(JobName="takes")["JobRuns"]
    assert (job_run["TriggerName"], job_run["Timeout"]) == ("takes-start", 5)
    assert job_run["Arguments"] == {"--zone": "UTC", "--day": "1"}


def test_job_at_its_limit_fails_in_the_run(world: Any) -> None:
    world.job("single", SLEEPS)
    busy = world.glue.start_job_run(JobName="single")["JobRunId"]
    starting(world, "limited", "single")
    run = run_of(world, "limited")
    assert job_states(run) == {"single": ["FAILED"]}
    node = next(node for node in run["Graph"]["Nodes"] if node["Name"] == "single")
    assert node["JobDetails"]["JobRuns"][0]["ErrorMessage"] == "Max concurrent runs exceeded"
    world.glue.batch_stop_job_run(JobName="single", JobRunIds=[busy])


def test_stop_and_limit_of_runs(world: Any) -> None:
    starting(world, "long", "sleeps", settings={"MaxConcurrentRuns": 1})
    conditional(world, "long", "next", when(("sleeps", "STOPPED")), "never")
    run_id = world.glue.start_workflow_run(Name="long")["RunId"]
    running = world.glue.get_workflow_run(Name="long", RunId=run_id)["Run"]
    assert (running["Status"], running["Statistics"]["RunningActions"]) == ("RUNNING", 1)
    code = world.refusal(world.glue.start_workflow_run, Name="long")
    assert code == "ConcurrentRunsExceededException"
    world.glue.stop_workflow_run(Name="long", RunId=run_id)
    stopped = world.wait_for_workflow("long", run_id)
    assert stopped["Status"] == "STOPPED"
    assert job_states(stopped) == {"sleeps": ["STOPPED"], "never": []}
    assert stopped["Statistics"]["StoppedActions"] == 1
    code = world.refusal(world.glue.stop_workflow_run, Name="long", RunId=run_id)
    assert code == "IllegalWorkflowStateException"


def test_triggers_outside_workflows(world: Any) -> None:
    """A job that a trigger started sets off the next one; a job started by hand doesn't."""
    world.job("first", OK)
    world.job("second", OK)
    world.glue.create_trigger(Name="go", Type="ON_DEMAND", Actions=[{"JobName": "first"}])
    world.glue.create_trigger(
        Name="then",
        Type="CONDITIONAL",
        Predicate=when(("first", "SUCCEEDED")),
        Actions=[{"JobName": "second"}],
        StartOnCreation=True,
    )
    world.run_job("first")
    assert world.glue.get_job_runs(JobName="second")["JobRuns"] == []
    world.glue.start_trigger(Name="go")
    assert world.glue.get_trigger(Name="go")["Trigger"]["State"] == "CREATED"

    def second() -> dict[str, Any]:
        runs = world.glue.get_job_runs(JobName="second")["JobRuns"]
        return dict(runs[0]) if runs else {"JobRunState": "none"}

    ended = world.wait(second, lambda run: run["JobRunState"] == "SUCCEEDED")
    assert ended["TriggerName"] == "then"


def test_kill_shows_the_run_as_an_error(start_emulator: Callable[[], Any], new_world: Any) -> None:
    emulator = start_emulator()
    world = new_world(emulator)
    world.role("runner", ROLE)
    world.job("sleeps", SLEEPS)
    starting(world, "cut", "sleeps")
    run_id = world.glue.start_workflow_run(Name="cut", RunProperties={"a": "1"})["RunId"]
    emulator.restart(signal.SIGKILL)
    run = world.glue.get_workflow_run(Name="cut", RunId=run_id, IncludeGraph=True)["Run"]
    assert (run["Status"], run["WorkflowRunProperties"]) == ("ERROR", {"a": "1"})
    assert run["ErrorMessage"]
    assert job_states(run) == {"sleeps": ["FAILED"]}
    assert run["Statistics"]["FailedActions"] == 1
