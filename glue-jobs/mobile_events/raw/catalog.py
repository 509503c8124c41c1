"""Where to read: the objects of the received days asked for, by way of the Data Catalog."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime, timezone
from typing import Any
from urllib.parse import urlsplit

from mobile_events.raw.projection import PARTITION_KEY, Projection
from mobile_events.raw.raw_objects import RawObject
from mobile_events.settings import Source
from mobile_events.storage import THREADS, Store

DAYS_IN_AN_EXPRESSION = 100
"""GetPartitions takes an Expression of at most 2048 characters."""


class Catalog:
    """Lists the objects of a source's received days, at the places that its table says."""

    def __init__(self, glue: Any, store: Store) -> None:
        self._glue = glue
        self._store = store

    def objects(self, source: Source, days: Iterable[date]) -> list[RawObject]:
        """All objects of these received days, in order of key; empty ones too.

        Only the places of these days are listed. Raises ValueError for a table that isn't
        partitioned by received day alone.
        """
        folders = {source.folder(day): day for day in days}
        places = list(self._places(source, list(folders)))
        with ThreadPoolExecutor(THREADS) as pool:
            listed = pool.map(lambda p: self._listed(source, folders[p[0]], p[1]), places)
            found = {(raw.bucket, raw.key): raw for part in listed for raw in part}
        return [found[place] for place in sorted(found)]

    def received_days(self, source: Source) -> list[date]:
        """Every received day that a source has a partition or, if they're computed, a folder of."""
        stamps = (int(v) // source.units_per_second for v in self._all_folders(source))
        return sorted(datetime.fromtimestamp(stamp, timezone.utc).date() for stamp in stamps)

    def _all_folders(self, source: Source) -> Iterator[str]:
        projection = self._projection(source)
        if projection is None:
            names = (p["Values"][0] for p in self._get_partitions(source, None))
            yield from filter(str.isdecimal, names)
            return
        for prefix in self._store.folders(projection.bucket, projection.prefix):
            name = prefix.removeprefix(projection.prefix).rstrip("/")
            if name.isdecimal() and projection.has(name):
                yield name

    def _places(self, source: Source, folders: list[str]) -> Iterator[tuple[str, str]]:
        """Those of the received-day folders that the table has, each with its location."""
        projection = self._projection(source)
        if projection is not None:
            yield from ((f, projection.location(f)) for f in folders if projection.has(f))
            return
        for partition in self._partitions(source, folders):
            yield partition["Values"][0], partition["StorageDescriptor"]["Location"]

    def _projection(self, source: Source) -> Projection | None:
        table = self._glue.get_table(DatabaseName=source.database, Name=source.table)["Table"]
        keys = [key["Name"] for key in table.get("PartitionKeys", [])]
        if keys != [PARTITION_KEY]:
            raise ValueError(
                f"source {source.name}: table {source.database}.{source.table} is partitioned by "
                f"{keys}, not by {PARTITION_KEY} alone: crawl the folder above the received days"
            )
        return Projection.of(table, source)

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

    def _listed(self, source: Source, day: date, location: str) -> list[RawObject]:
        place = urlsplit(location)
        prefix = place.path.strip("/") + "/"
        return [
            RawObject(source.name, day, place.netloc, o["Key"], o["ETag"].strip('"'), o["Size"])
            for o in self._store.entries(place.netloc, prefix)
            if not o["Key"].endswith("/") and not o["Key"].rsplit("/", 1)[-1].startswith(("_", "."))
        ]
