"""The ledger: what it keeps of each day, and that all that a lake says agrees with its files."""

from __future__ import annotations

import json
from collections import Counter
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from agreement import check_agreement, totals
from contract.archive import event, gz, gz_lines, place
from contract.lines import Objects
from job_runs import DAY, Job
from mobile_events.posting import AccountError
from mobile_events.state.ledger import Counts, Day, Ledger, PublishedFile, ReadObject, around
from stand_ins import FolderStore


def day(offset: int) -> date:
    return DAY + timedelta(days=offset)


def delivery(offset: int, file: str) -> Objects:
    """Objects of both sources with rows of two dates, repetitions, and what is no event."""
    at = day(offset)
    night = f"{at}T03:00:00Z"
    own = [event(at, f"{offset}-{file}-{n}", n=n) for n in range(4)]
    ios = [*own, own[0], event(at, f"{offset}-1", timestamp=night), event(at), "{", "{}", ""]
    android = [event(at, f"{offset - 1}-1", a="x"), event(at, timestamp="soon"), event(at)]
    return {
        place("ios", at, file): gz_lines(ios),
        place("android", at, file): gz_lines(android),
        place("android", at, f"{file}-empty"): gz(b""),
        place("android", at, f"{file}-cut"): gz_lines(own)[:-9],
    }


def check_reports(job: Job, reports: list[dict[str, Any]]) -> None:
    """Reports are kept, and are the sum of what the ledger has, if nothing was replaced."""
    days = job.ledger()
    assert totals([{"sources": entry["sources"]} for entry in days.values()]) == totals(reports)
    assert sum(report["objects"]["processed"] for report in reports) == sum(
        len(entry["objects"]) for entry in days.values()
    )
    check_each(job, reports)


def check_each(job: Job, reports: list[dict[str, Any]]) -> None:
    for report in reports:
        assert job.store.get_json("curated", f"_reports/{report['run_id']}.json") == report
        written = sum(counts["rows_written"] for counts in report["sources"].values())
        quarantined = sum(counts["quarantined"] for counts in report["sources"].values())
        assert written == sum(report["dates"].values())
        assert quarantined == sum(report["quarantine_reasons"].values())


def test_all_agrees_after_each_of_several_runs(tmp_path: Path) -> None:
    job = Job(tmp_path)
    reports = []
    for first, last, file in ((0, 1, "a"), (2, 2, "b"), (0, 2, "c"), (1, 3, "d"), (0, 3, "d")):
        for offset in range(first, last + 1):
            job.put(delivery(offset, file))
        reports.append(job.run(day(first), day(last)))
        check_agreement(job)
        check_reports(job, reports)
    assert totals(reports)["ios"]["duplicates"] > 0 < totals(reports)["android"]["quarantined"]
    dates = Counter(row.cells["date"] for row in job.rows())
    assert dates == sum((Counter(report["dates"]) for report in reports), Counter())
    # Some of it again, and then all of it.
    for first, last in ((1, 2), (0, 3)):
        report = job.run(day(first), day(last), rebuild=True)
        check_agreement(job)
        check_each(job, [report])
    check_reports(job, [report])


def test_run_that_finds_nothing_new_writes_a_report_alone(tmp_path: Path) -> None:
    job = Job(tmp_path)
    job.put(delivery(0, "a"))
    job.run()
    before = {key: job.store.get("curated", key) for key in job.keys("")}
    report = job.run()
    assert report["objects"] == {"seen": 4, "processed": 0, "unreadable": []}
    assert report["dates"] == report["quarantine_reasons"] == {}
    after = {key: job.store.get("curated", key) for key in job.keys("")}
    new = after.keys() - before.keys()
    assert new == {"_reports/jr_2.json"}
    assert {key: after[key] for key in before} == before


def test_account_that_does_not_close_publishes_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    job = Job(tmp_path)
    job.put(delivery(0, "a"))
    with monkeypatch.context() as patch:
        patch.setattr("mobile_events.curated.finishing.RowWork.run", lambda *_: [])
        with pytest.raises(
            AccountError,
            match=rf"source \w+, received day {DAY}: \d+ records were read, but \d+ are accounted",
        ):
            job.run()
    assert not any(map(job.keys, ("mobile_user/", "_ledger/", "_ids/", "_schema/", "quarantine/")))
    job.run()
    check_agreement(job)


ENTRY = Day(
    [ReadObject("ios", "raw", "k/é.gz", "etag", 7)],
    {"ios": Counts(7, 4, 2, 1)},
    [PublishedFile("mobile_user/x.parquet", 4, 1000)],
    [PublishedFile("quarantine/x.json.gz", 1)],
    [PublishedFile("_ids/x.parquet", 3)],
)


def test_day_survives_json() -> None:
    assert Day.from_json(json.loads(json.dumps(ENTRY.to_json()))) == ENTRY
    assert ENTRY.etags() == {("raw", "k/é.gz"): "etag"}
    assert ENTRY.rows == 4
    assert ENTRY.files == ["mobile_user/x.parquet", "quarantine/x.json.gz", "_ids/x.parquet"]


def test_later_runs_add_to_a_day() -> None:
    entry = Day.from_json(ENTRY.to_json())
    entry.add(Day([ReadObject("web", "raw", "w", "e", 1)], {"web": Counts(1, 1)}))
    entry.add(ENTRY)
    assert entry.sources == {"ios": Counts(14, 8, 4, 2), "web": Counts(1, 1)}
    assert [read.source for read in entry.objects] == ["ios", "web", "ios"]
    assert len(entry.files) == 6


def test_ledger_reads_the_days_that_there_are(tmp_path: Path) -> None:
    store = FolderStore(tmp_path)
    ledger = Ledger(store, "curated", "lake/")
    assert ledger.days() == set()
    assert ledger.read([DAY]) == {}
    for offset in (-400, 0, 1, 5):
        store.put_json("curated", ledger.key(day(offset)), ENTRY.to_json())
    assert ledger.key(DAY) == f"lake/_ledger/{DAY}.json"
    assert ledger.days() == {day(-400), day(0), day(1), day(5)}
    found = ledger.read([day(1), day(-1), DAY, day(1), day(4)])
    assert found == {DAY: ENTRY, day(1): ENTRY}
    assert set(ledger.read([day(-400), day(6)])) == {day(-400)}


def test_days_around() -> None:
    assert around([DAY], 2, 1) == {day(-2), day(-1), DAY, day(1)}
    assert around([DAY, day(2)], 0, 0) == {DAY, day(2)}
    assert around([], 3, 3) == set()
