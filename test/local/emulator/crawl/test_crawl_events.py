"""Crawls by S3's event notifications: only the folders of the events are looked at."""

from __future__ import annotations

import itertools
import json
import time
from typing import Any

import pytest
from emulator.crawl import CrawlSummary

NOTHING = CrawlSummary()
ACCOUNT = "us-east-1:000000000000"
UPDATE_AND_DELETE = {
    "UpdateBehavior": "UPDATE_IN_DATABASE",
    "DeleteBehavior": "DELETE_FROM_DATABASE",
}
EVENTS = ["s3:ObjectCreated:*", "s3:ObjectRemoved:*"]
FOUR = {"a": 1, "b": 1, "c": 1, "d": 1}
_numbers = itertools.count()


class Watched:
    """A lake whose bucket tells a queue of its changes, and crawls by these."""

    def __init__(self, lake: Any, emulator: Any, policy: dict[str, str] | None = None) -> None:
        self.lake = lake
        self.sqs = emulator.client("sqs")
        self.name = f"changes-{next(_numbers)}"
        self.arn = f"arn:aws:sqs:{ACCOUNT}:{self.name}"
        allow = {
            "Effect": "Allow",
            "Principal": {"Service": ["s3.amazonaws.com", "sns.amazonaws.com"]},
            "Action": "sqs:SendMessage",
            "Resource": self.arn,
        }
        attributes = {"Policy": json.dumps({"Version": "2012-10-17", "Statement": [allow]})}
        self.url = self.sqs.create_queue(QueueName=self.name, Attributes=attributes)["QueueUrl"]
        self.settings: dict[str, Any] = {
            "RecrawlPolicy": {"RecrawlBehavior": "CRAWL_EVENT_MODE"},
            "policy": policy or UPDATE_AND_DELETE,
            "target": {"EventQueueArn": self.arn},
        }

    def watch(self) -> None:
        """Have the bucket tell the queue from now on."""
        to_queue = {"QueueArn": self.arn, "Events": EVENTS}
        self.lake.s3.put_bucket_notification_configuration(
            Bucket=self.lake.bucket,
            NotificationConfiguration={"QueueConfigurations": [to_queue]},
        )

    def crawl_all(self, path: str = "t/", **settings: Any) -> CrawlSummary:
        summary: CrawlSummary = self.lake.crawl(path, **{**self.settings, **settings})
        return summary

    def crawl(self, path: str = "t/", **settings: Any) -> CrawlSummary:
        summary: CrawlSummary = self.lake.crawl(path, self.sqs, **{**self.settings, **settings})
        return summary

    @property
    def waiting(self) -> int:
        """Messages, also those that a crawl has received and not deleted."""
        wanted = ["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"]
        answer = self.sqs.get_queue_attributes(QueueUrl=self.url, AttributeNames=wanted)
        return sum(int(answer["Attributes"][name]) for name in wanted)


@pytest.fixture
def watched(lake: Any, emulator: Any) -> Watched:
    return Watched(lake, emulator)


def days(watched: Watched, *numbers: int, **record: Any) -> None:
    for day in numbers:
        watched.lake.put_json(f"t/day={day}/a", record or {"a": 1})


def test_only_folders_of_the_events_are_listed_and_read(watched: Watched) -> None:
    lake = watched.lake
    days(watched, 1, 2, 3)
    assert watched.crawl_all().tables_created == ["t"]
    watched.watch()
    days(watched, 4)
    lake.put_json("t/day=4/b", {"a": 2}, {"a": 3})
    lake.put_json("t/day=5/a b+c", {"a": 1})
    lake.put_json("t/day=6/_hidden/x", {"a": 1})
    lake.put_json("elsewhere/day=1/a", {"a": 1})
    before = lake.table()["Parameters"]
    assert watched.crawl() == CrawlSummary(partitions_created=["t/4", "t/5"])
    assert lake.calls["ListObjectsV2"] == 2
    assert lake.calls["GetObject"] == 3
    assert lake.partitions()["4"]["StorageDescriptor"]["Parameters"]["objectCount"] == "2"
    assert lake.table()["Parameters"] == before
    assert watched.waiting == 0


def test_no_events_no_work(watched: Watched) -> None:
    days(watched, 1)
    watched.crawl_all()
    days(watched, 2)
    assert watched.crawl() == NOTHING
    assert set(watched.lake.calls) == {"GetDatabase", "GetBucketLocation", "HeadBucket"}


def test_changed_folder_updates_its_partition_and_adds_columns(watched: Watched) -> None:
    lake = watched.lake
    days(watched, 1, 2, **FOUR)
    watched.crawl_all()
    watched.watch()
    lake.put_json("t/day=2/b", {**FOUR, "e": "new"})
    assert watched.crawl() == CrawlSummary(tables_updated=["t"], partitions_updated=["t/2"])
    assert lake.columns() == {**dict.fromkeys(FOUR, "int"), "e": "string"}
    assert lake.columns_of(lake.partitions()["1"]) == dict.fromkeys(FOUR, "int")
    days(watched, 4, **FOUR)
    assert watched.crawl() == CrawlSummary(partitions_created=["t/4"])
    days(watched, 3, **FOUR, f=1)
    only_log = {"UpdateBehavior": "LOG", "DeleteBehavior": "LOG"}
    assert watched.crawl(policy=only_log) == CrawlSummary(partitions_created=["t/3"])
    assert "f" not in lake.columns()


@pytest.mark.parametrize("behavior", ["DELETE_FROM_DATABASE", "DEPRECATE_IN_DATABASE", "LOG"])
def test_removed_folders(watched: Watched, behavior: str) -> None:
    policy = {"UpdateBehavior": "UPDATE_IN_DATABASE", "DeleteBehavior": behavior}
    days(watched, 1, 2, 3)
    watched.crawl_all()
    watched.watch()
    watched.lake.delete("t/day=1/a")
    watched.lake.put_json("t/day=2/b", {"a": 1})
    watched.lake.delete("t/day=2/a")
    deleted = ["t/1"] if behavior == "DELETE_FROM_DATABASE" else []
    summary = watched.crawl(policy=policy)
    assert (summary.partitions_deleted, summary.tables_deleted) == (deleted, [])
    assert len(watched.lake.partitions()) == 3 - len(deleted)


def test_partition_is_deleted_where_nothing_else_changed(watched: Watched) -> None:
    days(watched, 1, 2)
    watched.crawl_all()
    watched.watch()
    watched.lake.delete("t/day=1/a")
    assert watched.crawl() == CrawlSummary(partitions_deleted=["t/1"])
    watched.lake.delete("t/day=2/a")
    assert watched.crawl() == CrawlSummary(tables_deleted=["t"])
    assert watched.lake.tables() == []


def test_table_without_partitions(watched: Watched) -> None:
    lake = watched.lake
    lake.put_json("top/one/a", FOUR)
    lake.put_json("top/two/a", {"b": "text"})
    assert watched.crawl_all("top/").tables_created == ["one", "two"]
    watched.watch()
    lake.put_json("top/one/b", {**FOUR, "e": 1})
    lake.delete("top/two/a")
    lake.put_json("top/three/a", {"x": 1})
    summary = watched.crawl("top/")
    assert summary == CrawlSummary(
        tables_updated=["one"], tables_deleted=["two"], tables_created=["three"]
    )
    assert lake.table("one")["Parameters"]["objectCount"] == "2"


def test_events_by_way_of_a_topic_and_other_messages(watched: Watched, emulator: Any) -> None:
    days(watched, 1)
    watched.crawl_all()
    days(watched, 2)
    record = {"s3": {"bucket": {"name": watched.lake.bucket}, "object": {"key": "t/day%3D2/a"}}}
    sns = emulator.client("sns")
    topic = sns.create_topic(Name=watched.name)["TopicArn"]
    sns.subscribe(TopicArn=topic, Protocol="sqs", Endpoint=watched.arn)
    sns.publish(TopicArn=topic, Message=json.dumps({"Records": [record]}))
    test = {"Service": "Amazon S3", "Event": "s3:TestEvent", "Bucket": watched.lake.bucket}
    watched.sqs.send_message(QueueUrl=watched.url, MessageBody=json.dumps(test))
    assert watched.crawl() == CrawlSummary(partitions_created=["t/2"])
    assert watched.waiting == 0


def test_what_is_not_from_s3_stays_in_the_queue(watched: Watched) -> None:
    days(watched, 1)
    watched.crawl_all()
    at_once = {"VisibilityTimeout": "0"}
    watched.sqs.set_queue_attributes(QueueUrl=watched.url, Attributes=at_once)
    for body in ("no JSON", "[]", '{"Records": [{"dynamodb": {}}]}'):
        watched.sqs.send_message(QueueUrl=watched.url, MessageBody=body)
    assert watched.crawl() == NOTHING
    assert watched.waiting == 3


def test_messages_stay_until_the_catalog_is_written(watched: Watched) -> None:
    soon = {"VisibilityTimeout": "1"}
    watched.sqs.set_queue_attributes(QueueUrl=watched.url, Attributes=soon)
    watched.watch()
    days(watched, 1)
    before = watched.waiting
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("emulator.crawl.writer.Writer.write", lambda *_: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            watched.crawl()
    assert watched.waiting == before
    time.sleep(1.1)
    assert watched.crawl().tables_created == ["t"]
    assert watched.waiting == 0
