"""Runs that are killed with SIGKILL, and retried: nothing is lost, nothing comes twice.

Real Spark and a real S3 API on loopback; the whole process group dies at a chosen request. What a
retry leaves is held against the contract's model. `GLUE_ETL_KILLS` says how many random points are
tried; `npm run test:slow` takes 100.
"""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from contract import nasty
from contract.lines import Objects
from contract.model import Model
from doomed import Doom
from job_runs import Curated, canonical, check_state
from mobile_events.storage import Store
from stand_ins import s3_client

HERE = Path(__file__).resolve().parent
KILLS = int(os.environ.get("GLUE_ETL_KILLS", "1"))
CASES = ("types that change", "repeated days later", "late events", "not json", "arrays")
FIRST, LAST = date(2026, 1, 1), date(2026, 11, 2)


class Lake:
    """Buckets with raw objects, and runs of the job over them in processes of their own."""

    def __init__(self, endpoint: str, folder: Path) -> None:
        self._environment = {
            **os.environ,
            "AWS_ENDPOINT_URL": endpoint,
            "AWS_ACCESS_KEY_ID": "test",
            "AWS_SECRET_ACCESS_KEY": "test",
            "AWS_DEFAULT_REGION": "us-east-1",
            "DOOMED_COUNT": str(folder / "count"),
            "PYSPARK_PYTHON": sys.executable,
            "PYTHONPATH": os.pathsep.join(
                [str(HERE.parents[1] / "glue-jobs"), str(HERE), os.environ.get("PYTHONPATH", "")]
            ),
        }
        self._count = folder / "count"
        self.s3 = s3_client(endpoint)
        self.curated = Curated(Store(self.s3))
        self._runs = 0

    def empty(self, objects: Objects) -> None:
        """Start with these raw objects and nothing else."""
        there = [bucket["Name"] for bucket in self.s3.list_buckets()["Buckets"]]
        for bucket in ("raw", "curated"):
            if bucket in there:
                self.curated.store.delete(bucket, self.keys(bucket))
            else:
                self.s3.create_bucket(Bucket=bucket)
        for place, content in objects.items():
            self.s3.put_object(Bucket="raw", Key=place.object_key, Body=content)

    def keys(self, bucket: str) -> list[str]:
        return [entry["Key"] for entry in self.curated.store.entries(bucket, "")]

    def run(self, doom: Doom | None = None, **asked: Any) -> bool:
        """Whether the run came to its end."""
        self._runs += 1
        self._count.write_text("0")
        changes = {"first_day": str(FIRST), "last_day": str(LAST), "run_id": f"jr_{self._runs}"}
        command = [
            sys.executable,
            str(HERE / "doomed.py"),
            json.dumps(asdict(doom) if doom else None),
            json.dumps({**changes, **asked}),
        ]
        ended = subprocess.run(
            command,
            env=self._environment,
            capture_output=True,
            text=True,
            start_new_session=True,
            check=False,
        )
        if ended.returncode not in (0, -9):
            raise AssertionError(ended.stderr[-3000:])
        return ended.returncode == 0

    def changes(self) -> int:
        """The number of changes that the last run asked S3 for."""
        return int(self._count.read_text())


@pytest.fixture(scope="module")
def objects() -> Objects:
    return {place: data for name in CASES for place, data in nasty.CASES[name]().items()}


@pytest.fixture(scope="module")
def lake(s3_endpoint: str, tmp_path_factory: pytest.TempPathFactory) -> Lake:
    return Lake(s3_endpoint, tmp_path_factory.mktemp("doomed"))


def model_after(objects: Objects) -> Model:
    model = Model()
    model.run(objects, FIRST, LAST)
    return model


@pytest.mark.parametrize(
    ("doom", "journal", "published"),
    [
        (Doom(1, r"/pieces/"), False, "none"),
        (Doom(1, r"/final/", after=True), False, "none"),
        (Doom(1, r"journal\.json"), False, "none"),
        (Doom(1, r"journal\.json", after=True), True, "none"),
        (Doom(3, r"^mobile_user/"), True, "some"),
        (Doom(2, r"^_ledger/"), True, "all"),
        (Doom(1, r"\?delete"), True, "all"),
    ],
    ids=[
        "staging",
        "finishing",
        "before the journal",
        "after it",
        "between files",
        "ledger",
        "clearing",
    ],
)
def test_killed_at_a_chosen_point(
    lake: Lake, objects: Objects, doom: Doom, journal: bool, published: str
) -> None:
    lake.empty(objects)
    assert not lake.run(doom)
    left = lake.keys("curated")
    assert any("journal" in key for key in left) == journal
    killed = len([key for key in left if key.startswith("mobile_user/")])
    assert lake.run()
    files = [key for key in lake.keys("curated") if key.startswith("mobile_user/")]
    expected = {"none": killed == 0, "some": 0 < killed < len(files), "all": killed == len(files)}
    assert expected[published], f"{killed} of {len(files)} files were published"
    check_state(lake.curated, model_after(objects))
    assert not [key for key in lake.keys("curated") if key.startswith("_staging/")]


def test_rebuild_killed_between_adding_and_removing(lake: Lake, objects: Objects) -> None:
    lake.empty(objects)
    assert lake.run()
    before = lake.keys("curated")
    assert not lake.run(Doom(1, r"\?delete"), rebuild=True)
    assert set(before) <= set(lake.keys("curated")), "what is replaced goes last"
    assert lake.run(first_day="2026-03-09", last_day="2026-03-09")
    check_state(lake.curated, model_after(objects))


@pytest.mark.parametrize("seed", range(KILLS))
def test_killed_at_random_points(lake: Lake, objects: Objects, seed: int) -> None:
    rng = random.Random(seed)
    places = sorted(objects)
    early = {place: objects[place] for place in rng.sample(places, len(places) * 2 // 3)}
    lake.empty(early)
    model = Model()
    days = sorted({place.received_day for place in early})
    ranges = [tuple(sorted(rng.choices(days, k=2))), (FIRST, LAST)]
    for step, (first, last) in enumerate(ranges):
        there = early if step == 0 else objects
        for place in set(there) - set(early):
            lake.s3.put_object(Bucket="raw", Key=place.object_key, Body=objects[place])
        rebuild = rng.random() < 0.3
        asked = {"first_day": str(first), "last_day": str(last), "rebuild": rebuild}
        while not lake.run(Doom(rng.randrange(1, 90), after=rng.random() < 0.5), **asked):
            pass
        model.run(there, first, last, rebuild=rebuild)
        check_state(lake.curated, model)
    assert lake.run(rebuild=True)
    clean = model_after(objects)
    assert canonical(lake.curated.rows()) == canonical(clean.published)
