"""Thresholds for what was staged: each warns or fails, and a run that fails publishes nothing."""

from __future__ import annotations

from datetime import date, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest
from contract.archive import event, gz_lines, place
from job_runs import DAY, Job
from mobile_events.audit import AuditError
from mobile_events.settings import Threshold, Thresholds


def day(offset: int) -> date:
    return DAY + timedelta(days=offset)


def put(job: Job, at: date, good: int, bad: int = 0, source: str = "ios", file: str = "a") -> None:
    """An object with events of noon, and with lines that are none."""
    lines = [event(at, f"{at}-{source}-{file}-{n}") for n in range(good)]
    job.put({place(source, at, file): gz_lines([*lines, *["oops"] * bad])})


def audited(job: Job, first: date, last: date | None = None, **checks: Threshold) -> list[str]:
    """What the audit of a run with these thresholds warns of."""
    report = job.run(first, last, audit=Thresholds(**checks), allow_empty=True)
    return [text for text in report["warnings"] if "(audit warns at " in text]


def fails(job: Job, first: date, last: date | None = None, **checks: Threshold) -> str:
    """The message of a run that must fail, and change nothing that readers see."""
    before = state(job)
    with pytest.raises(AuditError) as raised:
        audited(job, first, last, **checks)
    assert state(job) == before
    message = str(raised.value)
    assert message.startswith("nothing was published: ")
    return message.removeprefix("nothing was published: ")


def state(job: Job) -> dict[str, Any]:
    hidden = ("_lock.json", "_staging/")
    kept = {k: job.store.get("curated", k) for k in job.keys("") if not k.startswith(hidden)}
    return {**kept, "tables": dict(job.glue.tables)}


@pytest.fixture
def job(tmp_path: Path) -> Job:
    return Job(tmp_path)


def test_share_of_quarantined_records(job: Job) -> None:
    put(job, DAY, good=3, bad=1)
    put(job, DAY, good=4, source="android")
    found = fails(job, DAY, max_quarantined_share=Threshold(warn=0.1, fail=0.2))
    assert found == "source ios: 25.00% of the records are quarantined (audit fails at 0.2)"
    assert audited(job, DAY, max_quarantined_share=Threshold(warn=0.2, fail=0.25)) == [
        "source ios: 25.00% of the records are quarantined (audit warns at 0.2)"
    ]
    assert len(job.rows()) == 7


def test_share_at_its_threshold_is_allowed(job: Job) -> None:
    put(job, DAY, good=3, bad=1)
    put(job, DAY, good=0, source="android")
    assert audited(job, DAY, max_quarantined_share=Threshold(warn=0.25, fail=0.25)) == []


def test_all_that_fails_is_told_at_once(job: Job) -> None:
    put(job, DAY, good=1, bad=1)
    put(job, DAY, good=0, bad=1, source="android")
    checks: dict[str, Any] = {
        "max_quarantined_share": Threshold(fail=0.0),
        "max_stale_hours": Threshold(warn=1.0),
    }
    assert fails(job, DAY, **checks) == (
        "source ios: 50.00% of the records are quarantined (audit fails at 0); "
        "source android: 100.00% of the records are quarantined (audit fails at 0)"
    )


def test_failed_run_leaves_all_to_the_next(job: Job) -> None:
    put(job, DAY, good=1, bad=1)
    fails(job, DAY, max_quarantined_share=Threshold(fail=0.1))
    assert job.keys("_staging/"), "what was staged is there to be looked at until the next run"
    report = job.run()
    assert report["warnings"][0] == "removed the staged files of run jr_1, which had been cut off"
    assert report["sources"]["ios"]["records_read"] == 2
    assert job.keys("_staging/") == []


def with_history(job: Job, *rows: int) -> None:
    """Publish days before DAY, the last one the day before."""
    for offset, number in enumerate(rows, -len(rows)):
        put(job, day(offset), good=number)
        job.run(day(offset))


LEAST: dict[str, Any] = {"min_rows_share": Threshold(warn=0.9, fail=0.5)}


def test_day_with_few_rows_beside_the_week_before(job: Job) -> None:
    # The eighth day back has no part in it.
    with_history(job, 1000, 8, 8, 8, 8, 8, 10, 6)
    put(job, DAY, good=3)
    assert fails(job, DAY, **LEAST) == (
        f"received day {DAY}: 3 rows, 38% of the week before (audit fails at 0.5)"
    )
    put(job, DAY, good=3, file="b")
    assert audited(job, DAY, **LEAST) == [
        f"received day {DAY}: 6 rows, 75% of the week before (audit warns at 0.9)"
    ]


@pytest.mark.parametrize(("rows", "warns"), [(18, False), (17, True), (10, True)])
def test_rows_at_their_threshold_are_allowed(job: Job, rows: int, warns: bool) -> None:
    with_history(job, 20, 20, 20)
    put(job, DAY, good=rows)
    assert len(audited(job, DAY, **LEAST)) == warns


def test_rows_below_their_threshold_fail(job: Job) -> None:
    with_history(job, 20, 20, 20)
    put(job, DAY, good=9)
    assert "9 rows, 45% of the week before" in fails(job, DAY, **LEAST)


def test_each_day_has_its_own_week_before(job: Job) -> None:
    with_history(job, 500, 8, 8, 8, 8, 8, 8)
    put(job, DAY, good=80)
    put(job, day(1), good=8)
    assert audited(job, DAY, day(1), **LEAST) == []


def test_rows_that_the_day_has_already_count(job: Job) -> None:
    with_history(job, 8, 8, 8)
    put(job, DAY, good=8)
    assert audited(job, DAY, **LEAST) == []
    put(job, DAY, good=1, file="b")
    assert audited(job, DAY, **LEAST) == []
    # A rebuild doesn't count what it replaces.
    put(job, DAY, good=1)
    with pytest.raises(AuditError, match="2 rows, 25% of"):
        job.run(DAY, rebuild=True, audit=Thresholds(**LEAST))


def test_each_day_of_a_run_is_judged(job: Job) -> None:
    with_history(job, 8, 8, 8, 8)
    for offset, rows in enumerate((7, 2, 8)):
        put(job, day(offset), good=rows)
    found = fails(job, DAY, day(2), **LEAST)
    assert found == f"received day {day(1)}: 2 rows, 25% of the week before (audit fails at 0.5)"


@pytest.mark.parametrize("history", [(), (8,), (8, 8), (0, 0, 0)])
def test_history_that_is_too_short_says_nothing(job: Job, history: tuple[int, ...]) -> None:
    with_history(job, *history)
    put(job, DAY, good=1)
    assert audited(job, DAY, **LEAST) == []


def test_days_that_have_not_ended_are_not_judged(job: Job) -> None:
    tomorrow = datetime.now(timezone.utc).date() + timedelta(days=1)
    for offset in range(-7, 1):
        at = tomorrow + timedelta(days=offset)
        put(job, at, good=1 if offset in (-1, 0) else 8)
        if offset < -2:
            job.run(at)
    # Two days ago has its rows, today and tomorrow may still get theirs.
    assert audited(job, tomorrow - timedelta(days=2), tomorrow, **LEAST) == []
    yesterday = tomorrow - timedelta(days=2)
    put(job, yesterday, good=1)
    with pytest.raises(AuditError, match=f"received day {yesterday}: 1 rows"):
        job.run(yesterday, rebuild=True, audit=Thresholds(**LEAST))


def test_newest_event_of_a_past_day_is_held_against_its_end(job: Job) -> None:
    put(job, DAY, good=1)
    found = fails(job, DAY, max_stale_hours=Threshold(fail=11.9))
    assert found == "the newest event is 12.0 hours old (audit fails at 11.9)"
    assert audited(job, DAY, max_stale_hours=Threshold(warn=12, fail=12)) == []


def test_range_that_ends_without_events_is_stale(job: Job) -> None:
    put(job, DAY, good=1)
    found = fails(job, DAY, day(2), max_stale_hours=Threshold(fail=48))
    assert found == "the newest event is 60.0 hours old (audit fails at 48)"


def test_newest_event_of_today_is_held_against_now(job: Job) -> None:
    now = datetime.now(timezone.utc)
    today = now.date()
    old = (now - timedelta(hours=5)).isoformat()
    older = (now - timedelta(hours=9)).isoformat()
    lines = [event(today, "1", timestamp=older), event(today, "2", timestamp=old)]
    job.put({place("ios", today, "a"): gz_lines(lines)})
    found = fails(job, today, max_stale_hours=Threshold(fail=4.5))
    assert found == "the newest event is 5.0 hours old (audit fails at 4.5)"
    warnings = audited(job, today, max_stale_hours=Threshold(warn=4.5, fail=5.5))
    assert warnings == ["the newest event is 5.0 hours old (audit warns at 4.5)"]


def test_nothing_to_judge(job: Job) -> None:
    put(job, DAY, good=0, bad=1)
    assert audited(job, DAY, max_stale_hours=Threshold(fail=0), **LEAST) == []
    strict = Threshold(fail=0)
    assert audited(job, DAY, max_quarantined_share=strict, max_stale_hours=strict, **LEAST) == []
