"""Where to read: the objects of the received days asked for, by way of the Data Catalog."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime, timezone
from typing import Any
from urllib.parse import urlsplit

from mobile_events.raw_objects import RawObject
from mobile_events.settings import Source
from mobile_events.storage import THREADS, Store

PARTITION_KEY = "partition_0"
"""What Glue's crawlers call the key of a folder that isn't `key=value`; its values are strings."""

DAYS_IN_AN_EXPRESSION = 100
"""GetPartitions takes an Expression of at most 2048 characters."""


class Catalog:
    """Reads a source's partitions and lists the objects below their locations."""

    def __init__(self, glue: Any, store: Store) -> None:
        self._glue = glue
        self._store = store

    def objects(self, source: Source, days: Iterable[date]) -> list[RawObject]:
        """All objects of these received days, in order of key; empty ones too.

        Only locations that the catalog has for these days are listed. Raises ValueError for a table
        that isn't partitioned by received day alone.
        """
        self._check_table(source)
        folders = {source.folder(day): day for day in days}
        partitions = list(self._partitions(source, list(folders)))
        with ThreadPoolExecutor(THREADS) as pool:
            listed = pool.map(lambda p: self._listed(source, folders, p), partitions)
            found = {(raw.bucket, raw.key): raw for part in listed for raw in part}
        return [found[place] for place in sorted(found)]

    def received_days(self, source: Source) -> list[date]:
        """Every received day that the catalog has for a source, in order."""
        values = (p["Values"][0] for p in self._get_partitions(source, None))
        stamps = (int(v) // source.units_per_second for v in values if v.isdecimal())
        return sorted(datetime.fromtimestamp(stamp, timezone.utc).date() for stamp in stamps)

    def _check_table(self, source: Source) -> None:
        table = self._glue.get_table(DatabaseName=source.database, Name=source.table)["Table"]
        keys = [key["Name"] for key in table.get("PartitionKeys", [])]
        if keys != [PARTITION_KEY]:
            raise ValueError(
                f"source {source.name}: table {source.database}.{source.table} is partitioned by "
                f"{keys}, not by {PARTITION_KEY} alone: crawl the folder above the received days"
            )

    def _partitions(self, source: Source, folders: list[str]) -> Iterator[dict[str, Any]]:
        for start in range(0, len(folders), DAYS_IN_AN_EXPRESSION):
            values = ", ".join(f"'{f}'" for f in folders[start : start + DAYS_IN_AN_EXPRESSION])
            yield from self._get_partitions(source, f"{PARTITION_KEY} IN ({values})")

    def _get_partitions(self, source: Source, expression: str | None) -> Iterator[dict[str, Any]]:
        query = {"Expression": expression} if expression else {}
        pages = self._glue.get_paginator("get_partitions").paginate(
            DatabaseName=source.database,
            TableName=source.table,
            ExcludeColumnSchema=True,
            **query,
        )
        for page in pages:
            yield from page["Partitions"]

    def _listed(
        self, source: Source, folders: dict[str, date], partition: dict[str, Any]
    ) -> list[RawObject]:
        place = urlsplit(partition["StorageDescriptor"]["Location"])
        prefix = place.path.strip("/") + "/"
        day = folders[partition["Values"][0]]
        return [
            RawObject(source.name, day, place.netloc, o["Key"], o["ETag"].strip('"'), o["Size"])
            for o in self._store.entries(place.netloc, prefix)
            if not o["Key"].endswith("/") and not o["Key"].rsplit("/", 1)[-1].startswith(("_", "."))
        ]
