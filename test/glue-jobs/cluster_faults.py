"""What goes wrong on an executor: shipped to it, beside the package, by the tests on a cluster."""

from __future__ import annotations

import fcntl
import os
import signal
import time
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import boto3
from mobile_events import spark
from mobile_events.storage import Store, Stream
from pyspark import TaskContext

_duplicates = spark._duplicates


@dataclass(frozen=True)
class Fault:
    """What happens in tasks; notes of it are kept in `folder`, which all executors see.

    - `wait`: each raw object takes `seconds` to be opened.
    - `kill`: the `number`th operation of a store ends its executor, before or `after` it is done.
    - `fail`: the first `number` attempts at the first task of each stage fail when they have put
      or got something.
    - `slow`: the first attempt at the first task of each stage waits `seconds` before it puts
      anything, or only until the run has ended.
    - `shuffle`: an executor ends, with what it had shuffled, when others begin to read that.
    """

    kind: str
    folder: str
    number: int = 0
    after: bool = False
    seconds: float = 0

    def next(self) -> int:
        """The number of this operation among those of all executors."""
        with (Path(self.folder) / "operations").open("a+") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            file.write(".")
            return file.tell()

    def note(self, name: str) -> bool:
        """Whether nobody has noted this before."""
        try:
            (Path(self.folder) / name).open("x").close()
        except FileExistsError:
            return False
        return True


class FaultyStore(Store):
    """A store of which tasks' operations go wrong; those of the driver don't."""

    def __init__(self, s3: Any, fault: Fault) -> None:
        super().__init__(s3)
        self._fault = fault

    def open(self, bucket: str, key: str) -> Stream:
        if self._fault.kind == "wait" and bucket == "raw":
            time.sleep(self._fault.seconds)
        self._before("open")
        found = super().open(bucket, key)
        self._after("open")
        return found

    def get(self, bucket: str, key: str) -> bytes:
        self._before("get")
        found = super().get(bucket, key)
        self._after("get")
        return found

    def put_file(self, bucket: str, key: str, path: Path) -> None:
        self._before("put")
        super().put_file(bucket, key, path)
        self._after("put")
        if (Path(self._fault.folder) / "ended").exists():
            self._fault.note("put-after-the-end")

    def _before(self, operation: str) -> None:
        context, fault = TaskContext.get(), self._fault
        if context is None:
            return
        if fault.kind == "kill" and fault.next() == fault.number and not fault.after:
            end_executor()
        first = context.partitionId() == 0 and context.attemptNumber() == 0
        if (
            fault.kind == "slow"
            and operation == "put"
            and first
            and fault.note(f"slow-{context.stageId()}")
        ):
            wait_for(Path(fault.folder) / "ended", fault.seconds)

    def _after(self, operation: str) -> None:
        context, fault = TaskContext.get(), self._fault
        if context is None:
            return
        if fault.kind == "kill" and fault.after:
            done = len((Path(fault.folder) / "operations").read_bytes())
            if done >= fault.number and fault.note("killed"):
                end_executor()
        if (
            fault.kind == "fail"
            and operation != "get"
            and context.partitionId() == 0
            and context.attemptNumber() < fault.number
        ):
            fault.note(f"failed-{context.stageId()}-{context.attemptNumber()}")
            raise OSError(f"attempt {context.attemptNumber()} fails")


@lru_cache(maxsize=1)
def open_store(fault: Fault | None = None) -> Store:
    """The store of this process, by the environment."""
    client = boto3.client("s3")
    return Store(client) if fault is None else FaultyStore(client, fault)


def duplicates_that_lose_the_shuffle(
    part: tuple[int, Iterable[bytes]], window: int, fault: Fault
) -> list[bytes]:
    """What `_duplicates` gives; the first executor that asks dies, and its map outputs with it."""
    if fault.note("shuffle"):
        end_executor()
    return _duplicates(part, window)


def wait_for(file: Path, seconds: float) -> None:
    """Wait for the file, so many seconds at most."""
    deadline = time.monotonic() + seconds
    while not file.exists() and time.monotonic() < deadline:
        time.sleep(0.05)


def end_executor() -> None:
    """Kill the JVM of this worker's executor; its Python daemon stands between them."""
    os.kill(parent_of(os.getppid()), signal.SIGKILL)
    time.sleep(60)  # the daemon ends this process, too


def parent_of(process: int) -> int:
    """The id of a process's parent, as Linux tells (proc(5))."""
    stat = Path(f"/proc/{process}/stat").read_bytes()
    return int(stat.rpartition(b")")[2].split()[1])


def origin(_: Any) -> str:
    """From where this process has the package."""
    return spark.__file__
