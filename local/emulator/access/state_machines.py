"""Has every task of a state machine checked against the state machine's role.

ministack runs tasks as the account's root. A task that the role may not do fails with the error
that Step Functions gives it, so that Catch and Retry see the same name as on AWS.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from contextvars import ContextVar
from typing import Any

from emulator.access.service_role import refusal
from emulator.account import ACCOUNT_ID

STATES = "states.amazonaws.com"
OPTIMIZED = "arn:aws:states:::"
OPTIMIZED_DENIALS = {
    "sns": "SNS.AuthorizationErrorException",
    "sqs": "SQS.AmazonSQSException",
    "events": "EventBridge.AccessDeniedException",
}

_running: ContextVar[str | None] = ContextVar("state_machine", default=None)
"""ARN of the state machine whose task runs; the threads of an execution take it over."""


def install() -> None:
    """Put the checks in front of ministack's calls."""
    from ministack import app
    from ministack.services import stepfunctions as sfn

    run, call, nested = (
        sfn._run_execution,
        app.call_service_handler_sync,
        sfn._nested_start_execution_request,
    )

    def run_execution(arn: str) -> None:
        execution = sfn._executions.get(arn)
        token = _running.set(execution["stateMachineArn"] if execution else None)
        try:
            run(arn)
        finally:
            _running.reset(token)

    def call_service_handler_sync(
        handler: Any,
        method: str,
        path: str,
        headers: Mapping[str, str],
        body: bytes,
        query: Mapping[str, Any],
        *timeout: float | None,
    ) -> Any:
        if _running.get():
            raw = body.encode() if isinstance(body, str) else body
            _check_request(method, path, headers, raw, query)
        return call(handler, method, path, headers, body, query, *timeout)

    def nested_start_execution_request(data: Mapping[str, Any]) -> Any:
        request = nested(data)
        _check("states:StartExecution", request["stateMachineArn"], {}, "Sfn.SfnException")
        return request

    sfn._run_execution = run_execution
    app.call_service_handler_sync = call_service_handler_sync
    sfn._nested_start_execution_request = nested_start_execution_request
    for resource, task in sfn._SERVICE_DISPATCH.items():
        sfn._SERVICE_DISPATCH[resource] = _checked(resource, task)


def _checked(
    resource: str, task: Callable[[str, dict[str, Any]], Any]
) -> Callable[[str, dict[str, Any]], Any]:
    service, operation = resource.removeprefix(OPTIMIZED).split(":")
    action = f"{service}:{operation[0].upper()}{operation[1:]}"

    def checked(arn: str, data: dict[str, Any]) -> Any:
        if _running.get():
            for target in _resources(service, "POST", "/", {}, json.dumps(data).encode(), data):
                _check(action, target, {}, OPTIMIZED_DENIALS.get(service, f"{service}.Exception"))
        return task(arn, data)

    return checked


def _check_request(
    method: str, path: str, headers: Mapping[str, str], body: bytes, query: Mapping[str, Any]
) -> None:
    """Check the request that an SDK task makes, as ministack checks one from outside."""
    from ministack import app
    from ministack.core import iam_actions

    service = headers["host"].partition(".")[0]
    parameters = app._routing_params(method, path, headers, body, query)
    action = iam_actions.extract_iam_action(service, method, path, headers, body, parameters)
    context = iam_actions.request_tag_context(service, action, body, parameters)
    for resource in _resources(service, method, path, headers, body, parameters):
        _check(action, resource, context, _sdk_denial(service))


def _resources(
    service: str,
    method: str,
    path: str,
    headers: Mapping[str, str],
    body: bytes,
    parameters: Mapping[str, Any],
) -> list[str]:
    from ministack.core import iam_actions
    from ministack.core.responses import get_region

    from emulator.glue.permissions import operation_of, payload_of, resource_arns

    region = get_region()
    if service == "glue":
        return resource_arns(operation_of(headers), payload_of(body), region)
    if service == "events":
        return list(iam_actions.eventbridge_resource_arns(body, region, ACCOUNT_ID)) or ["*"]
    return [
        iam_actions.extract_resource_arn(
            service, method, path, headers, body, parameters, region, ACCOUNT_ID
        )
    ]


def _check(action: str, resource: str, context: Mapping[str, Any], error: str) -> None:
    from ministack.services import stepfunctions as sfn

    machine = _running.get() or ""
    role = (sfn._state_machines.get(machine) or {}).get("roleArn", "")
    reason = refusal(role, STATES, machine, action, resource, context)
    if reason:
        raise sfn._ExecutionError(error, reason)


def _sdk_denial(service: str) -> str:
    """The error's name: the SDK's class for a denial, or the service's general one."""
    from ministack.core.responses import _service_model
    from ministack.services import stepfunctions as sfn

    names = {
        info.get("service_key", name): prefix
        for name, prefix in sfn._AWS_SDK_ERROR_PREFIX.items()
        if (info := sfn._AWS_SDK_SERVICE_MAP.get(name))
    }
    prefix = names.get(service, service.capitalize())
    model = _service_model(service)
    declared = {shape.name for shape in model.error_shapes} if model else set()
    for denial in ("AccessDeniedException", "AuthorizationErrorException"):
        if denial in declared:
            return f"{prefix}.{denial}"
    return f"{prefix}.{prefix}Exception"
