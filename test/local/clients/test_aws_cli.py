"""The AWS CLI: S3's file commands, and commands of the services that the stack uses."""

from __future__ import annotations

import json
import time
from pathlib import Path
from typing import Any


def test_s3_files(cli: Any, tmp_path: Path) -> None:
    assert "PRE people/" in cli.text("s3", "ls", "s3://lake/")
    (tmp_path / "a b").mkdir()
    (tmp_path / "a b" / "ä=1.txt").write_text("one")
    (tmp_path / "two.txt").write_text("two")
    cli.text("s3", "sync", str(tmp_path), "s3://own/sync/")
    listed = cli.text("s3", "ls", "--recursive", "s3://own/sync/")
    assert "sync/a b/ä=1.txt" in listed
    assert cli.text("s3", "sync", str(tmp_path), "s3://own/sync/") == ""
    (tmp_path / "two.txt").unlink()
    assert "delete: s3://own/sync/two.txt" in cli.text(
        "s3", "sync", "--delete", str(tmp_path), "s3://own/sync/"
    )
    assert cli.text("s3", "cp", "s3://own/sync/a b/ä=1.txt", "-") == "one"
    cli.text("s3", "mv", "s3://own/sync/a b/ä=1.txt", "s3://own/moved")
    cli.text("s3", "cp", "-", "s3://own/moved too", input="three")
    cli.text("s3", "rm", "--recursive", "s3://own/", "--exclude", "*", "--include", "moved*")
    assert "moved" not in cli.text("s3", "ls", "s3://own/")
    assert cli.text("s3", "presign", "s3://own/x").startswith("http://127.0.0.1:")


def test_s3_buckets(cli: Any) -> None:
    cli.text("s3", "mb", "s3://made-by-cli")
    assert " made-by-cli\n" in cli.text("s3", "ls")
    cli.text("s3", "rb", "--force", "s3://made-by-cli")
    failed = cli.run("s3", "ls", "s3://made-by-cli")
    assert failed.returncode != 0
    assert "(NoSuchBucket)" in failed.stderr


def test_glue(cli: Any) -> None:
    names = cli.json("glue", "get-tables", "--database-name", "shop", "--query", "TableList[].Name")
    assert sorted(names) == ["cities", "people", "visits"]
    values = cli.json(
        *("glue", "get-partitions", "--database-name", "shop", "--table-name", "people"),
        *("--expression", "day = '2026-11-20'", "--query", "Partitions[].Values"),
    )
    assert values == [["2026-11-20"]]
    missing = cli.run("glue", "get-table", "--database-name", "shop", "--name", "nowhere")
    assert missing.returncode != 0
    assert "(EntityNotFoundException)" in missing.stderr


def test_athena(cli: Any) -> None:
    query = cli.json(
        *("athena", "start-query-execution", "--work-group", "analysts"),
        *("--query-execution-context", "Database=shop"),
        *("--query-string", "SELECT city FROM cities ORDER BY id"),
    )["QueryExecutionId"]
    for _ in range(40):
        status = cli.json("athena", "get-query-execution", "--query-execution-id", query)
        if status["QueryExecution"]["Status"]["State"] not in ("QUEUED", "RUNNING"):
            break
        time.sleep(0.2)
    rows = cli.json(
        *("athena", "get-query-results", "--query-execution-id", query),
        *("--query", "ResultSet.Rows[].Data[].VarCharValue"),
    )
    assert rows == ["city", "Oslo", "Rome", "Bern"]
    location = status["QueryExecution"]["ResultConfiguration"]["OutputLocation"]
    assert location == f"s3://results/analysts/{query}.csv"
    assert cli.text("s3", "cp", location, "-").splitlines()[1] == '"Oslo"'


def test_logs(cli: Any) -> None:
    cli.text("logs", "create-log-group", "--log-group-name", "/cli")
    cli.text("logs", "create-log-stream", "--log-group-name", "/cli", "--log-stream-name", "s")
    events = json.dumps([{"timestamp": int(time.time() * 1000), "message": "told"}])
    cli.text(
        *("logs", "put-log-events", "--log-group-name", "/cli", "--log-stream-name", "s"),
        *("--log-events", events),
    )
    told = cli.json(
        *("logs", "filter-log-events", "--log-group-name", "/cli", "--query", "events[].message")
    )
    assert told == ["told"]


def test_sqs_needs_the_endpoint_by_name(cli: Any, environment: dict[str, str]) -> None:
    """Version 1 prefers SQS's names of old certificates to AWS_ENDPOINT_URL."""
    here = ("--endpoint-url", environment["AWS_ENDPOINT_URL"])
    queue = cli.json("sqs", "create-queue", "--queue-name", "of-cli", *here)["QueueUrl"]
    cli.text("sqs", "send-message", "--queue-url", queue, "--message-body", "hello", *here)
    received = cli.json("sqs", "receive-message", "--queue-url", queue, *here)
    assert received["Messages"][0]["Body"] == "hello"


def test_other_services(cli: Any) -> None:
    for command, field in {
        ("sts", "get-caller-identity"): "Account",
        ("events", "list-rules"): "Rules",
        ("stepfunctions", "list-state-machines"): "stateMachines",
        ("cloudwatch", "describe-alarms"): "MetricAlarms",
    }.items():
        assert field in cli.json(*command), command
