"""Crawls of what is in the catalog already: what the policies update, keep and remove."""

from __future__ import annotations

import gzip
from collections.abc import Mapping
from typing import Any

import pytest
from emulator.crawl import CrawlSummary

NOTHING = CrawlSummary()
INHERIT = {"Partitions": {"AddOrUpdateBehavior": "InheritFromTable"}}
MERGE = {"Tables": {"AddOrUpdateBehavior": "MergeNewColumns"}}
COMBINE = {"TableGroupingPolicy": "CombineCompatibleSchemas"}
UPDATE = {"UpdateBehavior": "UPDATE_IN_DATABASE", "DeleteBehavior": "LOG"}
LOG = {"UpdateBehavior": "LOG", "DeleteBehavior": "LOG"}
DELETE = {"UpdateBehavior": "UPDATE_IN_DATABASE", "DeleteBehavior": "DELETE_FROM_DATABASE"}


@pytest.mark.parametrize("output", [{}, INHERIT, MERGE, {**INHERIT, **MERGE}])
@pytest.mark.parametrize("policy", [UPDATE, LOG, DELETE])
def test_a_second_crawl_of_the_same_data_writes_nothing(
    lake: Any, output: Mapping[str, object], policy: Mapping[str, str]
) -> None:
    for day in range(3):
        lake.put_json(f"t/day={day}/a", {"a": day, "B": {"c": [1]}, f"only{day}": None})
    lake.put("u/a.csv", b"x,y\n1,2\n")
    settings: dict[str, Any] = {
        "output": output,
        "policy": policy,
        "grouping": {"TableLevelConfiguration": 2},
    }
    assert lake.crawl("", **settings).tables_created == ["t", "u"]
    assert lake.crawl("", **settings) == NOTHING
    written = {call for call in lake.calls if not call.startswith(("Get", "Head", "List"))}
    assert written == set()


def test_update_replaces_the_columns(lake: Any) -> None:
    lake.put_json("t/a", {"a": 1, "old": 1})
    lake.crawl()
    lake.put_json("t/a", {"a": "text", "new": 1})
    assert lake.crawl() == CrawlSummary(tables_updated=["t"])
    assert lake.columns() == {"a": "string", "new": "int"}


def test_merge_adds_columns_and_keeps_what_is_known(lake: Any) -> None:
    lake.put_json("t/a", {"a": 1, "old": 1, "s": {"x": 1}, "kept": {}})
    lake.crawl(output=MERGE)
    table = lake.table()
    descriptor = table["StorageDescriptor"]
    descriptor["Columns"][3]["Comment"] = "what it is"
    lake.glue.update_table(
        DatabaseName=lake.database,
        TableInput={
            "Name": "t",
            "Description": "mine",
            "StorageDescriptor": descriptor,
            "PartitionKeys": [],
            "TableType": "EXTERNAL_TABLE",
            "Parameters": {**table["Parameters"], "mine": "yes"},
        },
    )
    lake.put_json("t/a", {"A": "text", "s": {"X": "text", "y": 1}, "new": 1, "kept": {"a": 1}})
    assert lake.crawl(output=MERGE, policy=LOG) == CrawlSummary(tables_updated=["t"])
    table = lake.table()
    assert lake.columns_of(table) == {
        "a": "int",
        "old": "int",
        "s": "struct<x:int,y:int>",
        "kept": "string",
        "new": "int",
    }
    assert table["Description"] == "mine"
    assert table["Parameters"]["mine"] == "yes"
    assert table["StorageDescriptor"]["Columns"][3]["Comment"] == "what it is"
    paths = table["StorageDescriptor"]["SerdeInfo"]["Parameters"]["paths"]
    assert paths == "a,kept,new,old,s"


def test_merge_deprecates_a_table_whose_format_has_changed_until_it_fits(lake: Any) -> None:
    lake.put_json("t/day=1/a", {"a": 1})
    lake.crawl(output=MERGE)
    lake.put("t/day=1/a", gzip.compress(lake.lines({"a": 1, "b": 1})))
    lake.put("t/day=2/a", gzip.compress(lake.lines({"a": 1, "b": 1})))
    assert lake.crawl(output=MERGE) == CrawlSummary(tables_updated=["t"])
    assert int(lake.table()["Parameters"]["DEPRECATED_BY_CRAWLER"]) > 1_600_000_000_000
    assert lake.columns() == {"a": "int"}
    assert list(lake.partitions()) == ["1"]
    assert lake.crawl(output=MERGE) == NOTHING
    lake.put_json("t/day=1/a", {"a": 1})
    lake.delete("t/day=2/a")
    assert lake.crawl(output=MERGE).tables_updated == ["t"]
    assert "DEPRECATED_BY_CRAWLER" not in lake.table()["Parameters"]


def test_merge_keeps_the_serde_of_a_table_that_was_declared(lake: Any) -> None:
    lake.put("t/a.csv", b"id,n\n1,2\n")
    serde = {"SerializationLibrary": "org.apache.hadoop.hive.serde2.OpenCSVSerde"}
    lake.glue.create_table(
        DatabaseName=lake.database,
        TableInput={
            "Name": "t",
            "StorageDescriptor": {
                "Columns": [{"Name": "id", "Type": "string"}],
                "Location": f"s3://{lake.bucket}/t",
                "SerdeInfo": {**serde, "Parameters": {"separatorChar": ","}},
            },
            "Parameters": {
                "classification": "csv",
                "compressionType": "none",
                "delimiter": ",",
            },
        },
    )
    assert lake.crawl(output=MERGE) == CrawlSummary(tables_updated=["t"])
    assert lake.columns() == {"id": "string", "n": "bigint"}
    info = lake.table()["StorageDescriptor"]["SerdeInfo"]
    assert info == {**serde, "Parameters": {"separatorChar": ","}}


def test_log_leaves_tables_and_adds_partitions(lake: Any) -> None:
    lake.put_json("t/day=1/a", {"a": 1})
    lake.crawl(policy=LOG)
    before = lake.table()
    lake.put_json("t/day=1/b", {"a": "text"})
    lake.put_json("t/day=2/a", {"a": 1, "b": 1})
    summary = lake.crawl(policy=LOG, grouping=COMBINE)
    assert summary == CrawlSummary(partitions_created=["t/2"])
    assert lake.table()["StorageDescriptor"] == before["StorageDescriptor"]


def test_new_files_in_a_known_folder_update_its_statistics(lake: Any) -> None:
    lake.put_json("t/day=1/a", {"a": 1})
    lake.put_json("t/day=2/a", {"a": 1})
    lake.crawl()
    lake.put_json("t/day=2/b", {"a": 1})
    assert lake.crawl() == CrawlSummary(tables_updated=["t"], partitions_updated=["t/2"])
    assert lake.table()["Parameters"]["objectCount"] == "3"
    parameters = lake.partitions()["2"]["StorageDescriptor"]["Parameters"]
    assert parameters["objectCount"] == "2"


def test_partitions_have_their_own_columns_unless_they_inherit(lake: Any) -> None:
    lake.put_json("t/day=1/a", {"a": 1})
    lake.put_json("t/day=2/a", {"a": "text", "b": 1})
    lake.crawl(grouping=COMBINE)
    assert lake.columns() == {"a": "string", "b": "int"}
    assert lake.columns_of(lake.partitions()["1"]) == {"a": "int"}
    summary = lake.crawl(grouping=COMBINE, output=INHERIT, policy=LOG)
    assert summary == CrawlSummary(partitions_updated=["t/1", "t/2"])
    assert lake.columns_of(lake.partitions()["1"]) == {"a": "string", "b": "int"}
    assert lake.partitions()["1"]["StorageDescriptor"]["Location"].endswith("/t/day=1/")


@pytest.mark.parametrize("behavior", ["LOG", "DEPRECATE_IN_DATABASE", "DELETE_FROM_DATABASE"])
def test_what_is_gone(lake: Any, behavior: str) -> None:
    policy = {"UpdateBehavior": "UPDATE_IN_DATABASE", "DeleteBehavior": behavior}
    lake.put_json("top/a/day=1/x", {"a": 1})
    lake.put_json("top/a/day=2/x", {"a": 1})
    lake.put_json("top/b/x", {"b": 1})
    lake.glue.create_table(
        DatabaseName=lake.database,
        TableInput={
            "Name": "not_the_crawlers",
            "StorageDescriptor": {"Location": f"s3://{lake.bucket}/top/gone/"},
        },
    )
    lake.crawl("top/", policy=policy)
    lake.delete("top/a/day=2/x", "top/b/x")
    grouping = {"TableLevelConfiguration": 3}
    summary = lake.crawl("top/", policy=policy, grouping=grouping)
    if behavior == "DELETE_FROM_DATABASE":
        assert summary.tables_deleted == ["b"]
        assert summary.partitions_deleted == ["a/2"]
        assert lake.tables() == ["a", "not_the_crawlers"]
        assert list(lake.partitions("a")) == ["1"]
        return
    assert (summary.tables_deleted, summary.partitions_deleted) == ([], [])
    assert list(lake.partitions("a")) == ["1", "2"]
    deprecated = "DEPRECATED_BY_CRAWLER" in lake.table("b")["Parameters"]
    assert deprecated == (behavior == "DEPRECATE_IN_DATABASE")
    assert lake.crawl("top/", policy=policy, grouping=grouping) == NOTHING
    if deprecated:
        lake.put_json("top/b/x", {"b": 1})
        assert lake.crawl("top/", policy=policy, grouping=grouping).tables_updated == ["b"]
        assert "DEPRECATED_BY_CRAWLER" not in lake.table("b")["Parameters"]


def test_tables_whose_data_are_there_stay_when_they_are_grouped_otherwise(lake: Any) -> None:
    lake.put_json("top/a/x", {"a": 1})
    lake.put_json("top/b/x", {"b": 1})
    lake.crawl("top/", policy=DELETE)
    assert lake.tables() == ["a", "b"]
    assert lake.crawl("top/", policy=DELETE, grouping=COMBINE).tables_created == ["top"]
    assert lake.tables() == ["a", "b", "top"]
