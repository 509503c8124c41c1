"""Which resources IAM checks for a Glue call; ministack by itself takes most names for tables.

Source: Service Authorization Reference, "Actions, resources, and condition keys for AWS Glue", and
AWS Glue guide, "Specifying AWS Glue resource ARNs": a call on a table is checked on the catalog,
the database and the table, each of which the caller's policies must allow.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from emulator.access.resource_arns import Request, check_by
from emulator.account import ACCOUNT_ID
from emulator.glue.catalog import DATABASE_OPERATIONS, TABLE_OPERATIONS

KINDS = (
    ("Workflow", "workflow", "Name"),
    ("Trigger", "trigger", "Name"),
    ("DevEndpoint", "devEndpoint", "EndpointName"),
    ("Crawl", "crawler", "Name"),
    ("Job", "job", "Name"),
    ("Session", "session", "Id"),
    ("Statement", "session", "SessionId"),
)
"""A word of the operation's name, the kind of resource in its ARN, the field with its name."""
IN_CATALOG = (
    *("Database", "Table", "Partition", "Column", "Catalog"),
    *("Function", "Connection", "ResourcePolic"),
)
"""Words of the operations that are checked on the catalog; the rest has no resource."""


def resource_arns(operation: str, payload: Mapping[str, Any], region: str) -> list[str]:
    """ARNs that the caller must be allowed for, the most telling last; `*` where there is none."""
    prefix = f"arn:aws:glue:{region}:{ACCOUNT_ID}:"
    if payload.get("ResourceArn"):
        return [str(payload["ResourceArn"])]
    for word, kind, field in KINDS:
        if word in operation:
            name = payload.get(f"{word}Name") or payload.get(f"{word}erName") or payload.get(field)
            return [f"{prefix}{kind}/{name}"] if name else ["*"]
    if not any(word in operation for word in IN_CATALOG):
        return ["*"]
    return [prefix + resource for resource in _catalog_resources(operation, payload)]


def _catalog_resources(operation: str, payload: Mapping[str, Any]) -> list[str]:
    database = payload.get("DatabaseName")
    if operation in DATABASE_OPERATIONS:
        database = payload.get("Name")
    if operation == "CreateDatabase":
        database = (payload.get("DatabaseInput") or {}).get("Name")
    if not database:
        return ["catalog"]
    resources = ["catalog", f"database/{str(database).lower()}"]
    table = payload.get("TableName") or (payload.get("TableInput") or {}).get("Name")
    if operation in TABLE_OPERATIONS:
        table = payload.get("Name")
    if operation in ("GetTables", "SearchTables", "BatchDeleteTable"):
        table = "*"
    return [*resources, f"table/{database}/{table}".lower()] if table else resources


def install() -> None:
    """Have ministack check the last of these ARNs before it calls the handler."""
    check_by("glue", lambda request: _arns_of(request)[-1])


def _arns_of(request: Request) -> list[str]:
    return resource_arns(operation_of(request.headers), payload_of(request.body), request.region)


def denied(headers: Mapping[str, str], body: bytes, region: str) -> tuple[int, Any, bytes] | None:
    """The refusal by the other ARNs of the call, None if they are all allowed.

    Calls from inside the process (Step Functions) carry no signature and aren't checked again.
    """
    from ministack.core.iam_actions import access_denied_response
    from ministack.core.iam_evaluator import enforce
    from ministack.core.router import extract_access_key_id

    if "authorization" not in headers:
        return None
    operation = operation_of(headers)
    action = f"glue:{operation}"
    for arn in resource_arns(operation, payload_of(body), region)[:-1]:
        refusal = enforce(extract_access_key_id(headers, {}), action, "glue", region, arn)
        if refusal:
            response: tuple[int, Any, bytes] = access_denied_response(
                "glue", action, refusal.principal_arn, "", headers=dict(headers), resource_arn=arn
            )
            return response
    return None


def operation_of(headers: Mapping[str, str]) -> str:
    return headers.get("x-amz-target", "").rpartition(".")[2]


def payload_of(body: bytes) -> dict[str, Any]:
    """The request's JSON object; empty if it isn't one, which the handler then says."""
    try:
        payload = json.loads(body or b"{}")
    except ValueError:
        return {}
    return payload if isinstance(payload, dict) else {}
