"""Records of Glue that stand beside the catalog's tables: statistics, functions, connections, …"""

from __future__ import annotations

import re
from typing import Any

import pytest
from botocore.exceptions import ClientError

NOBODY = "arn:aws:iam::000000000000:role/nobody"
JDBC: dict[str, Any] = {"ConnectionType": "JDBC", "ConnectionProperties": {}}


@pytest.fixture(scope="module")
def glue(emulator: Any) -> Any:
    client = emulator.client("glue")
    client.create_database(DatabaseInput={"Name": "db"})
    client.create_table(
        DatabaseName="db",
        TableInput={
            "Name": "events",
            "StorageDescriptor": {"Columns": [{"Name": "n", "Type": "bigint"}]},
            "PartitionKeys": [{"Name": "day", "Type": "string"}],
        },
    )
    partition = {"Values": ["1"], "StorageDescriptor": {"Location": "s3://lake/1/"}}
    client.create_partition(DatabaseName="db", TableName="events", PartitionInput=partition)
    return client


def refused(call: Any, **arguments: Any) -> str:
    with pytest.raises(ClientError) as caught:
        call(**arguments)
    return str(caught.value.response["Error"]["Code"])


def test_column_statistics(glue: Any) -> None:
    data = {
        "Type": "LONG",
        "LongColumnStatisticsData": {"NumberOfNulls": 1, "NumberOfDistinctValues": 7},
    }
    for kind, of in {"table": {}, "partition": {"PartitionValues": ["1"]}}.items():
        where = {"DatabaseName": "db", "TableName": "events", **of}
        put = getattr(glue, f"update_column_statistics_for_{kind}")
        get = getattr(glue, f"get_column_statistics_for_{kind}")
        given = {"ColumnType": "bigint", "AnalyzedTime": 1, "StatisticsData": data}
        errors = put(
            **where,
            ColumnStatisticsList=[{"ColumnName": "N", **given}, {"ColumnName": "no", **given}],
        )["Errors"]
        assert [error["ColumnStatistics"]["ColumnName"] for error in errors] == ["no"]
        answer = get(**where, ColumnNames=["n", "no"])
        assert [each["StatisticsData"] for each in answer["ColumnStatisticsList"]] == [data]
        assert [error["ColumnName"] for error in answer["Errors"]] == ["no"]
        delete = getattr(glue, f"delete_column_statistics_for_{kind}")
        delete(**where, ColumnName="n")
        assert refused(delete, **where, ColumnName="n") == "EntityNotFoundException"


def test_user_defined_functions(glue: Any) -> None:
    function = {"FunctionName": "Twice", "ClassName": "a.Twice", "OwnerName": "us"}
    glue.create_user_defined_function(DatabaseName="db", FunctionInput=function)
    again = {"DatabaseName": "db", "FunctionInput": function}
    assert refused(glue.create_user_defined_function, **again) == "AlreadyExistsException"
    glue.update_user_defined_function(
        DatabaseName="db", FunctionName="twice", FunctionInput={**function, "ClassName": "b.Twice"}
    )
    found = glue.get_user_defined_functions(Pattern="tw*")["UserDefinedFunctions"]
    assert [(each["FunctionName"], each["ClassName"]) for each in found] == [("twice", "b.Twice")]
    glue.delete_user_defined_function(DatabaseName="db", FunctionName="twice")
    missing = {"DatabaseName": "db", "FunctionName": "twice"}
    assert refused(glue.get_user_defined_function, **missing) == "EntityNotFoundException"


def test_connections(glue: Any) -> None:
    given = {"Name": "net", "ConnectionType": "NETWORK", "ConnectionProperties": {}}
    glue.create_connection(ConnectionInput=given)
    glue.update_connection(Name="net", ConnectionInput={**given, "Description": "new"})
    assert glue.get_connection(Name="net")["Connection"]["Description"] == "new"
    answer = glue.batch_delete_connection(ConnectionNameList=["net", "none"])
    assert (answer["Succeeded"], list(answer["Errors"])) == (["net"], ["none"])
    assert refused(glue.delete_connection, ConnectionName="net") == "EntityNotFoundException"


def test_dev_endpoints(glue: Any) -> None:
    glue.create_dev_endpoint(EndpointName="d", RoleArn="r", PublicKeys=["a"], Tags={"k": "v"})
    glue.update_dev_endpoint(EndpointName="d", AddPublicKeys=["b"], DeletePublicKeys=["a"])
    found = glue.batch_get_dev_endpoints(DevEndpointNames=["d", "e"])
    assert found["DevEndpoints"][0]["PublicKeys"] == ["b"]
    assert found["DevEndpointsNotFound"] == ["e"]
    assert glue.list_dev_endpoints(Tags={"k": "v"})["DevEndpointNames"] == ["d"]
    assert glue.list_dev_endpoints(Tags={"k": "w"})["DevEndpointNames"] == []


def test_schema_registries(glue: Any) -> None:
    glue.create_registry(RegistryName="ours", Description="old")
    glue.update_registry(RegistryId={"RegistryName": "ours"}, Description="new")
    assert glue.get_registry(RegistryId={"RegistryName": "ours"})["Description"] == "new"
    schema = glue.create_schema(
        RegistryId={"RegistryName": "ours"},
        SchemaName="event",
        DataFormat="AVRO",
        Compatibility="NONE",
        SchemaDefinition='{"type": "string"}',
    )
    listed = glue.list_schemas(RegistryId={"RegistryName": "ours"})["Schemas"]
    assert [each["SchemaName"] for each in listed] == ["event"]
    versions = glue.list_schema_versions(SchemaId={"SchemaArn": schema["SchemaArn"]})["Schemas"]
    assert [each["VersionNumber"] for each in versions] == [1]
    glue.tag_resource(ResourceArn=schema["SchemaArn"], TagsToAdd={"a": "b"})
    assert glue.get_tags(ResourceArn=schema["SchemaArn"])["Tags"] == {"a": "b"}


def test_searches_and_versions_of_tables(glue: Any) -> None:
    search = glue.search_tables
    named = {"Key": "DatabaseName", "Value": "db"}
    assert [table["Name"] for table in search(Filters=[named])["TableList"]] == ["events"]
    assert search(SearchText="eve")["TableList"]
    assert not search(SearchText='"eve"')["TableList"]
    later = {"Key": "CreateTime", "Value": "4000000000", "Comparator": "GREATER_THAN"}
    assert not search(Filters=[later])["TableList"]
    glue.update_table(DatabaseName="db", TableInput={"Name": "events", "Description": "second"})
    versions = glue.get_table_versions(DatabaseName="db", TableName="events", MaxResults=1)
    assert [each["VersionId"] for each in versions["TableVersions"]] == ["1"]
    assert versions["NextToken"]
    deleted = glue.batch_delete_table_version(
        DatabaseName="db", TableName="events", VersionIds=["0"]
    )
    assert not deleted.get("Errors")


def test_refuses_to_update_an_older_version_of_a_table(glue: Any) -> None:
    """Iceberg's commits rely on it: without it, a rival's rows are lost."""
    glue.create_table(DatabaseName="db", TableInput={"Name": "commits"})
    read = glue.get_table(DatabaseName="db", Name="commits")["Table"]["VersionId"]
    assert read == "0"
    rival, own = ({"Name": "commits", "Description": each} for each in ("rival", "own"))
    glue.update_table(DatabaseName="db", TableInput=rival, VersionId=read)
    stale = {"DatabaseName": "db", "TableInput": own, "VersionId": read}
    assert refused(glue.update_table, **stale) == "ConcurrentModificationException"
    now = glue.get_table(DatabaseName="db", Name="commits")["Table"]
    assert (now["VersionId"], now["Description"]) == ("1", "rival")
    glue.update_table(DatabaseName="db", TableInput=own, VersionId="1")


def test_archives_no_version_with_skip_archive(glue: Any) -> None:
    glue.create_table(DatabaseName="db", TableInput={"Name": "archive"})
    for skip in (False, True, True):
        glue.update_table(DatabaseName="db", TableInput={"Name": "archive"}, SkipArchive=skip)
    versions = glue.get_table_versions(DatabaseName="db", TableName="archive")["TableVersions"]
    assert [each["VersionId"] for each in versions] == ["3", "0"]


@pytest.mark.parametrize("count", [3, 120])
def test_pages_of_what_moto_pages_itself(glue: Any, count: int) -> None:
    names = [f"page-{count}-{number:03}" for number in range(count)]
    for name in names:
        glue.create_dev_endpoint(EndpointName=name, RoleArn=NOBODY)
        glue.create_connection(ConnectionInput={"Name": name, **JDBC})
    for operation, field, name in (
        ("get_dev_endpoints", "DevEndpoints", "EndpointName"),
        ("get_connections", "ConnectionList", "Name"),
    ):
        pages = glue.get_paginator(operation).paginate(PaginationConfig={"PageSize": 2})
        found = [each[name] for answer in pages for each in answer[field]]
        assert sorted(each for each in found if each in names) == names


@pytest.mark.parametrize(
    "create, arguments",
    [
        ("create_connection", {"ConnectionInput": {"Name": "twice", **JDBC}}),
        ("create_dev_endpoint", {"EndpointName": "twice", "RoleArn": NOBODY}),
        ("create_security_configuration", {"Name": "twice", "EncryptionConfiguration": {}}),
    ],
)
def test_says_once_that_a_name_is_taken(glue: Any, create: str, arguments: Any) -> None:
    call = getattr(glue, create)
    call(**arguments)
    with pytest.raises(ClientError, match=r"twice already exists\.$"):
        call(**arguments)


def test_answers_with_one_request_id(emulator: Any) -> None:
    for client, call in (("glue", "get_databases"), ("athena", "list_work_groups")):
        answer = getattr(emulator.client(client), call)()["ResponseMetadata"]
        assert re.fullmatch(r"[0-9a-f-]{36}", answer["HTTPHeaders"]["x-amzn-requestid"])


def test_resource_policies(glue: Any) -> None:
    glue.put_resource_policy(PolicyInJson='{"Version": "2012-10-17", "Statement": []}')
    policies = glue.get_resource_policies()["GetResourcePoliciesResponseList"]
    assert '"Statement"' in policies[0]["PolicyInJson"]
    glue.delete_resource_policy()
    assert glue.get_resource_policies()["GetResourcePoliciesResponseList"] == []
