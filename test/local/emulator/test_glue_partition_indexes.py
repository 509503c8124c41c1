"""Partition indexes of tables."""

from __future__ import annotations

from typing import Any

import pytest

INVALID = "InvalidInputException"
MISSING = "EntityNotFoundException"
KEYS = [
    {"Name": "year", "Type": "int"},
    {"Name": "day", "Type": "string"},
    {"Name": "share", "Type": "double"},
]
TABLE = {"DatabaseName": "db", "TableName": "t"}


@pytest.fixture
def world(emulator: Any, new_world: Any) -> Any:
    world = new_world(emulator)
    world.glue.create_database(DatabaseInput={"Name": "db"})
    create_table(world)
    yield world
    world.glue.delete_database(Name="db")


def create_table(world: Any, **more: Any) -> None:
    table = {"Name": "t", "StorageDescriptor": {}, "PartitionKeys": KEYS}
    world.glue.create_table(DatabaseName="db", TableInput=table, **more)


def index(name: str, *keys: str) -> dict[str, Any]:
    return {"IndexName": name, "Keys": list(keys)}


def indexes(world: Any) -> dict[str, list[str]]:
    found = world.glue.get_partition_indexes(**TABLE)["PartitionIndexDescriptorList"]
    assert {each["IndexStatus"] for each in found} <= {"ACTIVE"}
    return {each["IndexName"]: [key["Name"] for key in each["Keys"]] for each in found}


def test_creation_and_deletion(world: Any) -> None:
    assert indexes(world) == {}
    world.glue.create_partition_index(**TABLE, PartitionIndex=index("by-day", "Day", "year"))
    assert indexes(world) == {"by-day": ["day", "year"]}
    world.glue.delete_partition_index(**TABLE, IndexName="by-day")
    assert indexes(world) == {}
    delete = world.glue.delete_partition_index
    assert world.refusal(delete, **TABLE, IndexName="by-day") == MISSING


def test_index_goes_with_its_table(world: Any) -> None:
    world.glue.delete_table(DatabaseName="db", Name="t")
    create_table(world, PartitionIndexes=[index("a", "year"), index("b", "day")])
    assert list(indexes(world)) == ["a", "b"]
    world.glue.update_table(
        DatabaseName="db", TableInput={"Name": "t", "StorageDescriptor": {}, "PartitionKeys": KEYS}
    )
    assert list(indexes(world)) == ["a", "b"]
    world.glue.delete_table(DatabaseName="db", Name="t")
    create_table(world)
    assert indexes(world) == {}


@pytest.mark.parametrize(
    ("broken", "code"),
    [
        (index("first", "day"), "AlreadyExistsException"),
        (index("new", "month"), INVALID),
        (index("new", "day", "day"), INVALID),
        (index("new", "share"), INVALID),
    ],
)
def test_refusals(world: Any, broken: dict[str, Any], code: str) -> None:
    create = world.glue.create_partition_index
    create(**TABLE, PartitionIndex=index("first", "year"))
    assert world.refusal(create, **TABLE, PartitionIndex=broken) == code
    assert list(indexes(world)) == ["first"]


def test_three_at_most_and_only_of_a_table_that_exists(world: Any) -> None:
    create = world.glue.create_partition_index
    for number in range(3):
        create(**TABLE, PartitionIndex=index(str(number), "year"))
    refused = world.refusal(create, **TABLE, PartitionIndex=index("3", "day"))
    assert refused == "ResourceNumberLimitExceededException"
    nowhere = {**TABLE, "TableName": "nowhere"}
    assert world.refusal(create, **nowhere, PartitionIndex=index("a", "day")) == MISSING
    assert world.refusal(world.glue.get_partition_indexes, **nowhere) == MISSING


def test_table_with_a_broken_index_is_not_made(world: Any) -> None:
    table = {"Name": "other", "StorageDescriptor": {}, "PartitionKeys": KEYS}
    refused = world.refusal(
        world.glue.create_table,
        DatabaseName="db",
        TableInput=table,
        PartitionIndexes=[index("a", "month")],
    )
    assert refused == INVALID
    assert world.refusal(world.glue.get_table, DatabaseName="db", Name="other") == MISSING
