"""Interactive sessions and dev endpoints: what a janitor finds, stops and deletes."""

from __future__ import annotations

import json
import signal
import time
from collections.abc import Callable
from typing import Any

import pytest

ACCOUNT = "000000000000"
ROLE = f"arn:aws:iam::{ACCOUNT}:role/works"
SESSION: dict[str, Any] = {"Role": ROLE, "Command": {"Name": "glueetl", "PythonVersion": "3"}}
WORKERS: dict[str, Any] = {"WorkerType": "G.2X", "NumberOfWorkers": 3, "GlueVersion": "5.0"}
ILLEGAL = "IllegalSessionStateException"
INVALID = "InvalidInputException"
MISSING = "EntityNotFoundException"


@pytest.fixture(scope="module")
def world(emulator: Any, new_world: Any) -> Any:
    world = new_world(emulator)
    world.role("works", {"s3:*": "*"})
    world.role("untrusted", {"s3:*": "*"}, "lambda.amazonaws.com")
    return world


def status(world: Any, name: str) -> dict[str, Any]:
    session: dict[str, Any] = world.glue.get_session(Id=name)["Session"]
    return session


def stop(world: Any, name: str) -> None:
    """Stop the session and wait until it can be deleted."""
    world.glue.stop_session(Id=name)
    world.wait(lambda: status(world, name), lambda found: found["Status"] == "STOPPED")


def test_session_from_creation_to_deletion(world: Any) -> None:
    began = time.time()
    made = world.glue.create_session(Id="one", Tags={"team": "a"}, **SESSION, **WORKERS)["Session"]
    assert (made["Id"], made["Status"], made["MaxCapacity"]) == ("one", "READY", 6.0)
    assert abs(made["CreatedOn"].timestamp() - began) < 5
    assert status(world, "one") == made
    assert made["IdleTimeout"] == 2880
    assert world.glue.list_statements(SessionId="one")["Statements"] == []
    assert world.refusal(world.glue.create_session, Id="one", **SESSION) == "AlreadyExistsException"
    assert world.refusal(world.glue.delete_session, Id="one") == ILLEGAL
    assert world.glue.stop_session(Id="one")["Id"] == "one"
    assert status(world, "one")["Status"] == "STOPPING"
    assert world.refusal(world.glue.stop_session, Id="one") == ILLEGAL
    assert world.refusal(world.glue.delete_session, Id="one") == ILLEGAL
    ended = world.wait(lambda: status(world, "one"), lambda found: found["Status"] == "STOPPED")
    assert ended["CompletedOn"] > made["CreatedOn"]
    assert world.glue.delete_session(Id="one")["Id"] == "one"
    assert world.refusal(world.glue.get_session, Id="one") == MISSING
    again = world.glue.create_session(Id="one", **SESSION)["Session"]
    assert again["Status"] == "READY"
    arn = f"arn:aws:glue:us-east-1:{ACCOUNT}:session/one"
    assert world.glue.get_tags(ResourceArn=arn)["Tags"] == {}
    stop(world, "one")
    world.glue.delete_session(Id="one")


def test_sessions_are_listed_by_page_and_tag(world: Any) -> None:
    for name in ("a", "b", "c"):
        world.glue.create_session(Id=name, Tags={"name": name, "team": "x"}, **SESSION)
    first = world.glue.list_sessions(MaxResults=2)
    second = world.glue.list_sessions(NextToken=first["NextToken"])
    assert [*first["Ids"], *second["Ids"]] == ["a", "b", "c"]
    assert [session["Id"] for session in second["Sessions"]] == ["c"]
    assert world.glue.list_sessions(Tags={"name": "b", "team": "x"})["Ids"] == ["b"]
    for name in ("a", "b", "c"):
        stop(world, name)
        world.glue.delete_session(Id=name)


def test_statements_are_not_run(world: Any) -> None:
    world.glue.create_session(Id="idle", **SESSION)
    run, get = world.glue.run_statement, world.glue.get_statement
    refused = world.refusal(run, SessionId="idle", Code="1 + 1")
    assert refused == "OperationNotSupportedException"
    assert world.refusal(get, SessionId="idle", Id=1) == MISSING
    assert world.refusal(run, SessionId="nowhere", Code="1") == MISSING
    assert world.refusal(world.glue.list_statements, SessionId="nowhere") == MISSING
    stop(world, "idle")
    assert world.refusal(run, SessionId="idle", Code="1 + 1") == ILLEGAL
    world.glue.delete_session(Id="idle")


@pytest.mark.parametrize(
    "broken",
    [
        {"Role": f"arn:aws:iam::{ACCOUNT}:role/untrusted"},
        {"Role": f"arn:aws:iam::{ACCOUNT}:role/nobody"},
        {"Command": {"Name": "pythonshell"}},
        {"SecurityConfiguration": "nowhere"},
    ],
)
def test_refused_definitions(world: Any, broken: dict[str, Any]) -> None:
    definition = {**SESSION, **broken}
    assert world.refusal(world.glue.create_session, Id="refused", **definition) == INVALID
    assert world.refusal(world.glue.get_session, Id="refused") == MISSING


def test_session_survives_a_restart_and_ends_by_itself(
    start_emulator: Callable[[], Any], new_world: Any
) -> None:
    emulator = start_emulator()
    world = new_world(emulator)
    world.role("works", {"s3:*": "*"})
    made = world.glue.create_session(Id="kept", **SESSION)["Session"]
    unchecked = emulator.client("glue", parameter_validation=False)
    unchecked.create_session(Id="idle", IdleTimeout=-1, **SESSION)
    emulator.restart(signal.SIGTERM)
    assert status(world, "kept") == made
    assert status(world, "idle")["Status"] == "TIMEOUT"
    assert world.refusal(world.glue.stop_session, Id="idle") == ILLEGAL
    world.glue.delete_session(Id="idle")


def task(operation: str, following: str, **fields: Any) -> dict[str, Any]:
    resource = f"arn:aws:states:::aws-sdk:glue:{operation}"
    return {"Type": "Task", "Resource": resource, "Next": following, **fields}


RETRY = [{"ErrorEquals": ["Glue.IllegalSessionStateException"], "IntervalSeconds": 1}]
MACHINE = {
    "QueryLanguage": "JSONata",
    "StartAt": "Sessions",
    "States": {
        "Sessions": task(
            "listSessions",
            "Statements",
            Arguments={},
            Assign={
                "old": '{% $states.result.Sessions[Status = "READY" and '
                "$millis() - $toMillis(CreatedOn) > 500].Id %}"
            },
        ),
        "Statements": task(
            "listStatements",
            "Stop",
            Arguments={"SessionId": "{% $old %}"},
            Assign={"statements": "{% $count($states.result.Statements) %}"},
        ),
        "Stop": task("stopSession", "Delete", Arguments={"Id": "{% $old %}"}),
        "Delete": task("deleteSession", "Endpoints", Arguments={"Id": "{% $old %}"}, Retry=RETRY),
        "Endpoints": task(
            "getDevEndpoints",
            "Remove",
            Arguments={},
            Assign={
                "endpoint": "{% $states.result.DevEndpoints"
                "[$millis() - $toMillis(CreatedTimestamp) > 500].EndpointName %}"
            },
        ),
        "Remove": task(
            "deleteDevEndpoint",
            "Done",
            Arguments={"EndpointName": "{% $endpoint %}"},
            Output="{% $statements %}",
        ),
        "Done": {"Type": "Succeed"},
    },
}


def test_state_machine_removes_a_session_and_a_dev_endpoint(world: Any) -> None:
    world.glue.create_session(Id="forgotten", **SESSION)
    world.glue.create_dev_endpoint(EndpointName="forgotten", RoleArn=ROLE)
    (endpoint,) = world.glue.get_dev_endpoints()["DevEndpoints"]
    assert abs(endpoint["CreatedTimestamp"].timestamp() - time.time()) < 5
    arn = f"arn:aws:glue:us-east-1:{ACCOUNT}:"
    allowed = {"glue:ListSessions": "*", "glue:GetDevEndpoints": "*"}
    for action in ("ListStatements", "StopSession", "DeleteSession"):
        allowed[f"glue:{action}"] = f"{arn}session/*"
    allowed["glue:DeleteDevEndpoint"] = f"{arn}devEndpoint/*"
    role = world.role("cleans", allowed, "states.amazonaws.com")
    time.sleep(0.6)
    states = world.emulator.client("stepfunctions")
    machine = states.create_state_machine(
        name="cleans", roleArn=role, definition=json.dumps(MACHINE)
    )["stateMachineArn"]
    execution = states.start_execution(stateMachineArn=machine)["executionArn"]
    while (found := states.describe_execution(executionArn=execution))["status"] == "RUNNING":
        time.sleep(0.1)
    assert (found["status"], found.get("output")) == ("SUCCEEDED", "0"), found.get("cause")
    assert world.glue.list_sessions()["Ids"] == []
    assert world.glue.get_dev_endpoints()["DevEndpoints"] == []
