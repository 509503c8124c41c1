"""Brings the catalog in line with the tables that a crawl found, as far as its policies allow."""

from __future__ import annotations

import hashlib
import logging
import time
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from emulator.crawl.catalog import Catalog, differs
from emulator.crawl.grouping import Table
from emulator.crawl.seen import Seen
from emulator.crawl.settings import CrawlerSettings, Target
from emulator.crawl.summary import CrawlSummary
from emulator.crawl.tables import (
    ATTRIBUTES,
    DEPRECATED,
    UPDATED_BY,
    PartitionInput,
    TableInput,
    as_folder,
    inherit,
    location_of,
    merge_new_columns,
    partition_input,
    table_input,
    table_name,
)

_log = logging.getLogger(__name__)


class Writer:
    """Writes the tables of one crawl; `summary` tells what has been changed so far."""

    def __init__(self, settings: CrawlerSettings, catalog: Catalog, seen: Seen) -> None:
        self.summary = CrawlSummary()
        self._settings = settings
        self._catalog = catalog
        self._seen = seen
        self._locations: dict[str, str] = {}

    def write(self, table: Table, target: Target) -> None:
        """Create or update the table and its partitions."""
        name, known = self._find(table)
        crawled = table_input(name, table, self._settings.name, target.patterns)
        if known is None:
            self._catalog.create_table(crawled)
            self.summary.tables_created.append(name)
            self._write_partitions(crawled, table, {})
            return
        current = self._update_table(known, crawled)
        if current is not None and table.partition_keys:
            self._write_partitions(current, table, self._catalog.partitions(name))

    def remove_missing(self, roots: Sequence[str]) -> None:
        """Delete or deprecate this crawler's tables below `roots` that have no folder left."""
        if self._seen.partial and not self._seen.emptied:
            return
        for table in self._catalog.tables():
            if (
                table.get("Parameters", {}).get(UPDATED_BY) == self._settings.name
                and table["Name"] not in self._locations
                and location_of(table).startswith(tuple(roots))
                and self._is_missing(table)
            ):
                self._remove(table)

    def _is_missing(self, table: TableInput) -> bool:
        """A crawl by events goes by the table's partitions, and removes those that are gone."""
        location = location_of(table)
        if not self._seen.partial:
            return not any(folder.startswith(location) for folder in self._seen.listed)
        if not table.get("PartitionKeys"):
            return self._seen.is_gone(location)
        known = self._catalog.partitions(table["Name"])
        gone = [each for each in known.values() if self._seen.is_gone(location_of(each))]
        if len(gone) == len(known):
            return bool(gone)
        self._remove_partitions(table, known)
        return False

    def _remove(self, table: TableInput) -> None:
        if self._settings.delete_behavior == "DELETE_FROM_DATABASE":
            self._catalog.delete_table(table["Name"])
            self.summary.tables_deleted.append(table["Name"])
        else:
            self._deprecate(table)

    def _find(self, table: Table) -> tuple[str, TableInput | None]:
        """The table's name and record. A name that another folder's table has gets a hash."""
        name = table_name(table.folder_name, self._settings.table_prefix)
        known = self._catalog.table(name)
        taken = known is not None and location_of(known) != as_folder(table.location)
        if taken or self._locations.get(name, table.location) != table.location:
            name += "_" + hashlib.md5(table.location.encode(), usedforsecurity=False).hexdigest()
            known = self._catalog.table(name)
        self._locations[name] = table.location
        return name, known

    def _update_table(self, known: TableInput, crawled: TableInput) -> TableInput | None:
        """The table as it now stands in the catalog; None if the files found don't fit it."""
        keeps_known = self._keeps_known_columns()
        partial = self._seen.partial and bool(known.get("PartitionKeys"))
        if not self._settings.update_tables or keeps_known or partial:
            conflict = _conflict(known, crawled)
            if conflict is not None:
                _log.warning("table %s can't take in what was found: %s", known["Name"], conflict)
                if keeps_known and not partial:
                    self._deprecate(known)
                return None
        wanted = crawled
        if partial and (keeps_known or self._settings.update_tables):
            wanted = _with_statistics_of(known, _with_new_columns(known, crawled))
        elif keeps_known:
            wanted = _with_new_columns(known, crawled)
        elif not self._settings.update_tables:
            if differs(known, crawled):
                _log.info("table %s has changed and is left as it is", known["Name"])
            return known
        if differs(known, wanted):
            self._catalog.update_table(wanted)
            self.summary.tables_updated.append(wanted["Name"])
        return wanted

    def _keeps_known_columns(self) -> bool:
        """MergeNewColumns goes before the update policy, but not in an incremental crawl."""
        return self._settings.merge_new_columns and not self._settings.new_folders_only

    def _deprecate(self, table: TableInput) -> None:
        parameters = table.get("Parameters", {})
        if DEPRECATED in parameters:
            return
        now = str(round(time.time() * 1000))
        self._catalog.update_table({**table, "Parameters": {**parameters, DEPRECATED: now}})
        self.summary.tables_updated.append(table["Name"])

    def _write_partitions(
        self,
        current: TableInput,
        table: Table,
        known: Mapping[tuple[str, ...], PartitionInput],
    ) -> None:
        created: list[PartitionInput] = []
        updated: list[PartitionInput] = []
        for partition in table.partitions:
            crawled = partition_input(partition, self._settings.name)
            if self._settings.partitions_inherit:
                crawled = inherit(crawled, current)
            before = known.get(partition.values)
            if before is None:
                created.append(crawled)
            elif differs(before, after := self._updated_partition(before, crawled)):
                updated.append(after)
        name = current["Name"]
        if self._settings.partition_index and table.partition_keys:
            self._catalog.require_partition_index(current)
        self._catalog.create_partitions(name, created)
        self.summary.partitions_created.extend(_names(name, created))
        self._catalog.update_partitions(name, updated)
        self.summary.partitions_updated.extend(_names(name, updated))
        self._remove_partitions(current, known)

    def _updated_partition(self, before: PartitionInput, crawled: PartitionInput) -> PartitionInput:
        if self._settings.new_folders_only:
            return before
        if self._settings.partitions_inherit:
            return {**before, "StorageDescriptor": crawled["StorageDescriptor"]}
        if self._settings.merge_new_columns:
            merged = merge_new_columns(before["StorageDescriptor"], crawled["StorageDescriptor"])
            return {**before, "StorageDescriptor": merged}
        return crawled if self._settings.update_tables else before

    def _remove_partitions(
        self,
        current: TableInput,
        known: Mapping[tuple[str, ...], PartitionInput],
    ) -> None:
        """Delete partitions whose folder is gone; those that lie elsewhere weren't looked for."""
        gone = [
            values
            for values, partition in known.items()
            if self._seen.is_gone(location_of(partition))
            and location_of(partition).startswith(location_of(current))
        ]
        if not gone or self._settings.new_folders_only:
            return
        name = current["Name"]
        if self._settings.delete_behavior != "DELETE_FROM_DATABASE":
            _log.info("table %s: %d partitions have lost their folder", name, len(gone))
            return
        self._catalog.delete_partitions(name, gone)
        self.summary.partitions_deleted.extend(_names(name, [{"Values": each} for each in gone]))


def _conflict(known: TableInput, crawled: TableInput) -> str | None:
    """Why files of this kind can't stand in this table; None if they can."""
    before, after = known.get("Parameters", {}), crawled["Parameters"]
    for attribute in ATTRIBUTES:
        if before.get(attribute) != after.get(attribute):
            return (
                f"{attribute} is {before.get(attribute)!r} and was found {after.get(attribute)!r}"
            )
    keys, found = len(known.get("PartitionKeys", [])), len(crawled["PartitionKeys"])
    return None if keys == found else f"it has {keys} partition keys and {found} were found"


def _with_new_columns(known: TableInput, crawled: TableInput) -> TableInput:
    parameters: dict[str, Any] = {**known.get("Parameters", {}), **crawled["Parameters"]}
    parameters.pop(DEPRECATED, None)
    return {
        **known,
        "StorageDescriptor": merge_new_columns(
            known["StorageDescriptor"], crawled["StorageDescriptor"]
        ),
        "Parameters": parameters,
    }


def _with_statistics_of(known: TableInput, table: TableInput) -> TableInput:
    """The table with the parameters that it had, where not all of its files were looked at."""
    parameters = {
        name: value for name, value in known.get("Parameters", {}).items() if name != DEPRECATED
    }
    before = known["StorageDescriptor"].get("Parameters", {})
    descriptor = {**table["StorageDescriptor"], "Parameters": before}
    return {**table, "StorageDescriptor": descriptor, "Parameters": parameters}


def _names(table: str, partitions: Iterable[Mapping[str, Any]]) -> list[str]:
    return ["/".join((table, *partition["Values"])) for partition in partitions]
