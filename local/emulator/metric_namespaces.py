"""The condition key `cloudwatch:namespace` of PutMetricData, which ministack's IAM doesn't know.

Seam, internal of the pinned ministack 1.5.33: `core.iam_actions.request_tag_context`, which gives
the condition keys that a request itself brings.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any


def install() -> None:
    """Have ministack hold a policy's namespaces against the request's."""
    from ministack.core import iam_actions

    of_tags = iam_actions.request_tag_context

    def request_context(
        service: str, iam_action: str, body: bytes, params: Mapping[str, Any]
    ) -> dict[str, Any]:
        context: dict[str, Any] = of_tags(service, iam_action, body, params)
        if iam_action == "cloudwatch:PutMetricData":
            context["cloudwatch:namespace"] = _namespace(body)
        return context

    iam_actions.request_tag_context = request_context


def _namespace(body: bytes) -> str | None:
    """The namespace of a JSON request, as boto3 and the AWS CLI send it."""
    try:
        request = json.loads(body)
    except ValueError:
        return None
    return request.get("Namespace") if isinstance(request, dict) else None
