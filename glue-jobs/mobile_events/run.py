"""One run of the job, from settings to report."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Mapping
from typing import Any

from pyspark.sql import DataFrame, SparkSession

from mobile_events import flatten, shapes, staging
from mobile_events.catalog import Catalog
from mobile_events.lines import RawObject, Summary
from mobile_events.publish import Publisher
from mobile_events.report import Report, describe_days
from mobile_events.settings import Settings
from mobile_events.storage import Store, open_in_s3

log = logging.getLogger(__name__)


class NoDataError(RuntimeError):
    """There is no raw object in the received days asked for."""


def run(spark: SparkSession, settings: Settings, glue: Any, s3: Any) -> dict[str, Any]:
    """Take all objects of the received days, replace what those days gave before, and report.

    `glue` and `s3` are boto3 clients. Raises NoDataError, AccountError, MissingObjectsError;
    whatever is raised before publishing, readers see no change.
    """
    staging.configure(spark)
    store = Store(s3)
    report = Report.start(settings)
    publisher = Publisher(store, settings.bucket, settings.prefix, settings.run_id)
    report.warnings += publisher.recover()
    objects = _find_objects(settings, Catalog(glue, store), report)
    log.info("reading %d objects", len(objects))
    previous = publisher.manifests(sorted({raw.received_day for raw in objects}))

    kept, summaries = staging.read(spark, objects, open_in_s3)
    stage = staging.Staging(spark, settings, f"s3://{settings.bucket}/{publisher.staging}")
    _count_read(report, objects, summaries)
    log.info("staging the rows of %d records", sum(s.records for s in summaries.values()))
    _stage(stage, kept, summaries.values(), report)
    kept.unpersist()
    report.check_account()

    numbered = [(raw, summaries[raw.source, raw.key].records) for raw in objects]
    journal = publisher.plan(settings.table, numbered, previous, settings.rebuild)
    log.info("publishing %d files, removing %d", len(journal.copies), len(journal.removals))
    publisher.publish(journal)
    finished = report.to_json()
    publisher.write_report(finished)
    return finished


def _find_objects(settings: Settings, catalog: Catalog, report: Report) -> list[RawObject]:
    objects: list[RawObject] = []
    asked = f"{settings.first_day} to {settings.last_day}"
    for source in settings.sources:
        found = catalog.objects(source, settings.received_days)
        if not found:
            report.warnings.append(f"source {source.name} has no object from {asked}")
        objects += found
    if not objects:
        days = (
            f"{source.name} {describe_days(map(str, catalog.received_days(source)))}"
            for source in settings.sources
        )
        raise NoDataError(
            f"no raw object was received from {asked}; the catalog has these received days: "
            f"{'; '.join(days)}. Pass start_date and end_date, or crawl the raw data first"
        )
    report.objects_seen = report.objects_processed = len(objects)
    return objects


def _count_read(
    report: Report, objects: list[RawObject], summaries: Mapping[tuple[str, str], Summary]
) -> None:
    for raw in objects:
        summary = summaries[raw.source, raw.key]
        report.sources[raw.source].records_read += summary.records
        if not summary.readable:
            report.unreadable.append(raw.key)
            report.warnings.append(f"{raw.key} could not be unzipped to its end")


def _stage(
    stage: staging.Staging, kept: DataFrame, summaries: Iterable[Summary], report: Report
) -> None:
    """Write rows and quarantine, and count both as they were written."""
    shape: shapes.Shape = {}
    bad = 0
    for summary in summaries:
        shapes.merge(shape, summary.shape)
        bad += summary.reasons.total()
    total = sum(counts.records_read for counts in report.sources.values())
    plan = flatten.plan_columns(shape, report.settings.drop_fields)
    written = 0
    if total > bad:
        stage.write_rows(kept, plan)
        platforms, report.dates = stage.count_rows()
        written = platforms.total()
        for name, rows in platforms.items():
            report.sources[name].rows_written = rows
    if total > written:
        stage.write_quarantine(kept, plan if total - bad > written else None)
        for (name, reason), records in stage.count_quarantine().items():
            report.sources[name].quarantined += records
            report.quarantine_reasons[reason] += records
