"""Where to read: partitions of the Data Catalog, and the objects below their locations."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from job_runs import DAY
from mobile_events.catalog import Catalog
from mobile_events.settings import Source
from stand_ins import FolderStore

SOURCE = Source("ios", "raw", "ios", 1000)


class Table:
    """A Glue client with one raw table, whose partitions are locations by folder."""

    def __init__(self, locations: dict[str, str], keys: tuple[str, ...] = ("partition_0",)) -> None:
        self._locations = locations
        self._keys = keys
        self.expressions: list[str | None] = []

    def get_table(self, DatabaseName: str, Name: str) -> dict[str, Any]:  # noqa: N803
        return {"Table": {"PartitionKeys": [{"Name": key} for key in self._keys]}}

    def get_paginator(self, operation: str) -> Table:
        assert operation == "get_partitions"
        return self

    def paginate(self, Expression: str | None = None, **_: Any) -> Iterable[Any]:  # noqa: N803
        self.expressions.append(Expression)
        for folder, location in self._locations.items():
            if Expression is None or f"'{folder}'" in Expression:
                descriptor = {"Location": location}
                yield {"Partitions": [{"Values": [folder], "StorageDescriptor": descriptor}]}


def day(offset: int) -> date:
    return DAY + timedelta(days=offset)


def table(*offsets: int) -> dict[str, str]:
    folders = [SOURCE.folder(day(offset)) for offset in offsets]
    return {folder: f"s3://bucket/logs/{folder}/" for folder in folders}


@pytest.fixture
def store(tmp_path: Path) -> FolderStore:
    store = FolderStore(tmp_path)
    for offset in range(-3, 4):
        for name in ("b.gz", "a.gz"):
            store.put("bucket", f"logs/{SOURCE.folder(day(offset))}/{name}", b"12345")
    return store


def test_objects_of_the_days_that_the_catalog_has(store: FolderStore) -> None:
    glue = Table(table(-2, -1, 0, 1))
    found = Catalog(glue, store).objects(SOURCE, [day(0), day(1), day(2)])
    assert [(raw.source, raw.bucket, raw.key, raw.received_day, raw.size) for raw in found] == [
        ("ios", "bucket", f"logs/{SOURCE.folder(day(offset))}/{name}", day(offset), 5)
        for offset in (0, 1)
        for name in ("a.gz", "b.gz")
    ]
    assert all(len(raw.etag) == 32 for raw in found), "without quotes"
    (expression,) = glue.expressions
    folders = ", ".join(f"'{SOURCE.folder(day(offset))}'" for offset in (0, 1, 2))
    assert expression == f"partition_0 IN ({folders})"


def test_expressions_are_as_short_as_glue_takes(store: FolderStore) -> None:
    glue = Table(table(0, 200))
    days = [day(offset) for offset in range(366)]
    assert {raw.received_day for raw in Catalog(glue, store).objects(SOURCE, days)} == {DAY}
    assert len(glue.expressions) == 4
    assert all(len(expression or "") <= 2048 for expression in glue.expressions)


def test_what_queries_do_not_see_is_not_read(store: FolderStore) -> None:
    folder = f"logs/{SOURCE.folder(DAY)}"
    for name in ("_SUCCESS", ".hidden.gz", "deeper/_temporary", "deeper/x.gz"):
        store.put("bucket", f"{folder}/{name}", b"")
    found = Catalog(Table(table(0)), store).objects(SOURCE, [DAY])
    assert [raw.key.removeprefix(folder) for raw in found] == ["/a.gz", "/b.gz", "/deeper/x.gz"]


def test_location_needs_no_final_slash_and_takes_in_no_neighbour(store: FolderStore) -> None:
    folder = SOURCE.folder(DAY)
    store.put("bucket", f"logs/{folder}0/x.gz", b"")
    glue = Table({folder: f"s3://bucket/logs/{folder}"})
    found = Catalog(glue, store).objects(SOURCE, [DAY])
    assert [raw.key for raw in found] == [f"logs/{folder}/a.gz", f"logs/{folder}/b.gz"]


@pytest.mark.parametrize("keys", [(), ("year",), ("partition_0", "partition_1")])
def test_table_with_other_partitions_is_refused(store: FolderStore, keys: tuple[str, ...]) -> None:
    with pytest.raises(ValueError, match=r"source ios: table raw\.ios .*: crawl the folder above"):
        Catalog(Table({}, keys), store).objects(SOURCE, [DAY])


@pytest.mark.parametrize("units", [1, 1000])
def test_received_days_of_the_catalog(store: FolderStore, units: int) -> None:
    source = Source("ios", "raw", "ios", units)
    folders = {source.folder(day(offset)): "s3://bucket/x/" for offset in (2, -1)}
    glue = Table({**folders, "not-a-day": "s3://bucket/y/"})
    assert Catalog(glue, store).received_days(source) == [day(-1), day(2)]
    assert glue.expressions == [None]
