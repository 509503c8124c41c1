"""Crawls as Glue runs them: with the crawler's role, in the background, with their history."""

from __future__ import annotations

import gzip
import json
import re
import signal
import urllib.request
from collections.abc import Callable
from typing import Any

import pytest
from botocore.exceptions import ClientError

ARN = "arn:aws:glue:us-east-1:000000000000:"
EVENT_MODE = "CRAWL_EVENT_MODE"
CRAWLER: dict[str, Any] = {
    "Role": "crawls",
    "DatabaseName": "raw",
    "Targets": {"S3Targets": [{"Path": "s3://data/events/"}]},
}


@pytest.fixture(scope="module")
def world(emulator: Any, new_world: Any) -> Any:
    return prepared(new_world(emulator))


def prepared(world: Any) -> Any:
    world.role("crawls", {"s3:*": "*", "glue:*": "*"})
    world.glue.create_database(DatabaseInput={"Name": "raw"})
    load(world, "1700000000000")
    return world


def load(world: Any, day: str) -> None:
    body = gzip.compress(b'{"userId": "a", "n": 1}\n')
    world.s3.put_object(Bucket="data", Key=f"events/{day}/part.gz", Body=body)


def crawl(world: Any, name: str) -> dict[str, Any]:
    """Start the crawler, wait until it is ready, and give its record."""
    world.glue.start_crawler(Name=name)

    def found() -> dict[str, Any]:
        record: dict[str, Any] = world.glue.get_crawler(Name=name)["Crawler"]
        return record

    record: dict[str, Any] = world.wait(found, lambda record: record["State"] == "READY")
    return record


def test_crawl_changes_the_catalog_and_tells_of_it(world: Any) -> None:
    world.glue.create_crawler(Name="events", **CRAWLER)
    assert "LastCrawl" not in world.glue.get_crawler(Name="events")["Crawler"]
    last = crawl(world, "events")["LastCrawl"]
    assert last["Status"] == "SUCCEEDED", last
    assert (last["LogGroup"], last["LogStream"]) == ("/aws-glue/crawlers", "events")
    table = world.glue.get_table(DatabaseName="raw", Name="events")["Table"]
    assert [column["Name"] for column in table["StorageDescriptor"]["Columns"]] == ["userid", "n"]
    load(world, "1700086400000")
    crawl(world, "events")
    newest, oldest = world.glue.list_crawls(CrawlerName="events")["Crawls"]
    assert (newest["State"], oldest["State"]) == ("COMPLETED", "COMPLETED")
    assert json.loads(json.loads(oldest["Summary"])["TABLE"])["ADD"]["Count"] == 1
    assert json.loads(json.loads(newest["Summary"])["PARTITION"])["ADD"]["Count"] == 1
    only = [{"FieldName": "CRAWL_ID", "FilterOperator": "EQ", "FieldValue": oldest["CrawlId"]}]
    listed = world.glue.list_crawls(CrawlerName="events", Filters=only)["Crawls"]
    assert [found["CrawlId"] for found in listed] == [oldest["CrawlId"]]
    metrics = world.glue.get_crawler_metrics(CrawlerNameList=["events"])["CrawlerMetricsList"][0]
    assert metrics["LastRuntimeSeconds"] > 0
    assert metrics["TablesCreated"] == 0
    assert world.glue.get_crawlers()["Crawlers"][0]["LastCrawl"]["Status"] == "SUCCEEDED"


@pytest.mark.parametrize(
    ("allowed", "denied"),
    [
        ({"glue:*": "*"}, "GetBucketLocation"),
        ({"s3:GetBucketLocation": "*", "glue:*": "*"}, "HeadBucket"),
        ({"s3:GetBucketLocation": "*", "s3:ListBucket": "*", "glue:*": "*"}, "GetObject"),
        ({"s3:*": "*"}, "glue:Get"),
        ({"s3:*": "*", "glue:*": ARN + "catalog"}, "glue:Get"),
    ],
)
def test_missing_permission_fails_the_crawl(
    world: Any, allowed: dict[str, str], denied: str
) -> None:
    name = re.sub(r"\W", "", f"lacks{''.join(allowed)}{len(''.join(allowed.values()))}")
    world.role(name, allowed)
    world.glue.create_crawler(Name=name, **{**CRAWLER, "Role": name})
    last = crawl(world, name)["LastCrawl"]
    assert last["Status"] == "FAILED"
    # HEAD has no body, so no code of an error either.
    assert re.search("AccessDenied|403", last["ErrorMessage"])
    assert denied in last["ErrorMessage"]


def test_security_configuration_is_read_with_the_role(world: Any) -> None:
    world.glue.create_security_configuration(Name="safe", EncryptionConfiguration={})
    unreadable = "Error trying to retrieve security config, error message: "
    world.role("reads-none", {"s3:*": "*"})
    definition = {**CRAWLER, "Role": "reads-none", "CrawlerSecurityConfiguration": "safe"}
    denial = refused(world.glue.create_crawler, Name="unsafe", **definition)
    assert denial.startswith(unreadable)
    assert "assumed-role/reads-none/AWS-Crawler is not authorized to perform: " in denial
    assert "glue:GetSecurityConfiguration on resource: *" in denial
    definition["Role"] = "crawls"
    world.glue.create_crawler(Name="safe", **definition)
    assert refused(world.glue.update_crawler, Name="safe", Role="reads-none") == denial
    other = {"Name": "safe", "CrawlerSecurityConfiguration": "lost"}
    assert refused(world.glue.update_crawler, **other).startswith(unreadable)
    world.glue.update_crawler(Name="safe", CrawlerSecurityConfiguration="")
    with urllib.request.urlopen(f"{world.emulator.endpoint}/_local/access") as answer:
        calls = [call for call in json.load(answer) if call["action"].endswith("Configuration")]
    assert {(call["role"], call["allowed"]) for call in calls} == {
        ("reads-none", False),
        ("crawls", True),
    }


def test_queue_is_looked_up_with_the_role(world: Any) -> None:
    queue = "arn:aws:sqs:us-east-1:000000000000:seen"
    world.emulator.client("sqs").create_queue(QueueName="seen")
    world.role("blind", {"s3:*": "*"})
    definition = {**CRAWLER, "Role": "blind", "RecrawlPolicy": {"RecrawlBehavior": EVENT_MODE}}
    definition["Targets"] = {"S3Targets": [{"Path": "s3://data/events/", "EventQueueArn": queue}]}
    assert refused(world.glue.create_crawler, Name="seeing", **definition) == (
        f"SQS queue {queue} does not exist or the role provided does not have access to it."
    )
    world.role("sighted", {"s3:*": "*", "sqs:GetQueueUrl": queue})
    world.glue.create_crawler(Name="seeing", **{**definition, "Role": "sighted"})


@pytest.mark.parametrize("key", ["aws:SourceAccount", "aws:SourceArn"])
def test_role_of_another_account_or_crawler_is_not_assumed(world: Any, key: str) -> None:
    name = key.partition(":")[2]
    world.role(name, {"s3:*": "*", "glue:*": "*"})
    iam = world.emulator.client("iam")
    right = {"aws:SourceAccount": "000000000000", "aws:SourceArn": f"{ARN}crawler/{name}"}[key]
    trust = {
        "Effect": "Allow",
        "Principal": {"Service": "glue.amazonaws.com"},
        "Action": "sts:AssumeRole",
    }
    for value, allowed in ((right.replace("0", "1"), False), (right, True)):
        condition = {"Condition": {"StringEquals": {key: value}}}
        document = json.dumps({"Version": "2012-10-17", "Statement": [trust | condition]})
        iam.update_assume_role_policy(RoleName=name, PolicyDocument=document)
        definition = {**CRAWLER, "Role": name}
        if allowed:
            world.glue.create_crawler(Name=name, **definition)
        else:
            assert "TrustPolicy" in refused(world.glue.create_crawler, Name=name, **definition)


def refused(call: Callable[..., Any], **arguments: Any) -> str:
    """The message of the InvalidInputException that the call is refused with."""
    with pytest.raises(ClientError) as caught:
        call(**arguments)
    error = caught.value.response["Error"]
    assert error["Code"] == "InvalidInputException"
    return str(error["Message"])


def test_busy_crawler_is_left_alone(world: Any) -> None:
    world.glue.create_crawler(Name="busy", **CRAWLER)
    for number in range(60):
        load(world, f"17001{number:08d}")
    world.glue.start_crawler(Name="busy")
    running = "CrawlerRunningException"
    assert world.refusal(world.glue.start_crawler, Name="busy") == running
    assert world.refusal(world.glue.delete_crawler, Name="busy") == running
    assert world.refusal(world.glue.update_crawler, Name="busy", Description="x") == running
    assert world.glue.get_crawler(Name="busy")["Crawler"]["State"] == "RUNNING"
    world.glue.stop_crawler(Name="busy")

    def found() -> dict[str, Any]:
        record: dict[str, Any] = world.glue.get_crawler(Name="busy")["Crawler"]
        return record

    stopped = world.wait(found, lambda record: record["State"] == "READY")
    assert stopped["LastCrawl"]["Status"] == "CANCELLED"
    assert world.glue.list_crawls(CrawlerName="busy")["Crawls"][0]["State"] == "STOPPED"


def test_event_mode_lists_everything_first_and_then_reads_the_queue(world: Any) -> None:
    sqs = world.emulator.client("sqs")
    queue = "arn:aws:sqs:us-east-1:000000000000:changes"
    allow = {
        "Effect": "Allow",
        "Principal": {"Service": "s3.amazonaws.com"},
        "Action": "sqs:SendMessage",
        "Resource": queue,
    }
    policy = {"Version": "2012-10-17", "Statement": [allow]}
    url = sqs.create_queue(QueueName="changes", Attributes={"Policy": json.dumps(policy)})
    notices = [{"QueueArn": queue, "Events": ["s3:ObjectCreated:*"]}]
    world.s3.put_bucket_notification_configuration(
        Bucket="data", NotificationConfiguration={"QueueConfigurations": notices}
    )
    reads = ["GetQueueUrl", "ReceiveMessage", "DeleteMessage"]
    allowed = {"s3:*": "*", "glue:*": "*"} | {f"sqs:{action}": queue for action in reads}
    world.role("crawls-changes", allowed)
    targets = {"S3Targets": [{"Path": "s3://data/changes/", "EventQueueArn": queue}]}
    mode = {"RecrawlBehavior": EVENT_MODE}
    definition = {**CRAWLER, "Role": "crawls-changes", "Targets": targets, "RecrawlPolicy": mode}
    world.glue.create_crawler(Name="changes", **definition)
    world.s3.put_object(Bucket="data", Key="changes/1/a.json", Body=b'{"n": 1}')
    # The queue doesn't know of the first object any more: the crawl lists.
    sqs.purge_queue(QueueUrl=url["QueueUrl"])
    assert crawl(world, "changes")["LastCrawl"]["Status"] == "SUCCEEDED"
    world.s3.put_object(Bucket="data", Key="changes/2/a.json", Body=b'{"n": 1}')
    sqs.purge_queue(QueueUrl=url["QueueUrl"])
    world.s3.put_object(Bucket="data", Key="changes/3/a.json", Body=b'{"n": 1}')
    crawl(world, "changes")
    assert partitions(world, "changes") == ["1", "3"]
    assert "Messages" not in sqs.receive_message(QueueUrl=url["QueueUrl"])
    # Another version of the crawler lists again.
    world.glue.update_crawler(Name="changes", Description="changed")
    crawl(world, "changes")
    assert partitions(world, "changes") == ["1", "2", "3"]
    world.emulator.client("iam").delete_role_policy(RoleName="crawls-changes", PolicyName="p3")
    failed = crawl(world, "changes")["LastCrawl"]
    assert failed["Status"] == "FAILED"
    assert "ReceiveMessage" in failed["ErrorMessage"]


def test_odd_keys_are_told_plainly_and_by_a_rule_of_their_own(world: Any) -> None:
    """EventBridge gives keys as they are; a wildcard finds those that a crawler would misread."""
    events, sqs = world.emulator.client("events"), world.emulator.client("sqs")
    queue = "arn:aws:sqs:us-east-1:000000000000:odd"
    policy = {
        "Effect": "Allow",
        "Principal": {"Service": "events.amazonaws.com"},
        "Action": "sqs:SendMessage",
        "Resource": queue,
    }
    document = json.dumps({"Version": "2012-10-17", "Statement": [policy]})
    url = sqs.create_queue(QueueName="odd", Attributes={"Policy": document})["QueueUrl"]
    keys = [{"wildcard": "odd/*%*"}, {"wildcard": "odd/*+*"}]
    pattern = {"source": ["aws.s3"], "detail": {"object": {"key": keys}}}
    events.put_rule(Name="odd", EventPattern=json.dumps(pattern))
    events.put_targets(Rule="odd", Targets=[{"Id": "odd", "Arn": queue}])
    world.s3.create_bucket(Bucket="odd")
    world.s3.put_bucket_notification_configuration(
        Bucket="odd", NotificationConfiguration={"EventBridgeConfiguration": {}}
    )
    odd = {"odd/1+1.json", "odd/a%3Ab.json"}
    for key in (*odd, "odd/plain é=1.json", "other/1+1.json"):
        world.s3.put_object(Bucket="odd", Key=key, Body=b"{}")
    told: set[str] = set()

    def found() -> dict[str, Any]:
        answer = sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10)
        bodies = [json.loads(message["Body"]) for message in answer.get("Messages", [])]
        told.update(body["detail"]["object"]["key"] for body in bodies)
        return {"told": told}

    world.wait(found, lambda answer: len(answer["told"]) >= len(odd))
    assert told == odd


def partitions(world: Any, table: str) -> list[str]:
    found = world.glue.get_partitions(DatabaseName="raw", TableName=table)["Partitions"]
    return sorted(partition["Values"][0] for partition in found)


def test_workflow_of_crawler_and_job(world: Any) -> None:
    world.role("runner", {"s3:*": "*"})
    world.job("after", "print('crawled')\n")
    world.glue.create_crawler(Name="first", **CRAWLER)
    world.glue.create_workflow(Name="day")
    start = {"Type": "SCHEDULED", "Schedule": "cron(0 13 * * ? *)"}
    world.glue.create_trigger(
        Name="day-start", WorkflowName="day", Actions=[{"CrawlerName": "first"}], **start
    )
    crawled = {"LogicalOperator": "EQUALS", "CrawlerName": "first", "CrawlState": "SUCCEEDED"}
    world.glue.create_trigger(
        Name="day-job",
        WorkflowName="day",
        Type="CONDITIONAL",
        Predicate={"Conditions": [crawled]},
        Actions=[{"JobName": "after"}],
        StartOnCreation=True,
    )
    run_id = world.glue.start_workflow_run(Name="day")["RunId"]
    run = world.wait_for_workflow("day", run_id)
    assert (run["Status"], run["Statistics"]["SucceededActions"]) == ("COMPLETED", 2)
    nodes = {node["Name"]: node for node in run["Graph"]["Nodes"]}
    assert nodes["first"]["CrawlerDetails"]["Crawls"][0]["State"] == "SUCCEEDED"
    assert nodes["after"]["JobDetails"]["JobRuns"][0]["JobRunState"] == "SUCCEEDED"


def test_kill_shows_the_crawl_as_failed(start_emulator: Callable[[], Any], new_world: Any) -> None:
    emulator = start_emulator()
    world = prepared(new_world(emulator))
    for number in range(60):
        load(world, f"17001{number:08d}")
    world.glue.create_crawler(Name="events", **CRAWLER)
    world.glue.start_crawler(Name="events")
    emulator.restart(signal.SIGKILL)
    crawler = world.glue.get_crawler(Name="events")["Crawler"]
    assert (crawler["State"], crawler["LastCrawl"]["Status"]) == ("READY", "FAILED")
    assert "stopped while" in crawler["LastCrawl"]["ErrorMessage"]
