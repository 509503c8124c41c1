"""Lines of raw objects: how they're split, what is quarantined and why, how tasks are made."""

from __future__ import annotations

import gzip
import io
import json
from collections import Counter
from datetime import date

import pytest
from mobile_events.lines import Line, RawObject, Summary, plan_tasks, read_lines

DAY = date(2026, 3, 9)
GOOD = b'{"timestamp":"2026-03-09T12:00:00Z","messageId":"%d"}'


def read(body: bytes) -> tuple[list[Line], Summary]:
    summary = Summary()
    return list(read_lines(io.BytesIO(body), DAY, summary)), summary


def reason(line: bytes) -> str | None:
    (found,), _ = read(gzip.compress(line))
    return found.reason


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        (GOOD % 1, None),
        (b" \t" + GOOD % 1 + b" \r", None),
        (b'{"timestamp":"2026-03-09T12:00:00Z",\r"a":1}', None),
        (b'{"timestamp":"2026-03-09T12:00:00Z","a":"\\ud83d\\ude42 \\" \\n"}', None),
        ('{"timestamp":"2026-03-09T12:00:00Z","a":"🙂"}'.encode(), None),
        (b'{"timestamp":"2026-03-09T12:00:00Z","a":123456789012345678901234567890}', None),
        (GOOD[:-9] % (), "not_json"),
        (GOOD % 1 + GOOD % 2, "not_json"),
        (GOOD % 1 + b",", "not_json"),
        (b"hello", "not_json"),
        (b"{'timestamp':'2026-03-09T12:00:00Z'}", "not_json"),
        (b'{"timestamp":"2026-03-09T12:00:00Z","a":NaN}', "not_json"),
        (b'{"timestamp":"2026-03-09T12:00:00Z","a":"\t"}', "not_json"),
        (b'{"timestamp":"2026-03-09T12:00:00Z","a":"\xff"}', "not_json"),
        (b'{"a":' + b"[" * 100_000, "not_json"),
        (b"[" + GOOD % 1 + b"]", "not_an_object"),
        (b"{}", "not_an_object"),
        (b"null", "not_an_object"),
        (b'"text"', "not_an_object"),
        (b"17", "not_an_object"),
        (b'{"messageId":"1"}', "bad_timestamp"),
        (b'{"timestamp":null}', "bad_timestamp"),
        (b'{"timestamp":1741521600}', "bad_timestamp"),
        (b'{"Timestamp":"2026-03-09T12:00:00Z"}', "bad_timestamp"),
        (b'{"timestamp":"1970-01-01T00:00:00Z"}', "bad_timestamp"),
        (b'{"timestamp":"2099-01-01T00:00:00Z"}', "bad_timestamp"),
    ],
)
def test_reason(line: bytes, expected: str | None) -> None:
    assert reason(line) == expected


def test_line_feeds_alone_end_lines_and_blank_ones_are_counted_but_no_records() -> None:
    body = b"\n" + GOOD % 1 + b"\r\n  \n\r\n" + GOOD % 2 + b"\r" + b"\n\nx"
    lines, summary = read(gzip.compress(body))
    assert [(line.number, line.reason) for line in lines] == [(2, None), (5, None), (7, "not_json")]
    assert (summary.records, summary.reasons) == (3, Counter(not_json=1))


def test_quarantined_line_keeps_its_text() -> None:
    (bad, broken), _ = read(gzip.compress(b'{"a": "\xf0\x9f\x99\x82"\n\xffoops\n'))
    assert bad == Line(1, '{"a": "🙂"', "not_json")
    assert broken.text == "\ufffdoops"


@pytest.mark.parametrize("body", [b"", gzip.compress(b""), gzip.compress(b"\n\n \n")])
def test_objects_with_no_record(body: bytes) -> None:
    lines, summary = read(body)
    assert (lines, summary.records, summary.readable) == ([], 0, True)


def test_several_gzip_members_are_one_object() -> None:
    half = len(GOOD % 1) // 2
    first, second = (GOOD % 1)[:half], (GOOD % 1)[half:] + b"\n" + GOOD % 2
    body = gzip.compress(first) + gzip.compress(second) + b"\0" * 512
    lines, summary = read(body)
    assert [line.reason for line in lines] == [None, None]
    assert summary.readable


def test_large_objects_are_read_piece_by_piece() -> None:
    lines = [GOOD % n for n in range(60_000)]
    body = b"".join(gzip.compress(line + b"\n", 1) for line in lines)
    assert len(body) > 3 << 20
    found, summary = read(body)
    assert [json.loads(line.text)["messageId"] for line in found[::5999]] == [
        str(n) for n in range(0, 60_000, 5999)
    ]
    assert summary.records == 60_000


@pytest.mark.parametrize("damage", ["cut", "flip"])
def test_what_is_readable_of_a_damaged_object_is_kept(damage: str) -> None:
    body = bytearray(gzip.compress(b"\n".join(GOOD % (n * 7919) for n in range(5000)), 1))
    if damage == "cut":
        del body[len(body) // 2 :]
    else:
        body[len(body) // 2 : len(body) // 2 + 40] = b"\xff" * 40
    lines, summary = read(bytes(body))
    assert not summary.readable
    assert summary.records == len(lines)
    good = [line for line in lines if line.reason is None]
    assert damage == "flip" or len(good) > 1000


def test_summary_survives_json() -> None:
    _, summary = read(gzip.compress(b'{"a":\n' + GOOD % 1))
    assert Summary.from_json(summary.to_json()) == summary
    assert summary.reasons["bad_timestamp"] == 0


def raw(day: int, number: int, size: int) -> RawObject:
    return RawObject("ios", date(2026, 3, day), "b", f"{day}/{number}", "", size)


def test_tasks_hold_one_day_and_all_objects() -> None:
    objects = [raw(day, n, 1000 * n) for day in (3, 1, 2) for n in range(10)]
    groups = plan_tasks(objects, parallelism=2)
    assert len(groups) == 3, "small days are one task each"
    assert [{raw.received_day.day for raw in group} for group in groups] == [{1}, {2}, {3}]
    assert sorted(r.key for g in groups for r in g) == sorted(r.key for r in objects)


def test_large_days_are_split_evenly() -> None:
    groups = plan_tasks([raw(1, n, 10 << 20) for n in range(16)], parallelism=2)
    assert len(groups) == 5
    assert max(len(group) for group in groups) <= 4
    single = plan_tasks([raw(1, n, 10 << 20) for n in range(4)], parallelism=2)
    assert len(single) == 2, "all cores have work"


def test_empty_objects_are_read_too() -> None:
    assert plan_tasks([raw(1, 1, 0)], parallelism=2) == [[raw(1, 1, 0)]]
