"""EventBridge delivers only where AWS would: by the target's policy, or by the target's role."""

from __future__ import annotations

import json
from typing import Any

import pytest

ARN = "arn:aws:{}:us-east-1:000000000000:"
RULE = ARN.format("events") + "rule/r"
EVENTS = "events.amazonaws.com"


@pytest.fixture(scope="module")
def world(emulator: Any, new_world: Any) -> Any:
    world = new_world(emulator)
    pattern = json.dumps({"source": ["test"]})
    emulator.client("events").put_rule(Name="r", EventPattern=pattern)
    return world


def statement(action: str, resource: str, **condition: Any) -> str:
    allow = {
        "Effect": "Allow",
        "Principal": {"Service": EVENTS},
        "Action": action,
        "Resource": resource,
        **condition,
    }
    return json.dumps({"Version": "2012-10-17", "Statement": [allow]})


def from_rule(rule: str) -> dict[str, Any]:
    return {"Condition": {"ArnEquals": {"aws:SourceArn": rule}}}


def queue(world: Any, name: str, policy: str = "") -> dict[str, str]:
    attributes = {"Policy": policy} if policy else {}
    world.emulator.client("sqs").create_queue(QueueName=name, Attributes=attributes)
    return {"Id": name, "Arn": ARN.format("sqs") + name}


def delivered(world: Any, target: dict[str, str], name: str) -> bool:
    """Whether an event for `target` reaches the queue `name`, before one that surely does."""
    events, sqs = world.emulator.client("events"), world.emulator.client("sqs")
    open_queue = queue(world, "open", statement("sqs:SendMessage", ARN.format("sqs") + "open"))
    events.put_targets(Rule="r", Targets=[target, open_queue])
    events.put_events(Entries=[{"Source": "test", "DetailType": "t", "Detail": "{}"}])
    events.remove_targets(Rule="r", Ids=[target["Id"], "open"])
    answers = []
    for queue_name in ("open", name):
        url = sqs.get_queue_url(QueueName=queue_name)["QueueUrl"]
        answers.append(bool(sqs.receive_message(QueueUrl=url).get("Messages")))
        sqs.purge_queue(QueueUrl=url)
    assert answers[0], "the open queue didn't get the event"
    return answers[1]


def test_queue_needs_a_policy(world: Any) -> None:
    resource = ARN.format("sqs") + "mine"
    assert not delivered(world, queue(world, "mine"), "mine")
    sqs = world.emulator.client("sqs")
    url = sqs.get_queue_url(QueueName="mine")["QueueUrl"]
    for rule, allowed in ((f"{RULE}-other", False), (RULE, True)):
        policy = statement("sqs:SendMessage", resource, **from_rule(rule))
        sqs.set_queue_attributes(QueueUrl=url, Attributes={"Policy": policy})
        assert delivered(world, {"Id": "mine", "Arn": resource}, "mine") is allowed


def test_topic_needs_more_than_its_default_policy(world: Any) -> None:
    sns, resource = world.emulator.client("sns"), ARN.format("sqs") + "behind"
    topic = sns.create_topic(Name="topic")["TopicArn"]
    from_topic = json.loads(statement("sqs:SendMessage", resource))
    from_topic["Statement"][0]["Principal"] = {"Service": "sns.amazonaws.com"}
    behind = queue(world, "behind", json.dumps(from_topic))
    sns.subscribe(TopicArn=topic, Protocol="sqs", Endpoint=behind["Arn"])
    target = {"Id": "topic", "Arn": topic}
    assert not delivered(world, target, "behind")
    policy = statement("sns:Publish", topic, **from_rule(RULE))
    sns.set_topic_attributes(TopicArn=topic, AttributeName="Policy", AttributeValue=policy)
    assert delivered(world, target, "behind")


@pytest.mark.parametrize("service", ["glue", "states"])
def test_workflow_and_state_machine_need_a_role(world: Any, service: str) -> None:
    kind = {"glue": "workflow/w", "states": "stateMachine:m"}[service]
    target = {"Id": "t", "Arn": ARN.format(service) + kind}
    put = world.emulator.client("events").put_targets
    assert world.refusal(put, Rule="r", Targets=[target]) == "ValidationException"


def test_role_must_be_for_the_service_and_allow_the_action(world: Any) -> None:
    target = queue(world, "by-role")
    action, resource = "sqs:SendMessage", target["Arn"]
    roles = {
        "lambda": world.role("for-lambda", {action: resource}, "lambda.amazonaws.com"),
        "other": world.role("for-other-queue", {action: f"{resource}-other"}, EVENTS),
        "good": world.role("good", {action: resource}, EVENTS),
    }
    missing = f"{roles['good']}-missing"
    for role in (missing, roles["lambda"], roles["other"]):
        assert not delivered(world, {**target, "RoleArn": role}, "by-role")
    assert delivered(world, {**target, "RoleArn": roles["good"]}, "by-role")
    boundary = world.emulator.client("iam").create_policy(
        PolicyName="nothing", PolicyDocument=statement("s3:GetObject", "*")
    )["Policy"]["Arn"]
    world.emulator.client("iam").put_role_permissions_boundary(
        RoleName="good", PermissionsBoundary=boundary
    )
    assert not delivered(world, {**target, "RoleArn": roles["good"]}, "by-role")
