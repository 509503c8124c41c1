"""Spark's part of a run: stage the objects, find duplicates, make what was staged final."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta, timezone
from functools import partial

import numpy as np
import pyarrow as pa

from mobile_events.curated import finishing
from mobile_events.curated.final_files import FinalFile
from mobile_events.curated.finishing import (
    NO_ROWS,
    Candidates,
    IdWork,
    Rows,
    RowWork,
    Seen,
    Survivors,
    see,
)
from mobile_events.rows.names import Path
from mobile_events.rows.registry import ColumnKey, Registry
from mobile_events.settings import Settings
from mobile_events.spark import (
    IDS_AT_ONCE,
    REQUEST_SECONDS,
    Cluster,
    IdFile,
    OpenStore,
    each,
    find_duplicates,
)
from mobile_events.stage.staged import Staged, StagingArea, Task
from mobile_events.stage.staging import stage
from mobile_events.stage.tasks import grouped
from mobile_events.state.ledger import Day

EPOCH = date(1970, 1, 1)
FIRST_INSTANT = datetime(1970, 1, 1, tzinfo=timezone.utc)

PiecePlace = tuple[int, int]
"""A task's number and the place of a piece among those that it staged."""

Dropped = Mapping[PiecePlace, Rows]

STAGED_BYTES_A_SECOND = 2_500_000
"""Gzipped, that a core of Glue may read and stage (docs/job.md)."""

ROWS_A_SECOND = 120_000
"""Staged, that a core of Glue may make final."""

FINAL_SHARE = {"parquet": 0.3, "csv": 0.5}
"""Of the bytes of staged pieces, about what their rows have as files; it is 0.25 and 0.43 of
Segment's events (`npm run bench:etl`)."""


@dataclass
class Outcome:
    """What a run has ready to be published.

    `files` (each with the folder of its partition) and `ids` are by received day; `duplicates`
    counts by received day and source.
    """

    staged: list[Staged]
    registry: Registry
    files: dict[date, list[tuple[str, FinalFile]]]
    ids: dict[date, list[finishing.IdFile]]
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
    cluster: Cluster,
    area: StagingArea,
    tasks: Sequence[Task],
    published: Mapping[date, Day],
    open_store: OpenStore,
) -> Outcome:
    """Stage all tasks and make what they staged final. `published` has days with ids to respect."""
    settings = area.settings
    staging = partial(_stage, area=area, open_store=open_store)
    staged = each(cluster, staging, tasks, _staging_seconds)
    found = find_duplicates(
        cluster,
        _id_files(staged, published),
        settings.bucket,
        settings.dedupe_days,
        open_store,
    )
    dropped = _dropped(found)
    survivors = _survivors(staged, dropped)
    registry = _registry(cluster, area, survivors.values(), open_store)
    works: list[RowWork | IdWork] = [
        *_row_works(staged, survivors, settings),
        *_id_works(staged, dropped),
    ]
    finish = partial(_finish, area=area, registry=registry, open_store=open_store)
    results = each(cluster, finish, works, _finishing_seconds)
    duplicates = _duplicates(staged, found)
    return _outcome(staged, registry, duplicates, zip(works, results, strict=True))


def _dropped(found: pa.Table) -> dict[PiecePlace, Rows]:
    """The rows to drop of each piece. There may be millions of rows, so they stay arrays."""
    if not len(found):
        return {}
    found = found.sort_by([("task", "ascending"), ("file", "ascending")])
    tasks, files, rows = (found[name].to_numpy() for name in ("task", "file", "row"))
    begins = np.flatnonzero((np.diff(tasks) != 0) | (np.diff(files) != 0)) + 1
    firsts = [0, *begins.tolist()]
    places = zip(tasks[firsts].tolist(), files[firsts].tolist(), strict=True)
    return dict(zip(places, np.split(rows, begins), strict=True))


def _duplicates(staged: Sequence[Staged], found: pa.Table) -> Counter[tuple[date, str]]:
    """All duplicates, by received day and source: those that a task dropped itself, and `found`."""
    counts: Counter[tuple[date, str]] = Counter()
    origins: dict[int, tuple[date, str]] = {}
    for one in staged:
        for source, count in one.duplicates.items():
            counts[one.task.day, source] += count
        for place, raw in one.task.objects:
            origins[place] = (one.task.day, raw.source)
    for entry in found["object"].value_counts().to_pylist():
        counts[origins[entry["values"]]] += entry["counts"]
    return counts


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
        (one.task.number, place): Survivors(piece, dropped.get((one.task.number, place), NO_ROWS))
        for one in staged
        for place, piece in enumerate(one.pieces)
    }


def _registry(
    cluster: Cluster,
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
        if len(one.dropped) and (one.piece.fresh or one.piece.siblings):
            unsure.append(one)
        else:
            found.append(Seen(one.piece.kinds(), set(one.piece.siblings)))
    looking = partial(_see, area=area, open_store=open_store)
    found += each(cluster, looking, unsure, _looking_seconds)
    for seen in found:
        siblings |= seen.siblings
        for path, more in seen.kinds.items():
            kinds[path] = kinds.get(path, 0) | more
    return area.registry.extended(kinds, siblings, area.settings.first_seen)


def _row_works(
    staged: Iterable[Staged], survivors: Mapping[PiecePlace, Survivors], settings: Settings
) -> Iterator[RowWork]:
    """The pieces of each received day and partition, in as many works as make a file each."""
    pieces: dict[tuple[date, str], list[Survivors]] = defaultdict(list)
    for one in staged:
        for place, piece in enumerate(one.pieces):
            pieces[one.task.day, piece.partition].append(survivors[one.task.number, place])
    most = settings.target_file_bytes / FINAL_SHARE[settings.output_format]
    for (day, partition), some in pieces.items():
        for group in grouped(some, [survivors.piece.bytes for survivors in some], most):
            yield RowWork(day, partition, tuple(group))


def _id_works(staged: Iterable[Staged], dropped: Dropped) -> Iterator[IdWork]:
    """The candidates of each received day, in as many works as make a file each."""
    of_task: dict[int, dict[int, Rows]] = defaultdict(dict)
    for (task, file), rows in dropped.items():
        of_task[task][file] = rows
    days: dict[date, list[Candidates]] = defaultdict(list)
    for one in staged:
        if one.ids is not None:
            candidates = Candidates(one.ids, one.id_count, of_task.get(one.task.number, {}))
            days[one.task.day].append(candidates)
    for day, some in days.items():
        for group in grouped(some, [candidates.ids for candidates in some], IDS_AT_ONCE):
            yield IdWork(day, tuple(group))


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
        elif isinstance(result, finishing.IdFile) and result.ids:
            outcome.ids.setdefault(work.day, []).append(result)
    return outcome


# About how long work takes one core.


def _staging_seconds(task: Task) -> float:
    size = sum(raw.size for _, raw in task.objects)
    return len(task.objects) * REQUEST_SECONDS + size / STAGED_BYTES_A_SECOND


def _looking_seconds(survivors: Survivors) -> float:
    return REQUEST_SECONDS + survivors.piece.rows / ROWS_A_SECOND


def _finishing_seconds(work: RowWork | IdWork) -> float:
    files = work.pieces if isinstance(work, RowWork) else work.files
    return len(files) * REQUEST_SECONDS + work.rows / ROWS_A_SECOND


# What Spark's workers run: each opens the store of its own process.


def _stage(task: Task, area: StagingArea, open_store: OpenStore) -> Staged:
    return stage(task, area, open_store())


def _see(survivors: Survivors, area: StagingArea, open_store: OpenStore) -> Seen:
    return see(survivors, area, open_store())


def _finish(
    work: RowWork | IdWork, area: StagingArea, registry: Registry, open_store: OpenStore
) -> list[FinalFile] | finishing.IdFile:
    if isinstance(work, RowWork):
        return work.run(area, registry, open_store())
    return work.run(area, open_store())
