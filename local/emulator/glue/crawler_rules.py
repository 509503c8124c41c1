"""What Glue refuses of a crawler's definition."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping

from botocore.exceptions import ClientError

from emulator.account import client
from emulator.glue.errors import invalid_input
from emulator.glue.region import Region, required
from emulator.glue.roles import RoleRefusedError, assume_for_glue
from emulator.glue.schedule import check_schedule
from emulator.glue.security import read_security_configuration
from emulator.moto_api import Payload

EVENT_MODE = "CRAWL_EVENT_MODE"
QUEUE_ARN = re.compile(r"arn:aws[a-z-]*:sqs:[a-z0-9-]+:\d{12}:[A-Za-z0-9_-]{1,80}")
S3_PATH = re.compile(r"s3://([a-z0-9][a-z0-9.-]{1,61}[a-z0-9])(/.*)?")


def check_crawler(crawler: Payload, region: Region) -> None:
    """Raise InvalidInputException for a definition that CreateCrawler or UpdateCrawler refuses."""
    role = required(crawler, "Role")
    _check_targets(crawler.get("Targets") or {}, region.endpoint, region.name)
    _check_recrawl(crawler)
    _check_configuration(crawler.get("Configuration"))
    if crawler.get("Schedule"):
        check_schedule(crawler["Schedule"])
    source = region.arn("crawler", crawler["Name"])
    try:
        credentials = assume_for_glue(role, "AWS-Crawler", source, region.endpoint, region.name)
    except RoleRefusedError as refused:
        raise invalid_input(
            f"Service is unable to assume role {role}. "
            f"Please verify role's TrustPolicy. ({refused})"
        ) from refused
    configuration = crawler.get("CrawlerSecurityConfiguration")
    read_security_configuration(region, configuration, credentials["AccessKeyId"])
    for target in crawler["Targets"]["S3Targets"]:
        if QUEUE_ARN.fullmatch(target.get("EventQueueArn") or ""):
            _check_queue(target["EventQueueArn"], credentials, region)


def _check_queue(arn: str, credentials: Mapping[str, str], region: Region) -> None:
    """The message is the one that terraform-provider-aws waits for (glue/crawler.go)."""
    _, _, _, _, account, name = arn.split(":")
    sqs = client("sqs", region.endpoint, region.name, credentials)
    try:
        sqs.get_queue_url(QueueName=name, QueueOwnerAWSAccountId=account)
    except ClientError as error:
        raise invalid_input(
            f"SQS queue {arn} does not exist or the role provided does not have access to it."
        ) from error


def _check_targets(targets: Payload, endpoint: str, region: str) -> None:
    if not any(targets.values()):
        raise invalid_input("Targets cannot be null or empty: a crawler needs at least one")
    others = [kind for kind, wanted in targets.items() if wanted and kind != "S3Targets"]
    if others:
        raise invalid_input(f"{others[0]}: the local Glue crawls S3 targets only")
    for target in targets["S3Targets"]:
        path = required(target, "Path")
        match = S3_PATH.fullmatch(path)
        if not match:
            raise invalid_input(f"The S3 path {path!r} is not valid: use s3://bucket/prefix/")
        try:
            client("s3", endpoint, region).head_bucket(Bucket=match[1])
        except ClientError as error:
            raise invalid_input(f"S3 bucket {match[1]} does not exist.") from error


def _check_recrawl(crawler: Payload) -> None:
    """AWS Glue guide, "Incremental crawls": new folders only goes with LOG for both changes."""
    behavior = (crawler.get("RecrawlPolicy") or {}).get("RecrawlBehavior")
    if behavior == EVENT_MODE:
        _check_event_mode(crawler["Targets"]["S3Targets"])
    policy = crawler.get("SchemaChangePolicy") or {}
    changes = {policy.get("UpdateBehavior"), policy.get("DeleteBehavior")}
    if behavior == "CRAWL_NEW_FOLDERS_ONLY" and changes != {"LOG"}:
        raise invalid_input(
            "The SchemaChangePolicy for an incremental crawl "
            "(CRAWL_NEW_FOLDERS_ONLY) must be LOG for UpdateBehavior and DeleteBehavior"
        )


def _check_event_mode(targets: list[Payload]) -> None:
    """AWS Glue guide, "Accelerating crawls using Amazon S3 event notifications"."""
    if len(targets) != 1:
        raise invalid_input("A crawler in event mode (CRAWL_EVENT_MODE) takes a single target")
    if not QUEUE_ARN.fullmatch(targets[0].get("EventQueueArn") or ""):
        raise invalid_input(
            "A crawler in event mode (CRAWL_EVENT_MODE) needs the ARN of an SQS queue as the "
            "EventQueueArn of its target"
        )
    if targets[0].get("SampleSize"):
        raise invalid_input(
            "A crawler in event mode (CRAWL_EVENT_MODE) can't sample: no SampleSize"
        )


def _check_configuration(configuration: str | None) -> None:
    if not configuration:
        return
    try:
        version = json.loads(configuration)["Version"]
    except (ValueError, KeyError, TypeError) as error:
        raise invalid_input(
            'The crawler configuration must be JSON text with a "Version"'
        ) from error
    if version != 1.0:
        raise invalid_input(f"The crawler configuration version {version} is not valid: use 1.0")
