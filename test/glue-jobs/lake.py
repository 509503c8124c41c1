"""A lake with a history, behind an API of S3 that counts requests."""

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

    def __init__(self, endpoint: str, history: int) -> None:
        self.requests: Counter[str] = Counter()
        client, self._s3 = (
            s3_client(endpoint, config=Config(max_pool_connections=16)) for _ in range(2)
        )
        client.meta.events.register("before-send.s3", self._count)
        self._store = Store(client)
        self._glue = Glue(Store(self._s3), declared=True)
        self._bucket = f"curated-{history}"
        self._deliveries = 0
        there = {found["Name"] for found in self._s3.list_buckets()["Buckets"]}
        for bucket in {"raw", self._bucket} - there:
            self._s3.create_bucket(Bucket=bucket)
        first = TODAY - timedelta(days=history)
        for offset in range(history):
            self._put(_day(first + timedelta(days=offset), range(1)))
        self.run(first_day=first, last_day=TODAY - timedelta(days=1))

    def run(self, **asked: Any) -> dict[str, Any]:
        """A daily run; its requests are counted from nothing."""
        days = {"first_day": TODAY - timedelta(days=2), "last_day": TODAY, "today": TODAY}
        audit = Thresholds(min_rows_share=Threshold(warn=0.5))
        wanted = settings(**{**days, "bucket": self._bucket, "audit": audit, **asked})
        self.requests.clear()
        spark: Any = OneProcess()
        return run(spark, wanted, self._glue, lambda: self._store)

    def receive_today(self) -> None:
        """24 objects more."""
        self._put(_day(TODAY, range(12 * self._deliveries, 12 * self._deliveries + 12)))
        self._deliveries += 1

    def _put(self, objects: Objects) -> None:
        for where, content in objects.items():
            self._s3.put_object(Bucket="raw", Key=where.object_key, Body=content)

    def _count(self, request: Any, **_: Any) -> None:
        self.requests[request.method] += 1


def _day(day: date, files: range) -> Objects:
    return {
        place(source, day, str(file)): gz_lines(
            [event(day, f"{source}-{day}-{file}-{n}", n=n) for n in (1, 2)]
        )
        for source in ("ios", "android")
        for file in files
    }
