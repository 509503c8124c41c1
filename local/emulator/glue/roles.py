"""Temporary credentials of the roles that crawlers and jobs run as."""

from __future__ import annotations

from botocore.exceptions import ClientError

from emulator.access.service_role import open_session
from emulator.access.trust import trusts
from emulator.account import client

GLUE = "glue.amazonaws.com"
MAX_SESSION_S = 43_200


class RoleRefusedError(Exception):
    """The role doesn't exist, or doesn't trust glue.amazonaws.com."""


def assume_for_glue(
    role: str, session: str, source_arn: str, endpoint: str, region: str, seconds: int = 3600
) -> dict[str, str]:
    """Credentials of `role` (a name, a path and name, or an ARN), as AssumeRole gives them.

    `source_arn` is the crawler, job or session for which Glue assumes it. `seconds` is cut at 12
    hours, the longest session that STS grants. Raises RoleRefusedError.
    """
    name = role.rpartition("/")[2]
    try:
        found = client("iam", endpoint, region).get_role(RoleName=name)["Role"]
    except ClientError as error:
        raise RoleRefusedError(f"Role {role} doesn't exist") from error
    if not trusts(found["AssumeRolePolicyDocument"], GLUE, found["Arn"], region, source_arn):
        raise RoleRefusedError(f"Role {role} doesn't trust {GLUE}")
    return open_session(found["Arn"], session, max(900, min(seconds, MAX_SESSION_S)))
