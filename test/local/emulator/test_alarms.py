"""Alarms are told as they were put, by each protocol that clients use here."""

from __future__ import annotations

import urllib.parse
import urllib.request
from typing import Any

import botocore.parsers
import botocore.serialize
import botocore.session
import pytest

MODEL = botocore.session.get_session().get_service_model("cloudwatch")
PROTOCOLS = ("query", "json")
"""ministack needs a library for the third one, CBOR, that no client here writes."""
TOPIC = "arn:aws:sns:us-east-1:000000000000:notices"
ALARM: dict[str, Any] = {
    "AlarmDescription": 'rows < 1 & "nothing" else',
    "ActionsEnabled": False,
    "AlarmActions": [TOPIC, f"{TOPIC}-2"],
    "OKActions": [f"{TOPIC}-ok"],
    "InsufficientDataActions": [f"{TOPIC}-unknown"],
    "MetricName": "RowsWritten",
    "Namespace": "GlueEtl",
    "Dimensions": [{"Name": "JobName", "Value": "a&b"}],
    "ExtendedStatistic": "p90",
    "Period": 300,
    "Unit": "Count",
    "EvaluationPeriods": 3,
    "DatapointsToAlarm": 2,
    "Threshold": 1.5,
    "ComparisonOperator": "LessThanThreshold",
    "TreatMissingData": "ignore",
    "EvaluateLowSampleCountPercentile": "ignore",
}


def call(emulator: Any, protocol: str, name: str, **arguments: Any) -> dict[str, Any]:
    """The answer to a request of the protocol, as botocore writes the one and reads the other."""
    operation = MODEL.operation_model(name)
    serializer = botocore.serialize.create_serializer(protocol, False)
    asked = serializer.serialize_to_request(arguments, operation)
    body = asked["body"]
    if isinstance(body, dict):
        body = urllib.parse.urlencode(body)
    scope = "Credential=test/20260101/us-east-1/monitoring/aws4_request"
    request = urllib.request.Request(
        emulator.endpoint + asked["url_path"],
        method="POST",
        data=body.encode() if isinstance(body, str) else body,
        headers={
            **asked["headers"],
            "authorization": f"AWS4-HMAC-SHA256 {scope}, SignedHeaders=host, Signature=none",
        },
    )
    with urllib.request.urlopen(request) as answer:
        told = {
            "status_code": answer.status,
            "headers": dict(answer.headers.items()),
            "body": answer.read(),
        }
    parsed: dict[str, Any] = botocore.parsers.create_parser(protocol).parse(
        told, operation.output_shape
    )
    return parsed


@pytest.mark.parametrize("told_by", PROTOCOLS)
@pytest.mark.parametrize("put_by", PROTOCOLS)
def test_alarm_is_told_as_it_was_put(emulator: Any, put_by: str, told_by: str) -> None:
    name = f"{put_by}-{told_by}"
    call(emulator, put_by, "PutMetricAlarm", AlarmName=name, **ALARM)
    (told,) = call(emulator, told_by, "DescribeAlarms", AlarmNames=[name])["MetricAlarms"]
    assert {field: told.get(field) for field in ALARM} == ALARM
    assert told["AlarmArn"].endswith(f":alarm:{name}")
    assert told["StateUpdatedTimestamp"].year >= 2026
    asked = {"MetricName": "RowsWritten", "Namespace": "GlueEtl"}
    same = call(emulator, told_by, "DescribeAlarmsForMetric", **asked)["MetricAlarms"]
    assert told in same


def test_every_field_of_a_request_is_put() -> None:
    """What a request and a description share, but for what goes only with several metrics."""
    asked = MODEL.operation_model("PutMetricAlarm").input_shape.members
    shared = set(asked) & set(MODEL.shape_for("MetricAlarm").members)
    by_metrics = {"Metrics", "Statistic", "ThresholdMetricId"}
    by_queries = {"EvaluationCriteria", "EvaluationInterval", "EvaluationWindow"}
    assert shared - set(ALARM) - {"AlarmName", "WarmUpConfiguration"} == by_metrics | by_queries


def test_composite_alarms_are_told_too(emulator: Any) -> None:
    call(emulator, "query", "PutMetricAlarm", AlarmName="part", **ALARM)
    whole = {"AlarmName": "whole", "AlarmRule": 'ALARM("part")', "AlarmActions": [TOPIC]}
    call(emulator, "json", "PutCompositeAlarm", **whole)
    asked = {"AlarmNames": ["whole"], "AlarmTypes": ["CompositeAlarm"]}
    (told,) = call(emulator, "query", "DescribeAlarms", **asked)["CompositeAlarms"]
    assert {field: told.get(field) for field in whole} == whole
