"""What EventBridge and its scheduler may deliver to, and workflows of Glue as their targets.

ministack delivers to any queue, topic or state machine, and drops what is meant for a workflow.
Here a delivery that isn't allowed is logged and left out, as on AWS, where it counts as a failed
invocation (EventBridge guide, "Permissions for Amazon EventBridge").

Seams, internals of the pinned ministack 1.5.33: `services.eventbridge._invoke_target` and
`_validate_target_arn`, `services.sqs.queue_policy_allows`, `services.sns._topics`,
`core.iam_evaluator._request_origin`.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from typing import Any

from emulator.access.service_role import refusal
from emulator.account import ACCOUNT_ID

Notify = Callable[[str, str, str], None]
"""Takes a region, the name of a workflow in it, and the id of an event."""

ACTIONS = {
    "glue": "glue:NotifyEvent",
    "states": "states:StartExecution",
    "sqs": "sqs:SendMessage",
    "sns": "sns:Publish",
    "lambda": "lambda:InvokeFunction",
}
NEED_ROLE = ("glue", "states")
"""Services whose resources have no policy of their own."""

EVENTS = "events.amazonaws.com"
log = logging.getLogger("emulator.access")


def install(notify: Notify) -> None:
    """Put the checks in front of ministack's targets; `notify` takes the events for workflows."""
    from ministack.core.iam_evaluator import _request_origin
    from ministack.core.responses import error_response_json
    from ministack.services import eventbridge

    validate, invoke = eventbridge._validate_target_arn, eventbridge._invoke_target

    def validate_target(target: Mapping[str, Any]) -> Any:
        problem = validate(target)
        if problem is None and _service(target) in NEED_ROLE and not target.get("RoleArn"):
            message = f"RoleArn is required for target {target['Arn']}."
            return error_response_json("ValidationException", message, 400)
        return problem

    def invoke_target(
        target: Mapping[str, Any], event: Mapping[str, Any], rule: Mapping[str, Any], *view: Any
    ) -> None:
        # Services deliver by TLS, also what no request has set off.
        origin = _request_origin.set(("127.0.0.1", True))
        try:
            reason = _refused(target, event, rule)
            if reason:
                log.warning("%s isn't invoked: %s", target["Arn"], reason)
            elif _service(target) == "glue":
                region, resource = target["Arn"].split(":")[3], target["Arn"].split(":")[5]
                notify(region, resource.removeprefix("workflow/"), event["EventId"])
            else:
                invoke(target, event, rule, *view)
        finally:
            _request_origin.reset(origin)

    eventbridge._validate_target_arn = validate_target
    eventbridge._invoke_target = invoke_target


def _service(target: Mapping[str, Any]) -> str:
    arn = str(target.get("Arn", ""))
    return arn.split(":")[2] if arn.count(":") >= 5 else ""


def _refused(
    target: Mapping[str, Any], event: Mapping[str, Any], rule: Mapping[str, Any]
) -> str | None:
    """By the target's role if it has one, else by the policy of the queue or topic."""
    service, source = _service(target), rule.get("Arn", "")
    if service not in ACTIONS:
        return None
    arn, action = target["Arn"], ACTIONS[service]
    if target.get("RoleArn"):
        scheduled = event.get("Source") == "aws.scheduler"
        principal = "scheduler.amazonaws.com" if scheduled else EVENTS
        return refusal(target["RoleArn"], principal, source, action, arn)
    if service in NEED_ROLE:
        return "the target has no RoleArn"
    return None if _policy_allows(arn, source) else f"its policy doesn't allow {EVENTS} {action}"


def _policy_allows(arn: str, source: str) -> bool:
    """Functions are taken as allowed: this project has none."""
    service = arn.split(":")[2]
    if service == "sqs":
        return _queue_allows(arn, source)
    return _topic_allows(arn, source) if service == "sns" else True


def _queue_allows(arn: str, source: str) -> bool:
    from ministack.services.sqs import queue_policy_allows

    return bool(queue_policy_allows(arn, EVENTS, source, ACCOUNT_ID))


def _topic_allows(arn: str, source: str) -> bool:
    """As ministack's own check, but without the source's owner.

    The topic's default policy asks for the owner, which EventBridge doesn't tell.
    """
    from ministack.core.iam_evaluator import EvalContext, evaluate_resource_policy
    from ministack.services.sns import _topics

    topic = _topics.get(arn)
    context = EvalContext(
        principal_arn="*",
        principal_type="Service",
        principal_account="",
        action=ACTIONS["sns"],
        resource_arn=arn,
        region=arn.split(":")[3],
        service_context={"aws:sourcearn": source, "aws:sourceaccount": ACCOUNT_ID},
    )
    policy = topic["attributes"].get("Policy") if topic else None
    return bool(evaluate_resource_policy(policy, context, service=EVENTS).decision == "Allow")
