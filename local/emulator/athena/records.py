"""Athena's records in one region: moto's Athena backend, called over its own HTTP application."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from moto.athena.models import AthenaBackend, athena_backends

from emulator.account import ACCOUNT_ID
from emulator.athena.errors import ApiError
from emulator.glue.snapshot import Snapshot
from emulator.moto_api import MotoApi, MotoError, Payload


class Records:
    """Not safe for threads: the caller holds the region's lock, and calls `save` after changes."""

    def __init__(self, region: str, state_dir: Path) -> None:
        self.region = region
        self._api = MotoApi("athena", "AmazonAthena", region)
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
        try:
            return self._api.call(operation, payload)
        except MotoError as error:
            raise ApiError(error.message, code=error.code, status=error.status) from error


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
