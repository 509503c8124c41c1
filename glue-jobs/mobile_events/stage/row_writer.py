"""Writes the rows of a task to pieces, and what duplicates are told by to a narrow file."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from mobile_events.rows import batch as batches
from mobile_events.rows.batch import Batch
from mobile_events.rows.instants import wall_time
from mobile_events.rows.registry import Registry
from mobile_events.stage.attempt import Attempt
from mobile_events.stage.duplicates import CANDIDATES, LAST, losers
from mobile_events.stage.pieces import Piece, Pieces
from mobile_events.stage.staged import FreshColumn, StagedPiece, StagingArea


class RowWriter:
    """Writes rows by partition, and beside them what duplicates are told by.

    `duplicates` counts, by source, rows that are left out since the task has a better one.
    """

    def __init__(self, area: StagingArea, folder: Path) -> None:
        self.duplicates: Counter[str] = Counter()
        self._area = area
        self._data = Pieces(folder)
        self._staged: dict[int, StagedPiece] = {}
        self._folder = folder
        self._candidates: Piece | None = None
        self._seen: list[pa.Table] = []

    @property
    def id_count(self) -> int:
        """The number of candidates."""
        return 0 if self._candidates is None else self._candidates.rows

    def write(self, batch: Batch) -> None:
        settings = self._area.settings
        known = self._area.registry
        wall = wall_time(batch.own["utc_timestamp"], settings.time_zone)
        batch.own["local_timestamp"] = wall
        lost = self._lost(_candidates(batch))
        self.duplicates.update(batch.own["platform"].take(pa.array(lost, pa.int64())).to_pylist())
        kept = np.ones(batch.rows, bool)
        kept[lost] = False
        names = known.extended(batch.kinds(), batch.siblings(known), first_seen="")
        dates = wall.cast(pa.date32())
        for date in sorted(dates.unique().to_pylist()):
            rows = np.flatnonzero(kept & pc.equal(dates, pa.scalar(date)).to_numpy(False))
            if len(rows):
                part = batch if len(rows) == batch.rows else batch.take(pa.array(rows))
                self._write_date(part, date.isoformat(), names)

    def _lost(self, candidates: pa.Table) -> list[int]:
        """Rows that have a better one here or in what was written before. (A better one that comes
        later is found by the search over all tasks.)"""
        written = sum(map(len, self._seen))
        self._seen.append(candidates)
        places = losers(pa.concat_tables(self._seen))
        return [place - written for place in places if place >= written]

    def _write_date(self, batch: Batch, date: str, names: Registry) -> None:
        partition = partition_folder(date, self._area.settings.partition_keys)
        known = self._area.registry
        table = batches.to_staged_table(batch, known, names)
        fresh = {
            path: FreshColumn(names.first[path].name, column.kinds, column.encoding)
            for path, column in batch.fresh.items()
        }
        siblings = {key: names.by_key[key].name for key in batch.siblings(known)}
        layout = ({path: (c.name, c.encoding) for path, c in fresh.items()}, siblings)
        place, first = self._data.write(partition, table, layout)
        staged = self._staged.setdefault(place, StagedPiece("", partition, siblings=siblings))
        staged.add_kinds(fresh)
        staged.rows += batch.rows
        self._write_candidates(batch, place, first)

    def _write_candidates(self, batch: Batch, file: int, first: int) -> None:
        table = _candidates(batch)
        table = table.append_column("file", pa.repeat(pa.scalar(file, pa.int32()), batch.rows))
        table = table.append_column("row", pa.array(range(first, first + batch.rows), pa.int64()))
        table = table.filter(table["message_id"].is_valid()).select(CANDIDATES.names)
        if not len(table):
            return
        if self._candidates is None:
            self._candidates = Piece.create(self._folder / "candidates", CANDIDATES)
        self._candidates.write(table)

    def upload(self, attempt: Attempt, name: str) -> tuple[list[StagedPiece], str | None]:
        """Put all files into the staging, `name` being in their keys: the pieces, and the key of
        the candidates."""
        prefix = self._area.prefix
        self._data.close()
        for place, file in enumerate(self._data.files):
            key = f"{prefix}pieces/{name}-{place}.arrows"
            attempt.put_file(key, file.path)
            self._staged[place].key = key
            self._staged[place].bytes = file.path.stat().st_size
        pieces = [self._staged[place] for place in range(len(self._data.files))]
        if self._candidates is None:
            return pieces, None
        self._candidates.close()
        candidates = f"{prefix}candidates/{name}.arrows"
        attempt.put_file(candidates, self._candidates.path)
        return pieces, candidates


def partition_folder(date: str, keys: tuple[str, ...]) -> str:
    """The folders of a local date, such as `year=2026/month=11/date=2026-11-20`."""
    values = {"year": date[:4], "month": date[5:7], "date": date}
    return "/".join(f"{key}={values[key]}" for key in keys)


def _candidates(batch: Batch) -> pa.Table:
    received = batch.own["received_at"].cast(pa.int64())
    return pa.table(
        {
            "message_id": batch.own["message_id"],
            "received_at": received.fill_null(LAST),
            "object": batch.own["object"],
            "line": batch.own["line"],
        }
    )
