"""Has what an EventBridge rule or schedule starts checked against the target's role."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from typing import Any

from emulator.access.service_role import refusal

ACTIONS = {
    "states": "states:StartExecution",
    "sqs": "sqs:SendMessage",
    "sns": "sns:Publish",
    "lambda": "lambda:InvokeFunction",
}
log = logging.getLogger("emulator.access")


def install() -> None:
    """Put the check in front of ministack's delivery. What is refused is logged, not delivered."""
    from ministack.services import eventbridge

    invoke = eventbridge._invoke_target

    def invoke_target(
        target: Mapping[str, Any], event: Mapping[str, Any], rule: Mapping[str, Any], *view: Any
    ) -> None:
        reason = _refused(target, event, rule)
        if reason:
            log.warning("%s isn't invoked: %s", target["Arn"], reason)
        else:
            invoke(target, event, rule, *view)

    eventbridge._invoke_target = invoke_target


def _refused(
    target: Mapping[str, Any], event: Mapping[str, Any], rule: Mapping[str, Any]
) -> str | None:
    """A state machine has no policy of its own, so its target needs a role."""
    arn, role = target.get("Arn", ""), target.get("RoleArn", "")
    service = arn.split(":")[2] if arn.count(":") > 2 else ""
    if service not in ACTIONS:
        return None
    if not role:
        return "the target has no RoleArn" if service == "states" else None
    scheduled = event.get("Source") == "aws.scheduler"
    principal = "scheduler.amazonaws.com" if scheduled else "events.amazonaws.com"
    return refusal(role, principal, rule.get("Arn", ""), ACTIONS[service], arn)
