"""The Athena service as ministack calls it: one operation a request, each region on its own."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from emulator.athena.errors import ApiError
from emulator.athena.permissions import install
from emulator.athena.service import AthenaService

Response = tuple[int, dict[str, str], bytes]
WORKERS = 8


class AthenaHandler:
    """Answers Athena requests in threads of its own, so that the event loop never waits.

    `state_dir` keeps a snapshot of the records and a folder of executions for each region;
    `endpoint` is where queries reach Glue and S3.
    """

    def __init__(self, state_dir: Path, endpoint: str) -> None:
        self._state_dir = state_dir
        self._endpoint = endpoint
        self._workers = ThreadPoolExecutor(WORKERS, thread_name_prefix="athena")
        self._services: dict[str, AthenaService] = {}
        state_dir.mkdir(parents=True, exist_ok=True)
        install(lambda region, payload: self._service(region).group_of(payload))
        for snapshot in state_dir.glob("*.pickle"):
            self._service(snapshot.stem)

    async def __call__(
        self,
        method: str,
        path: str,
        headers: Mapping[str, str],
        body: bytes,
        query: Mapping[str, list[str]],
    ) -> Response:
        from ministack.core.responses import get_region

        service = self._service(get_region())
        operation = headers.get("x-amz-target", "").rpartition(".")[2]
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._workers, _answer, service, operation, body)

    def stop(self) -> None:
        """Interrupt the queries that run; they are then recorded as failed."""
        for service in self._services.values():
            service.stop()

    def _service(self, region: str) -> AthenaService:
        if region not in self._services:
            self._services[region] = AthenaService(region, self._state_dir, self._endpoint)
        return self._services[region]


def make_handler(state_dir: Path, endpoint: str) -> AthenaHandler:
    """The handler that the launcher plugs in."""
    return AthenaHandler(state_dir, endpoint)


def _answer(service: AthenaService, operation: str, body: bytes) -> Response:
    headers = {"Content-Type": "application/x-amz-json-1.1"}  # ministack adds the request's id
    try:
        return 200, headers, json.dumps(service.call(operation, _payload(body))).encode()
    except ApiError as error:
        problem: dict[str, Any] = {"__type": error.code, "Message": error.message}
        if error.athena_code:
            problem |= {"AthenaErrorCode": error.athena_code, "ErrorCode": error.athena_code}
        return error.status, headers, json.dumps(problem).encode()


def _payload(body: bytes) -> dict[str, Any]:
    try:
        payload = json.loads(body or b"{}")
    except ValueError as error:
        raise ApiError("The request isn't JSON", None, "SerializationException") from error
    if not isinstance(payload, dict):
        raise ApiError("The request isn't a JSON object", None, "SerializationException")
    return payload
