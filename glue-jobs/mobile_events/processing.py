"""Spark's part of a run: stage the objects, find duplicates, make the files final."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import partial

from pyspark.sql import SparkSession

from mobile_events.finishing import Rewrite, Seen, drop_ids, finish, see
from mobile_events.ledger import Day
from mobile_events.names import Path
from mobile_events.registry import ColumnKey, Registry
from mobile_events.spark import IdFile, OpenStore, each, find_duplicates
from mobile_events.staged import Staged, StagedFile, Task
from mobile_events.staging import StagingArea, stage

EPOCH = date(1970, 1, 1)

FilePlace = tuple[int, int]
"""A task's number and the place of a file among those that it staged."""


@dataclass
class Outcome:
    """What a run has ready to be published.

    `duplicates` counts by task and source. `files` and `ids` (a key and how many ids) are by task.
    """

    staged: list[Staged]
    registry: Registry
    duplicates: Counter[tuple[int, str]]
    files: dict[int, list[StagedFile]] = field(default_factory=lambda: defaultdict(list))
    ids: dict[int, tuple[str, int]] = field(default_factory=dict)

    @property
    def all_files(self) -> list[StagedFile]:
        return [file for files in self.files.values() for file in files]

    @property
    def newest(self) -> int | None:
        """The latest event of all files, in microseconds since 1970."""
        return max((f.newest for f in self.all_files if f.newest is not None), default=None)


def process(
    spark: SparkSession,
    area: StagingArea,
    tasks: Sequence[Task],
    published: Mapping[date, Day],
    open_store: OpenStore,
) -> Outcome:
    """Stage all tasks and make what they staged final. `published` has days with ids to respect."""
    settings = area.settings
    staged = each(spark, partial(_stage, area=area, open_store=open_store), tasks)
    sources = {place: raw.source for task in tasks for place, raw in task.objects}
    found = find_duplicates(
        spark,
        _id_files(staged, published),
        settings.bucket,
        settings.dedupe_days,
        open_store,
    )
    dropped: dict[FilePlace, set[int]] = defaultdict(set)
    duplicates = Counter(
        {(one.task.number, source): n for one in staged for source, n in one.duplicates.items()}
    )
    for row in found:
        dropped[row["task"], row["file"]].add(row["row"])
        duplicates[row["task"], sources[row["object"]]] += 1
    files = _Files(spark, area, staged, dropped, open_store)
    registry = files.registry()
    outcome = Outcome(staged, registry, duplicates)
    for task, file in files.final(registry):
        outcome.files[task].append(file)
    outcome.ids = files.ids()
    return outcome


class _Files:
    """Staged files, with the rows of each that are duplicates."""

    def __init__(
        self,
        spark: SparkSession,
        area: StagingArea,
        staged: Iterable[Staged],
        dropped: Mapping[FilePlace, set[int]],
        open_store: OpenStore,
    ) -> None:
        self._spark = spark
        self._area = area
        self._staged = list(staged)
        self._dropped = dropped
        self._open_store = open_store
        self._files: dict[FilePlace, StagedFile] = {
            (one.task.number, place): file
            for one in self._staged
            for place, file in enumerate(one.files)
        }

    def registry(self) -> Registry:
        """The registry with all columns that some row has a value of."""
        kinds: dict[Path, int] = {}
        siblings: set[ColumnKey] = set()
        for seen in self._seen():
            siblings |= seen.siblings
            for path, found in seen.kinds.items():
                kinds[path] = kinds.get(path, 0) | found
        return self._area.registry.extended(kinds, siblings, self._area.settings.first_seen)

    def _seen(self) -> list[Seen]:
        unsure = {
            place
            for place, file in self._files.items()
            if self._dropped.get(place) and (file.fresh or file.siblings)
        }
        sure = [
            Seen(file.kinds(), set(file.siblings))
            for place, file in self._files.items()
            if place not in unsure
        ]
        rewrites = [self._rewrite(place, self._area.registry) for place in sorted(unsure)]
        return sure + each(self._spark, partial(_see, open_store=self._open_store), rewrites)

    def final(self, registry: Registry) -> list[tuple[int, StagedFile]]:
        """All files as they are to be published, by task; those that have no row left are gone."""
        as_csv = self._area.settings.output_format == "csv"
        places = sorted(self._files)
        again = [
            place
            for place in places
            if as_csv or self._dropped.get(place) or not self._files[place].stands(registry)
        ]
        rewrites = [self._rewrite(place, registry) for place in again]
        written = each(self._spark, partial(_finish, open_store=self._open_store), rewrites)
        files = {**self._files, **dict(zip(again, written, strict=True))}
        return [(place[0], files[place]) for place in places if files[place].rows]

    def ids(self) -> dict[int, tuple[str, int]]:
        """The file of ids of each task that has ids left."""
        dropped: dict[int, set[tuple[int, int]]] = defaultdict(set)
        for (task, file), rows in self._dropped.items():
            dropped[task] |= {(file, row) for row in rows}
        there = {one.task.number: (one.ids, one.id_count) for one in self._staged}
        bucket = self._area.settings.bucket
        items = [(bucket, there[task][0] or "", frozenset(gone)) for task, gone in dropped.items()]
        written = each(self._spark, partial(_drop_ids, open_store=self._open_store), items)
        there |= dict(zip(dropped, written, strict=True))
        return {task: (key, count) for task, (key, count) in there.items() if key and count}

    def _rewrite(self, place: FilePlace, after: Registry) -> Rewrite:
        return Rewrite(
            self._area.settings.bucket,
            self._files[place],
            frozenset(self._dropped.get(place, ())),
            self._area.registry,
            after,
            self._area.settings.output_format,
        )


def _id_files(staged: Iterable[Staged], published: Mapping[date, Day]) -> list[IdFile]:
    files = [
        IdFile(one.ids, (one.task.day - EPOCH).days, one.id_count, one.task.number)
        for one in staged
        if one.ids is not None
    ]
    for day, entry in published.items():
        files += [IdFile(file.key, (day - EPOCH).days, file.rows, None) for file in entry.ids]
    return files


# What Spark's workers run: each opens the store of its own process.


def _stage(task: Task, area: StagingArea, open_store: OpenStore) -> Staged:
    return stage(task, area, open_store())


def _see(rewrite: Rewrite, open_store: OpenStore) -> Seen:
    return see(rewrite, open_store())


def _finish(rewrite: Rewrite, open_store: OpenStore) -> StagedFile:
    return finish(rewrite, open_store())


def _drop_ids(
    item: tuple[str, str, frozenset[tuple[int, int]]], open_store: OpenStore
) -> tuple[str, int]:
    bucket, key, places = item
    return drop_ids(bucket, key, places, open_store())
