"""The Glue service as ministack calls it: one operation a request, each region on its own."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from emulator.glue.clock import Clock
from emulator.glue.errors import GlueError
from emulator.glue.permissions import denied, install, operation_of
from emulator.glue.service import GlueService

Response = tuple[int, dict[str, str], bytes]
WORKERS = 16


class GlueHandler:
    """Answers Glue requests in threads of its own, so that the event loop never waits.

    `state_dir`/glue keeps one snapshot a region, `state_dir`/job-runs the logs; `endpoint` is
    where crawls and jobs reach the AWS API; `clock` is the one that schedules go by.
    """

    def __init__(self, state_dir: Path, endpoint: str, clock: Clock) -> None:
        self._clock = clock
        self._state_dir = state_dir
        self._endpoint = endpoint
        self._workers = ThreadPoolExecutor(WORKERS, thread_name_prefix="glue")
        self._services: dict[str, GlueService] = {}
        install()
        for folder in ("glue", "job-runs"):
            (state_dir / folder).mkdir(parents=True, exist_ok=True)
        for snapshot in (state_dir / "glue").glob("*.pickle"):
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

        refusal = denied(headers, body, get_region())
        if refusal:
            return refusal
        service, operation = self._service(get_region()), operation_of(headers)
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._workers, _answer, service, operation, body)

    def notify(self, region: str, workflow: str, event: str) -> None:
        """Have a workflow take an event from EventBridge, without waiting for it."""
        if region in self._services:
            self._workers.submit(self._services[region].notify, workflow, event)

    def schedule(self) -> dict[str, Any]:
        """The time that schedules go by, and what is due next, as JSON (times are ISO 8601)."""
        upcoming = [
            {"kind": each.kind, "name": each.name, "at": at.isoformat()}
            for service in self._services.values()
            for at, each in service.scheduler.upcoming()
        ]
        return {"now": self._clock.now().isoformat(timespec="seconds"), "upcoming": upcoming}

    def stop(self) -> None:
        """End every run; what was running is then recorded as failed."""
        for service in self._services.values():
            service.stop()

    def _service(self, region: str) -> GlueService:
        if region not in self._services:
            self._services[region] = GlueService(
                region, self._state_dir, self._endpoint, self._clock
            )
        return self._services[region]


def _answer(service: GlueService, operation: str, body: bytes) -> Response:
    headers = {"Content-Type": "application/x-amz-json-1.1"}  # ministack adds the request's id
    try:
        answer: dict[str, Any] = service.call(operation, _payload(body))
        return 200, headers, json.dumps(answer).encode()
    except GlueError as error:
        problem = {"__type": error.code, "Message": error.message}
        return error.status, headers, json.dumps(problem).encode()


def _payload(body: bytes) -> dict[str, Any]:
    try:
        payload = json.loads(body or b"{}")
    except ValueError as error:
        raise GlueError("SerializationException", f"The request isn't JSON: {error}") from error
    if not isinstance(payload, dict):
        raise GlueError("SerializationException", "The request isn't a JSON object")
    return payload
