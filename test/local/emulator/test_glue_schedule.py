"""Schedules: which times an expression names, and what fires at them while the emulator runs."""

from __future__ import annotations

import json
import time
import urllib.request
from collections.abc import Callable
from datetime import datetime, timezone
from typing import Any

import pytest
from emulator.glue.errors import GlueError
from emulator.glue.schedule import check_schedule, next_time

START = "2026-11-25T12:59:56Z"


@pytest.mark.parametrize(
    ("schedule", "after", "first", "second"),
    [
        ("0 13 * * ? *", "2026-11-25 12:59", "2026-11-25 13:00", "2026-11-26 13:00"),
        ("0 13 * * ? *", "2026-11-25 13:00", "2026-11-26 13:00", "2026-11-27 13:00"),
        ("15/30 8,20 * * ? *", "2026-01-01 00:00", "2026-01-01 08:15", "2026-01-01 08:45"),
        ("0 18 ? * MON-FRI *", "2026-11-27 18:00", "2026-11-30 18:00", "2026-12-01 18:00"),
        ("0 8 1 * ? *", "2026-12-01 08:00", "2027-01-01 08:00", "2027-02-01 08:00"),
        ("0 0 L * ? *", "2028-01-31 00:00", "2028-02-29 00:00", "2028-03-31 00:00"),
        ("0 0 LW * ? *", "2026-01-01 00:00", "2026-01-30 00:00", "2026-02-27 00:00"),
        ("0 9 1W * ? *", "2026-07-31 00:00", "2026-08-03 09:00", "2026-09-01 09:00"),
        ("0 9 ? * 2#1 *", "2026-11-01 00:00", "2026-11-02 09:00", "2026-12-07 09:00"),
        ("0 9 ? * 6L *", "2026-11-01 00:00", "2026-11-27 09:00", "2026-12-25 09:00"),
        (
            "0/10 10-11 ? JAN,JUL 1 2027-2028",
            "2026-11-01 00:00",
            "2027-01-03 10:00",
            "2027-01-03 10:10",
        ),
        ("0 0 29 2 ? *", "2026-11-01 00:00", "2028-02-29 00:00", "2032-02-29 00:00"),
        ("0 0 1 1 ? 2025", "2026-11-01 00:00", None, None),
    ],
)
def test_times_of_a_schedule(
    schedule: str, after: str, first: str | None, second: str | None
) -> None:
    """By the calendar and AWS's description of each field, not by what the reader answered."""
    cron = f"cron({schedule})"
    check_schedule(cron)
    found = next_time(cron, utc(after))
    assert found == (utc(first) if first else None)
    if found is not None:
        assert next_time(cron, found) == (utc(second) if second else None)


@pytest.mark.parametrize(
    "schedule",
    [
        "0 13 * * * *",
        "0 13 ? * ? *",
        "60 13 * * ? *",
        "0 13 * * ?",
        "0 24 * * ? *",
        "0 13 0 * ? *",
        "0 13 * 13 ? *",
        "0 13 ? * 8 *",
        "0 13 ? * FRI-MON *",
        "0 20-8 * * ? *",
    ],
)
def test_schedules_that_are_refused(schedule: str) -> None:
    with pytest.raises(GlueError, match="schedule"):
        check_schedule(f"cron({schedule})")


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=timezone.utc)


@pytest.fixture(scope="module")
def world(start_emulator: Callable[..., Any], new_world: Any) -> Any:
    """A workflow, a job and a crawler that are due at 13:00."""
    emulator = start_emulator()
    world = new_world(emulator)
    world.role("runner", {"s3:*": "*"})
    world.role("crawls", {"s3:*": "*", "glue:*": "*"})
    world.s3.put_object(Bucket="data", Key="events/1700000000000/a.json", Body=b'{"n": 1}\n')
    world.glue.create_database(DatabaseInput={"Name": "raw"})
    world.job("daily", "print('done')\n")
    world.job("alone", "print('done')\n")
    world.job("idle", "print('done')\n")
    world.glue.create_workflow(Name="flow", MaxConcurrentRuns=1)
    due = {"Type": "SCHEDULED", "Schedule": "cron(0 13 * * ? *)"}
    world.glue.create_trigger(
        Name="start",
        WorkflowName="flow",
        Actions=[{"JobName": "daily"}],
        StartOnCreation=True,
        **due,
    )
    world.glue.create_trigger(
        Name="by-itself", Actions=[{"JobName": "alone"}], StartOnCreation=True, **due
    )
    world.glue.create_trigger(Name="off", Actions=[{"JobName": "idle"}], **due)
    world.glue.create_crawler(
        Name="scheduled",
        Role="crawls",
        DatabaseName="raw",
        Targets={"S3Targets": [{"Path": "s3://data/events/"}]},
        Schedule="cron(0 13 * * ? *)",
    )
    return world


def test_schedule_of_a_crawler_is_stopped_and_started(world: Any) -> None:
    glue, name = world.glue, {"CrawlerName": "later"}
    scheduled = glue.get_crawler(Name="scheduled")["Crawler"]
    targets = {"S3Targets": [{"Path": "s3://data/events/"}]}
    glue.create_crawler(Name="later", Role="crawls", DatabaseName="raw", Targets=targets)
    assert world.refusal(glue.start_crawler_schedule, **name) == "NoScheduleException"
    assert world.refusal(glue.stop_crawler_schedule, **name) == "SchedulerNotRunningException"
    assert world.refusal(glue.update_crawler_schedule, **name, Schedule="daily") == (
        "InvalidInputException"
    )
    glue.update_crawler_schedule(**name, Schedule="cron(0 13 * * ? *)")
    assert state_of_schedule(world) == "SCHEDULED"
    assert world.refusal(glue.start_crawler_schedule, **name) == "SchedulerRunningException"
    glue.stop_crawler_schedule(**name)
    assert state_of_schedule(world) == "NOT_SCHEDULED"
    assert "later" not in [each["name"] for each in told(world)["upcoming"]]
    glue.start_crawler_schedule(**name)
    assert state_of_schedule(world) == "SCHEDULED"
    assert "later" in [each["name"] for each in told(world)["upcoming"]]
    glue.stop_crawler_schedule(**name)
    assert scheduled["Schedule"]["State"] == "SCHEDULED"


def state_of_schedule(world: Any) -> str:
    state: str = world.glue.get_crawler(Name="later")["Crawler"]["Schedule"]["State"]
    return state


def test_what_is_due_fires_once_and_what_is_off_does_not(world: Any) -> None:
    assert {(each["kind"], each["name"], each["at"][10:]) for each in told(world)["upcoming"]} == {
        ("trigger", "start", "T13:00:00+00:00"),
        ("trigger", "by-itself", "T13:00:00+00:00"),
        ("crawler", "scheduled", "T13:00:00+00:00"),
    }
    world.emulator.stop()
    world.emulator.start("--at", START)

    def runs() -> dict[str, Any]:
        return {
            "workflow": world.glue.get_workflow_runs(Name="flow", IncludeGraph=True)["Runs"],
            "alone": world.glue.get_job_runs(JobName="alone")["JobRuns"],
            "crawls": world.glue.list_crawls(CrawlerName="scheduled")["Crawls"],
        }

    world.wait(runs, lambda found: all(found.values()))
    time.sleep(2.5)
    found = runs()
    assert {name: len(each) for name, each in found.items()} == {
        "workflow": 1,
        "alone": 1,
        "crawls": 1,
    }
    assert found["alone"][0]["TriggerName"] == "by-itself"
    world.wait_for_workflow("flow", found["workflow"][0]["WorkflowRunId"])
    assert world.glue.get_job_runs(JobName="idle")["JobRuns"] == []
    assert told(world)["upcoming"][0]["at"] == "2026-11-26T13:00:00+00:00"


def test_what_was_missed_is_not_made_up_and_rules_of_eventbridge_go_by_the_same_clock(
    world: Any,
) -> None:
    before = len(world.glue.get_job_runs(JobName="alone")["JobRuns"])
    url = queue_of_a_rule(world, "cron(0 14 * * ? *)")
    world.emulator.stop()
    world.emulator.start("--at", "2026-11-28T13:59:45Z")
    (rung,) = world.wait(lambda: sqs_messages(world, url), lambda it: "Messages" in it)["Messages"]
    assert json.loads(rung["Body"])["time"].startswith("2026-11-28T14:00:")
    assert len(world.glue.get_job_runs(JobName="alone")["JobRuns"]) == before
    assert told(world)["upcoming"][0]["at"] == "2026-11-29T13:00:00+00:00"


def queue_of_a_rule(world: Any, schedule: str) -> str:
    sqs, events = world.emulator.client("sqs"), world.emulator.client("events")
    statement = {
        "Effect": "Allow",
        "Principal": {"Service": "events.amazonaws.com"},
        "Action": "sqs:SendMessage",
        "Resource": "*",
    }
    attributes = {"Policy": json.dumps({"Version": "2012-10-17", "Statement": [statement]})}
    url: str = sqs.create_queue(QueueName="rung", Attributes=attributes)["QueueUrl"]
    events.put_rule(Name="bell", ScheduleExpression=schedule)
    target = {"Id": "queue", "Arn": "arn:aws:sqs:us-east-1:000000000000:rung"}
    events.put_targets(Rule="bell", Targets=[target])
    return url


def sqs_messages(world: Any, url: str) -> dict[str, Any]:
    answer: dict[str, Any] = world.emulator.client("sqs").receive_message(QueueUrl=url)
    return answer


def told(world: Any) -> dict[str, Any]:
    with urllib.request.urlopen(f"{world.emulator.endpoint}/_local/schedule") as answer:
        found: dict[str, Any] = json.load(answer)
        return found
