"""Security configurations: what names one must name one that exists."""

from __future__ import annotations

from typing import Any

from emulator.glue.errors import GlueError, invalid_input
from emulator.glue.region import Region


def check_security_configuration(region: Region, name: Any) -> None:
    """Raise InvalidInputException for the name of none; None and "" name nothing."""
    if not name:
        return
    try:
        region.records.call("GetSecurityConfiguration", {"Name": name})
    except GlueError as error:
        raise invalid_input(f"Security configuration {name} does not exist.") from error
