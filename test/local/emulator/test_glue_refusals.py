"""What Glue refuses is refused with its error codes: one good definition, one broken field each."""

from __future__ import annotations

from typing import Any

import pytest

MISSING = "EntityNotFoundException"
INVALID = "InvalidInputException"
EXISTS = "AlreadyExistsException"
UNTRUSTED = "untrusted"
QUEUE = "arn:aws:sqs:us-east-1:000000000000:changes"
EVENT_MODE = {"RecrawlBehavior": "CRAWL_EVENT_MODE"}
SCHEMA_LOG = {"UpdateBehavior": "LOG", "DeleteBehavior": "LOG"}

CRAWLER: dict[str, Any] = {
    "Role": "runner",
    "DatabaseName": "raw",
    "Targets": {"S3Targets": [{"Path": "s3://data/events/"}]},
}
JOB: dict[str, Any] = {
    "Role": "runner",
    "GlueVersion": "5.1",
    "WorkerType": "G.1X",
    "NumberOfWorkers": 2,
    "Command": {"Name": "glueetl", "ScriptLocation": "s3://code/x.py"},
}
CONDITION = {"LogicalOperator": "EQUALS", "JobName": "job", "State": "SUCCEEDED"}
WITHOUT_OPERATOR = {"JobName": "job", "State": "SUCCEEDED"}
CRAWL_ERROR = {"LogicalOperator": "EQUALS", "CrawlerName": "crawler", "CrawlState": "ERROR"}
SCHEDULED: dict[str, Any] = {
    "Type": "SCHEDULED",
    "Schedule": "cron(0 13 * * ? *)",
    "Actions": [{"CrawlerName": "crawler"}],
}
CONDITIONAL: dict[str, Any] = {
    "Type": "CONDITIONAL",
    "Predicate": {"Conditions": [CONDITION]},
    "Actions": [{"CrawlerName": "crawler"}],
}
EVENT: dict[str, Any] = {
    "Type": "EVENT",
    "WorkflowName": "on-events",
    "Actions": [{"CrawlerName": "crawler"}],
}


def watched(*targets: dict[str, Any]) -> dict[str, Any]:
    """Targets with a queue of events."""
    both = {"Path": "s3://data/events/", "EventQueueArn": QUEUE}
    return {"Targets": {"S3Targets": [{**both, **target} for target in targets]}}


@pytest.fixture(scope="module")
def world(emulator: Any, new_world: Any) -> Any:
    world = new_world(emulator)
    world.role("runner", {"s3:*": "*", "glue:GetSecurityConfiguration": "*"})
    world.role(UNTRUSTED, {"s3:*": "*"}, service="lambda.amazonaws.com")
    world.glue.create_crawler(Name="crawler", **CRAWLER)
    world.glue.create_job(Name="job", **JOB)
    world.glue.create_workflow(Name="workflow")
    world.glue.create_trigger(Name="start", WorkflowName="workflow", **SCHEDULED)
    world.glue.create_workflow(Name="on-events")
    return world


@pytest.mark.parametrize(
    ("broken", "code"),
    [
        ({"Role": "nobody"}, INVALID),
        ({"Role": UNTRUSTED}, INVALID),
        ({"Targets": {}}, INVALID),
        ({"Targets": {"S3Targets": []}}, INVALID),
        ({"Targets": {"S3Targets": [{"Path": "data/events"}]}}, INVALID),
        ({"Targets": {"S3Targets": [{"Path": "s3://no-such-bucket/"}]}}, INVALID),
        ({"Targets": {"JdbcTargets": [{"ConnectionName": "x", "Path": "y"}]}}, INVALID),
        ({"Schedule": "every day"}, INVALID),
        ({"Schedule": "cron(0 13 * * * *)"}, INVALID),
        ({"RecrawlPolicy": {"RecrawlBehavior": "CRAWL_NEW_FOLDERS_ONLY"}}, INVALID),
        (
            {
                "RecrawlPolicy": {"RecrawlBehavior": "CRAWL_NEW_FOLDERS_ONLY"},
                "SchemaChangePolicy": {**SCHEMA_LOG, "DeleteBehavior": "DEPRECATE_IN_DATABASE"},
            },
            INVALID,
        ),
        ({"RecrawlPolicy": EVENT_MODE}, INVALID),
        ({"RecrawlPolicy": EVENT_MODE, **watched({}, {})}, INVALID),
        ({"RecrawlPolicy": EVENT_MODE, **watched({"EventQueueArn": "changes"})}, INVALID),
        ({"RecrawlPolicy": EVENT_MODE, **watched({"SampleSize": 1})}, INVALID),
        ({"Configuration": "{not json"}, INVALID),
        ({"CrawlerSecurityConfiguration": "nowhere"}, INVALID),
        ({"Configuration": '{"Grouping": {}}'}, INVALID),
        ({"Name": "crawler"}, EXISTS),
    ],
)
def test_crawler_definitions(world: Any, broken: dict[str, Any], code: str) -> None:
    definition = {"Name": "refused", **CRAWLER, **broken}
    assert world.refusal(world.glue.create_crawler, **definition) == code
    if code == INVALID:
        assert world.refusal(world.glue.update_crawler, **{**definition, "Name": "crawler"}) == code


def test_crawler_of_new_folders_with_log_is_taken_and_updated(world: Any) -> None:
    incremental = {
        **CRAWLER,
        "RecrawlPolicy": {"RecrawlBehavior": "CRAWL_NEW_FOLDERS_ONLY"},
        "SchemaChangePolicy": SCHEMA_LOG,
    }
    world.glue.create_crawler(Name="incremental", **incremental)
    world.glue.update_crawler(Name="incremental", Description="changed")
    crawler = world.glue.get_crawler(Name="incremental")["Crawler"]
    assert (crawler["Description"], crawler["Version"]) == ("changed", 2)
    assert crawler["SchemaChangePolicy"] == SCHEMA_LOG
    assert crawler["State"] == "READY"
    world.glue.delete_crawler(Name="incremental")
    assert world.refusal(world.glue.get_crawler, Name="incremental") == MISSING


@pytest.mark.parametrize(
    "broken",
    [
        {"Role": ""},
        {"Command": {"Name": "spark", "ScriptLocation": "s3://code/x.py"}},
        {"Command": {"Name": "glueetl", "ScriptLocation": "/tmp/x.py"}},
        {"NumberOfWorkers": None},
        {"MaxCapacity": 2.0},
        {"MaxRetries": 11},
        {"SecurityConfiguration": "nowhere"},
    ],
)
def test_job_definitions(world: Any, broken: dict[str, Any]) -> None:
    definition = {key: value for key, value in {**JOB, **broken}.items() if value is not None}
    assert world.refusal(world.glue.create_job, Name="refused", **definition) == INVALID
    assert world.refusal(world.glue.update_job, JobName="job", JobUpdate=definition) == INVALID


def test_security_configuration_that_exists_is_taken(world: Any) -> None:
    world.glue.create_security_configuration(
        Name="encrypted", EncryptionConfiguration={"S3Encryption": [{"S3EncryptionMode": "SSE-S3"}]}
    )
    crawler = {**CRAWLER, "CrawlerSecurityConfiguration": "encrypted"}
    world.glue.create_crawler(Name="secure", **crawler)
    world.glue.create_job(Name="secure", SecurityConfiguration="encrypted", **JOB)
    taken = world.glue.get_crawler(Name="secure")["Crawler"]
    assert taken["CrawlerSecurityConfiguration"] == "encrypted"
    world.glue.delete_crawler(Name="secure")
    world.glue.delete_job(JobName="secure")


def test_job_update_replaces_the_whole_definition(world: Any) -> None:
    world.glue.create_job(Name="updated", Description="old", MaxRetries=2, **JOB)
    world.glue.update_job(JobName="updated", JobUpdate={**JOB, "Timeout": 5})
    job = world.glue.get_job(JobName="updated")["Job"]
    assert (job["Timeout"], job["MaxRetries"], job["MaxCapacity"]) == (5, 0, 2.0)
    assert "Description" not in job
    assert world.refusal(world.glue.create_job, Name="updated", **JOB) == EXISTS
    world.glue.delete_job(JobName="updated")
    assert world.refusal(world.glue.get_job, JobName="updated") == MISSING


@pytest.mark.parametrize(
    ("good", "broken", "code"),
    [
        (SCHEDULED, {"Schedule": ""}, INVALID),
        (SCHEDULED, {"Schedule": "cron(61 13 * * ? *)"}, INVALID),
        (SCHEDULED, {"Schedule": "0 13 * * *"}, INVALID),
        (SCHEDULED, {"Type": "HOURLY"}, INVALID),
        (SCHEDULED, {"Actions": []}, INVALID),
        (SCHEDULED, {"Actions": [{"CrawlerName": "nothing"}]}, MISSING),
        (SCHEDULED, {"Actions": [{"JobName": "nothing"}]}, MISSING),
        (SCHEDULED, {"Actions": [{}]}, INVALID),
        (SCHEDULED, {"WorkflowName": "nothing"}, MISSING),
        (SCHEDULED, {"WorkflowName": "workflow"}, INVALID),
        (SCHEDULED, {"Type": "ON_DEMAND", "StartOnCreation": True}, INVALID),
        (SCHEDULED, {"Name": "start"}, EXISTS),
        (CONDITIONAL, {"Predicate": {}}, INVALID),
        (CONDITIONAL, {"Predicate": {"Conditions": []}}, INVALID),
        (CONDITIONAL, {"Predicate": {"Conditions": [{**CONDITION, "State": ""}]}}, INVALID),
        (CONDITIONAL, {"Predicate": {"Conditions": [{**CONDITION, "JobName": "no"}]}}, MISSING),
        (CONDITIONAL, {"Predicate": {"Conditions": [{**CONDITION, "State": "RUNNING"}]}}, INVALID),
        (CONDITIONAL, {"Predicate": {"Conditions": [CRAWL_ERROR]}}, INVALID),
        (CONDITIONAL, {"Predicate": {"Conditions": [WITHOUT_OPERATOR]}}, INVALID),
        (CONDITIONAL, {"Actions": [{"JobName": "job"}]}, INVALID),
        (CONDITIONAL, {"Type": "ON_DEMAND"}, INVALID),
        (SCHEDULED, {"Type": "EVENT"}, INVALID),
        (EVENT, {"WorkflowName": "workflow"}, INVALID),
        (EVENT, {"StartOnCreation": True}, INVALID),
        (EVENT, {"EventBatchingCondition": {"BatchSize": 101}}, INVALID),
        (EVENT, {"EventBatchingCondition": {"BatchSize": 1, "BatchWindow": 901}}, INVALID),
        (SCHEDULED, {"EventBatchingCondition": {"BatchSize": 1}}, INVALID),
    ],
)
def test_trigger_definitions(
    world: Any, good: dict[str, Any], broken: dict[str, Any], code: str
) -> None:
    definition = {"Name": "refused", **good, **broken}
    assert world.refusal(world.glue.create_trigger, **definition) == code
    assert world.refusal(world.glue.get_trigger, Name="refused") == MISSING


def test_good_triggers_are_taken_and_updated(world: Any) -> None:
    world.glue.create_trigger(Name="scheduled", StartOnCreation=True, **SCHEDULED)
    world.glue.create_trigger(Name="conditional", WorkflowName="workflow", **CONDITIONAL)
    update = {"Schedule": "cron(30 1 ? * MON *)", "Actions": [{"JobName": "job", "Timeout": 3}]}
    world.glue.update_trigger(Name="scheduled", TriggerUpdate=update)
    scheduled = world.glue.get_trigger(Name="scheduled")["Trigger"]
    assert (scheduled["State"], scheduled["Schedule"]) == ("ACTIVATED", update["Schedule"])
    assert scheduled["Actions"] == update["Actions"]
    conditional = world.glue.get_trigger(Name="conditional")["Trigger"]
    assert (conditional["State"], conditional["Predicate"]["Logical"]) == ("CREATED", "AND")
    for name in ("scheduled", "conditional", "never-there"):
        world.glue.delete_trigger(Name=name)


@pytest.mark.parametrize("name", ["raw-events", "raw.events", "a b"])
def test_database_names(world: Any, name: str) -> None:
    assert world.refusal(world.glue.create_database, DatabaseInput={"Name": name}) == INVALID


@pytest.mark.parametrize(
    ("operation", "arguments", "code"),
    [
        ("start_crawler", {"Name": "nothing"}, MISSING),
        ("stop_crawler", {"Name": "crawler"}, "CrawlerNotRunningException"),
        ("list_crawls", {"CrawlerName": "nothing"}, MISSING),
        ("start_job_run", {"JobName": "nothing"}, MISSING),
        ("get_job_run", {"JobName": "job", "RunId": "jr_0"}, MISSING),
        ("start_trigger", {"Name": "nothing"}, MISSING),
        ("start_workflow_run", {"Name": "nothing"}, MISSING),
        ("get_workflow_run", {"Name": "workflow", "RunId": "wr_0"}, MISSING),
        ("get_workflow", {"Name": "nothing"}, MISSING),
        ("create_workflow", {"Name": "workflow"}, EXISTS),
        ("get_tags", {"ResourceArn": "arn:aws:glue:us-east-1:000000000000:job/nothing"}, MISSING),
        (
            "create_ml_transform",
            {
                "Name": "m",
                "Role": "runner",
                "InputRecordTables": [{"DatabaseName": "raw", "TableName": "t"}],
                "Parameters": {"TransformType": "FIND_MATCHES"},
            },
            "UnknownOperationException",
        ),
    ],
)
def test_calls_on_what_is_not_there(
    world: Any, operation: str, arguments: dict[str, Any], code: str
) -> None:
    assert world.refusal(getattr(world.glue, operation), **arguments) == code


def test_workflow_without_starting_trigger_cannot_start(world: Any) -> None:
    world.glue.create_workflow(Name="startless")
    assert world.refusal(world.glue.start_workflow_run, Name="startless") == INVALID


def test_names_are_kept_in_small_letters(world: Any) -> None:
    world.glue.create_database(DatabaseInput={"Name": "names"})
    columns = [{"Name": "userId", "Type": "struct<deviceId:string>"}]
    table = {
        "Name": "Events",
        "StorageDescriptor": {"Columns": columns, "Location": "s3://data/Events/"},
        "PartitionKeys": [{"Name": "Year", "Type": "string"}],
    }
    world.glue.create_table(DatabaseName="Names", TableInput=table)
    for name in ("events", "EVENTS"):
        kept = world.glue.get_table(DatabaseName="names", Name=name)["Table"]
        assert kept["Name"] == "events"
        assert kept["StorageDescriptor"]["Columns"] == [{**columns[0], "Name": "userid"}]
        assert kept["StorageDescriptor"]["Location"] == "s3://data/Events/"
        assert kept["PartitionKeys"][0]["Name"] == "year"
    world.glue.update_table(DatabaseName="names", TableInput={**table, "Description": "new"})
    kept = world.glue.get_table(DatabaseName="names", Name="events")["Table"]
    assert kept["StorageDescriptor"]["Columns"][0]["Name"] == "userid"
    partition = {"Values": ["2026", "01"], "StorageDescriptor": {}}
    wrong = {"DatabaseName": "names", "TableName": "events", "PartitionInput": partition}
    assert world.refusal(world.glue.create_partition, **wrong) == INVALID


def test_partitions_come_in_batches_and_segments(world: Any) -> None:
    world.glue.create_database(DatabaseInput={"Name": "batches"})
    keys = [{"Name": "day", "Type": "string"}]
    table = {"Name": "t", "StorageDescriptor": {}, "PartitionKeys": keys}
    world.glue.create_table(DatabaseName="batches", TableInput=table)
    where = {"DatabaseName": "batches", "TableName": "t"}
    days = [f"{day:03}" for day in range(101)]
    inputs = [{"Values": [day], "StorageDescriptor": {}} for day in days]
    create = world.glue.batch_create_partition
    assert world.refusal(create, PartitionInputList=inputs, **where) == "ValidationException"
    assert not create(PartitionInputList=inputs[:100], **where).get("Errors")
    found = []
    for number in range(3):
        segment = {"SegmentNumber": number, "TotalSegments": 3}
        found += world.glue.get_partitions(Segment=segment, **where)["Partitions"]
    assert sorted(partition["Values"][0] for partition in found) == days[:100]


def test_tags_of_every_kind_live_and_die_with_their_resource(world: Any) -> None:
    glue = world.glue
    tags = {"owner": "data", "stage": "test"}
    glue.create_database(DatabaseInput={"Name": "tagged"}, Tags=tags)
    glue.create_crawler(Name="tagged", Tags=tags, **CRAWLER)
    glue.create_job(Name="tagged", Tags=tags, **JOB)
    glue.create_workflow(Name="tagged", Tags=tags)
    glue.create_trigger(Name="tagged", Tags=tags, **SCHEDULED)
    glue.create_dev_endpoint(EndpointName="tagged", RoleArn="arn:aws:iam::0:role/r", Tags=tags)
    assert glue.get_dev_endpoint(EndpointName="tagged")["DevEndpoint"]["Status"] == "READY"
    deletes = {
        "database": (glue.delete_database, "Name"),
        "crawler": (glue.delete_crawler, "Name"),
        "job": (glue.delete_job, "JobName"),
        "workflow": (glue.delete_workflow, "Name"),
        "trigger": (glue.delete_trigger, "Name"),
        "devEndpoint": (glue.delete_dev_endpoint, "EndpointName"),
    }
    for kind, (delete, field) in deletes.items():
        arn = f"arn:aws:glue:us-east-1:000000000000:{kind}/tagged"
        assert glue.get_tags(ResourceArn=arn)["Tags"] == tags
        glue.tag_resource(ResourceArn=arn, TagsToAdd={"stage": "prod"})
        glue.untag_resource(ResourceArn=arn, TagsToRemove=["owner"])
        assert glue.get_tags(ResourceArn=arn)["Tags"] == {"stage": "prod"}
        delete(**{field: "tagged"})
        assert world.refusal(glue.get_tags, ResourceArn=arn) == MISSING
    glue.create_workflow(Name="tagged")
    arn = "arn:aws:glue:us-east-1:000000000000:workflow/tagged"
    assert glue.get_tags(ResourceArn=arn)["Tags"] == {}
