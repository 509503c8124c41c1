"""Glue's records: moto's Glue backend of one region, called over its own HTTP application."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any, TypeVar

from botocore import xform_name
from moto.core.exceptions import JsonRESTError
from moto.glue.models import GlueBackend, glue_backends
from moto.glue.responses import GlueResponse
from moto.moto_server.werkzeug_app import create_backend_app

from emulator.account import ACCOUNT_ID, ROOT_KEY
from emulator.glue.errors import GlueError

Payload = dict[str, Any]
Answer = TypeVar("Answer")


class Records:
    """Not safe for threads: the caller holds the region's lock."""

    def __init__(self, region: str) -> None:
        self.region = region
        self._scope = f"{ROOT_KEY}/20000101/{region}/glue/aws4_request"
        self._client = create_backend_app("glue").test_client()

    @property
    def backend(self) -> GlueBackend:
        return glue_backends[ACCOUNT_ID][self.region]

    def restore(self, backend: GlueBackend) -> None:
        glue_backends[ACCOUNT_ID][self.region] = backend

    @staticmethod
    def has(operation: str) -> bool:
        """Whether moto knows the operation at all."""
        return hasattr(GlueResponse, xform_name(operation))

    def ask(self, question: Callable[[GlueBackend], Answer]) -> Answer:
        """Call the backend itself, where moto's reading and writing of JSON would take seconds.

        Raises GlueError with moto's code and message.
        """
        try:
            return question(self.backend)
        except JsonRESTError as error:
            raise GlueError(error.error_type, error.message) from error

    def call(self, operation: str, payload: Payload) -> Payload:
        """Run one operation of the Glue API. Raises GlueError with moto's code and message."""
        response = self._client.post(
            "/",
            base_url=f"http://glue.{self.region}.amazonaws.com",
            data=json.dumps(payload),
            headers={
                "X-Amz-Target": f"AWSGlue.{operation}",
                "Content-Type": "application/x-amz-json-1.1",
                "Authorization": f"AWS4-HMAC-SHA256 Credential={self._scope}",
            },
        )
        body: Payload = json.loads(response.data or b"{}")
        if response.status_code != 200:
            code = str(body.get("__type", "InternalServiceException")).rsplit("#", 1)[-1]
            message = str(body.get("message") or body.get("Message") or "")
            raise GlueError(code, message, response.status_code)
        return body
