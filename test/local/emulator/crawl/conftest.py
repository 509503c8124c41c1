"""A lake to crawl: a bucket and a database in the emulator."""

from __future__ import annotations

import itertools
import json
from collections import Counter
from collections.abc import Mapping
from typing import Any

import pytest
from emulator.crawl import CrawlSummary, run_crawl

DEFAULT_POLICY = {"UpdateBehavior": "UPDATE_IN_DATABASE", "DeleteBehavior": "LOG"}

_numbers = itertools.count()


class Lake:
    """A bucket and a database of their own, and crawls of them; counts what crawls call."""

    def __init__(self, emulator: Any) -> None:
        number = next(_numbers)
        self.bucket, self.database = f"lake-{number}", f"lake_{number}"
        self.s3, self.glue = emulator.client("s3"), emulator.client("glue")
        self.s3.create_bucket(Bucket=self.bucket)
        self.glue.create_database(DatabaseInput={"Name": self.database})
        self.calls: Counter[str] = Counter()
        self._crawl_s3, self._crawl_glue = emulator.client("s3"), emulator.client("glue")
        for client in (self._crawl_s3, self._crawl_glue):
            client.meta.events.register("before-call", self._count)

    def _count(self, model: Any, **_: Any) -> None:
        self.calls[model.name] += 1

    def put(self, key: str, data: bytes) -> None:
        self.s3.put_object(Bucket=self.bucket, Key=key, Body=data)

    def put_json(self, key: str, *records: Mapping[str, object]) -> None:
        self.put(key, self.lines(*records))

    @staticmethod
    def lines(*records: Mapping[str, object]) -> bytes:
        return "".join(json.dumps(record) + "\n" for record in records).encode()

    def delete(self, *keys: str) -> None:
        for key in keys:
            self.s3.delete_object(Bucket=self.bucket, Key=key)

    def crawler(
        self,
        path: str = "t/",
        *,
        output: Mapping[str, object] | None = None,
        grouping: Mapping[str, object] | None = None,
        target: Mapping[str, object] | None = None,
        policy: Mapping[str, str] | None = None,
        **others: object,
    ) -> dict[str, object]:
        """The record of a crawler, as GetCrawler gives it."""
        configuration = {
            "Version": 1.0,
            "CrawlerOutput": output or {},
            "Grouping": grouping or {},
        }
        return {
            "Name": "the-crawler",
            "DatabaseName": self.database,
            "Targets": {"S3Targets": [{"Path": f"s3://{self.bucket}/{path}", **(target or {})}]},
            "SchemaChangePolicy": policy or DEFAULT_POLICY,
            "Configuration": json.dumps(configuration),
            **others,
        }

    def crawl(
        self, path: str = "t/", sqs: Any = None, classifiers: Any = (), **settings: Any
    ) -> CrawlSummary:
        self.calls.clear()
        crawler = self.crawler(path, **settings)
        return run_crawl(crawler, self._crawl_glue, self._crawl_s3, sqs, classifiers)

    def table(self, name: str = "t") -> dict[str, Any]:
        table: dict[str, Any] = self.glue.get_table(DatabaseName=self.database, Name=name)["Table"]
        return table

    def columns(self, name: str = "t") -> dict[str, str]:
        return self.columns_of(self.table(name))

    @staticmethod
    def columns_of(record: Mapping[str, Any]) -> dict[str, str]:
        return {each["Name"]: each["Type"] for each in record["StorageDescriptor"]["Columns"]}

    def tables(self) -> list[str]:
        answer = self.glue.get_tables(DatabaseName=self.database)
        return sorted(table["Name"] for table in answer["TableList"])

    def partitions(self, name: str = "t") -> dict[str, dict[str, Any]]:
        answer = self.glue.get_partitions(DatabaseName=self.database, TableName=name)
        return {"/".join(each["Values"]): each for each in answer["Partitions"]}


@pytest.fixture
def lake(emulator: Any) -> Lake:
    return Lake(emulator)
