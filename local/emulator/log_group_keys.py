"""The key of a log group that exists, which ministack only takes when the group is made.

Seams, internals of the pinned ministack 1.5.33: `SERVICE_HANDLERS` and
`services.cloudwatch_logs._log_groups`.
"""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

Handler = Callable[..., Awaitable[Any]]
ACTIONS = ("AssociateKmsKey", "DisassociateKmsKey")


def with_key_changes(of_ministack: Handler) -> Handler:
    """ministack's handler of CloudWatch Logs, which also answers the two calls about a key."""
    from ministack.core.responses import error_response_json, json_response
    from ministack.services.cloudwatch_logs import _log_groups

    async def handle(
        method: str, path: str, headers: Mapping[str, str], body: bytes, query: Mapping[str, Any]
    ) -> Any:
        action = headers.get("x-amz-target", "").rpartition(".")[2]
        if action not in ACTIONS:
            return await of_ministack(method, path, headers, body, query)
        request = json.loads(body)
        name = request.get("logGroupName")
        if name not in _log_groups:
            problem = f"The specified log group does not exist: {name}"
            return error_response_json("ResourceNotFoundException", problem, 400)
        _log_groups[name]["kmsKeyId"] = request.get("kmsKeyId")
        return json_response({})

    return handle
