"""The job's transform on a sample: raw records in, rows out, in this process and with no writes."""

from __future__ import annotations

import io
from dataclasses import dataclass, replace
from datetime import date, datetime, timezone
from pathlib import Path
from typing import Any

import boto3
import pandas as pd
import pyarrow as pa
from mobile_events import settings
from mobile_events.curated.finishing import NO_ROWS, Survivors, see
from mobile_events.raw.catalog import Catalog
from mobile_events.raw.raw_objects import RawObject
from mobile_events.rows.batch import to_table
from mobile_events.rows.names import Path as EventPath
from mobile_events.rows.registry import Registry
from mobile_events.settings import Settings
from mobile_events.stage.staged import StagingArea, Task
from mobile_events.stage.staging import stage
from mobile_events.storage import Store, Stream


@dataclass(frozen=True)
class Sample:
    """What the transform made of some raw objects: rows, records read, and those set aside."""

    rows: pd.DataFrame
    records: int
    quarantined: int
    duplicates: int


class SampleRuns:
    """Runs the transform of the deployed job, with its settings and the code as it is now."""

    def __init__(self, glue: Any, job: str) -> None:
        self._glue = glue
        self._job = job

    def settings(self) -> Settings:
        """The settings that the job would have, were it started now outside of a workflow."""
        arguments = self._glue.get_job(JobName=self._job)["Job"]["DefaultArguments"]
        given = {name.removeprefix("--"): value for name, value in arguments.items()}
        names = {"JOB_NAME": self._job, "JOB_RUN_ID": "sample"}
        return settings.parse({**given, **names}, {}, datetime.now(timezone.utc).date())

    def received_days(self, source: str) -> list[date]:
        """Days of which the source has raw objects."""
        return Catalog(self._glue, _Kept()).received_days(self.settings().source(source))

    def rows(self, source: str, day: date | str | None = None, objects: int = 1) -> Sample:
        """Rows of the first raw objects of a received day (default: the last one there is).

        Columns are those that these records alone give. Raises KeyError for an unknown source,
        ValueError for a day without an object.
        """
        asked = self.settings()
        store = _Kept()
        catalog = Catalog(self._glue, store)
        days = catalog.received_days(asked.source(source))
        wanted = date.fromisoformat(day) if isinstance(day, str) else day or max(days, default=None)
        found = catalog.objects(asked.source(source), [wanted] if wanted else [])
        if not wanted or not found:
            there = ", ".join(map(str, days)) or "none: load and crawl them first"
            raise ValueError(f"{source} has no raw object of {wanted}; received days: {there}")
        return _transformed(asked, wanted, found[:objects], store)


def _transformed(asked: Settings, day: date, objects: list[RawObject], store: _Kept) -> Sample:
    registry = Registry.start(asked.first_seen)
    area = StagingArea(replace(asked, first_day=day, last_day=day), registry, "")
    staged = stage(Task(0, day, tuple(enumerate(objects))), area, store)
    pieces = [Survivors(piece, NO_ROWS) for piece in staged.pieces]
    seen = [see(piece, area, store) for piece in pieces]
    kinds: dict[EventPath, int] = {}
    for one in seen:
        for path, more in one.kinds.items():
            kinds[path] = kinds.get(path, 0) | more
    siblings = {key for one in seen for key in one.siblings}
    grown = registry.extended(kinds, siblings, asked.first_seen)
    parts = [to_table(batch, grown) for piece in pieces for batch in piece.batches(area, store)]
    rows = pa.concat_tables(parts).to_pandas() if parts else pd.DataFrame()
    read = sum(counts.records for counts in staged.objects.values())
    return Sample(rows, read, staged.quarantined, staged.duplicates.total())


class _Kept(Store):
    """Reads from S3, and keeps in memory what is written."""

    def __init__(self) -> None:
        super().__init__(boto3.client("s3"))
        self._files: dict[str, bytes] = {}

    def get_json(self, bucket: str, key: str) -> Any:
        return {}  # its staging is always open

    def put_file(self, bucket: str, key: str, path: Path) -> None:
        self._files[key] = path.read_bytes()

    def open(self, bucket: str, key: str) -> Stream:
        kept = self._files.get(key)
        return super().open(bucket, key) if kept is None else io.BytesIO(kept)
