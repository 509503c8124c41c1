"""The HTTP status of a refusal by IAM, for the services plugged into ministack."""

from __future__ import annotations

from typing import Any

PLUGGED = ("glue", "athena")


def install() -> None:
    """Have Glue and Athena refuse with 400, as services of AWS's JSON 1.1 protocol do."""
    from ministack.core import iam_actions

    of_ministack = iam_actions.access_denied_response

    def access_denied_response(
        service: str, *arguments: Any, **keywords: Any
    ) -> tuple[int, dict[str, str], bytes]:
        status, headers, body = of_ministack(service, *arguments, **keywords)
        if service in PLUGGED and status == 403:
            status = 400
        return status, headers, body

    iam_actions.access_denied_response = access_denied_response
