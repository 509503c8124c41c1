"""Athena's API: work groups, executions and their results, records that outlive a kill."""

from __future__ import annotations

import json
import signal
import time
import uuid
from collections.abc import Callable
from typing import Any

import pytest
from botocore.exceptions import ClientError

OUTPUT = "s3://results/out/"
SLOW = (
    "SELECT count(*) FROM UNNEST(sequence(1, 40000)) a(x), UNNEST(sequence(1, 4000000)) b(y) "
    "WHERE (x * y) % 7 = 3"
)


def refusal(call: Callable[..., Any], **arguments: Any) -> tuple[str, str]:
    """Error code and message that the call is refused with."""
    with pytest.raises(ClientError) as caught:
        call(**arguments)
    error = caught.value.response["Error"]
    return str(error["Code"]), str(error["Message"])


def group(world: Any, name: str, **configuration: Any) -> None:
    world.athena.create_work_group(Name=name, Configuration=configuration)


def content(world: Any, url: str) -> bytes:
    bucket, _, key = url.removeprefix("s3://").partition("/")
    body: bytes = world.s3.get_object(Bucket=bucket, Key=key)["Body"].read()
    return body


def test_execution_says_what_it_did(world: Any) -> None:
    execution = world.query("SELECT 1 AS one, 'a' AS letter").execution
    key = execution["QueryExecutionId"]
    assert execution["ResultConfiguration"]["OutputLocation"] == f"{OUTPUT}{key}.csv"
    assert (execution["StatementType"], execution["SubstatementType"]) == ("DML", "SELECT")
    assert execution["QueryExecutionContext"] == {"Database": "db"}
    assert execution["WorkGroup"] == "primary"
    assert execution["EngineVersion"]["EffectiveEngineVersion"] == "Athena engine version 3"
    statistics = execution["Statistics"]
    assert statistics["DataScannedInBytes"] == 0
    parts = ("EngineExecutionTimeInMillis", "QueryQueueTimeInMillis")
    total = statistics["TotalExecutionTimeInMillis"]
    assert 0 < statistics[parts[0]] <= total
    assert sum(statistics[part] for part in parts) == pytest.approx(total, abs=2)
    batch = world.athena.batch_get_query_execution(QueryExecutionIds=[key, "unknown"])
    assert [found["QueryExecutionId"] for found in batch["QueryExecutions"]] == [key]
    assert batch["UnprocessedQueryExecutionIds"][0]["QueryExecutionId"] == "unknown"
    assert world.athena.list_query_executions()["QueryExecutionIds"][0] == key
    timeline = world.athena.get_query_runtime_statistics(QueryExecutionId=key)
    assert timeline["QueryRuntimeStatistics"]["Rows"]["OutputRows"] == 1


def test_result_object_and_its_metadata(world: Any) -> None:
    sql = "SELECT 1 AS i, 'a \"b\"' AS s, CAST(NULL AS varchar) AS n, '' AS e"
    url = world.query(sql).execution["ResultConfiguration"]["OutputLocation"]
    assert content(world, url) == b'"i","s","n","e"\n"1","a ""b""",,""\n'
    metadata = content(world, f"{url}.metadata")
    key = url.rsplit("/", 1)[1].removesuffix(".csv")
    # The column's message as JDBC's readers know it: catalog, name, label, type, precision,
    # scale, nullable, case.
    first = bytes.fromhex("221d0a04686976652201692a01693207696e7465676572380a400048035000")
    assert metadata.startswith(b"\x0a\x24" + key.encode() + first)


def test_show_leaves_plain_text(world: Any) -> None:
    url = world.query("SHOW DATABASES").execution["ResultConfiguration"]["OutputLocation"]
    assert url.endswith(".txt")
    assert content(world, url) == b"db"


def test_results_come_in_pages_with_one_header(world: Any) -> None:
    sql = "SELECT x FROM UNNEST(sequence(1, 2500)) AS t(x) ORDER BY x"
    key = world.start(sql)
    world.wait(key)
    first = world.athena.get_query_results(QueryExecutionId=key, MaxResults=2)
    rows = [row["Data"][0]["VarCharValue"] for row in first["ResultSet"]["Rows"]]
    assert rows == ["x", "1"]
    second = world.athena.get_query_results(QueryExecutionId=key, NextToken=first["NextToken"])
    assert second["ResultSet"]["Rows"][0] == {"Data": [{"VarCharValue": "2"}]}
    assert len(second["ResultSet"]["Rows"]) == 1000
    assert len(world.query(sql).rows) == 2500
    results = world.athena.get_query_results
    assert refusal(results, QueryExecutionId=key, MaxResults=1001)[0] == "InvalidRequestException"
    assert refusal(results, QueryExecutionId=key, NextToken="x")[0] == "InvalidRequestException"


def test_request_token_starts_one_query(world: Any) -> None:
    token = str(uuid.uuid4())
    first = world.start("SELECT 1", ClientRequestToken=token)
    assert world.start("SELECT 1", ClientRequestToken=token) == first
    code = refusal(world.start, sql="SELECT 2", ClientRequestToken=token)
    assert code == ("InvalidRequestException", "Idempotent parameters do not match")


@pytest.mark.parametrize(
    ("sql", "message"),
    [
        ("SELEC 1", "line 1:7: mismatched input '1'"),
        ("SELECT 1; SELECT 2", "Only one sql statement is allowed. Got: SELECT 1; SELECT 2"),
        ("SELECT * FROM", "line 1:"),
        ("-- nothing", "line 1:1: mismatched input '<EOF>'"),
        ("ATTACH 'x.db'", "line 1:"),
        ("PRAGMA database_list", "line 1:1: mismatched input 'PRAGMA'"),
        ("COPY (SELECT 1) TO 'x'", "line 1:1: mismatched input 'COPY'"),
    ],
)
def test_what_isnt_athenas_sql_is_refused(world: Any, sql: str, message: str) -> None:
    code, found = refusal(world.start, sql=sql)
    assert code == "InvalidRequestException"
    assert found.startswith(message)


def test_unknown_things_are_refused(world: Any) -> None:
    athena = world.athena
    assert refusal(world.start, sql="SELECT 1", WorkGroup="nowhere") == (
        "InvalidRequestException",
        "WorkGroup is not found.",
    )
    assert refusal(athena.get_query_execution, QueryExecutionId="x") == (
        "InvalidRequestException",
        "QueryExecution x was not found",
    )
    assert "is not found" in refusal(athena.get_work_group, WorkGroup="nowhere")[1]
    assert "was not found" in refusal(athena.get_named_query, NamedQueryId="x")[1]
    statement = {"StatementName": "x", "WorkGroup": "primary"}
    assert refusal(athena.get_prepared_statement, **statement)[0] == "ResourceNotFoundException"
    assert refusal(athena.list_capacity_reservations)[0] == "UnknownOperationException"


def test_query_needs_an_output_location(world: Any) -> None:
    _, message = refusal(
        world.athena.start_query_execution, QueryString="SELECT 1", WorkGroup="primary"
    )
    assert message.startswith("No output location provided.")
    _, message = refusal(
        world.start, sql="SELECT 1", ResultConfiguration={"OutputLocation": "file:///tmp/"}
    )
    assert "is not a valid S3 path" in message


def test_enforced_work_group_decides_where_results_go(world: Any) -> None:
    location = {"OutputLocation": "s3://results/enforced"}
    group(world, "strict", ResultConfiguration=location, EnforceWorkGroupConfiguration=True)
    group(world, "loose", ResultConfiguration=location, EnforceWorkGroupConfiguration=False)
    outputs = {
        name: world.query("SELECT 1", WorkGroup=name).execution["ResultConfiguration"]
        for name in ("strict", "loose")
    }
    assert outputs["strict"]["OutputLocation"].startswith("s3://results/enforced/")
    assert outputs["loose"]["OutputLocation"].startswith(OUTPUT)


def test_disabled_work_group_runs_nothing(world: Any) -> None:
    group(world, "closed")
    world.athena.update_work_group(WorkGroup="closed", State="DISABLED")
    _, message = refusal(world.start, sql="SELECT 1", WorkGroup="closed")
    assert message == "WorkGroup closed is disabled."


def test_scan_limit_cancels_the_query(world: Any) -> None:
    limit = 10_000_000
    group(world, "limited", BytesScannedCutoffPerQuery=limit, EnforceWorkGroupConfiguration=False)
    world.table("big", [("a", "string")], "org.openx.data.jsonserde.JsonSerDe")
    world.put("big/x.json", b'{"a":"%s"}\n' % (b"x" * 1000) * 11_000)
    answer = world.query("SELECT count(*) FROM big", WorkGroup="limited")
    assert (answer.state, answer.reason) == ("CANCELLED", "Bytes scanned limit was exceeded")
    assert world.rows("SELECT count(*) FROM big") == [["11000"]]


def test_stopped_query_is_cancelled(world: Any) -> None:
    key = world.start(SLOW)
    while (
        world.athena.get_query_execution(QueryExecutionId=key)["QueryExecution"]["Status"]["State"]
        != "RUNNING"
    ):
        time.sleep(0.02)
    assert refusal(world.athena.get_query_results, QueryExecutionId=key) == (
        "InvalidRequestException",
        "Query has not yet finished. Current state: RUNNING",
    )
    world.athena.stop_query_execution(QueryExecutionId=key)
    status = world.wait(key)["Status"]
    assert (status["State"], status["StateChangeReason"]) == (
        "CANCELLED",
        "Query cancelled by user",
    )
    assert world.rows("SELECT 1") == [["1"]]


def test_work_group_life(world: Any) -> None:
    athena = world.athena
    athena.create_work_group(
        Name="team",
        Description="ours",
        Configuration={"ResultConfiguration": {"OutputLocation": OUTPUT}},
        Tags=[{"Key": "a", "Value": "1"}],
    )
    assert refusal(athena.create_work_group, Name="team")[1] == "WorkGroup is already created"
    updates = {
        "BytesScannedCutoffPerQuery": 10_000_000,
        "EnforceWorkGroupConfiguration": False,
        "ResultConfigurationUpdates": {
            "OutputLocation": "s3://results/team/",
            "EncryptionConfiguration": {"EncryptionOption": "SSE_S3"},
        },
    }
    athena.update_work_group(WorkGroup="team", Description="", ConfigurationUpdates=updates)
    found = athena.get_work_group(WorkGroup="team")["WorkGroup"]
    configuration = found["Configuration"]
    assert (found["State"], found["Description"]) == ("ENABLED", "")
    assert configuration["BytesScannedCutoffPerQuery"] == 10_000_000
    assert configuration["EnforceWorkGroupConfiguration"] is False
    assert configuration["ResultConfiguration"]["OutputLocation"] == "s3://results/team/"
    assert configuration["EngineVersion"]["SelectedEngineVersion"] == "AUTO"
    athena.update_work_group(
        WorkGroup="team",
        ConfigurationUpdates={
            "RemoveBytesScannedCutoffPerQuery": True,
            "ResultConfigurationUpdates": {"RemoveEncryptionConfiguration": True},
        },
    )
    configuration = athena.get_work_group(WorkGroup="team")["WorkGroup"]["Configuration"]
    assert "BytesScannedCutoffPerQuery" not in configuration
    assert "EncryptionConfiguration" not in configuration["ResultConfiguration"]
    assert "team" in [each["Name"] for each in athena.list_work_groups()["WorkGroups"]]
    arn = "arn:aws:athena:us-east-1:000000000000:workgroup/team"
    athena.tag_resource(ResourceARN=arn, Tags=[{"Key": "b", "Value": "2"}])
    athena.untag_resource(ResourceARN=arn, TagKeys=["a"])
    assert athena.list_tags_for_resource(ResourceARN=arn)["Tags"] == [{"Key": "b", "Value": "2"}]
    athena.create_named_query(Name="q", Database="db", QueryString="SELECT 1", WorkGroup="team")
    assert refusal(athena.delete_work_group, WorkGroup="team")[1] == "WorkGroup team is not empty"
    athena.delete_work_group(WorkGroup="team", RecursiveDeleteOption=True)
    assert refusal(athena.get_work_group, WorkGroup="team")[1] == "WorkGroup is not found."
    assert refusal(athena.list_tags_for_resource, ResourceARN=arn)[0] == "ResourceNotFoundException"


def test_named_queries_and_prepared_statements(world: Any) -> None:
    athena = world.athena
    query = {"Name": "daily", "Database": "db", "QueryString": "SELECT 1"}
    key = athena.create_named_query(**query)["NamedQueryId"]
    kept = athena.get_named_query(NamedQueryId=key)["NamedQuery"]
    assert {name: kept[name] for name in query} == query
    athena.update_named_query(NamedQueryId=key, Name="weekly", QueryString="SELECT 2")
    found = athena.batch_get_named_query(NamedQueryIds=[key, "x"])
    assert [each["Name"] for each in found["NamedQueries"]] == ["weekly"]
    assert found["UnprocessedNamedQueryIds"][0]["NamedQueryId"] == "x"
    assert athena.list_named_queries()["NamedQueryIds"] == [key]
    athena.delete_named_query(NamedQueryId=key)
    assert athena.list_named_queries()["NamedQueryIds"] == []
    statement = {"StatementName": "top", "WorkGroup": "primary"}
    athena.create_prepared_statement(**statement, QueryStatement="SELECT ?")
    athena.update_prepared_statement(**statement, QueryStatement="SELECT ? + 1")
    kept = athena.get_prepared_statement(**statement)["PreparedStatement"]
    assert kept["QueryStatement"] == "SELECT ? + 1"
    listed = athena.list_prepared_statements(WorkGroup="primary")["PreparedStatements"]
    assert [each["StatementName"] for each in listed] == ["top"]
    athena.delete_prepared_statement(**statement)
    assert athena.list_prepared_statements(WorkGroup="primary")["PreparedStatements"] == []


def test_data_catalog_is_glues(world: Any) -> None:
    world.table("listed", [("id", "bigint")], keys=[("date", "string")])
    athena = world.athena
    catalog = {"CatalogName": "AwsDataCatalog"}
    names = [each["Name"] for each in athena.list_databases(**catalog)["DatabaseList"]]
    assert names == ["db"]
    database = athena.get_database(**catalog, DatabaseName="db")["Database"]
    assert database["Name"] == "db"
    tables = athena.list_table_metadata(**catalog, DatabaseName="db", Expression="list*")
    found = athena.get_table_metadata(**catalog, DatabaseName="db", TableName="listed")
    assert tables["TableMetadataList"] == [found["TableMetadata"]]
    assert found["TableMetadata"]["Columns"] == [{"Name": "id", "Type": "bigint"}]
    assert found["TableMetadata"]["PartitionKeys"] == [{"Name": "date", "Type": "string"}]
    missing = {**catalog, "DatabaseName": "db", "TableName": "x"}
    assert refusal(athena.get_table_metadata, **missing)[0] == "MetadataException"
    assert athena.list_data_catalogs()["DataCatalogsSummary"][0]["Type"] == "GLUE"


def test_role_of_one_work_group_sees_no_other(world: Any) -> None:
    group(world, "mine", EnforceWorkGroupConfiguration=False)
    iam = world.emulator.client("iam")
    trust = {"Effect": "Allow", "Principal": {"AWS": "*"}, "Action": "sts:AssumeRole"}
    allowed = {
        "Effect": "Allow",
        "Action": "athena:*",
        "Resource": "arn:aws:athena:us-east-1:000000000000:workgroup/mine",
    }
    role = iam.create_role(RoleName="analyst", AssumeRolePolicyDocument=policy(trust))["Role"]
    iam.put_role_policy(RoleName="analyst", PolicyName="one", PolicyDocument=policy(allowed))
    athena = world.emulator.role_client("athena", role["Arn"])
    ours = world.query("SELECT 1", WorkGroup="mine").execution["QueryExecutionId"]
    theirs = world.query("SELECT 1").execution["QueryExecutionId"]
    assert (
        athena.get_query_execution(QueryExecutionId=ours)["QueryExecution"]["WorkGroup"] == "mine"
    )
    denied = "AccessDeniedException"
    assert refusal(athena.get_query_results, QueryExecutionId=theirs)[0] == denied
    assert refusal(athena.start_query_execution, QueryString="SELECT 1")[0] == denied


def policy(statement: dict[str, Any]) -> str:
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})


def test_nothing_answered_is_lost_by_a_kill(start_emulator: Callable[[], Any], world: Any) -> None:
    emulator = start_emulator()
    other = type(world)(emulator)
    athena = other.athena
    athena.create_work_group(Name="kept", Tags=[{"Key": "a", "Value": "1"}])
    key = athena.create_named_query(Name="q", Database="db", QueryString="SELECT 1")
    done = other.query("SELECT 1 AS one").execution
    running = other.start(SLOW)
    emulator.restart(signal.SIGKILL)
    athena = emulator.client("athena")
    assert athena.get_work_group(WorkGroup="kept")["WorkGroup"]["State"] == "ENABLED"
    arn = "arn:aws:athena:us-east-1:000000000000:workgroup/kept"
    assert athena.list_tags_for_resource(ResourceARN=arn)["Tags"] == [{"Key": "a", "Value": "1"}]
    assert athena.get_named_query(NamedQueryId=key["NamedQueryId"])["NamedQuery"]["Name"] == "q"
    again = athena.get_query_execution(QueryExecutionId=done["QueryExecutionId"])
    assert again["QueryExecution"] == done
    cut = athena.get_query_execution(QueryExecutionId=running)["QueryExecution"]["Status"]
    assert cut["State"] == "FAILED"
    assert cut["StateChangeReason"] == "The local platform ended while the query ran"


def test_platform_stops_while_a_query_runs(start_emulator: Callable[[], Any], world: Any) -> None:
    emulator = start_emulator()
    other = type(world)(emulator)
    key = other.start(SLOW)
    before = time.monotonic()
    emulator.restart(signal.SIGTERM)
    assert time.monotonic() - before < 15
    status = emulator.client("athena").get_query_execution(QueryExecutionId=key)
    assert status["QueryExecution"]["Status"]["State"] == "FAILED"
