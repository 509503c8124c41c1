"""Changes of state of jobs and crawlers, as EventBridge delivers them to its targets."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import boto3
import pytest

ACCOUNT = "000000000000"
RULE = f"arn:aws:events:us-east-1:{ACCOUNT}:rule/"
OK = "print('done')\n"
BROKEN = "raise ValueError('broken')\n"
SLEEPS = "import time\ntime.sleep(600)\n"
DEFINITION = {
    "StartAt": "Read",
    "QueryLanguage": "JSONata",
    "States": {
        "Read": {
            "Type": "Task",
            "Resource": "arn:aws:states:::aws-sdk:glue:getJobRun",
            "Arguments": {
                "JobName": "{% $states.input.detail.jobName %}",
                "RunId": "{% $states.input.detail.jobRunId %}",
            },
            "Output": "{% $states.result.JobRun.JobRunState %}",
            "End": True,
        }
    },
}


@pytest.fixture(scope="module")
def world(emulator: Any, new_world: Any) -> Any:
    world = new_world(emulator)
    world.role("runner", {"s3:*": "*"})
    world.role("crawls", {"s3:*": "*", "glue:*": "*"})
    world.glue.create_database(DatabaseInput={"Name": "raw"})
    world.s3.put_object(Bucket="data", Key="events/1700000000000/a.json", Body=b'{"n": 1}\n')
    return world


def sends(queue: str, service: str) -> str:
    """A queue's policy that lets a service send to it, by TLS alone."""
    send = {
        "Action": "sqs:SendMessage",
        "Resource": f"arn:aws:sqs:us-east-1:{ACCOUNT}:{queue}",
    }
    allow = {"Effect": "Allow", "Principal": {"Service": service}, **send}
    plain = {"Bool": {"aws:SecureTransport": "false"}}
    deny = {"Effect": "Deny", "Principal": "*", **send, "Condition": plain}
    return json.dumps({"Version": "2012-10-17", "Statement": [allow, deny]})


@pytest.fixture(scope="module")
def heard(world: Any) -> Callable[..., list[dict[str, Any]]]:
    """Waits for a number of events about a job or crawler, and gives all that came."""
    sqs, events = world.emulator.client("sqs"), world.emulator.client("events")
    events.put_rule(Name="all", EventPattern=json.dumps({"source": ["aws.glue"]}))
    attributes = {"Policy": sends("heard", "events.amazonaws.com")}
    url = sqs.create_queue(QueueName="heard", Attributes=attributes)["QueueUrl"]
    target = {"Id": "queue", "Arn": f"arn:aws:sqs:us-east-1:{ACCOUNT}:heard"}
    events.put_targets(Rule="all", Targets=[target])
    received: list[dict[str, Any]] = []

    def about(name: str, count: int) -> list[dict[str, Any]]:
        def found() -> dict[str, Any]:
            answer = sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10)
            received.extend(json.loads(message["Body"]) for message in answer.get("Messages", []))
            names = ("jobName", "crawlerName", "databaseName")
            mine = [event for event in received if name in map(event["detail"].get, names)]
            return {"events": mine}

        events: list[dict[str, Any]]
        events = world.wait(found, lambda answer: len(answer["events"]) >= count)["events"]
        return events

    return about


def test_job_that_succeeds(world: Any, heard: Any) -> None:
    world.job("ok", OK)
    run = world.run_job("ok")
    (event,) = heard("ok", 1)
    assert event["source"] == "aws.glue"
    assert event["detail-type"] == "Glue Job State Change"
    assert (event["account"], event["region"], event["resources"]) == (ACCOUNT, "us-east-1", [])
    assert event["detail"] == {
        "jobName": "ok",
        "severity": "INFO",
        "state": "SUCCEEDED",
        "jobRunId": run["Id"],
        "message": "Job run succeeded",
    }


def test_each_failed_attempt(world: Any, heard: Any) -> None:
    world.job("broken", BROKEN, MaxRetries=1)
    first = world.run_job("broken")["Id"]
    events = [event["detail"] for event in heard("broken", 2)]
    assert [event["jobRunId"] for event in events] == [first, f"{first}_attempt_1"]
    assert {(event["state"], event["severity"]) for event in events} == {("FAILED", "ERROR")}
    assert events[0]["message"] == (
        f"JobName:broken and JobRunId:{first} failed to execute with exception ValueError: broken"
    )


def test_stopped_and_not_started_job(world: Any, heard: Any) -> None:
    world.job("sleeps", SLEEPS)
    run_id = world.glue.start_job_run(JobName="sleeps")["JobRunId"]
    world.wait_for_run("sleeps", run_id, "RUNNING")
    world.glue.create_trigger(Name="again", Type="ON_DEMAND", Actions=[{"JobName": "sleeps"}])
    world.glue.start_trigger(Name="again")
    world.glue.batch_stop_job_run(JobName="sleeps", JobRunIds=[run_id])
    exceeded, stopped = [event["detail"] for event in heard("sleeps", 2)]
    assert exceeded["state"] == "FAILED"
    assert "Max concurrent runs exceeded" in exceeded["message"]
    assert (stopped["jobRunId"], stopped["state"]) == (run_id, "STOPPED")
    assert (stopped["severity"], stopped["message"]) == ("INFO", "Job run stopped")


def test_job_that_times_out(world: Any, heard: Any) -> None:
    world.job("slow", SLEEPS)
    unchecked = world.emulator.client("glue", parameter_validation=False)
    run_id = unchecked.start_job_run(JobName="slow", Timeout=0)["JobRunId"]
    (event,) = [event["detail"] for event in heard("slow", 1)]
    assert (event["jobRunId"], event["state"], event["severity"]) == (run_id, "TIMEOUT", "WARN")
    assert event["message"] == "Job run timed out"


def test_job_that_goes_on_after_its_delay_for_notices(world: Any, heard: Any) -> None:
    world.job("late", SLEEPS)
    unchecked = world.emulator.client("glue", parameter_validation=False)
    started = unchecked.start_job_run(JobName="late", NotificationProperty={"NotifyDelayAfter": 0})
    (event,) = heard("late", 1)
    assert event["detail-type"] == "Glue Job Run Status"
    detail = event["detail"]
    assert detail["jobRunId"] == started["JobRunId"]
    assert detail["notificationCondition"] == {"NotifyDelayAfter": 0.0}
    assert detail["state"] in ("STARTING", "RUNNING")
    assert detail["message"] == f"Job is in {detail['state']} state"
    world.wait_for_run("late", started["JobRunId"], "RUNNING")
    world.glue.batch_stop_job_run(JobName="late", JobRunIds=[started["JobRunId"]])


def test_changes_of_the_catalog(world: Any, heard: Any) -> None:
    database = {"DatabaseName": "heard"}
    table = {**database, "TableName": "days"}
    descriptor = {"Columns": [], "Location": "s3://data/days/"}
    world.glue.create_database(DatabaseInput={"Name": "heard"})
    keys = [{"Name": "year", "Type": "string"}, {"Name": "month", "Type": "string"}]
    definition = {"Name": "Days", "PartitionKeys": keys, "StorageDescriptor": descriptor}
    world.glue.create_table(**database, TableInput=definition)
    partitions = [
        {"Values": ["2026", month], "StorageDescriptor": descriptor} for month in ("10", "11")
    ]
    world.glue.create_partition(**table, PartitionInput=partitions[0])
    world.glue.batch_create_partition(**table, PartitionInputList=partitions)
    world.glue.delete_table(**database, Name="days")
    events = heard("heard", 5)
    changes = [
        (
            event["detail-type"].split()[3],
            event["detail"]["typeOfChange"],
            event["resources"][0].rpartition(":")[2],
            event["detail"].get("changedTables", event["detail"].get("changedPartitions")),
        )
        for event in events
    ]
    assert changes == [
        ("Database", "CreateDatabase", "database/heard", []),
        ("Database", "CreateTable", "table/heard/days", ["days"]),
        ("Table", "CreatePartition", "table/heard/days", ["[2026, 10]"]),
        # The first was there already.
        ("Table", "BatchCreatePartition", "table/heard/days", ["[2026, 11]"]),
        ("Database", "DeleteTable", "table/heard/days", ["days"]),
    ]


def test_crawl_that_succeeds(world: Any, heard: Any) -> None:
    targets = {"S3Targets": [{"Path": "s3://data/events/"}]}
    world.glue.create_crawler(Name="events", Role="crawls", DatabaseName="raw", Targets=targets)
    world.glue.start_crawler(Name="events")
    started, ended = heard("events", 2)
    assert {started["detail-type"], ended["detail-type"]} == {"Glue Crawler State Change"}
    assert set(started["detail"]) == {"accountId", "crawlerName", "startTime", "state", "message"}
    assert (started["detail"]["state"], started["detail"]["accountId"]) == ("Started", ACCOUNT)
    detail = ended["detail"]
    assert (detail["state"], detail["message"]) == ("Succeeded", "Crawler Succeeded")
    assert (detail["tablesCreated"], detail["partitionsCreated"]) == ("1", "1")
    assert (detail["tablesUpdated"], detail["partitionsDeleted"]) == ("0", "0")
    assert detail["runningTime (sec)"].isdigit()
    assert detail["completionDate"].endswith("Z")


def test_crawl_that_fails(world: Any, heard: Any) -> None:
    targets = {"S3Targets": [{"Path": "s3://data/events/"}]}
    world.role("crawls-nothing", {"glue:*": "*"})
    world.glue.create_crawler(
        Name="denied", Role="crawls-nothing", DatabaseName="raw", Targets=targets
    )
    world.glue.start_crawler(Name="denied")
    _, failed = heard("denied", 2)
    detail = failed["detail"]
    assert (detail["state"], detail["message"]) == ("Failed", "Crawler Failed")
    assert "AccessDenied" in detail["errorMessage"]
    assert "stream=denied" in detail["cloudWatchLogLink"]


def test_notice_and_state_machine(world: Any) -> None:
    """One rule tells a topic, and a state machine that calls Glue about the same run."""
    sns, sqs, states, events = map(world.emulator.client, ("sns", "sqs", "stepfunctions", "events"))
    topic = sns.create_topic(Name="failures")["TopicArn"]
    queue = f"arn:aws:sqs:us-east-1:{ACCOUNT}:notices"
    publish = {
        "Effect": "Allow",
        "Principal": {"Service": "events.amazonaws.com"},
        "Action": "sns:Publish",
        "Resource": topic,
        "Condition": {"ArnEquals": {"aws:SourceArn": f"{RULE}failed"}},
    }
    plain = {"Condition": {"Bool": {"aws:SecureTransport": "false"}}}
    deny = {**publish, "Effect": "Deny", "Principal": "*", **plain}
    policy = {"Version": "2012-10-17", "Statement": [publish, deny]}
    sns.set_topic_attributes(
        TopicArn=topic, AttributeName="Policy", AttributeValue=json.dumps(policy)
    )
    attributes = {"Policy": sends("notices", "sns.amazonaws.com")}
    url = sqs.create_queue(QueueName="notices", Attributes=attributes)["QueueUrl"]
    sns.subscribe(TopicArn=topic, Protocol="sqs", Endpoint=queue)
    role = world.role("reacts", {"glue:GetJobRun": "*"}, "states.amazonaws.com")
    machine = states.create_state_machine(
        name="reacts", definition=json.dumps(DEFINITION), roleArn=role
    )["stateMachineArn"]
    pattern = {"source": ["aws.glue"], "detail": {"jobName": ["falls"], "state": ["FAILED"]}}
    events.put_rule(Name="failed", EventPattern=json.dumps(pattern))
    starter = world.role("starts", {"states:StartExecution": machine}, "events.amazonaws.com")
    targets = [
        {"Id": "topic", "Arn": topic},
        {"Id": "machine", "Arn": machine, "RoleArn": starter},
    ]
    events.put_targets(Rule="failed", Targets=targets)
    world.job("falls", BROKEN)
    run = world.run_job("falls")
    notice = world.wait(
        lambda: sqs.receive_message(QueueUrl=url), lambda answer: bool(answer.get("Messages"))
    )["Messages"][0]
    message = json.loads(json.loads(notice["Body"])["Message"])
    assert message["detail"]["jobRunId"] == run["Id"]

    def execution() -> dict[str, Any]:
        (found,) = states.list_executions(stateMachineArn=machine)["executions"]
        described: dict[str, Any] = states.describe_execution(executionArn=found["executionArn"])
        return described

    ended = world.wait(execution, lambda found: found["status"] != "RUNNING")
    assert (ended["status"], json.loads(ended["output"])) == ("SUCCEEDED", "FAILED")


def test_events_stay_in_their_region(world: Any, heard: Any) -> None:
    other = boto3.client(
        "glue",
        endpoint_url=world.emulator.endpoint,
        region_name="eu-west-1",
        aws_access_key_id="test",
        aws_secret_access_key="test",
    )
    command = {"Name": "glueetl", "ScriptLocation": "s3://code/far.py"}
    world.s3.put_object(Bucket="code", Key="far.py", Body=OK.encode())
    other.create_job(Name="far", Role="runner", Command=command, GlueVersion="5.1")
    run_id = other.start_job_run(JobName="far")["JobRunId"]
    world.wait(
        lambda: other.get_job_run(JobName="far", RunId=run_id)["JobRun"],
        lambda run: run["JobRunState"] == "SUCCEEDED",
    )
    world.job("near", OK)
    world.run_job("near")
    assert heard("near", 1)
    assert heard("far", 0) == []
