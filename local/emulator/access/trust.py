"""Whether a service may assume a role."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from emulator.account import ACCOUNT_ID


def trusts(
    policy: str | Mapping[str, Any], service: str, role_arn: str, region: str, source_arn: str = ""
) -> bool:
    """Whether the trust policy of `role_arn` lets the service in, by ministack's own evaluator.

    The evaluator knows no service principals, so the statements that name the service are given to
    it as statements for anybody. `source_arn` is the resource that the service acts for.
    """
    from ministack.core.iam_evaluator import EvalContext, evaluate_trust_policy

    document = json.loads(policy) if isinstance(policy, str) else policy
    statements = document.get("Statement", [])
    if isinstance(statements, Mapping):
        statements = [statements]
    named = [{**found, "Principal": "*"} for found in statements if _names(service, found)]
    keys = {"aws:sourceaccount": ACCOUNT_ID}
    if source_arn:
        keys["aws:sourcearn"] = source_arn
    context = EvalContext(
        principal_arn=service,
        principal_type="Service",
        principal_account=ACCOUNT_ID,
        action="sts:AssumeRole",
        resource_arn=role_arn,
        region=region,
        service_context=keys,
    )
    return bool(evaluate_trust_policy({"Statement": named}, service, context))


def _names(service: str, statement: Mapping[str, Any]) -> bool:
    principal = statement.get("Principal", {})
    if principal == "*":
        return True
    services = principal.get("Service", []) if isinstance(principal, Mapping) else []
    return service in ([services] if isinstance(services, str) else services)
