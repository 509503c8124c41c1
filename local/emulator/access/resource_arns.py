"""The resource that IAM checks for a call, where ministack reads another from it than AWS does.

Seam, an internal of the pinned ministack 1.5.33: `core.iam_actions.extract_resource_arn`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple


class Request(NamedTuple):
    """A call to a service; `theirs` gives the ARN that ministack would check."""

    headers: Mapping[str, str]
    body: bytes
    region: str
    theirs: Callable[[], str]


def check_by(service: str, arn_of: Callable[[Request], str]) -> None:
    """Have IAM check what `arn_of` gives for calls to the service."""
    from ministack.core import iam_actions

    of_others = iam_actions.extract_resource_arn

    def extract_resource_arn(
        asked: str,
        method: str,
        path: str,
        headers: Mapping[str, str],
        body: bytes,
        query: Mapping[str, Any],
        region: str,
        account: str,
    ) -> str:
        def theirs() -> str:
            return str(of_others(asked, method, path, headers, body, query, region, account))

        return arn_of(Request(headers, body, region, theirs)) if asked == service else theirs()

    iam_actions.extract_resource_arn = extract_resource_arn
