"""Logs of jobs and crawlers in CloudWatch Logs: where, when, and by whose permission."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from typing import Any

import pytest

ACCOUNT = "000000000000"
LOGS = f"arn:aws:logs:us-east-1:{ACCOUNT}:log-group:"
TALKS = """
import sys, time
import boto3
print("to stdout")
print("to stderr", file=sys.stderr)
s3 = boto3.client("s3")
while "Contents" not in s3.list_objects_v2(Bucket="data", Prefix="go"):
    time.sleep(0.1)
sys.stdout.write("an end without a line break")
"""
SPEAKS = "print('hello')\n"
WRITING = ("logs:CreateLogStream", "logs:PutLogEvents", "logs:CreateLogGroup")


@pytest.fixture(scope="module")
def world(emulator: Any, new_world: Any) -> Any:
    world = new_world(emulator)
    world.role("runner", {"s3:*": "*", **dict.fromkeys(WRITING, f"{LOGS}/aws-glue/jobs/*")})
    return world


@pytest.fixture(scope="module")
def logs(world: Any) -> Any:
    return world.emulator.client("logs")


def lines(logs: Any, group: str, stream: str) -> list[str]:
    """The messages of a stream, none where it isn't there."""
    try:
        answer = logs.get_log_events(logGroupName=group, logStreamName=stream, startFromHead=True)
    except logs.exceptions.ResourceNotFoundException:
        return []
    return [event["message"] for event in answer["events"]]


def test_output_comes_while_the_job_runs(world: Any, logs: Any) -> None:
    world.job("talks", TALKS)
    run_id = world.glue.start_job_run(JobName="talks")["JobRunId"]
    stream = f"{run_id}-driver"

    def found() -> dict[str, Any]:
        return {"lines": lines(logs, "/aws-glue/jobs/output", stream)}

    told = world.wait(found, lambda answer: len(answer["lines"]) == 2)["lines"]
    assert sorted(told) == ["to stderr", "to stdout"]
    run = world.glue.get_job_run(JobName="talks", RunId=run_id)["JobRun"]
    assert (run["JobRunState"], run["LogGroupName"]) == ("RUNNING", "/aws-glue/jobs")
    world.s3.put_object(Bucket="data", Key="go", Body=b"")
    world.wait_for_run("talks", run_id)
    assert lines(logs, "/aws-glue/jobs/output", stream)[2:] == ["an end without a line break"]


def test_aws_cli_reads_a_run_s_log(world: Any) -> None:
    """By the call that `aws logs tail` makes: the CLI's second version has that command."""
    world.job("for-cli", SPEAKS)
    run = world.run_job("for-cli")
    command = ["logs", "filter-log-events", "--log-group-name", "/aws-glue/jobs/output"]
    found = subprocess.run(
        [
            *(sys.executable, "-m", "awscli", *command),
            *("--log-stream-name-prefix", run["Id"], "--filter-pattern", "hello"),
            *("--endpoint-url", world.emulator.endpoint, "--region", "us-east-1"),
        ],
        env={**os.environ, "AWS_ACCESS_KEY_ID": "test", "AWS_SECRET_ACCESS_KEY": "test"},
        capture_output=True,
        check=True,
    ).stdout
    (event,) = json.loads(found)["events"]
    assert (event["message"], event["logStreamName"]) == ("hello", f"{run['Id']}-driver")


def test_custom_prefixes(world: Any, logs: Any) -> None:
    arguments = {
        "--custom-logGroup-prefix": "/aws-glue/jobs/mine",
        "--custom-logStream-prefix": "daily",
    }
    world.job("custom", SPEAKS, DefaultArguments=arguments)
    run = world.run_job("custom")
    assert run["LogGroupName"] == "/aws-glue/jobs/mine"
    assert lines(logs, "/aws-glue/jobs/mine/output", "daily-driver") == ["hello"]


def test_groups_of_older_versions(world: Any, logs: Any) -> None:
    world.job("older", SPEAKS, GlueVersion="4.0")
    run = world.run_job("older")
    assert lines(logs, "/aws-glue/jobs/output", run["Id"]) == ["hello"]


def test_encrypted_group_has_the_key_and_the_names_of_role_and_configuration(
    world: Any, logs: Any
) -> None:
    key = world.emulator.client("kms").create_key()["KeyMetadata"]["Arn"]
    encryption = {"CloudWatchEncryptionMode": "SSE-KMS", "KmsKeyArn": key}
    world.glue.create_security_configuration(
        Name="safe", EncryptionConfiguration={"CloudWatchEncryption": encryption}
    )
    group = "/aws-glue/jobs/safe-role/encrypts/output"
    writing = dict.fromkeys((*WRITING, "logs:AssociateKmsKey"), f"{LOGS}{group}:*")
    world.role("encrypts", {"s3:*": "*", **writing})
    world.job("encrypted", SPEAKS, Role="encrypts", SecurityConfiguration="safe")
    run = world.run_job("encrypted")
    assert lines(logs, group, f"{run['Id']}-driver") == ["hello"]
    (found,) = logs.describe_log_groups(logGroupNamePrefix=group)["logGroups"]
    assert found["kmsKeyId"] == key


def test_job_whose_role_may_not_log_runs_on_unheard(world: Any, logs: Any) -> None:
    world.role("mute", {"s3:*": "*", **dict.fromkeys(WRITING, f"{LOGS}/elsewhere:*")})
    world.job("unheard", SPEAKS, Role="mute")
    run = world.run_job("unheard")
    assert run["JobRunState"] == "SUCCEEDED"
    assert lines(logs, "/aws-glue/jobs/output", f"{run['Id']}-driver") == []
    assert f"logs of {run['Id']}-driver are lost" in world.emulator.log.read_text()


def test_crawler_s_log(world: Any, logs: Any) -> None:
    world.s3.put_object(Bucket="data", Key="events/1700000000000/a.json", Body=b'{"n": 1}\n')
    world.glue.create_database(DatabaseInput={"Name": "raw"})
    writing = dict.fromkeys(WRITING, f"{LOGS}/aws-glue/crawlers:*")
    world.role("crawls", {"s3:*": "*", "glue:*": "*", **writing})
    targets = {"S3Targets": [{"Path": "s3://data/events/"}]}
    world.glue.create_crawler(Name="reads", Role="crawls", DatabaseName="raw", Targets=targets)
    world.glue.start_crawler(Name="reads")
    crawler = world.wait(
        lambda: world.glue.get_crawler(Name="reads")["Crawler"], lambda it: it["State"] == "READY"
    )
    last = crawler["LastCrawl"]
    assert (last["LogGroup"], last["LogStream"]) == ("/aws-glue/crawlers", "reads")
    told = lines(logs, last["LogGroup"], last["LogStream"])
    assert all(line.startswith(f"[{last['MessagePrefix']}] ") for line in told)
    assert told[0].endswith("BENCHMARK : Running Start Crawl for Crawler reads")
    assert any("INFO : Created table events in database raw" in line for line in told)
    assert told[-1].endswith("BENCHMARK : Crawler has finished running and is in state READY")
