"""One run of the job, from settings to report."""

from __future__ import annotations

import logging
from typing import Any

from pyspark.sql import SparkSession

from mobile_events import storage
from mobile_events.audit import Findings, audit
from mobile_events.compaction import compact
from mobile_events.curated.curated_tables import CuratedTables
from mobile_events.curated.publish import Journal, Publisher
from mobile_events.posting import Posting, journal_of, post, rows_by_day
from mobile_events.processing import Outcome, process
from mobile_events.raw.catalog import Catalog
from mobile_events.report import Report
from mobile_events.selection import Selection, select
from mobile_events.settings import Settings
from mobile_events.spark import Cluster, OpenStore
from mobile_events.stage.staged import StagingArea
from mobile_events.stage.tasks import plan_tasks
from mobile_events.state.ledger import Ledger
from mobile_events.state.lock import lock
from mobile_events.state.schema import Schema
from mobile_events.workers import most_cores

log = logging.getLogger(__name__)


def run(
    spark: SparkSession, settings: Settings, glue: Any, open_store: OpenStore = storage.store
) -> dict[str, Any]:
    """Take in the new raw objects of the received days (or rebuild or compact them), and report.

    `glue` is a boto3 client. Raises OtherRunError, NoDataError, SchemaError, AccountError,
    AuditError; whatever is raised before publishing, readers see no change.
    """
    store = open_store()
    place = (settings.bucket, f"{settings.prefix}_lock.json")
    with lock(store, glue, place, settings.job, settings.run_id):
        return _Run(spark, settings, glue, open_store).report()


class _Run:
    def __init__(
        self, spark: SparkSession, settings: Settings, glue: Any, open_store: OpenStore
    ) -> None:
        self._spark = spark
        self._settings = settings
        self._glue = glue
        self._open_store = open_store
        self._store = store = open_store()
        self._ledger = Ledger(store, settings.bucket, settings.prefix)
        self._publisher = Publisher(store, settings.bucket, settings.prefix, settings.run_id)
        self._report = Report.start(settings)

    def report(self) -> dict[str, Any]:
        """Do what is asked, and tell."""
        self._report.warnings += self._publisher.recover()
        schema = self._compact() if self._settings.compact else self._take_in()
        if schema.exists:
            CuratedTables(self._glue, self._settings).update(schema.registry)
        finished = self._report.to_json()
        self._publisher.write_report(finished)
        return finished

    def _compact(self) -> Schema:
        schema = Schema.read(self._store, self._settings).to_start_with(anew=False)
        settings, staging = self._settings, self._publisher.staging
        self._publisher.open_staging()
        self._publish(compact(self._cluster(), settings, self._ledger, staging, self._open_store))
        return schema

    def _take_in(self) -> Schema:
        selection = select(self._settings, Catalog(self._glue, self._store), self._ledger)
        self._report.add_selection(selection)
        schema = Schema.read(self._store, self._settings)
        schema = schema.to_start_with(selection.starts_anew)
        if not selection.objects:
            return schema
        outcome = self._process(selection, schema)
        posting = post(self._settings, outcome)
        self._tell(selection, outcome, posting)
        self._report.new_columns = schema.new_columns(outcome.registry)
        schema = schema.with_registry(outcome.registry)
        self._publish(journal_of(posting, self._settings, self._ledger, selection, schema))
        return schema

    def _process(self, selection: Selection, schema: Schema) -> Outcome:
        settings = self._settings
        cluster = self._cluster()
        tasks = plan_tasks(selection.objects, cluster.cores, settings.target_file_bytes)
        log.info(
            "reading %d objects in %d tasks, for %d cores",
            *(len(selection.objects), len(tasks), cluster.cores),
        )
        self._publisher.open_staging()
        area = StagingArea(settings, schema.registry, self._publisher.staging)
        published = selection.published_ids(settings.dedupe_days)
        return process(cluster, area, tasks, published, self._open_store)

    def _cluster(self) -> Cluster:
        settings = self._settings
        return Cluster.of(self._spark, most_cores(self._glue, settings.job, settings.run_id))

    def _tell(self, selection: Selection, outcome: Outcome, posting: Posting) -> None:
        """Fill in the report, and hold what was staged against the thresholds."""
        report, settings = self._report, self._settings
        report.sources = posting.sources(report.sources)
        report.add_outcome(outcome)
        findings = Findings(report.sources, rows_by_day(posting, selection), outcome.newest)
        report.warnings += audit(settings, findings, selection.ledger, report.started_at)

    def _publish(self, journal: Journal) -> None:
        log.info("publishing %d files, removing %d", len(journal.copies), len(journal.removals))
        self._publisher.publish(journal)
