"""Who reads or writes what a key encrypts needs the key too."""

from __future__ import annotations

import json
import time
from typing import Any

import pytest

STATES = "states.amazonaws.com"


@pytest.fixture(scope="module")
def key(emulator: Any) -> str:
    return str(emulator.client("kms").create_key()["KeyMetadata"]["Arn"])


@pytest.fixture(scope="module")
def world(emulator: Any, new_world: Any, key: str) -> Any:
    world = new_world(emulator)
    default = {"SSEAlgorithm": "aws:kms", "KMSMasterKeyID": key}
    world.s3.put_bucket_encryption(
        Bucket="data",
        ServerSideEncryptionConfiguration={
            "Rules": [{"ApplyServerSideEncryptionByDefault": default}]
        },
    )
    world.s3.put_object(Bucket="data", Key="a", Body=b"1")
    return world


@pytest.mark.parametrize(
    ("name", "kms", "reads", "writes"),
    [
        ("keyless", None, False, False),
        ("reader", "kms:Decrypt", True, False),
        ("writer", "kms:GenerateDataKey", False, True),
    ],
)
def test_objects(
    world: Any, key: str, name: str, kms: str | None, reads: bool, writes: bool
) -> None:
    allowed = {"s3:*": "*"} | ({kms: key} if kms else {})
    s3 = world.emulator.role_client("s3", world.role(name, allowed))
    if reads:
        assert s3.get_object(Bucket="data", Key="a")["Body"].read() == b"1"
    else:
        assert world.refusal(s3.get_object, Bucket="data", Key="a") == "AccessDenied"
    if writes:
        s3.put_object(Bucket="data", Key=name, Body=b"1")
    else:
        assert world.refusal(s3.put_object, Bucket="data", Key=name, Body=b"1") == "AccessDenied"
    assert s3.list_objects_v2(Bucket="data")["KeyCount"] > 0
    s3.put_object(Bucket="code", Key=name, Body=b"no key there")


def test_a_key_is_used_through_its_service_alone(world: Any, key: str) -> None:
    role = world.role("through", {"s3:*": "*"})
    for service, reads in (("glue", False), ("s3", True)):
        via = {"StringEquals": {"kms:ViaService": f"{service}.us-east-1.amazonaws.com"}}
        statement = {"Effect": "Allow", "Action": "kms:Decrypt", "Resource": key, "Condition": via}
        world.emulator.client("iam").put_role_policy(
            RoleName="through",
            PolicyName="key",
            PolicyDocument=json.dumps({"Version": "2012-10-17", "Statement": [statement]}),
        )
        s3 = world.emulator.role_client("s3", role)
        if reads:
            s3.get_object(Bucket="data", Key="a")
        else:
            assert world.refusal(s3.get_object, Bucket="data", Key="a") == "AccessDenied"


def test_notices_of_a_state_machine(world: Any, key: str) -> None:
    states, sns = (world.emulator.client(name) for name in ("stepfunctions", "sns"))
    topic = sns.create_topic(Name="secret", Attributes={"KmsMasterKeyId": key})["TopicArn"]
    role = world.role("notifies", {"sns:Publish": topic, "kms:GenerateDataKey": key}, STATES)
    publish = {
        "Type": "Task",
        "Resource": "arn:aws:states:::sns:publish",
        "Parameters": {"TopicArn": topic, "Message": "hello"},
        "End": True,
    }
    definition = json.dumps({"StartAt": "Publish", "States": {"Publish": publish}})
    machine = states.create_state_machine(name="notifies", roleArn=role, definition=definition)

    def outcome() -> dict[str, Any]:
        arn = states.start_execution(stateMachineArn=machine["stateMachineArn"])["executionArn"]
        while (found := states.describe_execution(executionArn=arn))["status"] == "RUNNING":
            time.sleep(0.05)
        return dict(found)

    refused = outcome()
    assert refused["error"] == "SNS.AuthorizationErrorException"
    assert refused["cause"].endswith(f"is not authorized to perform: kms:Decrypt on {key}")
    statement = {"Effect": "Allow", "Action": "kms:Decrypt", "Resource": key}
    world.emulator.client("iam").put_role_policy(
        RoleName="notifies",
        PolicyName="read",
        PolicyDocument=json.dumps({"Version": "2012-10-17", "Statement": [statement]}),
    )
    assert outcome()["status"] == "SUCCEEDED"
