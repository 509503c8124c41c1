"""Temporary credentials of the roles that crawlers and jobs run as."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from botocore.exceptions import ClientError

from emulator.account import ACCOUNT_ID, client

GLUE = "glue.amazonaws.com"
MAX_SESSION_S = 43_200


class RoleRefusedError(Exception):
    """The role doesn't exist, or doesn't trust glue.amazonaws.com."""


def assume_for_glue(
    role: str, session: str, endpoint: str, region: str, seconds: int = 3600
) -> dict[str, str]:
    """Credentials of `role` (a name, a path and name, or an ARN), as AssumeRole gives them.

    `seconds` is cut at 12 hours, the longest session that STS grants. Raises RoleRefusedError.
    """
    name = role.rpartition("/")[2]
    try:
        found = client("iam", endpoint, region).get_role(RoleName=name)["Role"]
    except ClientError as error:
        raise RoleRefusedError(f"Role {role} doesn't exist") from error
    if not _trusts_glue(found["AssumeRolePolicyDocument"], found["Arn"], region):
        raise RoleRefusedError(f"Role {role} doesn't trust {GLUE}")
    granted = client("sts", endpoint, region).assume_role(
        RoleArn=found["Arn"],
        RoleSessionName=session,
        DurationSeconds=max(900, min(seconds, MAX_SESSION_S)),
    )
    credentials: dict[str, str] = granted["Credentials"]
    return credentials


def _trusts_glue(policy: Mapping[str, Any], role_arn: str, region: str) -> bool:
    """Whether Glue may assume the role, by ministack's own evaluator.

    The evaluator knows no service principals, so the statements that name Glue are given to it as
    statements for anybody.
    """
    from ministack.core.iam_evaluator import EvalContext, evaluate_trust_policy

    statements = policy.get("Statement", [])
    if isinstance(statements, Mapping):
        statements = [statements]
    named = [{**found, "Principal": "*"} for found in statements if _names_glue(found)]
    context = EvalContext(
        principal_arn=GLUE,
        principal_type="Service",
        principal_account=ACCOUNT_ID,
        action="sts:AssumeRole",
        resource_arn=role_arn,
        region=region,
        service_context={"aws:sourceaccount": ACCOUNT_ID},
    )
    return bool(evaluate_trust_policy({"Statement": named}, GLUE, context))


def _names_glue(statement: Mapping[str, Any]) -> bool:
    principal = statement.get("Principal", {})
    if principal == "*":
        return True
    services = principal.get("Service", []) if isinstance(principal, Mapping) else []
    return GLUE in ([services] if isinstance(services, str) else services)
