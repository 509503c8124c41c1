"""Publishing, against a real S3 API on loopback: what is replaced, and what a kill leaves."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

import boto3
import pytest
from mobile_events.lines import RawObject
from mobile_events.publish import DAY_FOLDER, NO_DAY, MissingObjectsError, Publisher
from mobile_events.storage import Store
from moto.server import ThreadedMotoServer

BUCKET, ROOT = "curated", "lake/"
FIRST, SECOND = date(2026, 3, 8), date(2026, 3, 9)


@pytest.fixture(scope="module")
def s3() -> Iterator[Any]:
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    _, port = server.get_host_and_port()
    yield boto3.client(
        "s3",
        endpoint_url=f"http://127.0.0.1:{port}",
        region_name="us-east-1",
        aws_access_key_id="test",
        aws_secret_access_key="test",
    )
    server.stop()


class Killed(BaseException):
    """The process is gone."""


class MortalClient:
    """An S3 client that dies at its n-th change."""

    def __init__(self, s3: Any, changes: int) -> None:
        self._s3 = s3
        self._left = changes

    def __getattr__(self, name: str) -> Any:
        if name in ("put_object", "copy_object", "delete_objects"):
            self._left -= 1
            if self._left < 0:
                raise Killed
        return getattr(self._s3, name)


class Lake:
    """An empty curated bucket; runs put whole files whose content is `<run>/<n>`."""

    def __init__(self, s3: Any) -> None:
        self.s3 = s3
        self.store = Store(s3)
        if BUCKET in (bucket["Name"] for bucket in s3.list_buckets()["Buckets"]):
            self.store.delete(BUCKET, self.keys(""))
        else:
            s3.create_bucket(Bucket=BUCKET)

    def keys(self, prefix: str) -> list[str]:
        return [entry["Key"] for entry in self.store.entries(BUCKET, prefix)]

    def table(self) -> dict[str, str]:
        """What readers see: file to content."""
        found = {}
        for key in self.keys(f"{ROOT}mobile_user/") + self.keys(f"{ROOT}quarantine/"):
            found[key] = self.s3.get_object(Bucket=BUCKET, Key=key)["Body"].read().decode()
        return found

    def contents(self) -> list[str]:
        return sorted(self.table().values())

    def run(
        self, run: str, days: list[date], *, changes: int = 1000, raws: int = 2, **asked: bool
    ) -> list[str]:
        """One run that stages two files and one of quarantined records for each day."""
        mortal = Store(MortalClient(self.s3, changes))
        publisher = Publisher(mortal, BUCKET, ROOT, run)
        lines = publisher.recover()
        for day in days:
            folder = f"{DAY_FOLDER}{day}/"
            data = f"{publisher.staging}data/{folder}year=2026/month=03/date=2026-03-0"
            for number, key in enumerate(
                [
                    f"{data}8/part-0-x.c000.zstd.parquet",
                    f"{data}9/part-0-x.c000.zstd.parquet",
                    f"{publisher.staging}quarantine/{folder}part-0-x.json.gz",
                ]
            ):
                self.s3.put_object(Bucket=BUCKET, Key=key, Body=f"{run}/{day}/{number}".encode())
        nowhere = f"{publisher.staging}data/{DAY_FOLDER}{NO_DAY}/part-0-x.c000.zstd.parquet"
        self.s3.put_object(Bucket=BUCKET, Key=nowhere, Body=b"undecodable")
        objects = [
            (RawObject("ios", day, "raw", f"ios/{day}/{n}.gz", "etag", 1), 10)
            for day in days
            for n in range(raws)
        ]
        previous = publisher.manifests(days)
        publisher.publish(
            publisher.plan("mobile_user", objects, previous, asked.get("rebuild", False))
        )
        return lines


def whole(run: str, *days: date) -> list[str]:
    return sorted(f"{run}/{day}/{number}" for day in days for number in range(3))


@pytest.fixture
def lake(s3: Any) -> Lake:
    return Lake(s3)


def test_first_run(lake: Lake) -> None:
    assert lake.run("jr_a", [FIRST, SECOND]) == []
    assert sorted(lake.table()) == [
        f"{ROOT}mobile_user/year=2026/month=03/date={date}/{day}-jr_a-{number}.parquet"
        for date, number in (("2026-03-08", 1), ("2026-03-09", 2))
        for day in (FIRST, SECOND)
    ] + [f"{ROOT}quarantine/{day}-jr_a-1.json.gz" for day in (FIRST, SECOND)]
    assert lake.contents() == whole("jr_a", FIRST, SECOND)
    assert lake.keys(f"{ROOT}_staging/") == []
    manifest = lake.store.get_json(BUCKET, f"{ROOT}_ledger/{FIRST}.json")
    assert manifest["run_id"] == "jr_a"
    assert manifest["files"] == sorted(key for key in lake.table() if f"/{FIRST}-" in key)
    assert manifest["objects"][0] == {
        "source": "ios",
        "bucket": "raw",
        "key": f"ios/{FIRST}/0.gz",
        "etag": "etag",
        "size": 1,
        "records": 10,
    }


def test_run_replaces_its_days_and_no_others(lake: Lake) -> None:
    lake.run("jr_a", [FIRST, SECOND])
    lake.run("jr_b", [SECOND])
    assert lake.contents() == sorted(whole("jr_a", FIRST) + whole("jr_b", SECOND))


def test_objects_that_are_gone_take_no_rows_with_them(lake: Lake) -> None:
    lake.run("jr_a", [FIRST], raws=3)
    with pytest.raises(MissingObjectsError, match=r"1 raw objects .* rebuild=true"):
        lake.run("jr_b", [FIRST], raws=2)
    assert lake.contents() == whole("jr_a", FIRST)
    lake.run("jr_c", [FIRST], raws=2, rebuild=True)
    assert lake.contents() == whole("jr_c", FIRST)


# A run over both days makes 12: journal, 6 copies, 2 manifests, removal, 2 to clear staging.
@pytest.mark.parametrize("changes", range(14))
def test_killed_at_any_change(lake: Lake, changes: int) -> None:
    days = [FIRST, SECOND]
    lake.run("jr_a", days)
    died = True
    try:
        lake.run("jr_b", days, changes=changes)
        died = False
    except Killed:
        # Each file of the old run is there, or each of the new.
        seen = set(lake.contents())
        assert set(whole("jr_a", *days)) <= seen or set(whole("jr_b", *days)) <= seen
    assert died is (changes < 12)
    # A run of other days finishes or forgets what was begun.
    lines = lake.run("jr_c", [date(2026, 3, 10)])
    own = whole("jr_c", date(2026, 3, 10))
    published = whole("jr_b" if changes >= 1 else "jr_a", *days)
    assert lake.contents() == sorted(published + own)
    assert lake.keys(f"{ROOT}_staging/") == []
    assert (len(lines) == 1) is died
    manifests = [lake.store.get_json(BUCKET, f"{ROOT}_ledger/{day}.json") for day in days]
    files = [file for manifest in manifests for file in manifest["files"]]
    assert sorted(files) == sorted(key for key in lake.table() if "jr_c" not in key)


def test_kill_during_recovery_is_recovered_too(lake: Lake) -> None:
    days = [FIRST, SECOND]
    lake.run("jr_a", days)
    with pytest.raises(Killed):
        lake.run("jr_b", days, changes=4)
    for changes in (1, 5, 8):
        with pytest.raises(Killed):
            lake.run("jr_c", [FIRST], changes=changes)
    lake.run("jr_d", [SECOND])
    assert lake.contents() == sorted(whole("jr_b", FIRST) + whole("jr_d", SECOND))
