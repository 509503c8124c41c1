"""The job against the model of its data contract: same rows, columns, quarantine, ids and account.

The model is plain Python and knows nothing of the job; see `contract/`.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path

import pytest
from contract import nasty, strategies
from contract.lines import Objects
from contract.model import Model
from contract.model import Settings as ModelSettings
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from job_runs import Job, check, differences
from mobile_events.stage import staging

EXAMPLES = settings(
    max_examples=int(os.environ.get("GLUE_ETL_EXAMPLES", "40")),
    deadline=None,
    suppress_health_check=list(HealthCheck),
    # Whole runs take too long to be shrunk.
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
)


@contextmanager
def new_job() -> Iterator[Job]:
    with tempfile.TemporaryDirectory() as folder:
        yield Job(Path(folder))


def days_of(objects: Objects) -> tuple[date, date]:
    days = {place.received_day for place in objects}
    return min(days), max(days)


@pytest.mark.parametrize(
    "case", [*nasty.CASES.values(), nasty.everything], ids=[*nasty.CASES, "all"]
)
def test_nasty_case(case: Callable[[], Objects], tmp_path: Path) -> None:
    objects = case()
    job, model = Job(tmp_path), Model()
    job.put(objects)
    first, last = days_of(objects)
    check(job, model, job.run(first, last), model.run(objects, first, last))


def test_all_nasty_cases_day_by_day_then_rebuilt(tmp_path: Path) -> None:
    objects = nasty.everything()
    job, model, clean = Job(tmp_path), Model(), Model()
    job.put(objects)
    for day in sorted({place.received_day for place in objects}):
        check(job, model, job.run(day), model.run(objects, day, day))
    first, last = days_of(objects)
    report = job.run(first, last, rebuild=True)
    check(job, clean, report, clean.run(objects, first, last))


def test_all_nasty_cases_of_declared_tables(tmp_path: Path) -> None:
    objects = nasty.everything()
    job, model = Job(tmp_path, declared=True), Model()
    job.put(objects)
    first, last = days_of(objects)
    half = first + (last - first) / 2
    for days in ((first, half), (half, last)):
        check(job, model, job.run(*days), model.run(objects, *days))
    clean = Model()
    report = job.run(first, last, rebuild=True)
    check(job, clean, report, clean.run(objects, first, last))


@EXAMPLES
@given(data=st.data())
def test_any_sequence_of_runs(data: st.DataObject) -> None:
    objects = data.draw(strategies.archives())
    runs = data.draw(strategies.runs(objects))
    zone = data.draw(st.sampled_from(("America/Los_Angeles", "Asia/Kolkata", "UTC")))
    window = data.draw(st.integers(0, 4))
    model = Model(ModelSettings(zone=zone, dedupe_days=window, allow_empty=True))
    chunk = data.draw(st.sampled_from((1, 3, 20_000)))
    flush = data.draw(st.sampled_from((1, 500, 1 << 30)))
    with new_job() as job, pytest.MonkeyPatch.context() as patch:
        patch.setattr(staging, "CHUNK_ROWS", chunk)
        patch.setattr(staging, "FLUSH_BYTES", flush)
        patch.setattr(
            "mobile_events.stage.tasks.LEAST_BYTES", data.draw(st.sampled_from((1, 4 << 20)))
        )
        asked = {"time_zone": zone, "dedupe_days": window, "allow_empty": True}
        for run in runs:
            job.put(run.objects)
            report = job.run(run.first_day, run.last_day, rebuild=run.rebuild, **asked)
            expected = model.run(run.objects, run.first_day, run.last_day, rebuild=run.rebuild)
            if job.keys("_schema/"):
                check(job, model, report, expected)
        if not objects:
            return
        first, last = days_of(objects)
        job.run(first, last, rebuild=True, **asked)
        clean = Model(model.settings)
        clean.run(objects, first, last)
        assert differences(job.rows(), clean.published) == ([], [])
