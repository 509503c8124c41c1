"""One service's backend of moto, called over its own HTTP application."""

from __future__ import annotations

import json
from typing import Any, Literal

from moto.moto_server.werkzeug_app import create_backend_app

from emulator.account import ROOT_KEY

Payload = dict[str, Any]


class MotoError(Exception):
    """An answer of moto's other than success."""

    def __init__(self, code: str, message: str, status: int) -> None:
        super().__init__(f"{code}: {message}")
        self.code = code
        self.message = message
        self.status = status


class MotoApi:
    """The JSON API of a service in a region. Not safe for threads.

    `target` is what the API's operations are prefixed with in `X-Amz-Target`.
    """

    def __init__(self, service: Literal["glue", "athena"], target: str, region: str) -> None:
        self._target = target
        self._url = f"http://{service}.{region}.amazonaws.com"
        self._scope = f"{ROOT_KEY}/20000101/{region}/{service}/aws4_request"
        self._client = create_backend_app(service).test_client()

    def call(self, operation: str, payload: Payload) -> Payload:
        """Run one operation. Raises MotoError with moto's code and message."""
        response = self._client.post(
            "/",
            base_url=self._url,
            data=json.dumps(payload),
            headers={
                "X-Amz-Target": f"{self._target}.{operation}",
                "Content-Type": "application/x-amz-json-1.1",
                "Authorization": f"AWS4-HMAC-SHA256 Credential={self._scope}",
            },
        )
        body: Payload = json.loads(response.data or b"{}")
        if response.status_code != 200:
            code = str(body.get("__type", "InternalFailure")).rsplit("#", 1)[-1]
            message = str(body.get("message") or body.get("Message") or "")
            raise MotoError(code, message, response.status_code)
        return body
