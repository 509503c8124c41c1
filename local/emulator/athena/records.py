"""Athena's records in one region: moto's Athena backend, called over its own HTTP application."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from moto.athena.models import AthenaBackend, athena_backends
from moto.moto_server.werkzeug_app import create_backend_app

from emulator.account import ACCOUNT_ID, ROOT_KEY
from emulator.athena.errors import ApiError
from emulator.glue.snapshot import Snapshot

Payload = dict[str, Any]


class Records:
    """Not safe for threads: the caller holds the region's lock, and calls `save` after changes."""

    def __init__(self, region: str, state_dir: Path) -> None:
        self.region = region
        self._scope = f"{ROOT_KEY}/20000101/{region}/athena/aws4_request"
        self._client = create_backend_app("athena").test_client()
        self._snapshot = Snapshot(state_dir / f"{region}.pickle")
        saved = self._snapshot.load()
        if saved is not None:
            athena_backends[ACCOUNT_ID][region] = saved

    @property
    def backend(self) -> AthenaBackend:
        return athena_backends[ACCOUNT_ID][self.region]

    def save(self) -> None:
        """Put the records on disk as they are now."""
        self._snapshot.save(self.backend)

    def call(self, operation: str, payload: Payload) -> Payload:
        """Run one operation of the Athena API. Raises ApiError with moto's code and message."""
        response = self._client.post(
            "/",
            base_url=f"http://athena.{self.region}.amazonaws.com",
            data=json.dumps(payload),
            headers={
                "X-Amz-Target": f"AmazonAthena.{operation}",
                "Content-Type": "application/x-amz-json-1.1",
                "Authorization": f"AWS4-HMAC-SHA256 Credential={self._scope}",
            },
        )
        body: Payload = json.loads(response.data or b"{}")
        if response.status_code != 200:
            code = str(body.get("__type", "InternalServerException")).rsplit("#", 1)[-1]
            message = str(body.get("message") or body.get("Message") or "")
            raise ApiError(message, code=code, status=response.status_code)
        return body


def required(payload: Payload, field: str) -> str:
    """A string that the request must carry."""
    value = payload.get(field)
    if not isinstance(value, str) or not value:
        name = field[:1].lower() + field[1:]
        raise ApiError(
            f"1 validation error detected: Value null at '{name}' failed to satisfy constraint: "
            "Member must not be null"
        )
    return value


def page(items: list[Any], payload: Payload, field: str, size: int = 50) -> Payload:
    """One page of `items`, by the request's MaxResults (default `size`) and NextToken."""
    token = str(payload.get("NextToken") or "0")
    if not token.isdigit():
        raise ApiError(f"The nextPageToken is malformed: {token}")
    start = int(token)
    end = start + int(payload.get("MaxResults") or size)
    answer: Payload = {field: items[start:end]}
    if end < len(items):
        answer["NextToken"] = str(end)
    return answer
