"""Crawls of new folders only: they add, and leave alone what is known."""

from __future__ import annotations

import io
from collections.abc import Mapping
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from emulator.crawl import CrawlSummary

NOTHING = CrawlSummary()
INHERIT = {"Partitions": {"AddOrUpdateBehavior": "InheritFromTable"}}
MERGE = {"Tables": {"AddOrUpdateBehavior": "MergeNewColumns"}}
COMBINE = {"TableGroupingPolicy": "CombineCompatibleSchemas"}
LOG = {"UpdateBehavior": "LOG", "DeleteBehavior": "LOG"}
DELETE = {"UpdateBehavior": "UPDATE_IN_DATABASE", "DeleteBehavior": "DELETE_FROM_DATABASE"}
NEW_FOLDERS = {"RecrawlBehavior": "CRAWL_NEW_FOLDERS_ONLY"}


def parquet(**arrays: Any) -> bytes:
    file = io.BytesIO()
    pq.write_table(pa.table(arrays), file)
    return file.getvalue()


def test_new_folders_only(lake: Any) -> None:
    # Whatever the policy says: an incremental crawl only adds.
    recrawl: dict[str, Any] = {"RecrawlPolicy": NEW_FOLDERS, "policy": DELETE}
    for day in (1, 2):
        lake.put_json(f"t/day={day}/a", {"a": 1})
    assert lake.crawl(**recrawl).tables_created == ["t"]
    lake.put_json("t/day=1/b", {"a": "text", "b": 1})
    assert lake.crawl(**recrawl) == NOTHING
    assert lake.calls["ListObjectsV2"] == 1
    assert lake.calls["GetObject"] == 0
    lake.put_json("t/day=3/a", {"a": 1})
    lake.put_json("t/day=4/a", {"quite": 1, "other": 1})
    lake.delete("t/day=2/a")
    lake.put_json("t/day=5/a", {"a": 1})
    summary = lake.crawl(**recrawl, output={**MERGE, **INHERIT})
    assert summary.partitions_created == ["t/3", "t/5"]
    assert (summary.tables_updated, summary.partitions_deleted) == ([], [])
    assert lake.calls["ListObjectsV2"] == 1 + 3
    assert lake.columns() == {"a": "int"}
    lake.crawl(**recrawl, output=INHERIT, grouping=COMBINE)
    assert lake.columns_of(lake.partitions()["4"]) == {"a": "int"}


def test_new_folders_that_do_not_fit_are_left_out(lake: Any) -> None:
    recrawl: dict[str, Any] = {"RecrawlPolicy": NEW_FOLDERS, "policy": LOG}
    lake.put_json("t/day=1/a", {"a": 1})
    lake.crawl(**recrawl)
    lake.put_json("t/day=2/a", {"b": 1, "c": 1, "d": 1})
    assert lake.crawl(**recrawl) == NOTHING
    lake.delete("t/day=2/a")
    lake.put("t/day=3/a", parquet(a=[1]))
    assert lake.crawl(**recrawl) == NOTHING


def test_an_incremental_crawl_does_not_read_a_known_table_without_partitions(lake: Any) -> None:
    recrawl: dict[str, Any] = {"RecrawlPolicy": NEW_FOLDERS, "policy": LOG}
    lake.put_json("t/a", {"a": 1})
    lake.crawl(**recrawl)
    lake.put_json("t/b", {"a": 1})
    assert lake.crawl(**recrawl) == NOTHING
    assert lake.calls["GetObject"] == 0


@pytest.mark.parametrize("recrawl", [NEW_FOLDERS, {}])
def test_a_partition_that_lies_elsewhere(lake: Any, recrawl: Mapping[str, str]) -> None:
    settings: dict[str, Any] = {"RecrawlPolicy": recrawl, "policy": DELETE, "output": INHERIT}
    lake.put_json("t/day=1/a", {"a": 1})
    lake.crawl(**settings)
    descriptor = lake.partitions()["1"]["StorageDescriptor"]
    elsewhere = {**descriptor, "Location": "s3://another-bucket/x/"}
    where = {"DatabaseName": lake.database, "TableName": "t"}
    lake.glue.update_partition(
        **where,
        PartitionValueList=["1"],
        PartitionInput={"Values": ["1"], "StorageDescriptor": elsewhere},
    )
    lake.glue.create_partition(
        **where, PartitionInput={"Values": ["2"], "StorageDescriptor": elsewhere}
    )
    summary = lake.crawl(**settings)
    # Only a full crawl takes it back to the folder of its name; none deletes what lies elsewhere.
    assert summary == (NOTHING if recrawl else CrawlSummary(partitions_updated=["t/1"]))
    assert list(lake.partitions()) == ["1", "2"]


def test_new_folders_may_be_new_tables(lake: Any) -> None:
    recrawl: dict[str, Any] = {"RecrawlPolicy": NEW_FOLDERS, "policy": LOG}
    lake.put_json("top/a/day=1/x", {"a": 1})
    lake.put_json("top/b/day=1/x", {"b": 1})
    assert lake.crawl("top/", **recrawl).tables_created == ["a", "b"]
    lake.put_json("top/c/day=1/x", {"c": 1})
    lake.put_json("top/a/day=2/x", {"a": 1})
    assert lake.crawl("top/", **recrawl) == CrawlSummary(
        tables_created=["c"], partitions_created=["a/2", "c/1"]
    )
