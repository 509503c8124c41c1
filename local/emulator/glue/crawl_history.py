"""How GetCrawler, ListCrawls and GetCrawlerMetrics tell of crawls."""

from __future__ import annotations

import json
import statistics
from typing import TYPE_CHECKING

from emulator.glue.errors import invalid_input
from emulator.glue.region import page
from emulator.glue.runs import Crawl
from emulator.moto_api import Payload

if TYPE_CHECKING:
    from emulator.crawl import CrawlSummary

HISTORY_STATE = {
    "RUNNING": "RUNNING",
    "CANCELLING": "RUNNING",
    "CANCELLED": "STOPPED",
    "SUCCEEDED": "COMPLETED",
    "FAILED": "FAILED",
}
Changes = dict[str, dict[str, list[str]]]


def changes_of(summary: CrawlSummary) -> Changes:
    """The summary by entity and change, without what didn't happen."""
    changes: Changes = {
        "TABLE": {
            "ADD": summary.tables_created,
            "UPDATE": summary.tables_updated,
            "DELETE": summary.tables_deleted,
        },
        "PARTITION": {
            "ADD": summary.partitions_created,
            "UPDATE": summary.partitions_updated,
            "DELETE": summary.partitions_deleted,
        },
    }
    happened = {
        entity: {change: list(names) for change, names in kinds.items() if names}
        for entity, kinds in changes.items()
    }
    return {entity: kinds for entity, kinds in happened.items() if kinds}


def last_crawl(crawl: Crawl) -> Payload:
    """GetCrawler's LastCrawl of a crawl that has ended."""
    described: Payload = {
        "Status": crawl.state,
        "LogGroup": crawl.log_group,
        "LogStream": crawl.crawler,
        "MessagePrefix": crawl.id,
        "StartTime": crawl.started,
    }
    return described | ({"ErrorMessage": crawl.error} if crawl.error else {})


def list_crawls(crawls: list[Crawl], payload: Payload) -> Payload:
    """ListCrawls' answer, newest first. `Summary` is JSON text whose values are JSON text."""
    filters = payload.get("Filters") or []
    kept = [_listed(crawl) for crawl in reversed(crawls) if _matches(crawl, filters)]
    return page(kept, {"MaxResults": 20, **payload}, "Crawls")


def _matches(crawl: Crawl, filters: list[Payload]) -> bool:
    fields = {"CRAWL_ID": crawl.id, "STATE": HISTORY_STATE[crawl.state]}
    for wanted in filters:
        field, operator = wanted.get("FieldName"), wanted.get("FilterOperator")
        if field not in fields or operator not in ("EQ", "NE"):
            raise invalid_input(f"The local Glue filters crawls by {list(fields)} with EQ and NE")
        if (fields[field] == wanted.get("FieldValue")) != (operator == "EQ"):
            return False
    return True


def _listed(crawl: Crawl) -> Payload:
    counted = {
        entity: json.dumps(
            {
                change: {"Count": len(names), "Details": {"names": names}}
                for change, names in kinds.items()
            }
        )
        for entity, kinds in crawl.changes.items()
    }
    listed: Payload = {
        "CrawlId": crawl.id,
        "State": HISTORY_STATE[crawl.state],
        "StartTime": crawl.started,
        "LogGroup": crawl.log_group,
        "LogStream": crawl.crawler,
        "MessagePrefix": crawl.id,
        "DPUHour": 0.0,
    }
    optional = {
        "EndTime": crawl.completed,
        "ErrorMessage": crawl.error,
        "Summary": json.dumps(counted) if counted else None,
    }
    return listed | {name: value for name, value in optional.items() if value is not None}


def metrics(name: str, crawls: list[Crawl]) -> Payload:
    """GetCrawlerMetrics' entry of one crawler: times of all its good crawls, counts of the last."""
    ended = [crawl for crawl in crawls if crawl.state == "SUCCEEDED"]
    seconds = [crawl.seconds for crawl in ended]
    tables = ended[-1].changes.get("TABLE", {}) if ended else {}
    return {
        "CrawlerName": name,
        "TimeLeftSeconds": 0.0,
        "StillEstimating": False,
        "LastRuntimeSeconds": seconds[-1] if seconds else 0.0,
        "MedianRuntimeSeconds": statistics.median(seconds) if seconds else 0.0,
        "TablesCreated": len(tables.get("ADD", [])),
        "TablesUpdated": len(tables.get("UPDATE", [])),
        "TablesDeleted": len(tables.get("DELETE", [])),
    }
