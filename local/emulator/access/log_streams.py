"""The resource that IAM checks for a call to CloudWatch Logs.

ministack takes the log group alone, which a policy that names `log-group:NAME:*` doesn't match. AWS
checks the stream, and an empty stream's name where the call is about the group (Service
Authorization Reference, "Actions, resources, and condition keys for Amazon CloudWatch Logs").
"""

from __future__ import annotations

import json

from emulator.access.resource_arns import Request, check_by

CHECKED = ("CreateLogGroup", "AssociateKmsKey", "CreateLogStream", "PutLogEvents")


def install() -> None:
    """Have the calls with which services write logs checked as on AWS."""
    check_by("logs", _arn_of)


def _arn_of(request: Request) -> str:
    arn = request.theirs()
    action = request.headers.get("x-amz-target", "").rpartition(".")[2]
    if action not in CHECKED or arn == "*":
        return arn
    return f"{arn}:log-stream:{json.loads(request.body).get('logStreamName', '')}"
