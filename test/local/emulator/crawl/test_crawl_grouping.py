"""Which folders are tables and which are partitions, by what they hold."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence

import pytest
from emulator.crawl.grouping import Table, find_tables, similarity, table_at
from emulator.crawl.hive_types import Struct, parse
from emulator.crawl.listing import Folder, S3Object
from emulator.crawl.sampling import Sample
from emulator.crawl.schema import json_records
from emulator.crawl.schema.file_schema import FileSchema, Format

JSON = Format("json")
WIDE = {f"c{number}": 1 for number in range(10)}


def sample(
    prefix: str, *records: Mapping[str, object], formats: Sequence[Format] = (JSON,)
) -> Sample:
    """A folder with one file for each record, or for each format."""
    pairs = [
        (records[min(index, len(records) - 1)], formats[min(index, len(formats) - 1)])
        for index in range(max(len(records), len(formats)))
    ]
    files = [
        (S3Object("bucket", f"{prefix}{index}.json", 100), schema(record, format_))
        for index, (record, format_) in enumerate(pairs)
    ]
    return Sample(Folder("bucket", prefix, tuple(item for item, _ in files)), tuple(files))


def schema(record: Mapping[str, object], format_: Format) -> FileSchema:
    found = json_records.infer(json.dumps(record))
    assert found is not None
    return FileSchema(format_, found[0], 1, 100, 100)


def find(
    *samples: Sample, prefix: str = "", level: int | None = None, combine: bool = False
) -> list[Table]:
    in_order = sorted(samples, key=lambda each: each.folder.prefix)
    return find_tables(prefix, in_order, table_level=level, combine_schemas=combine)


def test_key_value_folders_are_partitions_by_those_keys() -> None:
    days = [f"sales/Year=2019/month={month}/day={day}/" for month in ("Jan", "Feb") for day in "12"]
    [table] = find(*(sample(day, {"a": 1}) for day in days), prefix="sales/")
    assert table.location == "s3://bucket/sales/"
    assert table.folder_name == "sales"
    assert table.partition_keys == ("year", "month", "day")
    assert [partition.values for partition in table.partitions] == [
        ("2019", "Feb", "1"),
        ("2019", "Feb", "2"),
        ("2019", "Jan", "1"),
        ("2019", "Jan", "2"),
    ]
    assert table.partitions[0].location == "s3://bucket/sales/Year=2019/month=Feb/day=1/"


def test_other_folders_are_partitions_by_number() -> None:
    [table] = find(
        sample("logs/ios/1700000000000/", {"a": 1}),
        sample("logs/ios/1700086400000/", {"a": 1}),
        prefix="logs/",
    )
    assert table.partition_keys == ("partition_0", "partition_1")
    assert table.partitions[0].values == ("ios", "1700000000000")


def test_a_level_with_one_folder_that_is_no_key_value_pair_keeps_whole_names() -> None:
    [table] = find(sample("t/day=1/", {"a": 1}), sample("t/rest/", {"a": 1}), prefix="t/")
    assert table.partition_keys == ("partition_0",)
    assert [partition.values for partition in table.partitions] == [("day=1",), ("rest",)]


def test_folders_whose_columns_differ_are_tables_of_their_own() -> None:
    samples = [sample("t/year=2017/", {"A": 1, "B": 2}), sample("t/year=2018/", {"C": 3, "D": 4})]
    assert [table.location for table in find(*samples, prefix="t/")] == [
        "s3://bucket/t/year=2017/",
        "s3://bucket/t/year=2018/",
    ]
    [combined] = find(*samples, prefix="t/", combine=True)
    assert list(combined.schema.columns.fields) == ["A", "B", "C", "D"]
    assert combined.partition_keys == ("year",)


def test_a_minority_of_other_columns_does_not_split_a_table() -> None:
    alike = [sample(f"t/{number}/", WIDE) for number in range(8)]
    others = [sample(f"t/other{number}/", {f"x{number}": 1}) for number in range(3)]
    [table] = find(*alike, *others, prefix="t/")
    assert len(table.partitions) == 11
    assert len(find(*alike[:7], *others, prefix="t/")) == 10


def test_more_than_five_kinds_of_columns_split_a_table() -> None:
    alike = [sample(f"t/{number}/", WIDE) for number in range(30)]
    others = [sample(f"t/other{number}/", {f"x{number}": 1}) for number in range(5)]
    assert len(find(*alike, *others[:4], prefix="t/")) == 1
    assert len(find(*alike, *others, prefix="t/")) == 35


def test_tables_are_found_as_high_up_as_the_data_are_alike() -> None:
    tables = find(
        sample("top/a/1/", {"x": 1}),
        sample("top/a/2/", {"x": 1}),
        sample("top/b/1/", {"y": 1}),
        sample("top/b/2/", {"y": 1}),
        prefix="top/",
    )
    assert [(table.folder_name, len(table.partitions)) for table in tables] == [("a", 2), ("b", 2)]


@pytest.mark.parametrize(
    "other", [Format("json", "gzip"), Format("csv", delimiter=","), Format("parquet")]
)
def test_formats_do_not_mix_in_a_table(other: Format) -> None:
    samples = [sample("t/1/", {"a": 1}), sample("t/2/", {"a": 1}, formats=[other])]
    assert len(find(*samples, prefix="t/")) == 2
    assert len(find(*samples, prefix="t/", combine=True)) == 2


def test_files_of_one_folder_that_do_not_go_together_are_tables() -> None:
    tables = find(sample("t/", {"a": 1}, {"b": 1}), prefix="t/")
    assert [(table.folder_name, table.location) for table in tables] == [
        ("0.json", "s3://bucket/t/0.json"),
        ("1.json", "s3://bucket/t/1.json"),
    ]
    assert len(find(sample("t/", {"a": 1}, {"b": 1}), prefix="t/", combine=True)) == 1


def test_files_beside_folders_are_a_table_without_partitions() -> None:
    tables = find(sample("t/", {"a": 1}), sample("t/day=1/", {"a": 1}), prefix="t/")
    assert [(table.location, table.partition_keys) for table in tables] == [
        ("s3://bucket/t/", ()),
        ("s3://bucket/t/day=1/", ()),
    ]


def test_table_level_counts_from_the_bucket() -> None:
    samples = [
        sample("logs/ios/day=1/", {"a": 1}),
        sample("logs/ios/day=2/", {"b": 1}),
        sample("logs/android/day=1/", {"c": 1}),
    ]
    by_level = {
        level: [(table.folder_name, len(table.partitions)) for table in find(*samples, level=level)]
        for level in (1, 2, 3, 4)
    }
    assert by_level == {
        1: [("bucket", 3)],
        2: [("logs", 3)],
        3: [("android", 1), ("ios", 2)],
        4: [("day=1", 0), ("day=1", 0), ("day=2", 0)],
    }


def test_a_table_never_lies_above_its_target() -> None:
    [table] = find(sample("logs/ios/1/", {"a": 1}), prefix="logs/ios/", level=2)
    assert table.location == "s3://bucket/logs/ios/"


def test_at_a_level_what_does_not_fit_is_left_out() -> None:
    table = table_at(
        "t/",
        [
            sample("t/", {"a": 1}),
            sample("t/1/", {"a": 1}, {"b": 1}),
            sample("t/2/", {"a": 1}, formats=[Format("parquet")]),
            sample("t/3/", {"a": 1}, formats=[JSON, Format("csv", delimiter=",")]),
        ],
    )
    assert table.partition_keys == ("partition_0",)
    assert [partition.values for partition in table.partitions] == [("1",), ("3",)]
    assert list(table.schema.columns.fields) == ["a", "b"]


def test_folders_named_alike_up_to_a_point_stay_apart() -> None:
    tables = find(sample("a/x/", {"a": 1}), sample("a-b/x/", {"a": 1}), level=2)
    assert [table.folder_name for table in tables] == ["a-b", "a"]


@pytest.mark.parametrize(
    ("left", "right", "share"),
    [
        ("struct<a:int,b:int>", "struct<a:int,b:int>", 1.0),
        ("struct<a:int,b:int>", "struct<A:double,c:int>", 0.5),
        ("struct<a:int>", "struct<a:string>", 1.0),
        ("struct<a:int>", "struct<a:boolean>", 0.0),
        ("struct<a:int>", "struct<b:int>", 0.0),
        ("struct<a:int,b:int,c:int,d:int>", "struct<a:int>", 0.25),
    ],
)
def test_similarity(left: str, right: str, share: float) -> None:
    first, second = parse(left), parse(right)
    assert isinstance(first, Struct)
    assert isinstance(second, Struct)
    assert similarity(first, second) == similarity(second, first) == share
