"""Chunks of events: an event is judged alike whatever it is read with."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from contract.archive import event, gz_lines, place
from contract.nasty_values import SOUND_TIMESTAMPS, UNSOUND_TIMESTAMPS
from job_runs import DAY, Job
from mobile_events.stage import staging

SOUND = {
    f"sound-{n}": event(DAY, f"sound-{n}", timestamp=t) for n, t in enumerate(SOUND_TIMESTAMPS)
}
UNSOUND = {
    f"unsound-{n}": event(DAY, f"unsound-{n}", timestamp=time)
    for n, time in enumerate(UNSOUND_TIMESTAMPS)
}


@pytest.mark.parametrize("rows", [1, 2, 1000])
def test_timestamps_are_judged_one_by_one_and_together(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, rows: int
) -> None:
    monkeypatch.setattr(staging, "CHUNK_ROWS", rows)
    job = Job(tmp_path)
    lines = sorted([*SOUND.values(), *UNSOUND.values()], key=len)
    absent = '{"messageId":"unsound-absent"}'
    job.put({place("ios", DAY, "a"): gz_lines([absent, *lines])})
    report = job.run()
    assert {row.cells["message_id"] for row in job.rows()} == SOUND.keys()
    found = job.quarantine()
    assert {json.loads(bad["line"])["messageId"] for bad in found} == {
        *UNSOUND,
        "unsound-absent",
    }
    assert {bad["reason"] for bad in found} == {"bad_timestamp"}
    numbers = {line: number for number, line in enumerate([absent, *lines], 1)}
    assert all(bad["line_number"] == numbers[bad["line"]] for bad in found)
    assert report["quarantine_reasons"] == {"bad_timestamp": len(UNSOUND) + 1}


def test_objects_of_one_chunk_are_told_apart(tmp_path: Path) -> None:
    job = Job(tmp_path)
    keys = {}
    for source in ("ios", "android"):
        for file in "ab":
            at = place(source, DAY, file)
            keys[f"{source}-{file}"] = at.object_key
            good, bad = (
                event(DAY, f"{source}-{file}", timestamp=t) for t in (f"{DAY}T01:00Z", "x")
            )
            job.put({at: gz_lines(["", bad, good, "{", bad])})
    job.run()
    rows = {row.cells["message_id"]: row.cells["platform"] for row in job.rows()}
    assert rows == {name: name.split("-")[0] for name in keys}
    found = sorted((b["object_key"], b["line_number"], b["reason"]) for b in job.quarantine())
    assert found == sorted(
        (key, number, reason)
        for key in keys.values()
        for number, reason in ((2, "bad_timestamp"), (4, "not_json"), (5, "bad_timestamp"))
    )
    for record in job.quarantine():
        if record["reason"] == "bad_timestamp":
            name: str = json.loads(record["line"])["messageId"]
            assert keys[name] == record["object_key"]
            assert name.startswith(f"{record['source']}-")


def test_quarantined_record_says_what_and_where(tmp_path: Path) -> None:
    job = Job(tmp_path)
    at = place("ios", DAY, "a")
    job.put({at: gz_lines(["", b'{"a": "\xff\xf0\x9f\x99\x82"', event(DAY)])})
    job.run()
    assert job.quarantine() == [
        {
            "source": "ios",
            "reason": "not_json",
            "object_key": at.object_key,
            "line_number": 2,
            "received_day": str(DAY),
            "run_id": "jr_1",
            "line": '{"a": "\ufffd🙂"',
        }
    ]


@pytest.mark.parametrize("bad", ["1999-12-31T23:59:59Z", "2026-03-12T00:00:00.000001Z"])
def test_implausible_time_is_found_in_lines_that_are_read_together(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, bad: str
) -> None:
    monkeypatch.setattr(staging, "CHUNK_ROWS", 1)
    job = Job(tmp_path)
    # Lines of another gzip member are another block: by then the paths are learnt.
    lines = [event(DAY, f"{n}", timestamp=bad if n == 7 else f"{DAY}T12:00:00Z") for n in range(9)]
    body = b"".join(gz_lines(lines[n : n + 3]) for n in (0, 3, 6))
    job.put({place("ios", DAY, "a"): body})
    job.run()
    assert sorted(str(row.cells["message_id"]) for row in job.rows()) == list("01234568")
    (record,) = job.quarantine()
    assert (record["line_number"], record["line"]) == (8, lines[7])
