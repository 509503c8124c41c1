"""What a service may do with a role that it was given, decided inside the process.

Works on the event loop too, where a request to this server would wait for itself.

Seams, internals of the pinned ministack 1.5.33: `services.iam._roles`, `services.sts._sessions`,
`register_session`, `_role_id` and its makers of credentials.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from emulator.access.trust import trusts
from emulator.account import ACCOUNT_ID


def refusal(
    role_arn: str,
    service: str,
    source_arn: str,
    action: str,
    resource: str,
    context: Mapping[str, Any] | None = None,
) -> str | None:
    """Why the service can't do the action with the role; None if it can.

    `service` is the principal that assumes the role (`states.amazonaws.com`), `source_arn` the
    resource that it acts for, `context` the condition keys of the call. The decision counts the
    role's trust policy, its policies, its boundary and the policy of the resource.
    """
    from ministack.core.iam_evaluator import AuthError, enforce
    from ministack.core.responses import get_region
    from ministack.services import iam

    name = role_arn.rpartition("/")[2]
    role = iam._roles.get_scoped(ACCOUNT_ID, None, name)
    trust = role.get("AssumeRolePolicyDocument", "{}") if role else None
    if trust is None or not trusts(trust, service, role_arn, get_region(), source_arn):
        return f"{service} is not authorized to assume the role {role_arn}"
    with _session(role_arn) as key:
        denied = enforce(key, action, action.partition(":")[0], get_region(), resource, context)
    if denied is None:
        return None
    if isinstance(denied, AuthError):
        return str(denied.message)
    lacks = denied.reason if denied.reason.startswith("kms:") else f"{action} on {resource}"
    return f"User: {denied.principal_arn} is not authorized to perform: {lacks}"


def open_session(role_arn: str, session: str, seconds: int = 3600) -> dict[str, str]:
    """Credentials with which a service acts as a role that it may assume, for so many seconds.

    AssumeRole would ask the role's trust policy again, for the account's root that calls it here
    and with none of the keys that a service brings.
    """
    from ministack.services import sts

    key, token = sts._gen_session_access_key(), sts._gen_session_token()
    secret = sts._gen_secret()
    name = role_arn.rpartition("/")[2]
    sts.register_session(
        key,
        {
            "Arn": f"arn:aws:sts::{ACCOUNT_ID}:assumed-role/{name}/{session}",
            "UserId": f"{sts._role_id(role_arn)}:{session}",
            "SecretAccessKey": secret,
            "SessionToken": token,
            "Expiration": time.time() + seconds,
            "AccountId": ACCOUNT_ID,
            "PrincipalType": "AssumedRole",
        },
    )
    return {"AccessKeyId": key, "SecretAccessKey": secret, "SessionToken": token}


@contextmanager
def _session(role_arn: str) -> Iterator[str]:
    """The access key of a session of the role, as the evaluator looks it up; for one decision."""
    from ministack.services import sts

    key = open_session(role_arn, "service")["AccessKeyId"]
    try:
        yield key
    finally:
        sts._sessions.pop(key, None)
