"""One crawl: list, sample, find the tables, write what is new."""

from __future__ import annotations

import logging
from collections.abc import Collection, Mapping, Sequence
from concurrent.futures import Executor, ThreadPoolExecutor
from typing import Any

from botocore.client import BaseClient

from emulator.crawl.catalog import Catalog
from emulator.crawl.classifiers import csv_rules
from emulator.crawl.event_queue import EventQueue
from emulator.crawl.grouping import SIMILARITY, Table, find_tables, similarity, table_at
from emulator.crawl.listing import Folder, list_folders, list_named
from emulator.crawl.sampling import Sample, sample_folders
from emulator.crawl.schema.delimited import Rules
from emulator.crawl.seen import Seen
from emulator.crawl.settings import CrawlerSettings, Target, read_settings
from emulator.crawl.summary import CrawlSummary
from emulator.crawl.tables import (
    UPDATED_BY,
    PartitionInput,
    TableInput,
    columns_of,
    location_of,
)
from emulator.crawl.writer import Writer

_THREADS = 8

_log = logging.getLogger(__name__)


def run_crawl(
    crawler: Mapping[str, Any],
    glue: BaseClient,
    s3: BaseClient,
    sqs: BaseClient | None = None,
    classifiers: Sequence[Mapping[str, Any]] = (),
) -> CrawlSummary:
    """Crawl the S3 targets of a crawler and write what was found to its database.

    `crawler` is the record as GetCrawler gives it; the clients carry the crawler's credentials.
    With `sqs`, only the folders that the target's event queue tells of are crawled. `classifiers`
    are the crawler's own, as GetClassifier gives them; they are tried before Glue's.
    Raises CrawlError for settings that can't be run, CatalogError for partitions that the catalog
    refuses, and the ClientError of S3, Glue or SQS, such as NoSuchBucket or AccessDenied.
    """
    settings = read_settings(crawler)
    rules = csv_rules(classifiers)
    catalog = Catalog(glue, settings.database)
    catalog.require_database()
    for bucket in sorted({target.bucket for target in settings.targets}):
        # What a crawler's role must allow beside listing and reading (AWS Glue guide, "Crawler
        # prerequisites", which points to AWSGlueServiceRole).
        s3.get_bucket_location(Bucket=bucket)
        s3.head_bucket(Bucket=bucket)
    with ThreadPoolExecutor(_THREADS, "crawl") as executor:
        if sqs is None or settings.event_queue is None:
            return _Crawl(settings, catalog, s3, executor, rules, Seen(partial=False)).crawl_all()
        queue = EventQueue(sqs, settings.event_queue)
        crawl = _Crawl(settings, catalog, s3, executor, rules, Seen(partial=True))
        summary = crawl.crawl_changed(queue.changed())
        queue.delete_received()
        return summary


class _Crawl:
    def __init__(
        self,
        settings: CrawlerSettings,
        catalog: Catalog,
        s3: BaseClient,
        executor: Executor,
        rules: Sequence[Rules],
        seen: Seen,
    ) -> None:
        self._settings = settings
        self._catalog = catalog
        self._s3 = s3
        self._executor = executor
        self._rules = rules
        self._seen = seen
        self._writer = Writer(settings, catalog, seen)

    def crawl_all(self) -> CrawlSummary:
        """Crawl what lies below the targets, or what is new there."""
        for target in self._settings.targets:
            known = self._known_tables(target) if self._settings.new_folders_only else []
            self._crawl(target, self._list(target, known), known)
        return self._finish()

    def crawl_changed(self, objects: Collection[tuple[str, str]]) -> CrawlSummary:
        """Crawl the folders of these objects, by bucket and key, as far as a target has them."""
        for target in self._settings.targets:
            prefixes = {
                key[: key.rfind("/") + 1] for bucket, key in objects if bucket == target.bucket
            }
            folders = list_named(self._s3, target, self._executor, prefixes)
            if folders:
                self._crawl(target, folders, self._known_tables(target))
        return self._finish()

    def _crawl(
        self, target: Target, folders: Sequence[Folder], known: Sequence[TableInput]
    ) -> None:
        filled = [folder for folder in folders if folder.objects]
        self._seen.listed.update(folder.location for folder in filled)
        self._seen.emptied.update(folder.location for folder in folders if not folder.objects)
        samples = sample_folders(self._s3, filled, target.sample_size, self._executor, self._rules)
        for table in self._tables(target, samples, known):
            self._writer.write(table, target)

    def _finish(self) -> CrawlSummary:
        if self._settings.delete_behavior != "LOG":
            roots = [f"s3://{target.bucket}/{target.prefix}" for target in self._settings.targets]
            self._writer.remove_missing(roots)
        return self._writer.summary

    def _known_tables(self, target: Target) -> list[TableInput]:
        """What earlier crawls made of the target, by location."""
        root = f"s3://{target.bucket}/{target.prefix}"
        tables = [
            table
            for table in self._catalog.tables()
            if table.get("Parameters", {}).get(UPDATED_BY) == self._settings.name
            and location_of(table).startswith(root)
        ]
        return sorted(tables, key=location_of)

    def _list(self, target: Target, known: Sequence[TableInput]) -> list[Folder]:
        """The target's folders, without those that are in the catalog already."""
        crawled = {
            _prefix(target, record)
            for table in known
            for record in (
                self._catalog.partitions(table["Name"]).values()
                if table.get("PartitionKeys")
                else [table]
            )
        }
        folders = list_folders(self._s3, target, self._executor, skip=crawled)
        return [folder for folder in folders if folder.prefix not in crawled]

    def _tables(
        self, target: Target, samples: Sequence[Sample], known: Sequence[TableInput]
    ) -> list[Table]:
        level = self._settings.table_level
        extended: list[Table] = []
        for table in known:
            prefix = _prefix(target, table)
            below = [sample for sample in samples if sample.folder.prefix.startswith(prefix)]
            samples = [sample for sample in samples if sample not in below]
            # Tables that are new stand beside those that are known.
            level = level or prefix.count("/") + 1
            if below and (found := self._extension(prefix, below, table)) is not None:
                extended.append(found)
        new = find_tables(
            target.prefix,
            samples,
            table_level=level,
            combine_schemas=self._settings.combine_schemas,
        )
        return extended + new

    def _extension(self, prefix: str, samples: Sequence[Sample], known: TableInput) -> Table | None:
        """New folders of a known table, without those whose columns are too different."""
        columns = columns_of(known["StorageDescriptor"])
        fitting = [
            sample
            for sample in samples
            if self._settings.combine_schemas
            or similarity(columns, sample.schema.columns) >= SIMILARITY
        ]
        if len(fitting) < len(samples):
            _log.warning(
                "table %s: %d new folders left out, their columns are too different",
                known["Name"],
                len(samples) - len(fitting),
            )
        return table_at(prefix, fitting) if fitting else None


def _prefix(target: Target, record: TableInput | PartitionInput) -> str:
    return location_of(record)[len(f"s3://{target.bucket}/") :]
