"""Condition keys of calls that ministack's evaluator isn't told."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from emulator.glue.permissions import payload_of

NAMESPACE = "cloudwatch:namespace"


def install() -> None:
    """Add the namespace of PutMetricData (Service Authorization Reference, "CloudWatch")."""
    from ministack.core import iam_actions

    of_tags = iam_actions.request_tag_context

    def request_tag_context(
        service: str, action: str, body: bytes, parameters: Mapping[str, Any]
    ) -> dict[str, Any]:
        found: dict[str, Any] = of_tags(service, action, body, parameters)
        if action == "cloudwatch:PutMetricData":
            found[NAMESPACE] = _namespace(body, parameters)
        return found

    iam_actions.request_tag_context = request_tag_context


def _namespace(body: bytes, parameters: Mapping[str, Any]) -> str | None:
    """SDKs send the call as a form or as JSON."""
    value = parameters.get("Namespace") or payload_of(body).get("Namespace")
    return value[0] if isinstance(value, list) else value
