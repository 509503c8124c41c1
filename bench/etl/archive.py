"""The raw objects that all contenders read, and the schemas that Spark infers of them.

`python -m etl.archive FOLDER EVENTS` makes them: `FOLDER/raw/segment-logs/<id>/<day>/*.gz` as
Segment stores them, `schemas.json`, and `facts.json`.
"""

from __future__ import annotations

import json
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Any

from job_runs import FOLDERS, SOURCES
from pyspark.sql.types import StructType
from sample_data.archive import write_archive

from etl.session import session

SEED = 1
WARM_UP = (date(2026, 3, 7),)
WARM_UP_EVENTS = 20_000
MEASURED = (date(2026, 3, 8), date(2026, 3, 9))
"""Received days; the clocks of Los Angeles go forward on the first."""


@dataclass(frozen=True)
class Archive:
    """An archive below `folder`."""

    folder: Path

    @property
    def raw(self) -> Path:
        """The folder that stands for the raw bucket."""
        return self.folder / "raw"

    def folders(self, source: str, days: Sequence[date]) -> list[str]:
        """A source's folders of received days."""
        units = {each.name: each for each in SOURCES}[source]
        root = self.raw / "segment-logs" / FOLDERS[source]
        return [str(root / units.folder(day)) for day in days]

    def all_folders(self, days: Sequence[date]) -> list[str]:
        """All sources' folders of received days."""
        return [folder for source in FOLDERS for folder in self.folders(source, days)]

    def schema(self, source: str = "all") -> StructType:
        """What Spark infers of all events of a source, or of all sources together."""
        return StructType.fromJson(self._schemas[source])

    @cached_property
    def _schemas(self) -> dict[str, Any]:
        schemas: dict[str, Any] = json.loads((self.folder / "schemas.json").read_text())
        return schemas


def make(folder: Path, events: int) -> None:
    """Make the archive: `events` of the measured days, and those of the day to warm up on."""
    logs = folder / "raw" / "segment-logs"
    # Another seed, so that no event of one is an event of the other.
    write_archive(logs, len(WARM_UP), WARM_UP_EVENTS, SEED + 1, WARM_UP[-1])
    write_archive(logs, len(MEASURED), events, SEED, MEASURED[-1])
    for source, source_id in FOLDERS.items():
        (logs / source).rename(logs / source_id)
    archive = Archive(folder)
    (folder / "schemas.json").write_text(json.dumps(_infer(archive)))
    (folder / "facts.json").write_text(json.dumps(_facts(archive, events)))


def _infer(archive: Archive) -> dict[str, Any]:
    days = (*WARM_UP, *MEASURED)
    folders = {source: archive.folders(source, days) for source in FOLDERS}
    folders["all"] = archive.all_folders(days)
    with tempfile.TemporaryDirectory() as work:
        spark = session(Path(work))
        schemas = {name: spark.read.json(paths).schema for name, paths in folders.items()}
        spark.stop()
    return {name: schema.jsonValue() for name, schema in schemas.items()}


def _facts(archive: Archive, events: int) -> dict[str, int]:
    folders = map(Path, archive.all_folders(MEASURED))
    files = [file for folder in folders for file in folder.iterdir()]
    return {"events": events, "files": len(files), "json_bytes": sum(map(_unzipped_size, files))}


def _unzipped_size(file: Path) -> int:
    """A gzip file's own word, its last four bytes."""
    return int.from_bytes(file.read_bytes()[-4:], "little")


if __name__ == "__main__":
    make(Path(sys.argv[1]), int(sys.argv[2]))
