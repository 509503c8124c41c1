"""The job itself, on a real Spark session, with folders for S3 and a stand-in for Glue."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

from job_runs import Job

from etl.archive import MEASURED, WARM_UP, Archive
from etl.contender import Account, Contender, Output, output_of
from etl.session import session


class JobWay(Contender):
    """The job in one format: on what it wrote of the small day, so that columns are known, or as
    its first run, with none known."""

    def __init__(self, archive: Archive, folder: Path, output_format: str, first_run: bool) -> None:
        self._format = output_format
        self._spark = session(folder)
        warm_up = folder / "steady"
        self._warm_up = job_on(archive, warm_up, self._spark)
        self._root = folder / "first" if first_run else warm_up
        self._job = job_on(archive, self._root, self._spark) if first_run else self._warm_up
        self._report: dict[str, Any] = {}

    def warm_up(self) -> None:
        self._run(self._warm_up, WARM_UP)

    def work(self) -> None:
        self._report = self._run(self._job, MEASURED)

    def output(self) -> Output:
        files = self._root.glob(f"curated/mobile_user/**/*-{self._report['run_id']}-*")
        counts = self._report["sources"].values()
        names = ("records_read", "duplicates", "quarantined")
        account = Account(*(sum(count[name] for count in counts) for name in names))
        return output_of(files, account)

    def _run(self, job: Job, days: tuple[date, ...]) -> dict[str, Any]:
        return job.run(days[0], days[-1], output_format=self._format)


def job_on(archive: Archive, root: Path, spark: Any = None) -> Job:
    """The job with the archive as its raw bucket, and an empty output below `root`."""
    root.mkdir()
    (root / "raw").symlink_to(archive.raw.resolve(), target_is_directory=True)
    return Job(root, spark)
