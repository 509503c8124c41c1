"""IAM in front of CloudWatch: a role puts metrics into the namespaces that its policy names."""

from __future__ import annotations

import json
from typing import Any

METRIC = [{"MetricName": "Rows", "Value": 1.0}]


def test_only_the_namespaces_of_the_condition(emulator: Any, new_world: Any) -> None:
    world = new_world(emulator)
    role = world.role("metrics", {})
    statement = {
        "Effect": "Allow",
        "Action": "cloudwatch:PutMetricData",
        "Resource": "*",
        "Condition": {"StringEquals": {"cloudwatch:namespace": ["Glue", "GlueEtl"]}},
    }
    document = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
    emulator.client("iam").put_role_policy(
        RoleName="metrics", PolicyName="put", PolicyDocument=document
    )
    client = emulator.role_client("cloudwatch", role)
    client.put_metric_data(Namespace="GlueEtl", MetricData=METRIC)
    refused = world.refusal(client.put_metric_data, Namespace="Other", MetricData=METRIC)
    assert refused == "AccessDeniedException"
    (found,) = emulator.client("cloudwatch").list_metrics()["Metrics"]
    assert (found["Namespace"], found["MetricName"]) == ("GlueEtl", "Rows")
