"""Spark's part of a run: stage the objects, find duplicates, make what was staged final."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta, timezone
from functools import partial

from pyspark.sql import SparkSession

from mobile_events.curated.final_files import FinalFile
from mobile_events.curated.finishing import IdWork, RowWork, Seen, Survivors, see
from mobile_events.rows.names import Path
from mobile_events.rows.registry import ColumnKey, Registry
from mobile_events.spark import IdFile, OpenStore, each, find_duplicates
from mobile_events.stage.staged import Staged, StagingArea, Task
from mobile_events.stage.staging import stage
from mobile_events.state.ledger import Day

EPOCH = date(1970, 1, 1)
FIRST_INSTANT = datetime(1970, 1, 1, tzinfo=timezone.utc)

PiecePlace = tuple[int, int]
"""A task's number and the place of a piece among those that it staged."""

Dropped = Mapping[PiecePlace, set[int]]


@dataclass
class Outcome:
    """What a run has ready to be published.

    `files` (each with the folder of its partition) and `ids` (a key and how many ids) are by
    received day; `duplicates` counts by received day and source.
    """

    staged: list[Staged]
    registry: Registry
    files: dict[date, list[tuple[str, FinalFile]]]
    ids: dict[date, tuple[str, int]]
    duplicates: Counter[tuple[date, str]]

    @property
    def all_files(self) -> list[FinalFile]:
        return [file for files in self.files.values() for _, file in files]

    @property
    def newest(self) -> datetime | None:
        """The latest event of all files."""
        newest = max((f.newest for f in self.all_files if f.newest is not None), default=None)
        return None if newest is None else FIRST_INSTANT + timedelta(microseconds=newest)


def process(
    spark: SparkSession,
    area: StagingArea,
    tasks: Sequence[Task],
    published: Mapping[date, Day],
    open_store: OpenStore,
) -> Outcome:
    """Stage all tasks and make what they staged final. `published` has days with ids to respect."""
    settings = area.settings
    staged = each(spark, partial(_stage, area=area, open_store=open_store), tasks, _size)
    repeated = find_duplicates(
        spark,
        _id_files(staged, published),
        settings.bucket,
        settings.dedupe_days,
        open_store,
    )
    sources = {place: raw.source for task in tasks for place, raw in task.objects}
    duplicates: Counter[tuple[date, str]] = Counter()
    for one in staged:
        for source, count in one.duplicates.items():
            duplicates[one.task.day, source] += count
    dropped: dict[PiecePlace, set[int]] = defaultdict(set)
    for row in repeated:
        dropped[row["task"], row["file"]].add(row["row"])
        duplicates[tasks[row["task"]].day, sources[row["object"]]] += 1
    survivors = _survivors(staged, dropped)
    registry = _registry(spark, area, survivors.values(), open_store)
    works: list[RowWork | IdWork] = [
        *_row_works(staged, survivors, registry),
        *_id_works(staged, dropped),
    ]
    results = each(spark, partial(_finish, area=area, open_store=open_store), works, _rows)
    return _outcome(staged, registry, duplicates, zip(works, results, strict=True))


def _id_files(staged: Iterable[Staged], published: Mapping[date, Day]) -> list[IdFile]:
    files = [
        IdFile(one.ids, (one.task.day - EPOCH).days, one.id_count, one.task.number)
        for one in staged
        if one.ids is not None
    ]
    for day, entry in published.items():
        files += [IdFile(file.key, (day - EPOCH).days, file.rows, None) for file in entry.ids]
    return files


def _survivors(staged: Iterable[Staged], dropped: Dropped) -> dict[PiecePlace, Survivors]:
    return {
        (one.task.number, place): Survivors(
            piece, frozenset(dropped.get((one.task.number, place), ()))
        )
        for one in staged
        for place, piece in enumerate(one.pieces)
    }


def _registry(
    spark: SparkSession,
    area: StagingArea,
    survivors: Iterable[Survivors],
    open_store: OpenStore,
) -> Registry:
    """The registry with all columns that some row has a value of."""
    kinds: dict[Path, int] = {}
    siblings: set[ColumnKey] = set()
    unsure: list[Survivors] = []
    found: list[Seen] = []
    for one in survivors:
        if one.dropped and (one.piece.fresh or one.piece.siblings):
            unsure.append(one)
        else:
            found.append(Seen(one.piece.kinds(), set(one.piece.siblings)))
    found += each(spark, partial(_see, area=area, open_store=open_store), unsure, _rows)
    for seen in found:
        siblings |= seen.siblings
        for path, more in seen.kinds.items():
            kinds[path] = kinds.get(path, 0) | more
    return area.registry.extended(kinds, siblings, area.settings.first_seen)


def _row_works(
    staged: Iterable[Staged], survivors: Mapping[PiecePlace, Survivors], registry: Registry
) -> list[RowWork]:
    pieces: dict[tuple[date, str], list[Survivors]] = defaultdict(list)
    for one in staged:
        for place, piece in enumerate(one.pieces):
            pieces[one.task.day, piece.partition].append(survivors[one.task.number, place])
    return [RowWork(*where, tuple(some), registry) for where, some in pieces.items()]


def _id_works(staged: Iterable[Staged], dropped: Dropped) -> list[IdWork]:
    by_task: dict[int, set[tuple[int, int]]] = defaultdict(set)
    for (task, file), rows in dropped.items():
        by_task[task] |= {(file, row) for row in rows}
    days: dict[date, list[Staged]] = defaultdict(list)
    for one in staged:
        if one.ids is not None:
            days[one.task.day].append(one)
    return [
        IdWork(
            day,
            tuple((one.ids or "", frozenset(by_task[one.task.number])) for one in some),
            sum(one.id_count for one in some),
        )
        for day, some in days.items()
    ]


def _outcome(
    staged: list[Staged],
    registry: Registry,
    duplicates: Counter[tuple[date, str]],
    results: Iterable[tuple[RowWork | IdWork, object]],
) -> Outcome:
    outcome = Outcome(staged, registry, {}, {}, duplicates)
    for work, result in results:
        if isinstance(work, RowWork) and isinstance(result, list):
            files = outcome.files.setdefault(work.day, [])
            files += [(work.partition, file) for file in result]
        elif isinstance(result, tuple) and result[1]:
            outcome.ids[work.day] = result
    return outcome


def _size(task: Task) -> int:
    return sum(raw.size for _, raw in task.objects)


def _rows(work: Survivors | RowWork | IdWork) -> int:
    return work.piece.rows if isinstance(work, Survivors) else work.rows


# What Spark's workers run: each opens the store of its own process.


def _stage(task: Task, area: StagingArea, open_store: OpenStore) -> Staged:
    return stage(task, area, open_store())


def _see(survivors: Survivors, area: StagingArea, open_store: OpenStore) -> Seen:
    return see(survivors, area, open_store())


def _finish(
    work: RowWork | IdWork, area: StagingArea, open_store: OpenStore
) -> list[FinalFile] | tuple[str, int]:
    return work.run(area, open_store())
