"""Which resource IAM checks for an Athena call: the work group that the call is about.

Source: Service Authorization Reference, "Actions, resources, and condition keys for Amazon
Athena". ministack by itself knows the group only where the request names it.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any

from emulator.access.resource_arns import Request, check_by
from emulator.account import ACCOUNT_ID
from emulator.athena.workgroups import PRIMARY

GroupOf = Callable[[str, Mapping[str, Any]], str | None]
"""Work group of what a request in a region names; None if it isn't known."""
IN_PRIMARY = ("StartQueryExecution", "ListQueryExecutions", "CreateNamedQuery", "ListNamedQueries")
"""Operations that mean the primary work group where they name none."""


def install(group_of: GroupOf) -> None:
    """Have ministack check the work group's ARN before it calls the handler."""

    def arn_of(request: Request) -> str:
        group = _group(request.headers, request.body, request.region, group_of)
        if group is None:
            return request.theirs()
        return f"arn:aws:athena:{request.region}:{ACCOUNT_ID}:workgroup/{group}"

    check_by("athena", arn_of)


def _group(headers: Mapping[str, str], body: bytes, region: str, group_of: GroupOf) -> str | None:
    try:
        payload = json.loads(body or b"{}")
    except ValueError:
        return None
    if not isinstance(payload, dict):
        return None
    if payload.get("WorkGroup"):
        return str(payload["WorkGroup"])
    operation = headers.get("x-amz-target", "").rpartition(".")[2]
    return PRIMARY if operation in IN_PRIMARY else group_of(region, payload)
