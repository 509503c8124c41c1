"""State machines and EventBridge targets act with their roles, and what roles call is recorded."""

from __future__ import annotations

import json
import time
import urllib.request
from collections.abc import Sequence
from typing import Any

import pytest

REGION = "us-east-1:000000000000"
GLUE = f"arn:aws:glue:{REGION}"
STATES = "states.amazonaws.com"
Statement = dict[str, Any]


@pytest.fixture(scope="module")
def world(emulator: Any, new_world: Any) -> Any:
    world = new_world(emulator)
    world.glue.create_workflow(Name="daily")
    world.glue.create_database(DatabaseInput={"Name": "logs"})
    world.glue.create_table(DatabaseName="logs", TableInput={"Name": "events"})
    return world


@pytest.fixture(scope="module")
def topic(emulator: Any) -> str:
    return str(emulator.client("sns").create_topic(Name="notices")["TopicArn"])


def make_role(
    emulator: Any,
    name: str,
    statements: Sequence[Statement],
    service: str = STATES,
    **options: Any,
) -> str:
    """A role with one inline policy; its ARN."""
    iam = emulator.client("iam")
    trust = {"Effect": "Allow", "Principal": {"Service": service}, "Action": "sts:AssumeRole"}
    trust |= options.pop("trust", {})
    made = iam.create_role(RoleName=name, AssumeRolePolicyDocument=document(trust), **options)
    if statements:
        iam.put_role_policy(RoleName=name, PolicyName="own", PolicyDocument=document(*statements))
    return str(made["Role"]["Arn"])


def document(*statements: Statement) -> str:
    return json.dumps({"Version": "2012-10-17", "Statement": statements})


def allow(action: str, resource: str, **more: Any) -> Statement:
    sid = action.partition(":")[2]
    return {"Sid": sid, "Effect": "Allow", "Action": action, "Resource": resource, **more}


def machine(emulator: Any, name: str, role: str, resource: str, arguments: Any) -> str:
    """A state machine of one task; its ARN."""
    states = emulator.client("stepfunctions")
    task = {
        "Type": "Task",
        "Resource": f"arn:aws:states:::{resource}",
        "Arguments": arguments,
        "End": True,
    }
    definition = {"QueryLanguage": "JSONata", "StartAt": "Do", "States": {"Do": task}}
    made = states.create_state_machine(name=name, roleArn=role, definition=json.dumps(definition))
    return str(made["stateMachineArn"])


def outcome(emulator: Any, arn: str) -> tuple[str, str]:
    """Error and cause of an execution, both empty if it succeeded."""
    states = emulator.client("stepfunctions")
    execution = states.start_execution(stateMachineArn=arn)["executionArn"]
    while (found := states.describe_execution(executionArn=execution))["status"] == "RUNNING":
        time.sleep(0.05)
    return found.get("error", ""), found.get("cause", "")


def access(emulator: Any) -> list[dict[str, Any]]:
    with urllib.request.urlopen(f"{emulator.endpoint}/_local/access", timeout=10) as answer:
        calls: list[dict[str, Any]] = json.load(answer)
    return calls


TASKS: list[tuple[str, Any, list[Statement], str, str]] = [
    (
        "aws-sdk:glue:getWorkflow",
        {"Name": "daily"},
        [allow("glue:GetWorkflow", f"{GLUE}:workflow/daily")],
        f"{GLUE}:workflow/daily",
        "Glue.AccessDeniedException",
    ),
    (
        "aws-sdk:glue:getTable",
        {"DatabaseName": "logs", "Name": "events"},
        [
            allow("glue:GetTable", f"{GLUE}:{kind}")
            for kind in ("catalog", "database/logs", "table/logs/events")
        ],
        f"{GLUE}:table/logs/events",
        "Glue.AccessDeniedException",
    ),
    (
        "aws-sdk:glue:getDevEndpoints",
        {},
        [allow("glue:GetDevEndpoints", "*")],
        "*",
        "Glue.AccessDeniedException",
    ),
    (
        "aws-sdk:cloudwatch:putMetricData",
        {"Namespace": "GlueEtl", "MetricData": [{"MetricName": "MissedDays", "Value": 1}]},
        [
            allow(
                "cloudwatch:PutMetricData",
                "*",
                Condition={"StringEquals": {"cloudwatch:namespace": "GlueEtl"}},
            )
        ],
        "*",
        "CloudWatch.CloudWatchException",
    ),
    (
        "aws-sdk:athena:getWorkGroup",
        {"WorkGroup": "primary"},
        [allow("athena:GetWorkGroup", f"arn:aws:athena:{REGION}:workgroup/primary")],
        f"arn:aws:athena:{REGION}:workgroup/primary",
        "Athena.AthenaException",
    ),
    (
        "sns:publish",
        {"TopicArn": f"arn:aws:sns:{REGION}:notices", "Message": "hello"},
        [allow("sns:Publish", f"arn:aws:sns:{REGION}:notices")],
        f"arn:aws:sns:{REGION}:notices",
        "SNS.AuthorizationErrorException",
    ),
    (
        "aws-sdk:sns:publish",
        {"TopicArn": f"arn:aws:sns:{REGION}:notices", "Message": "hello"},
        [allow("sns:Publish", f"arn:aws:sns:{REGION}:notices")],
        f"arn:aws:sns:{REGION}:notices",
        "Sns.AuthorizationErrorException",
    ),
]


@pytest.mark.parametrize(
    ("task", "arguments", "needed", "resource", "denial"), TASKS, ids=[task[0] for task in TASKS]
)
def test_a_task_may_do_what_the_role_may(
    world: Any,
    topic: str,
    task: str,
    arguments: Any,
    needed: list[Statement],
    resource: str,
    denial: str,
) -> None:
    emulator, name = world.emulator, task.replace(":", "-")
    role = make_role(emulator, name, needed)
    arn = machine(emulator, name, role, task, arguments)
    assert outcome(emulator, arn) == ("", "")
    for missing in needed:
        rest = [statement for statement in needed if statement is not missing]
        rest.append(allow("glue:GetJob", "*"))
        emulator.client("iam").put_role_policy(
            RoleName=name, PolicyName="own", PolicyDocument=document(*rest)
        )
        error, cause = outcome(emulator, arn)
        assert error == denial
        assert f"is not authorized to perform: {missing['Action']} on" in cause
    refused = [call for call in access(emulator) if call["role"] == name and not call["allowed"]]
    assert resource in [call["resource"] for call in refused]


def test_a_condition_that_is_not_met_refuses(world: Any) -> None:
    condition = {"StringEquals": {"cloudwatch:namespace": "Other"}}
    statement = allow("cloudwatch:PutMetricData", "*", Condition=condition)
    role = make_role(world.emulator, "other-namespace", [statement])
    resource, arguments = TASKS[3][:2]
    arn = machine(world.emulator, "other-namespace", role, resource, arguments)
    assert outcome(world.emulator, arn)[0] == "CloudWatch.CloudWatchException"


def test_the_boundary_limits_the_role(world: Any) -> None:
    boundary = world.emulator.client("iam").create_policy(
        PolicyName="boundary", PolicyDocument=document(allow("sns:Publish", "*"))
    )["Policy"]["Arn"]
    role = make_role(
        world.emulator,
        "bounded",
        [allow("glue:GetWorkflow", "*")],
        PermissionsBoundary=boundary,
    )
    arn = machine(world.emulator, "bounded", role, *TASKS[0][:2])
    assert outcome(world.emulator, arn)[0] == "Glue.AccessDeniedException"


def test_a_branch_in_parallel_runs_as_the_role_too(world: Any) -> None:
    role = make_role(world.emulator, "parallel", [allow("glue:GetJob", "*")])
    branch = {
        "StartAt": "Look",
        "States": {
            "Look": {
                "Type": "Task",
                "Resource": "arn:aws:states:::aws-sdk:glue:getWorkflow",
                "Arguments": {"Name": "daily"},
                "TimeoutSeconds": 30,
                "End": True,
            }
        },
    }
    both = {"Type": "Parallel", "Branches": [branch, branch], "End": True}
    definition = {"QueryLanguage": "JSONata", "StartAt": "Both", "States": {"Both": both}}
    made = world.emulator.client("stepfunctions").create_state_machine(
        name="parallel", roleArn=role, definition=json.dumps(definition)
    )
    assert outcome(world.emulator, made["stateMachineArn"])[0] == "Glue.AccessDeniedException"


@pytest.mark.parametrize(
    ("name", "trust"),
    [
        ("of-glue", {"Principal": {"Service": "glue.amazonaws.com"}}),
        (
            "of-another-machine",
            {"Condition": {"ArnEquals": {"aws:SourceArn": f"arn:aws:states:{REGION}:other"}}},
        ),
        (
            "of-another-account",
            {"Condition": {"StringEquals": {"aws:SourceAccount": "111122223333"}}},
        ),
    ],
)
def test_a_role_that_does_not_trust_the_machine_is_not_assumed(
    world: Any, name: str, trust: Statement
) -> None:
    role = make_role(world.emulator, name, [allow("glue:GetWorkflow", "*")], trust=trust)
    arn = machine(world.emulator, name, role, *TASKS[0][:2])
    error, cause = outcome(world.emulator, arn)
    assert error == "Glue.AccessDeniedException"
    assert f"{STATES} is not authorized to assume the role {role}" in cause


def test_a_machine_that_starts_another_needs_the_permission(world: Any) -> None:
    inner_role = make_role(world.emulator, "inner", [allow("glue:GetWorkflow", "*")])
    inner = machine(world.emulator, "inner", inner_role, *TASKS[0][:2])
    outer_role = make_role(world.emulator, "outer", [allow("states:StartExecution", inner)])
    arguments = {"StateMachineArn": inner, "Input": {}}
    outer = machine(world.emulator, "outer", outer_role, "states:startExecution", arguments)
    assert outcome(world.emulator, outer) == ("", "")
    world.emulator.client("iam").put_role_policy(
        RoleName="outer", PolicyName="own", PolicyDocument=document(allow("glue:GetJob", "*"))
    )
    assert outcome(world.emulator, outer)[0] == "Sfn.SfnException"


@pytest.mark.parametrize(
    ("name", "granted", "service", "starts"),
    [
        ("may-start", "states:StartExecution", "events.amazonaws.com", 1),
        ("may-stop", "states:StopExecution", "events.amazonaws.com", 0),
        ("of-states", "states:StartExecution", STATES, 0),
    ],
)
def test_a_rule_starts_a_machine_with_its_targets_role(
    world: Any, name: str, granted: str, service: str, starts: int
) -> None:
    emulator = world.emulator
    own = make_role(emulator, f"{name}-machine", [allow("glue:GetWorkflow", "*")])
    arn = machine(emulator, name, own, *TASKS[0][:2])
    role = make_role(emulator, name, [allow(granted, arn)], service)
    events = emulator.client("events")
    events.put_rule(Name=name, EventPattern=json.dumps({"source": [name]}))
    events.put_targets(Rule=name, Targets=[{"Id": "start", "Arn": arn, "RoleArn": role}])
    event = {"Source": name, "DetailType": "test", "Detail": "{}"}
    assert events.put_events(Entries=[event])["FailedEntryCount"] == 0
    states = emulator.client("stepfunctions")
    assert len(states.list_executions(stateMachineArn=arn)["executions"]) == starts


def test_calls_are_counted_by_the_statement_that_allows_them(world: Any) -> None:
    emulator = world.emulator
    statements = [allow("s3:PutObject", "arn:aws:s3:::data/in/*"), allow("s3:ListBucket", "*")]
    role = make_role(emulator, "writer", statements, "glue.amazonaws.com")
    s3 = emulator.role_client("s3", role)
    for number in range(3):
        s3.put_object(Bucket="data", Key=f"in/{number}", Body=b"1")
    assert world.refusal(s3.put_object, Bucket="data", Key="out/0", Body=b"1") == "AccessDenied"
    put = {"role": "writer", "action": "s3:PutObject"}
    refused = {"allowed": False, "statement": "", "resource": "arn:aws:s3:::data/out/0"}
    assert [call for call in access(emulator) if call["role"] == "writer"] == [
        {**put, **refused, "count": 1},
        {**put, "allowed": True, "statement": "PutObject", "resource": "", "count": 3},
    ]
