"""IAM in front of Glue: every call needs the resources that AWS checks, and no others."""

from __future__ import annotations

from typing import Any

import pytest

ARN = "arn:aws:glue:us-east-1:000000000000:"
DENIED = "AccessDeniedException"
TABLE = {"Name": "t", "StorageDescriptor": {}, "PartitionKeys": []}


@pytest.fixture(scope="module")
def world(emulator: Any, new_world: Any) -> Any:
    world = new_world(emulator)
    world.glue.create_database(DatabaseInput={"Name": "db"})
    world.glue.create_table(DatabaseName="db", TableInput=TABLE)
    world.glue.create_workflow(Name="w")
    return world


def caller(world: Any, name: str, resources: list[str]) -> Any:
    role = world.role(name, {"glue:*": [ARN + resource for resource in resources]})
    return world.emulator.role_client("glue", role)


def test_table_needs_catalog_database_and_table(world: Any) -> None:
    full = ["catalog", "database/db", "table/db/t"]
    request = {"DatabaseName": "db", "TableName": "t"}
    assert caller(world, "full", full).get_partitions(**request)["Partitions"] == []
    for number, missing in enumerate(full):
        partial = caller(world, f"partial{number}", [found for found in full if found != missing])
        assert world.refusal(partial.get_partitions, **request) == DENIED
        assert world.refusal(partial.get_table, DatabaseName="db", Name="t") == DENIED


def test_other_resources_are_checked_by_their_own_arn(world: Any) -> None:
    allowed = caller(world, "own", ["workflow/w", "job/j", "crawler/c"])
    assert allowed.get_workflow(Name="w")["Workflow"]["Name"] == "w"
    assert world.refusal(allowed.get_job, JobName="j") == "EntityNotFoundException"
    assert world.refusal(allowed.start_crawler, Name="c") == "EntityNotFoundException"
    assert world.refusal(allowed.get_workflow, Name="other") == DENIED
    assert world.refusal(allowed.start_job_run, JobName="other") == DENIED
    assert world.refusal(allowed.start_crawler, Name="other") == DENIED
    assert world.refusal(allowed.start_trigger, Name="w") == DENIED
    assert world.refusal(allowed.get_crawlers) == DENIED
