"""The resource that IAM checks for a call to CloudWatch Logs.

ministack takes the log group alone, which a policy that names `log-group:NAME:*` doesn't match. AWS
checks the stream, and an empty stream's name where the call is about the group (Service
Authorization Reference, "Actions, resources, and condition keys for Amazon CloudWatch Logs").

Seam, an internal of the pinned ministack 1.5.33: `core.iam_actions.extract_resource_arn`.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

CHECKED = ("CreateLogGroup", "AssociateKmsKey", "CreateLogStream", "PutLogEvents")


def install() -> None:
    """Have the calls with which services write logs checked as on AWS."""
    from ministack.core import iam_actions

    of_others = iam_actions.extract_resource_arn

    def extract_resource_arn(
        service: str,
        method: str,
        path: str,
        headers: Mapping[str, str],
        body: bytes,
        query: Mapping[str, Any],
        region: str,
        account: str,
    ) -> str:
        arn = str(of_others(service, method, path, headers, body, query, region, account))
        action = headers.get("x-amz-target", "").rpartition(".")[2]
        if service != "logs" or action not in CHECKED or arn == "*":
            return arn
        return f"{arn}:log-stream:{json.loads(body).get('logStreamName', '')}"

    iam_actions.extract_resource_arn = extract_resource_arn
