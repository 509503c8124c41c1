"""A run of the job in a process that kills itself at a given request to S3: `doomed.py DOOM RUN`.

DOOM is `null` or the fields of `Doom` as JSON; RUN has the settings that change. The whole process
group dies, whether the driver or a worker of Spark makes the request. They are counted in the file
DOOMED_COUNT, as workers are processes of their own.
"""

from __future__ import annotations

import fcntl
import json
import os
import re
import signal
import sys
import time
from dataclasses import dataclass
from datetime import date
from functools import lru_cache, partial
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

import boto3
from job_runs import Glue, settings
from mobile_events.run import run
from mobile_events.storage import Store
from stand_ins import small_spark

CHANGES = ("PUT", "POST", "DELETE")


@dataclass(frozen=True)
class Doom:
    """The request that kills: the `number`th change (from 1) of a key that matches `key`."""

    number: int
    key: str = ""
    after: bool = False

    def counts(self, method: str, url: str) -> bool:
        parts = urlsplit(url)
        key = unquote(parts.path).split("/", 2)[-1]
        return method in CHANGES and re.search(self.key, f"{key}?{parts.query}") is not None


def new_client() -> Any:
    """A client of S3, by the environment."""
    return boto3.client("s3")


@lru_cache(maxsize=1)
def open_store(doom: Doom | None = None) -> Store:
    """The store of this process; with a doom, one whose requests are counted."""
    client = new_client()
    if doom is not None:
        client.meta.events.register("before-send.s3", partial(_before, doom))
        client.meta.events.register("needs-retry.s3", partial(_after, doom))
    return Store(client)


def _before(doom: Doom, request: Any, **_: Any) -> None:
    if doom.counts(request.method, request.url) and _next_count() >= doom.number and not doom.after:
        time.sleep(0.2)  # what other threads have sent before is answered; nothing more is sent
        _die()


def _after(doom: Doom, **_: Any) -> None:
    if doom.after and _count() >= doom.number:
        _die()


def _die() -> None:
    os.killpg(int(os.environ["DOOMED_GROUP"]), signal.SIGKILL)
    os.kill(os.getpid(), signal.SIGKILL)


def _next_count() -> int:
    with _count_file().open("r+") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        count = int(file.read() or 0) + 1
        file.seek(0)
        file.write(str(count))
        return count


def _count() -> int:
    return int(_count_file().read_text() or 0)


def _count_file() -> Path:
    return Path(os.environ["DOOMED_COUNT"])


def main(doom: str, asked: str) -> None:
    os.environ["DOOMED_GROUP"] = str(os.getpgrp())
    changes = json.loads(asked)
    for name in ("first_day", "last_day"):
        changes[name] = date.fromisoformat(changes[name])
    spark = small_spark().getOrCreate()
    spark.sparkContext.setLogLevel("OFF")
    fate = None if doom == "null" else Doom(**json.loads(doom))
    print(json.dumps(run(spark, settings(**changes), Glue(open_store()), partial(_store, fate))))
    spark.stop()


def _store(doom: Doom | None) -> Store:
    # By this name in workers, too, where this module isn't __main__.
    import doomed

    return doomed.open_store(doomed.Doom(**vars(doom)) if doom else None)


if __name__ == "__main__":
    main(*sys.argv[1:])
