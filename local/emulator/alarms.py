"""Alarms of CloudWatch with all that was put: ministack keeps and tells only a part of it.

PutMetricAlarm drops some fields, more of them by the query protocol than by the others, and what
DescribeAlarms and DescribeAlarmsForMetric answer by the query protocol has nearly none: no actions,
for one. What the service's model has in both a request and a description is kept and told here.

Seams, internals of the pinned ministack 1.5.33: `services.cloudwatch._put_metric_alarm`,
`_describe_alarms`, `_describe_alarms_for_metric`, `_alarms`. Requests and answers of the query
protocol are read and written by moto.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Any

Answer = tuple[int, dict[str, str], bytes]
Handler = Callable[..., Answer]
Parameters = Mapping[str, list[str]]


def install() -> None:
    """Have ministack keep and tell alarms as they were put."""
    from ministack.services import cloudwatch

    cloudwatch._put_metric_alarm = _keeping_all(cloudwatch._put_metric_alarm)
    for operation, name in (
        ("DescribeAlarms", "_describe_alarms"),
        ("DescribeAlarmsForMetric", "_describe_alarms_for_metric"),
    ):
        setattr(cloudwatch, name, _telling_all(operation, getattr(cloudwatch, name)))


def _keeping_all(put: Handler) -> Handler:
    def put_metric_alarm(
        params: Parameters, data: dict[str, Any], is_cbor: bool, is_json: bool = False
    ) -> Answer:
        from ministack.services.cloudwatch import _alarms

        answer = put(params, data, is_cbor, is_json)
        if answer[0] == 200:
            asked = data if is_cbor or is_json else _read("PutMetricAlarm", params)
            alarm = _alarms[asked["AlarmName"]]
            alarm.update({field: asked[field] for field in _kept_fields() if field in asked})
        return answer

    return put_metric_alarm


def _telling_all(operation: str, describe: Handler) -> Handler:
    def described(
        params: Parameters, data: dict[str, Any], is_cbor: bool, is_json: bool = False
    ) -> Answer:
        if is_cbor or is_json:
            return describe(params, data, is_cbor, is_json)
        status, headers, body = describe(params, _read(operation, params), False, True)
        if status != 200:
            return describe(params, data, False)
        return _written(operation, json.loads(body), headers)

    return described


def _model() -> Any:
    from moto.core.utils import get_service_model

    return get_service_model("cloudwatch")


@lru_cache(maxsize=1)
def _kept_fields() -> tuple[str, ...]:
    model = _model()
    asked = model.operation_model("PutMetricAlarm").input_shape.members
    return tuple(set(asked) & set(model.shape_for("MetricAlarm").members))


def _read(operation: str, params: Parameters) -> dict[str, Any]:
    """A request of the query protocol as the other protocols have it."""
    from moto.core.parse import QueryParser
    from werkzeug.datastructures import Headers, MultiDict

    parser = QueryParser(_model().operation_model(operation))
    parsed: dict[str, Any] = parser.parse(
        {
            "body": b"",
            "headers": Headers(),
            "method": "POST",
            "url_params": {},
            "url_path": "/",
            "values": MultiDict({key: value[0] for key, value in params.items()}),
        }
    )
    return parsed


def _written(operation: str, answer: Mapping[str, Any], headers: dict[str, str]) -> Answer:
    from moto.core.serialize import QuerySerializer

    told = {
        key: [_without_none(item) for item in value] if isinstance(value, list) else value
        for key, value in answer.items()
    }
    response = QuerySerializer(_model().operation_model(operation)).serialize(told)
    body = response["body"]
    content = body.encode() if isinstance(body, str) else body
    return 200, {**headers, "Content-Type": "text/xml"}, content


def _without_none(alarm: Mapping[str, Any]) -> dict[str, Any]:
    return {field: value for field, value in alarm.items() if value is not None}
