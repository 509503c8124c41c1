"""Puts lines into a stream of CloudWatch Logs, with the credentials of a role."""

from __future__ import annotations

import logging
import time
from collections.abc import Iterator, Sequence
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from emulator.glue.monitoring.log_groups import LogStream

MAX_EVENT_BYTES = 262_144 - 26
MAX_BATCH = 1000
"""Events a call; CloudWatch Logs takes 10,000 and a megabyte."""
MAX_BATCH_BYTES = 1_000_000
EVENT_OVERHEAD = 26

logger = logging.getLogger("emulator.glue")


class LogWriter:
    """Makes the stream at the first line, and the group where it isn't there.

    What can't be put is lost, as on Glue, where the run goes on too; the emulator's log tells once.
    """

    def __init__(self, logs: Any, stream: LogStream) -> None:
        self._logs = logs
        self._stream = stream
        self._made = False
        self._refused = False

    def put(self, lines: Sequence[str]) -> None:
        """Put lines with the time that it is now. CloudWatch Logs has no empty events."""
        events = [
            {"timestamp": int(time.time() * 1000), "message": _cut(line)}
            for line in lines
            if line.strip()
        ]
        if not events or self._refused:
            return
        try:
            self._make()
            for batch in _batches(events):
                self._logs.put_log_events(
                    logGroupName=self._stream.group,
                    logStreamName=self._stream.name,
                    logEvents=batch,
                )
        except (ClientError, BotoCoreError) as error:
            self._refused = True
            logger.warning("logs of %s are lost: %s", self._stream.name, error)

    def _make(self) -> None:
        if self._made:
            return
        try:
            self._make_stream()
        except self._logs.exceptions.ResourceNotFoundException:
            self._make_group()
            self._make_stream()
        self._made = True

    def _make_stream(self) -> None:
        try:
            self._logs.create_log_stream(
                logGroupName=self._stream.group, logStreamName=self._stream.name
            )
        except self._logs.exceptions.ResourceAlreadyExistsException:
            return

    def _make_group(self) -> None:
        group = {"logGroupName": self._stream.group}
        try:
            self._logs.create_log_group(**group)
        except self._logs.exceptions.ResourceAlreadyExistsException:
            return  # another run's, in between
        if self._stream.key:
            self._logs.associate_kms_key(**group, kmsKeyId=self._stream.key)


def _cut(line: str) -> str:
    return line.encode()[:MAX_EVENT_BYTES].decode(errors="ignore")


def _batches(events: list[dict[str, Any]]) -> Iterator[list[dict[str, Any]]]:
    batch: list[dict[str, Any]] = []
    size = 0
    for event in events:
        length = len(event["message"].encode()) + EVENT_OVERHEAD
        if batch and (len(batch) == MAX_BATCH or size + length > MAX_BATCH_BYTES):
            yield batch
            batch, size = [], 0
        batch.append(event)
        size += length
    yield batch
