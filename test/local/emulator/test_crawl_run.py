"""Whole crawls against the emulator's S3 and Glue."""

from __future__ import annotations

import gzip
import io
import itertools
import json
from collections import Counter
from collections.abc import Mapping
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from botocore.exceptions import ClientError
from emulator.crawl import CrawlSummary, run_crawl
from emulator.crawl.settings import CrawlError

NOTHING = CrawlSummary()
INHERIT = {"Partitions": {"AddOrUpdateBehavior": "InheritFromTable"}}
MERGE = {"Tables": {"AddOrUpdateBehavior": "MergeNewColumns"}}
COMBINE = {"TableGroupingPolicy": "CombineCompatibleSchemas"}
UPDATE = {"UpdateBehavior": "UPDATE_IN_DATABASE", "DeleteBehavior": "LOG"}
LOG = {"UpdateBehavior": "LOG", "DeleteBehavior": "LOG"}
DELETE = {"UpdateBehavior": "UPDATE_IN_DATABASE", "DeleteBehavior": "DELETE_FROM_DATABASE"}
NEW_FOLDERS = {"RecrawlBehavior": "CRAWL_NEW_FOLDERS_ONLY"}

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
        self.put(key, lines(*records))

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
        policy: Mapping[str, str] = UPDATE,
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
            "SchemaChangePolicy": policy,
            "Configuration": json.dumps(configuration),
            **others,
        }

    def crawl(self, path: str = "t/", **settings: Any) -> CrawlSummary:
        self.calls.clear()
        return run_crawl(self.crawler(path, **settings), self._crawl_glue, self._crawl_s3)

    def table(self, name: str = "t") -> dict[str, Any]:
        table: dict[str, Any] = self.glue.get_table(DatabaseName=self.database, Name=name)["Table"]
        return table

    def columns(self, name: str = "t") -> dict[str, str]:
        return columns(self.table(name))

    def tables(self) -> list[str]:
        answer = self.glue.get_tables(DatabaseName=self.database)
        return sorted(table["Name"] for table in answer["TableList"])

    def partitions(self, name: str = "t") -> dict[str, dict[str, Any]]:
        answer = self.glue.get_partitions(DatabaseName=self.database, TableName=name)
        return {"/".join(each["Values"]): each for each in answer["Partitions"]}


def lines(*records: Mapping[str, object]) -> bytes:
    return "".join(json.dumps(record) + "\n" for record in records).encode()


def columns(record: Mapping[str, Any]) -> dict[str, str]:
    return {each["Name"]: each["Type"] for each in record["StorageDescriptor"]["Columns"]}


def parquet(**arrays: Any) -> bytes:
    file = io.BytesIO()
    pq.write_table(pa.table(arrays), file)
    return file.getvalue()


@pytest.fixture
def lake(emulator: Any) -> Lake:
    return Lake(emulator)


def test_gzipped_json_lines_become_the_table_that_glue_writes(lake: Lake) -> None:
    record = {"messageId": "m", "Count": 3, "context": {"osVersion": "1"}, "tags": ["x"]}
    for day in ("1700006400000", "1700092800000"):
        lake.put(f"logs/ksM-AB/{day}/a.gz", gzip.compress(lines(record, record), mtime=0))
    summary = lake.crawl("logs/ksM-AB/", TablePrefix="raw_")
    assert summary == CrawlSummary(
        tables_created=["raw_ksm_ab"],
        partitions_created=["raw_ksm_ab/1700006400000", "raw_ksm_ab/1700092800000"],
    )
    size = len(gzip.compress(lines(record, record), mtime=0))
    statistics = {
        "averageRecordSize": str(len(lines(record))),
        "objectCount": "2",
        "recordCount": "4",
        "sizeKey": str(2 * size),
    }
    common = {
        "CrawlerSchemaDeserializerVersion": "1.0",
        "CrawlerSchemaSerializerVersion": "1.0",
        "UPDATED_BY_CRAWLER": "the-crawler",
        "classification": "json",
        "compressionType": "gzip",
        "typeOfData": "file",
    }
    descriptor = {
        "Columns": [
            {"Name": "messageid", "Type": "string"},
            {"Name": "count", "Type": "int"},
            {"Name": "context", "Type": "struct<osVersion:string>"},
            {"Name": "tags", "Type": "array<string>"},
        ],
        "Location": f"s3://{lake.bucket}/logs/ksM-AB/",
        "InputFormat": "org.apache.hadoop.mapred.TextInputFormat",
        "OutputFormat": "org.apache.hadoop.hive.ql.io.HiveIgnoreKeyTextOutputFormat",
        "Compressed": True,
        "NumberOfBuckets": -1,
        "SerdeInfo": {
            "SerializationLibrary": "org.openx.data.jsonserde.JsonSerDe",
            "Parameters": {"paths": "Count,context,messageId,tags"},
        },
        "BucketColumns": [],
        "SortColumns": [],
        "Parameters": {**common, **statistics, "partition_filtering.enabled": "true"},
        "StoredAsSubDirectories": False,
    }
    table = lake.table("raw_ksm_ab")
    assert table["StorageDescriptor"] == descriptor
    assert table["Parameters"] == descriptor["Parameters"]
    assert table["PartitionKeys"] == [{"Name": "partition_0", "Type": "string"}]
    assert (table["TableType"], table["Owner"]) == ("EXTERNAL_TABLE", "owner")
    partition = lake.partitions("raw_ksm_ab")["1700006400000"]
    assert partition["StorageDescriptor"] == {
        **descriptor,
        "Location": f"s3://{lake.bucket}/logs/ksM-AB/1700006400000/",
        "Parameters": {
            **common,
            **statistics,
            "objectCount": "1",
            "recordCount": "2",
            "sizeKey": str(size),
        },
    }


def test_parquet_table(lake: Lake) -> None:
    for day in ("2024-01-01", "2024-01-02"):
        lake.put(f"t/date={day}/a.parquet", parquet(Id=pa.array(range(200)), at=["x"] * 200))
    lake.crawl()
    table = lake.table()
    descriptor = table["StorageDescriptor"]
    assert columns(table) == {"id": "bigint", "at": "string"}
    assert descriptor["SerdeInfo"] == {
        "SerializationLibrary": "org.apache.hadoop.hive.ql.io.parquet.serde.ParquetHiveSerDe",
        "Parameters": {"serialization.format": "1"},
    }
    assert descriptor["InputFormat"].endswith("parquet.MapredParquetInputFormat")
    assert descriptor["OutputFormat"].endswith("parquet.MapredParquetOutputFormat")
    assert descriptor["Compressed"] is False
    assert table["PartitionKeys"] == [{"Name": "date", "Type": "string"}]
    assert table["Parameters"]["recordCount"] == "400"
    assert list(lake.partitions()) == ["2024-01-01", "2024-01-02"]


@pytest.mark.parametrize("compress", [bytes, gzip.compress])
def test_csv_table(lake: Lake, compress: Any) -> None:
    lake.put("t/a.csv", compress(b'id;name\n1;"a"\n2;b\n'))
    lake.crawl()
    table = lake.table()
    assert columns(table) == {"id": "bigint", "name": "string"}
    assert table["StorageDescriptor"]["SerdeInfo"] == {
        "SerializationLibrary": "org.apache.hadoop.hive.serde2.lazy.LazySimpleSerDe",
        "Parameters": {"field.delim": ";"},
    }
    assert table["PartitionKeys"] == []
    parameters = table["Parameters"]
    assert parameters["classification"] == "csv"
    assert parameters["compressionType"] == ("none" if compress is bytes else "gzip")
    assert parameters["delimiter"] == ";"
    assert parameters["areColumnsQuoted"] == "true"
    assert parameters["skip.header.line.count"] == "1"
    assert parameters["recordCount"] == "2"
    assert "partition_filtering.enabled" not in parameters


@pytest.mark.parametrize("output", [{}, INHERIT, MERGE, {**INHERIT, **MERGE}])
@pytest.mark.parametrize("policy", [UPDATE, LOG, DELETE])
def test_a_second_crawl_of_the_same_data_writes_nothing(
    lake: Lake, output: Mapping[str, object], policy: Mapping[str, str]
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
    written = {call for call in lake.calls if not call.startswith(("Get", "List"))}
    assert written == set()


def test_what_is_hidden_empty_or_excluded_is_not_seen(lake: Lake) -> None:
    record = {"a": 1}
    lake.put_json("t/day=1/a", record)
    for key in (
        "_tmp/a",
        ".hidden/a",
        "day=2/_SUCCESS",
        "day=3/.part",
        "day=4_$folder$",
        "day=5/x",
    ):
        lake.put_json(f"t/{key}", {"b": "other"})
    lake.put("t/day=6/", b"")
    lake.put("t/day=7/empty", b"")
    exclusions = ["day=5/**", "**.tmp"]
    lake.put_json("t/day=8/x.tmp", {"b": "other"})
    lake.crawl(target={"Exclusions": exclusions})
    assert list(lake.partitions()) == ["1"]
    assert lake.columns() == {"a": "int"}
    assert json.loads(lake.table()["Parameters"]["exclusions"]) == [
        f"s3://{lake.bucket}/t/day=5/**",
        f"s3://{lake.bucket}/t/**.tmp",
    ]


def test_damaged_files_do_not_fail_a_crawl(lake: Lake) -> None:
    whole = lines(*({"a": number, "text": f"{number * 7919}"} for number in range(5000)))
    compressed = gzip.compress(whole)
    wrong_sum = compressed[:-8] + b"\0" * 8
    files = {
        "cut": compressed[: len(compressed) // 2],
        "wrong-sum": wrong_sum,
        "nothing": gzip.compress(b""),
        "blank": gzip.compress(b"\n\n \n"),
        "text": b"just words\n",
        "binary": bytes(range(256)),
        "no-gzip": b"\x1f\x8b and no more",
        "no-parquet": b"PAR1 and no more",
        "members": gzip.compress(lines({"a": 1})) + gzip.compress(lines({"a": 2, "b": 1})),
    }
    for name, data in files.items():
        lake.put(f"t/{name}/file", data)
    lake.crawl(grouping=COMBINE)
    assert sorted(lake.partitions()) == ["cut", "members", "wrong-sum"]
    assert lake.columns() == {"a": "int", "text": "string", "b": "int"}


def test_sample_size_bounds_what_is_read_and_not_what_is_counted(lake: Lake) -> None:
    for number in range(7):
        lake.put_json(f"t/day=1/{number}", {"a": 1, f"c{number}": 1})
    lake.crawl(target={"SampleSize": 2}, grouping=COMBINE)
    assert lake.calls["GetObject"] == 2
    assert lake.columns() == {"a": "int", "c0": "int", "c6": "int"}
    assert lake.table()["Parameters"]["objectCount"] == "7"
    assert lake.table()["Parameters"]["recordCount"] == "7"


def test_a_sample_of_unreadable_files_goes_on_to_the_next(lake: Lake) -> None:
    for number in range(5):
        lake.put(f"t/day=1/{number}", gzip.compress(b""))
    lake.put_json("t/day=1/3", {"a": 1})
    lake.crawl(target={"SampleSize": 1})
    assert lake.columns() == {"a": "int"}


def test_of_a_large_file_only_the_head_is_read(lake: Lake) -> None:
    padding = "x" * 1000
    record, late = {"a": 1, "padding": padding}, {"late": 1}
    lake.put("t/1", lines(*[record] * 12_000, late))
    lake.put("t/2", lines({"padding": padding * 2000, "found": 1}))
    lake.crawl(grouping=COMBINE)
    assert lake.columns() == {"a": "int", "padding": "string", "found": "int"}
    assert 11_000 < int(lake.table()["Parameters"]["recordCount"]) < 13_000


def test_each_folder_is_listed_once(lake: Lake) -> None:
    for day, number in itertools.product(range(4), range(3)):
        lake.put_json(f"t/day={day}/{number}", {"a": 1})
    lake.put_json("t/_staging/x/y/a", {"a": 1})
    lake.crawl(target={"SampleSize": 1})
    assert lake.calls["ListObjectsV2"] == 1 + 4


def test_table_level(lake: Lake) -> None:
    for app, field in (("ios", "a"), ("android", "b")):
        for day in range(2):
            lake.put_json(f"logs/{app}/day={day}/x", {field + str(day): 1})
    lake.crawl("logs/", grouping={"TableLevelConfiguration": 3})
    assert lake.tables() == ["android", "ios"]
    assert lake.columns("ios") == {"a0": "int", "a1": "int"}
    assert list(lake.partitions("ios")) == ["0", "1"]


def test_several_targets_and_names_that_are_taken(lake: Lake) -> None:
    lake.put_json("x/events/a", {"a": 1})
    lake.put_json("y/events/a", {"b": 1})
    paths = [{"Path": f"s3://{lake.bucket}/{top}/events"} for top in "xy"]
    created = lake.crawl(Targets={"S3Targets": paths}).tables_created
    assert created[0] == "events"
    assert created[1].startswith("events_")
    assert len(created[1]) == len("events_") + 32
    assert lake.columns(created[1]) == {"b": "int"}
    assert lake.crawl(Targets={"S3Targets": paths}) == NOTHING


def test_update_replaces_the_columns(lake: Lake) -> None:
    lake.put_json("t/a", {"a": 1, "old": 1})
    lake.crawl()
    lake.put_json("t/a", {"a": "text", "new": 1})
    assert lake.crawl() == CrawlSummary(tables_updated=["t"])
    assert lake.columns() == {"a": "string", "new": "int"}


def test_merge_adds_columns_and_keeps_what_is_known(lake: Lake) -> None:
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
    assert columns(table) == {
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


def test_merge_deprecates_a_table_whose_format_has_changed_until_it_fits(lake: Lake) -> None:
    lake.put_json("t/day=1/a", {"a": 1})
    lake.crawl(output=MERGE)
    lake.put("t/day=1/a", gzip.compress(lines({"a": 1, "b": 1})))
    lake.put("t/day=2/a", gzip.compress(lines({"a": 1, "b": 1})))
    assert lake.crawl(output=MERGE) == CrawlSummary(tables_updated=["t"])
    assert int(lake.table()["Parameters"]["DEPRECATED_BY_CRAWLER"]) > 1_600_000_000_000
    assert lake.columns() == {"a": "int"}
    assert list(lake.partitions()) == ["1"]
    assert lake.crawl(output=MERGE) == NOTHING
    lake.put_json("t/day=1/a", {"a": 1})
    lake.delete("t/day=2/a")
    assert lake.crawl(output=MERGE).tables_updated == ["t"]
    assert "DEPRECATED_BY_CRAWLER" not in lake.table()["Parameters"]


def test_merge_keeps_the_serde_of_a_table_that_was_declared(lake: Lake) -> None:
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


def test_log_leaves_tables_and_adds_partitions(lake: Lake) -> None:
    lake.put_json("t/day=1/a", {"a": 1})
    lake.crawl(policy=LOG)
    before = lake.table()
    lake.put_json("t/day=1/b", {"a": "text"})
    lake.put_json("t/day=2/a", {"a": 1, "b": 1})
    summary = lake.crawl(policy=LOG, grouping=COMBINE)
    assert summary == CrawlSummary(partitions_created=["t/2"])
    assert lake.table()["StorageDescriptor"] == before["StorageDescriptor"]


def test_new_files_in_a_known_folder_update_its_statistics(lake: Lake) -> None:
    lake.put_json("t/day=1/a", {"a": 1})
    lake.put_json("t/day=2/a", {"a": 1})
    lake.crawl()
    lake.put_json("t/day=2/b", {"a": 1})
    assert lake.crawl() == CrawlSummary(tables_updated=["t"], partitions_updated=["t/2"])
    assert lake.table()["Parameters"]["objectCount"] == "3"
    parameters = lake.partitions()["2"]["StorageDescriptor"]["Parameters"]
    assert parameters["objectCount"] == "2"


def test_partitions_have_their_own_columns_unless_they_inherit(lake: Lake) -> None:
    lake.put_json("t/day=1/a", {"a": 1})
    lake.put_json("t/day=2/a", {"a": "text", "b": 1})
    lake.crawl(grouping=COMBINE)
    assert lake.columns() == {"a": "string", "b": "int"}
    assert columns(lake.partitions()["1"]) == {"a": "int"}
    summary = lake.crawl(grouping=COMBINE, output=INHERIT, policy=LOG)
    assert summary == CrawlSummary(partitions_updated=["t/1", "t/2"])
    assert columns(lake.partitions()["1"]) == {"a": "string", "b": "int"}
    assert lake.partitions()["1"]["StorageDescriptor"]["Location"].endswith("/t/day=1/")


def test_new_folders_only(lake: Lake) -> None:
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
    assert columns(lake.partitions()["4"]) == {"a": "int"}


def test_new_folders_that_do_not_fit_are_left_out(lake: Lake) -> None:
    recrawl: dict[str, Any] = {"RecrawlPolicy": NEW_FOLDERS, "policy": LOG}
    lake.put_json("t/day=1/a", {"a": 1})
    lake.crawl(**recrawl)
    lake.put_json("t/day=2/a", {"b": 1, "c": 1, "d": 1})
    assert lake.crawl(**recrawl) == NOTHING
    lake.delete("t/day=2/a")
    lake.put("t/day=3/a", parquet(a=[1]))
    assert lake.crawl(**recrawl) == NOTHING


def test_an_incremental_crawl_does_not_read_a_known_table_without_partitions(lake: Lake) -> None:
    recrawl: dict[str, Any] = {"RecrawlPolicy": NEW_FOLDERS, "policy": LOG}
    lake.put_json("t/a", {"a": 1})
    lake.crawl(**recrawl)
    lake.put_json("t/b", {"a": 1})
    assert lake.crawl(**recrawl) == NOTHING
    assert lake.calls["GetObject"] == 0


@pytest.mark.parametrize("recrawl", [NEW_FOLDERS, {}])
def test_a_partition_that_lies_elsewhere(lake: Lake, recrawl: Mapping[str, str]) -> None:
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


def test_new_folders_may_be_new_tables(lake: Lake) -> None:
    recrawl: dict[str, Any] = {"RecrawlPolicy": NEW_FOLDERS, "policy": LOG}
    lake.put_json("top/a/day=1/x", {"a": 1})
    lake.put_json("top/b/day=1/x", {"b": 1})
    assert lake.crawl("top/", **recrawl).tables_created == ["a", "b"]
    lake.put_json("top/c/day=1/x", {"c": 1})
    lake.put_json("top/a/day=2/x", {"a": 1})
    assert lake.crawl("top/", **recrawl) == CrawlSummary(
        tables_created=["c"], partitions_created=["a/2", "c/1"]
    )


@pytest.mark.parametrize("behavior", ["LOG", "DEPRECATE_IN_DATABASE", "DELETE_FROM_DATABASE"])
def test_what_is_gone(lake: Lake, behavior: str) -> None:
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


def test_tables_whose_data_are_there_stay_when_they_are_grouped_otherwise(lake: Lake) -> None:
    lake.put_json("top/a/x", {"a": 1})
    lake.put_json("top/b/x", {"b": 1})
    lake.crawl("top/", policy=DELETE)
    assert lake.tables() == ["a", "b"]
    assert lake.crawl("top/", policy=DELETE, grouping=COMBINE).tables_created == ["top"]
    assert lake.tables() == ["a", "b", "top"]


def test_more_partitions_than_one_batch_holds(lake: Lake) -> None:
    for day in range(101):
        lake.put_json(f"t/{day:03}/a", {"a": 1})
    assert len(lake.crawl(output=INHERIT).partitions_created) == 101
    assert lake.calls["BatchCreatePartition"] == 2
    lake.put_json("t/000/b", {"a": 1, "b": 1})
    assert len(lake.crawl(output=INHERIT, grouping=COMBINE).partitions_updated) == 101
    assert lake.calls["BatchUpdatePartition"] == 2
    assert lake.crawl(output=INHERIT, grouping=COMBINE) == NOTHING


def test_an_empty_target_makes_nothing(lake: Lake) -> None:
    assert lake.crawl() == NOTHING


def test_errors_are_the_services(lake: Lake, emulator: Any) -> None:
    with pytest.raises(ClientError) as no_bucket:
        lake.crawl(Targets={"S3Targets": [{"Path": "s3://there-is-no-such-bucket/x/"}]})
    assert no_bucket.value.response["Error"]["Code"] == "NoSuchBucket"
    with pytest.raises(ClientError) as no_database:
        lake.crawl(DatabaseName="there_is_no_such_database")
    assert no_database.value.response["Error"]["Code"] == "EntityNotFoundException"


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"Targets": {"S3Targets": [], "JdbcTargets": [{}]}}, "JdbcTargets can't be crawled"),
        ({"Targets": {"S3Targets": []}}, "at least one path"),
        ({"Targets": {"S3Targets": [{"Path": "s3:///folder/"}]}}, "has no bucket"),
        ({"Configuration": "{"}, "isn't JSON"),
        ({"Configuration": "[]"}, "must be a JSON object"),
        ({"Classifiers": ["mine"]}, "custom classifiers"),
        ({"RecrawlPolicy": {"RecrawlBehavior": "CRAWL_EVENT_MODE"}}, "CRAWL_EVENT_MODE"),
        ({"target": {"Exclusions": ["{a"]}}, "never closed"),
    ],
)
def test_settings_that_cannot_be_run(lake: Lake, settings: dict[str, Any], message: str) -> None:
    with pytest.raises(CrawlError, match=message):
        lake.crawl(**settings)


def test_a_crawl_needs_no_more_than_its_role_allows(lake: Lake, emulator: Any) -> None:
    catalog = "arn:aws:glue:us-east-1:000000000000:"
    resources = ["catalog", f"database/{lake.database}", f"table/{lake.database}/t"]
    statements: list[dict[str, Any]] = [
        {
            "Effect": "Allow",
            "Action": "s3:ListBucket",
            "Resource": f"arn:aws:s3:::{lake.bucket}",
            "Condition": {"StringLike": {"s3:prefix": ["t/*"]}},
        },
        {
            "Effect": "Allow",
            "Action": "s3:GetObject",
            "Resource": f"arn:aws:s3:::{lake.bucket}/t/*",
        },
        {
            "Effect": "Allow",
            "Action": [
                "glue:GetDatabase",
                "glue:GetTable",
                "glue:CreateTable",
                "glue:UpdateTable",
                "glue:GetPartitions",
                "glue:BatchCreatePartition",
                "glue:BatchUpdatePartition",
            ],
            "Resource": [catalog + resource for resource in resources],
        },
    ]
    iam = emulator.client("iam")
    trust = {"Effect": "Allow", "Principal": {"Service": "glue.amazonaws.com"}}
    role = iam.create_role(
        RoleName="crawl",
        AssumeRolePolicyDocument=json.dumps(
            {"Version": "2012-10-17", "Statement": [{**trust, "Action": "sts:AssumeRole"}]}
        ),
    )["Role"]

    def crawl(allowed: list[dict[str, Any]]) -> CrawlSummary:
        document = json.dumps({"Version": "2012-10-17", "Statement": allowed})
        iam.put_role_policy(RoleName="crawl", PolicyName="crawl", PolicyDocument=document)
        glue, s3 = (emulator.role_client(name, role["Arn"]) for name in ("glue", "s3"))
        return run_crawl(lake.crawler(), glue, s3)

    lake.put_json("t/day=1/a", {"a": 1})
    assert crawl(statements).partitions_created == ["t/1"]
    lake.put_json("t/day=1/b", {"a": 1})
    lake.put_json("t/day=2/a", {"a": 1})
    assert crawl(statements).partitions_updated == ["t/1"]
    for missing in range(len(statements)):
        with pytest.raises(ClientError, match="AccessDenied"):
            crawl(statements[:missing] + statements[missing + 1 :])
