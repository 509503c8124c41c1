"""Metrics of a run for CloudWatch, from its report, for alarms and dashboards."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Mapping
from datetime import date, datetime
from typing import Any

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from mobile_events.audit import age_in_hours

NAMESPACE = "GlueEtl"
log = logging.getLogger(__name__)


def metrics_client() -> Any:
    """A CloudWatch client that gives up soon: a job in a subnet without a way there still ends."""
    retries = {"mode": "standard", "max_attempts": 2}
    return boto3.client(
        "cloudwatch", config=Config(connect_timeout=5, read_timeout=10, retries=retries)
    )


def put_metrics(cloudwatch: Any, report: Mapping[str, Any]) -> list[str]:
    """Put a run's metrics by its job's name. Gives warnings: what is published stays so, whatever
    becomes of them."""
    dimensions = [{"Name": "JobName", "Value": report["job"]}]
    data = [
        {"MetricName": name, "Dimensions": dimensions, "Unit": unit, "Value": value}
        for name, unit, value in metrics(report)
    ]
    try:
        cloudwatch.put_metric_data(Namespace=NAMESPACE, MetricData=data)
    except (BotoCoreError, ClientError) as error:
        log.warning("metrics were not put", exc_info=True)
        return [f"the run's metrics could not be put to CloudWatch: {error}"]
    return []


def metrics(report: Mapping[str, Any]) -> Iterator[tuple[str, str, float]]:
    """Name, unit and value of each metric; none for what a run without records or rows hasn't."""
    sources = report["sources"].values()
    names = ("records_read", "rows_written", "duplicates", "quarantined")
    counts = {name: sum(source[name] for source in sources) for name in names}
    yield "RecordsRead", "Count", counts["records_read"]
    yield "RowsWritten", "Count", counts["rows_written"]
    yield "Duplicates", "Count", counts["duplicates"]
    yield "Quarantined", "Count", counts["quarantined"]
    if counts["records_read"]:
        yield "QuarantinedShare", "None", counts["quarantined"] / counts["records_read"]
    started = _at(report["started_at"])
    yield "RunSeconds", "Seconds", (_at(report["finished_at"]) - started).total_seconds()
    if report["newest_event"]:
        last_day = date.fromisoformat(report["received_days"]["last"])
        age = age_in_hours(_at(report["newest_event"]), last_day, started)
        yield "NewestEventAgeHours", "None", age


def _at(text: str) -> datetime:
    # Before Python 3.11, fromisoformat takes no `Z`.
    return datetime.fromisoformat(text.replace("Z", "+00:00"))
