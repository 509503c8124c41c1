"""What a crawler is set to do, read from the record that GetCrawler gives."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal, cast
from urllib.parse import urlsplit

from emulator.crawl.globs import Exclusions

DeleteBehavior = Literal["LOG", "DELETE_FROM_DATABASE", "DEPRECATE_IN_DATABASE"]


class CrawlError(Exception):
    """The crawl can't be done; the message names the setting and what to do."""


@dataclass(frozen=True)
class Target:
    bucket: str
    prefix: str
    """Folder to crawl, with a final slash; empty for the whole bucket."""
    exclusions: Exclusions
    patterns: tuple[str, ...]
    """The exclusions as full paths, as Glue notes them on the table."""
    sample_size: int | None
    """Files read in each leaf folder; None reads all."""


@dataclass(frozen=True)
class CrawlerSettings:
    name: str
    database: str
    table_prefix: str
    targets: tuple[Target, ...]
    table_level: int | None
    """Depth of the tables' folders, where the bucket is 1; None leaves it to the data."""
    combine_schemas: bool
    """Files of one target make one table however much their columns differ."""
    merge_new_columns: bool
    """Known columns stay as they are, new ones are added."""
    partition_index: bool
    """Partitioned tables get an index (AWS Glue guide, "Generating partition indexes")."""
    partitions_inherit: bool
    """Partitions take format and columns from their table."""
    new_folders_only: bool
    event_queue: str | None
    """ARN of the queue that tells what has changed in the target; only in event mode."""
    update_tables: bool
    delete_behavior: DeleteBehavior


def read_settings(crawler: Mapping[str, Any]) -> CrawlerSettings:
    """The settings of a crawler's record, with Glue's defaults.

    Raises CrawlError for what this crawler can't do: targets other than S3, a configuration that
    isn't JSON.
    """
    name = crawler["Name"]
    configuration = _read_configuration(name, crawler.get("Configuration"))
    grouping = configuration.get("Grouping", {})
    output = configuration.get("CrawlerOutput", {})
    policy = crawler.get("SchemaChangePolicy") or {}
    recrawl = (crawler.get("RecrawlPolicy") or {}).get("RecrawlBehavior", "CRAWL_EVERYTHING")
    new_folders_only = recrawl == "CRAWL_NEW_FOLDERS_ONLY"
    return CrawlerSettings(
        name=name,
        database=crawler["DatabaseName"],
        table_prefix=crawler.get("TablePrefix") or "",
        targets=_read_targets(name, crawler.get("Targets") or {}),
        table_level=grouping.get("TableLevelConfiguration"),
        combine_schemas=grouping.get("TableGroupingPolicy") == "CombineCompatibleSchemas",
        merge_new_columns=_behavior(output, "Tables") == "MergeNewColumns",
        partition_index=configuration.get("CreatePartitionIndex", True),
        partitions_inherit=_behavior(output, "Partitions") == "InheritFromTable",
        new_folders_only=new_folders_only,
        event_queue=_event_queue(name, crawler) if recrawl == "CRAWL_EVENT_MODE" else None,
        update_tables=policy.get("UpdateBehavior", "UPDATE_IN_DATABASE") == "UPDATE_IN_DATABASE"
        and not new_folders_only,
        delete_behavior="LOG"
        if new_folders_only
        else cast(DeleteBehavior, policy.get("DeleteBehavior", "DEPRECATE_IN_DATABASE")),
    )


def _read_configuration(name: str, text: str | None) -> dict[str, Any]:
    if not text:
        return {}
    try:
        configuration = json.loads(text)
    except ValueError as error:
        raise CrawlError(f"crawler {name}: Configuration isn't JSON: {error}") from error
    if not isinstance(configuration, dict):
        raise CrawlError(f"crawler {name}: Configuration must be a JSON object")
    return configuration


def _event_queue(name: str, crawler: Mapping[str, Any]) -> str:
    targets = crawler["Targets"]["S3Targets"]
    queue: str | None = targets[0].get("EventQueueArn")
    if len(targets) != 1 or not queue:
        raise CrawlError(f"crawler {name}: event mode needs one S3 target with an EventQueueArn")
    return queue


def _behavior(output: Mapping[str, Any], kind: str) -> str | None:
    behavior: str | None = output.get(kind, {}).get("AddOrUpdateBehavior")
    return behavior


def _read_targets(name: str, targets: Mapping[str, Any]) -> tuple[Target, ...]:
    others = sorted(kind for kind, listed in targets.items() if listed and kind != "S3Targets")
    if others:
        raise CrawlError(f"crawler {name}: {', '.join(others)} can't be crawled here, only S3")
    if not targets.get("S3Targets"):
        raise CrawlError(f"crawler {name}: Targets has no S3Targets; give it at least one path")
    return tuple(_read_target(name, target) for target in targets["S3Targets"])


def _read_target(name: str, target: Mapping[str, Any]) -> Target:
    # Glue takes a path with or without its scheme.
    path: str = target["Path"]
    url = urlsplit(path if "://" in path else f"s3://{path}", allow_fragments=False)
    prefix = url.path.lstrip("/") + (f"?{url.query}" if url.query else "")
    if not url.netloc:
        raise CrawlError(
            f"crawler {name}: target {path!r} has no bucket; write s3://bucket/folder/"
        )
    if prefix and not prefix.endswith("/"):
        prefix += "/"
    patterns = tuple(target.get("Exclusions") or ())
    try:
        exclusions = Exclusions(patterns)
    except ValueError as error:
        raise CrawlError(f"crawler {name}: {error}") from error
    return Target(
        bucket=url.netloc,
        prefix=prefix,
        exclusions=exclusions,
        patterns=tuple(f"s3://{url.netloc}/{prefix}{pattern}" for pattern in patterns),
        sample_size=target.get("SampleSize"),
    )
