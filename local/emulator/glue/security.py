"""Security configurations: who names one, and who reads it."""

from __future__ import annotations

from typing import Any

from emulator.glue.errors import GlueError, invalid_input
from emulator.glue.region import Region

READ = "glue:GetSecurityConfiguration"
UNREADABLE = "Error trying to retrieve security config, error message: "
"""terraform-provider-aws#50018."""


def check_security_configuration(region: Region, name: Any) -> None:
    """Raise InvalidInputException for the name of none; None and "" name nothing."""
    if not name:
        return
    try:
        region.records.call("GetSecurityConfiguration", {"Name": name})
    except GlueError as error:
        raise invalid_input(f"Security configuration {name} does not exist.") from error


def read_security_configuration(region: Region, name: Any, access_key_id: str) -> None:
    """Look up a crawler's configuration with its role, as CreateCrawler and UpdateCrawler do.

    `access_key_id` is that of the role's session. Raises InvalidInputException if the role may not
    read it, or it doesn't exist; None and "" name nothing. The call isn't sent, since Glue here
    answers one at a time, but it is decided and recorded as if it were.
    """
    from ministack.core.iam_evaluator import enforce

    if not name:
        return
    denied = enforce(access_key_id, READ, "glue", region.name)
    if denied is not None:
        raise invalid_input(
            f"{UNREADABLE}User: {denied.principal_arn} is not authorized to perform: {READ} on "
            "resource: *"
        )
    try:
        region.records.call("GetSecurityConfiguration", {"Name": name})
    except GlueError as error:
        raise invalid_input(UNREADABLE + error.message) from error
