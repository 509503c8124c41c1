"""Glue's records: moto's Glue backend of one region, called over its own HTTP application."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from botocore import xform_name
from moto.core.exceptions import JsonRESTError
from moto.glue.models import GlueBackend, glue_backends
from moto.glue.responses import GlueResponse

from emulator.account import ACCOUNT_ID
from emulator.glue.errors import GlueError
from emulator.moto_api import MotoApi, MotoError, Payload

Answer = TypeVar("Answer")


class Records:
    """Not safe for threads: the caller holds the region's lock."""

    def __init__(self, region: str) -> None:
        self.region = region
        self._api = MotoApi("glue", "AWSGlue", region)

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
            raise GlueError(error.error_type, _said_once(error.message)) from error

    def call(self, operation: str, payload: Payload) -> Payload:
        """Run one operation of the Glue API. Raises GlueError with moto's code and message."""
        try:
            return self._api.call(operation, payload)
        except MotoError as error:
            raise GlueError(error.code, _said_once(error.message), error.status) from error


def _said_once(message: str) -> str:
    """moto ends some messages twice (of connections, dev endpoints, security configurations)."""
    return message.replace("already exists already exists", "already exists")
