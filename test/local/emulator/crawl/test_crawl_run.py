"""Whole crawls against the emulator's S3 and Glue: what is read, and what tables it gives."""

from __future__ import annotations

import gzip
import io
import itertools
import json
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from botocore.exceptions import ClientError
from emulator.crawl import CrawlSummary, run_crawl
from emulator.crawl.settings import CrawlError

NOTHING = CrawlSummary()
INHERIT = {"Partitions": {"AddOrUpdateBehavior": "InheritFromTable"}}
COMBINE = {"TableGroupingPolicy": "CombineCompatibleSchemas"}


def parquet(**arrays: Any) -> bytes:
    file = io.BytesIO()
    pq.write_table(pa.table(arrays), file)
    return file.getvalue()


def test_gzipped_json_lines_become_the_table_that_glue_writes(lake: Any) -> None:
    record = {"messageId": "m", "Count": 3, "context": {"osVersion": "1"}, "tags": ["x"]}
    for day in ("1700006400000", "1700092800000"):
        lake.put(f"logs/ksM-AB/{day}/a.gz", gzip.compress(lake.lines(record, record), mtime=0))
    summary = lake.crawl("logs/ksM-AB/", TablePrefix="raw_")
    assert summary == CrawlSummary(
        tables_created=["raw_ksm_ab"],
        partitions_created=["raw_ksm_ab/1700006400000", "raw_ksm_ab/1700092800000"],
    )
    size = len(gzip.compress(lake.lines(record, record), mtime=0))
    statistics = {
        "averageRecordSize": str(len(lake.lines(record))),
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


def test_parquet_table(lake: Any) -> None:
    for day in ("2024-01-01", "2024-01-02"):
        lake.put(f"t/date={day}/a.parquet", parquet(Id=pa.array(range(200)), at=["x"] * 200))
    lake.crawl()
    table = lake.table()
    descriptor = table["StorageDescriptor"]
    assert lake.columns_of(table) == {"id": "bigint", "at": "string"}
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
def test_csv_table(lake: Any, compress: Any) -> None:
    lake.put("t/a.csv", compress(b'id;name\n1;"a"\n2;b\n'))
    lake.crawl()
    table = lake.table()
    assert lake.columns_of(table) == {"id": "bigint", "name": "string"}
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


def test_what_is_hidden_empty_or_excluded_is_not_seen(lake: Any) -> None:
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


def test_damaged_files_do_not_fail_a_crawl(lake: Any) -> None:
    whole = lake.lines(*({"a": number, "text": f"{number * 7919}"} for number in range(5000)))
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
        "members": gzip.compress(lake.lines({"a": 1}))
        + gzip.compress(lake.lines({"a": 2, "b": 1})),
    }
    for name, data in files.items():
        lake.put(f"t/{name}/file", data)
    lake.crawl(grouping=COMBINE)
    assert sorted(lake.partitions()) == ["cut", "members", "wrong-sum"]
    assert lake.columns() == {"a": "int", "text": "string", "b": "int"}


def test_sample_size_bounds_what_is_read_and_not_what_is_counted(lake: Any) -> None:
    for number in range(7):
        lake.put_json(f"t/day=1/{number}", {"a": 1, f"c{number}": 1})
    lake.crawl(target={"SampleSize": 2}, grouping=COMBINE)
    assert lake.calls["GetObject"] == 2
    assert lake.columns() == {"a": "int", "c0": "int", "c6": "int"}
    assert lake.table()["Parameters"]["objectCount"] == "7"
    assert lake.table()["Parameters"]["recordCount"] == "7"


def test_a_sample_of_unreadable_files_goes_on_to_the_next(lake: Any) -> None:
    for number in range(5):
        lake.put(f"t/day=1/{number}", gzip.compress(b""))
    lake.put_json("t/day=1/3", {"a": 1})
    lake.crawl(target={"SampleSize": 1})
    assert lake.columns() == {"a": "int"}


def test_of_a_large_file_only_the_head_is_read(lake: Any) -> None:
    padding = "x" * 1000
    record, late = {"a": 1, "padding": padding}, {"late": 1}
    lake.put("t/1", lake.lines(*[record] * 12_000, late))
    lake.put("t/2", lake.lines({"padding": padding * 2000, "found": 1}))
    lake.crawl(grouping=COMBINE)
    assert lake.columns() == {"a": "int", "padding": "string", "found": "int"}
    assert 11_000 < int(lake.table()["Parameters"]["recordCount"]) < 13_000


def test_each_folder_is_listed_once(lake: Any) -> None:
    for day, number in itertools.product(range(4), range(3)):
        lake.put_json(f"t/day={day}/{number}", {"a": 1})
    lake.put_json("t/_staging/x/y/a", {"a": 1})
    lake.crawl(target={"SampleSize": 1})
    assert lake.calls["ListObjectsV2"] == 1 + 4


def test_table_level(lake: Any) -> None:
    for app, field in (("ios", "a"), ("android", "b")):
        for day in range(2):
            lake.put_json(f"logs/{app}/day={day}/x", {field + str(day): 1})
    lake.crawl("logs/", grouping={"TableLevelConfiguration": 3})
    assert lake.tables() == ["android", "ios"]
    assert lake.columns("ios") == {"a0": "int", "a1": "int"}
    assert list(lake.partitions("ios")) == ["0", "1"]


def test_several_targets_and_names_that_are_taken(lake: Any) -> None:
    lake.put_json("x/events/a", {"a": 1})
    lake.put_json("y/events/a", {"b": 1})
    paths = [{"Path": f"s3://{lake.bucket}/{top}/events"} for top in "xy"]
    created = lake.crawl(Targets={"S3Targets": paths}).tables_created
    assert created[0] == "events"
    assert created[1].startswith("events_")
    assert len(created[1]) == len("events_") + 32
    assert lake.columns(created[1]) == {"b": "int"}
    assert lake.crawl(Targets={"S3Targets": paths}) == NOTHING


def test_more_partitions_than_one_batch_holds(lake: Any) -> None:
    for day in range(101):
        lake.put_json(f"t/{day:03}/a", {"a": 1})
    assert len(lake.crawl(output=INHERIT).partitions_created) == 101
    assert lake.calls["BatchCreatePartition"] == 2
    lake.put_json("t/000/b", {"a": 1, "b": 1})
    assert len(lake.crawl(output=INHERIT, grouping=COMBINE).partitions_updated) == 101
    assert lake.calls["BatchUpdatePartition"] == 2
    assert lake.crawl(output=INHERIT, grouping=COMBINE) == NOTHING


def test_an_empty_target_makes_nothing(lake: Any) -> None:
    assert lake.crawl() == NOTHING


def test_errors_are_the_services(lake: Any, emulator: Any) -> None:
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
        ({"RecrawlPolicy": {"RecrawlBehavior": "CRAWL_EVENT_MODE"}}, "event mode needs"),
        ({"target": {"Exclusions": ["{a"]}}, "never closed"),
    ],
)
def test_settings_that_cannot_be_run(lake: Any, settings: dict[str, Any], message: str) -> None:
    with pytest.raises(CrawlError, match=message):
        lake.crawl(**settings)


def test_a_crawl_needs_no_more_than_its_role_allows(lake: Any, emulator: Any) -> None:
    catalog = "arn:aws:glue:us-east-1:000000000000:"
    resources = ["catalog", f"database/{lake.database}", f"table/{lake.database}/t"]
    statements: list[dict[str, Any]] = [
        {
            "Effect": "Allow",
            "Action": "s3:ListBucket",
            "Resource": f"arn:aws:s3:::{lake.bucket}",
            "Condition": {"StringLikeIfExists": {"s3:prefix": ["t/*"]}},
        },
        {
            "Effect": "Allow",
            "Action": "s3:GetBucketLocation",
            "Resource": f"arn:aws:s3:::{lake.bucket}",
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
                "glue:CreatePartitionIndex",
                "glue:GetPartitionIndexes",
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
        # The answer to a HEAD has no body, and so no name of the error.
        with pytest.raises(ClientError, match=r"AccessDenied|403"):
            crawl(statements[:missing] + statements[missing + 1 :])


@pytest.mark.parametrize(
    ("setting", "made"),
    [
        ({}, ["day"]),
        ({"CreatePartitionIndex": True}, ["day"]),
        ({"CreatePartitionIndex": False}, []),
    ],
)
def test_partition_index(lake: Any, setting: dict[str, bool], made: list[str]) -> None:
    settings = {"Configuration": json.dumps({"Version": 1.0, **setting})}
    lake.put_json("t/day=1/a", {"n": 1})
    lake.put_json("plain/a", {"n": 1})
    for _ in range(2):
        lake.crawl(**settings)
        lake.crawl("plain/", **settings)
    found = [
        key["Name"]
        for index in lake.glue.get_partition_indexes(DatabaseName=lake.database, TableName="t")[
            "PartitionIndexDescriptorList"
        ]
        for key in index["Keys"]
    ]
    assert found == made
