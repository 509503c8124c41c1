"""What a run costs must follow what is new, not the history: requests to S3 are counted.

The audit's trailing week is read, too: five days of history have five days of it, 400 have seven.
"""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta
from typing import Any

from botocore.config import Config
from contract.archive import event, gz_lines, place
from contract.lines import Objects
from job_runs import Glue, settings
from mobile_events.run import run
from mobile_events.settings import Threshold, Thresholds
from mobile_events.storage import Store
from stand_ins import OneProcess, s3_client

TODAY = date(2026, 11, 20)


class Lake:
    """A lake of its own bucket, where a number of days has been published."""

    def __init__(self, client: Any, other: Any, history: int) -> None:
        self.requests: Counter[str] = Counter()
        client.meta.events.register("before-send.s3", self._count)
        self._store = Store(client)
        self._glue = Glue(Store(other))
        self._bucket = f"curated-{history}"
        for bucket in {"raw", self._bucket} - {b["Name"] for b in other.list_buckets()["Buckets"]}:
            other.create_bucket(Bucket=bucket)
        self._s3 = other
        first = TODAY - timedelta(days=history)
        for offset in range(history):
            self._put(day_of(first + timedelta(days=offset), files=1))
        self.run(first_day=first, last_day=TODAY - timedelta(days=1))

    def run(self, **asked: Any) -> dict[str, Any]:
        days = {"first_day": TODAY - timedelta(days=2), "last_day": TODAY, "today": TODAY}
        audit = Thresholds(min_rows_share=Threshold(warn=0.5))
        wanted = settings(**{**days, "bucket": self._bucket, "audit": audit, **asked})
        self.requests.clear()
        return run(OneProcess(), wanted, self._glue, lambda: self._store)

    def receive_today(self) -> None:
        self._put(day_of(TODAY, files=12))

    def _put(self, objects: Objects) -> None:
        for where, content in objects.items():
            self._s3.put_object(Bucket="raw", Key=where.object_key, Body=content)

    def _count(self, request: Any, **_: Any) -> None:
        self.requests[request.method] += 1


def day_of(day: date, files: int) -> Objects:
    return {
        place(source, day, file): gz_lines(
            [event(day, f"{source}-{day}-{file}-{n}", n=n) for n in (1, 2)]
        )
        for source in ("ios", "android")
        for file in map(str, range(files))
    }


def test_requests_do_not_grow_with_the_history(s3_endpoint: str) -> None:
    pool = Config(max_pool_connections=16)
    found = {}
    for history in (5, 400):
        lake = Lake(*(s3_client(s3_endpoint, config=pool) for _ in range(2)), history)
        lake.receive_today()
        daily = lake.run()["objects"]["processed"], lake.requests.total()
        nothing_new = lake.run()["objects"]["processed"], lake.requests.total()
        found[history] = daily, nothing_new
    for few, many in zip(found[5], found[400], strict=True):
        assert few[0] == many[0], "both take the same objects"
        assert many[1] <= 1.1 * few[1], f"requests by days of history: {found}"
    assert found[5][0][0] == 24
    assert found[5][1][0] == 0
