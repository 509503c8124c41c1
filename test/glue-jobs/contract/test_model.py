"""The model on expectations that are written by hand: what becomes of records, objects and runs."""

from __future__ import annotations

import gzip
from datetime import datetime, timedelta, timezone
from pathlib import Path

import pytest

from . import nasty
from .archive import event, gz, place
from .instants import is_plausible, nanoseconds
from .lines import Objects, numbered_lines, parse, unzip
from .model import Account, Model, NoObjectsError, Report, Settings
from .testing import DAY, EVER, after, at, column, held, raw_columns, run
from .values import Huge, Json


def test_plausible_timestamps() -> None:
    model = Model()
    model.run(nasty.CASES["timestamp forms"](), *EVER)
    assert (len(model.rows), model.quarantine) == (18, [])
    model.run(nasty.CASES["timestamp nonsense"](), *EVER)
    assert (len(model.rows), len(model.quarantine)) == (18, 58)
    first = nanoseconds("2000-01-01T00:00Z")
    last = nanoseconds("2026-03-12T00:00Z")
    assert first is not None and last is not None
    plausible = [is_plausible(i, DAY) for i in (first - 1, first, last, last + 1)]
    assert plausible == [False, True, True, False]


@pytest.mark.parametrize(
    ("timestamp", "local", "day"),
    [
        ("2026-03-08T07:59:59.999999Z", "2026-03-07T23:59:59.999999", "2026-03-07"),
        ("2026-03-08T09:59:59Z", "2026-03-08T01:59:59", "2026-03-08"),
        ("2026-03-08T10:00:00Z", "2026-03-08T03:00:00", "2026-03-08"),
        ("2026-03-09T06:59:59Z", "2026-03-08T23:59:59", "2026-03-08"),
        ("2026-03-09T07:00:00.1234569Z", "2026-03-09T00:00:00.123456", "2026-03-09"),
        ("2025-11-02T08:30:00Z", "2025-11-02T01:30:00", "2025-11-02"),
        ("2025-11-02T09:30:00Z", "2025-11-02T01:30:00", "2025-11-02"),
        ("2026-01-01T07:30:00Z", "2025-12-31T23:30:00", "2025-12-31"),
    ],
)
def test_days_of_los_angeles(timestamp: str, local: str, day: str) -> None:
    (row,) = run(event(DAY, "1", timestamp=timestamp)).rows
    wall = datetime.fromisoformat(local).replace(tzinfo=timezone.utc)
    epoch = datetime(1970, 1, 1, tzinfo=timezone.utc)
    assert row["local_timestamp"] == (wall - epoch) // timedelta(microseconds=1)
    assert (row["year"], row["month"], row["date"]) == (day[:4], day[5:7], day)


def test_a_row() -> None:
    line = event(DAY, "1", context={"os": {"name": "iOS"}, "tags": ["a"], "none": None, "ip": {}})
    assert run(line).rows == [
        {
            "platform": "ios",
            "utc_timestamp": 1773057600000000,
            "local_timestamp": 1773032400000000,
            "sent_at": 1773057600000000,
            "received_at": 1773057600000000,
            "original_timestamp": 1773057600000000,
            "year": "2026",
            "month": "03",
            "date": "2026-03-09",
            "message_id": "1",
            "type": "track",
            "context_os_name": "iOS",
            "context_tags": '["a"]',
        }
    ]


def test_quarantine() -> None:
    good = event(DAY, "1")
    model = run("", good, " \r", good[:-1], "[]", "{}", '{"a":NaN}', b'{"a":"\xff"}', '{"a":1}')
    assert [(bad.line_number, bad.reason, bad.line) for bad in model.quarantine] == [
        (4, "not_json", good[:-1]),
        (5, "not_an_object", "[]"),
        (6, "not_an_object", "{}"),
        (7, "not_json", '{"a":NaN}'),
        (8, "not_json", '{"a":"\ufffd"}'),
        (9, "bad_timestamp", '{"a":1}'),
    ]
    (first, *_) = model.quarantine
    key = "segment-logs/ksMsMXyyEaIOS/1773014400000/a.gz"
    assert (first.source, first.object_key, first.received_day) == ("ios", key, DAY)


@pytest.mark.parametrize("case", ["not json", "too much for a parser"])
def test_what_is_not_json(case: str) -> None:
    model = Model()
    model.run(nasty.CASES[case](), *EVER)
    assert {bad.reason for bad in model.quarantine} == {"not_json"}
    assert not model.rows


def test_lone_surrogates() -> None:
    line = event(DAY, "-S", a="x-S", b=[{"-S": 1}]).replace("-S", r"\ud800")
    (row,) = run(line, line.replace("d800", "dfff")).rows
    assert (row["message_id"], row["a"], row["b"]) == ("\ufffd", "x\ufffd", '[{"\ufffd":1}]')


def test_dropped_fields() -> None:
    settings = Settings(drop_fields=frozenset(["context.ip", "channel", "messageId"]))
    context: Json = {"ip": {"v4": "x"}, "IP": "y"}
    model = run(
        event(DAY, "1", context=context, channel=["z"]),
        event(DAY, "1", Channel="c", projectId="p"),
        settings=settings,
    )
    assert raw_columns(model) == {
        "channel": "string",
        "context_ip": "string",
        "project_id": "string",
    }
    assert (column(model, "context_ip"), len(model.rows)) == ({"y", None}, 2)
    timeless = Settings(drop_fields=frozenset(["timestamp"]))
    assert [bad.reason for bad in run(event(DAY, "1"), settings=timeless).quarantine] == [
        "bad_timestamp"
    ]


def test_the_better_record_is_written() -> None:
    model = Model()
    report = model.run(nasty.CASES["repeated in one object"](), *EVER)
    written = [(row["message_id"], row.get("n")) for row in model.rows]
    assert written == [("again", 1), ("again-unknown", None)]
    assert report.sources["ios"] == Account(9, 2, 7, 0)


def test_among_equals_the_object_key_decides() -> None:
    model = Model()
    report = model.run(nasty.CASES["repeated in other objects"](), *EVER)
    written = {row["message_id"]: row["n"] for row in model.rows}
    assert written == {"elsewhere": 2, "elsewhere-ios": 1, "elsewhere-android": 2}
    assert report.sources == {"ios": Account(4, 1, 3, 0), "android": Account(4, 2, 2, 0)}


def test_duplicates_of_what_is_published() -> None:
    objects = {
        **at(DAY, event(DAY, "x")),
        **at(after(3), event(after(3), "x"), event(after(3), "y")),
        **at(after(4), event(after(4), "x")),
    }
    daily = Model()
    reports = [daily.run(objects, after(n), after(n)) for n in (0, 4, 3)]
    assert [r.sources["ios"].duplicates for r in reports] == [0, 0, 1]
    assert daily.ids == {DAY: {"x"}, after(3): {"y"}, after(4): {"x"}}
    in_order = Model()
    for n in (0, 3, 4):
        in_order.run(objects, after(n), after(n))
    assert in_order.ids == {DAY: {"x"}, after(3): {"y"}, after(4): {"x"}}
    at_once = Model()
    at_once.run(objects, *EVER)
    assert at_once.ids == {DAY: {"x"}, after(3): {"y"}}


def test_duplicates_of_later_days() -> None:
    objects = {**at(DAY, event(DAY, "x")), **at(after(3), event(after(3), "x"))}
    model = Model()
    model.run(objects, after(3), after(3))
    assert model.run(objects, DAY, DAY).sources["ios"] == Account(1, 0, 1, 0)


def test_a_duplicate_is_a_better_record_of_its_run() -> None:
    objects = at(DAY, event(DAY, "x"))
    later = {
        **at(after(3), event(after(3), "x")),
        **at(after(8), event(after(8), "x")),
    }
    model = Model()
    model.run(objects, DAY, DAY)
    assert model.run(later, *EVER).sources["ios"] == Account(2, 0, 2, 0)


def test_the_object_key_decides_before_the_line() -> None:
    model = Model()
    first, second = at(DAY, "", event(DAY, "x", n=1)), at(DAY, event(DAY, "x", n=2), file="b")
    model.run({**second, **first}, *EVER)
    assert column(model, "n") == {1}


def test_what_is_no_id_is_no_duplicate() -> None:
    model = Model()
    model.run(nasty.CASES["missing ids"](), *EVER)
    assert (len(model.rows), model.ids) == (14, {})
    assert held(model, "message_id") == ["''"] * 2 + ["'[]'"] * 2 + ["""'["a"]'"""] * 2


def test_numbers_and_booleans_are_ids() -> None:
    texts: list[Json] = [7, "7", 7.0, True, "true", Huge("1e400"), "1e400"]
    model = run(*(event(DAY, messageId=value) for value in texts))
    assert model.ids == {DAY: {"7", "7.0", "true", "1e400"}}
    assert len(model.rows) == 4


def test_a_quarantined_record_makes_no_duplicate() -> None:
    model = Model()
    report = model.run(nasty.CASES["better is quarantined"](), *EVER)
    assert report.sources["ios"] == Account(2, 1, 0, 1)


def test_an_object_is_read_once() -> None:
    model, objects = Model(), at(DAY, event(DAY), event(DAY, "1"), "{}")
    first = model.run(objects, DAY, DAY)
    late = {**objects, **at(DAY, event(DAY, "2", new=1), file="b")}
    again, third = model.run(objects, *EVER), model.run(late, after(-1), DAY)
    assert [(r.seen, r.processed) for r in (first, again, third)] == [(1, 1), (1, 0), (2, 1)]
    assert again.sources["ios"] == Account()
    assert (third.new_columns, third.dates) == (["new"], {"2026-03-09": 1})
    assert (len(model.rows), len(model.quarantine)) == (3, 1)
    assert third.silent_sources == ["android"]


def test_days_without_objects() -> None:
    objects = at(DAY, event(DAY))
    with pytest.raises(NoObjectsError, match=r"days that have some: 2026-03-09"):
        Model().run(objects, after(1), after(2))
    report = Model(Settings(allow_empty=True)).run(objects, after(1), after(2))
    assert (report.seen, report.silent_sources) == (0, ["android", "ios"])


def summary(model: Model) -> tuple[object, ...]:
    rows = sorted(repr((row.received_day, sorted(row.cells.items()))) for row in model.published)
    bad = sorted(map(repr, model.quarantine))
    return rows, bad, model.registry, model.ids, model.ledger


def test_a_rebuild_of_everything_is_a_clean_run() -> None:
    objects = nasty.everything()
    model, clean = Model(), Model()
    days = sorted({place.received_day for place in objects}, reverse=True)
    for day in days:
        model.run(objects, day, day)
    clean.run(objects, *EVER)
    assert summary(model) != summary(clean)
    model.run(objects, days[-1], days[0], rebuild=True)
    assert summary(model) == summary(clean)


def test_a_rebuild_of_some_days_keeps_the_others() -> None:
    objects = {
        **at(DAY, event(DAY, "1", a=1), "{}"),
        **at(after(1), event(after(1), "2", a="x"), event(after(1), "1")),
    }
    model = Model()
    model.run(objects, DAY, DAY)
    model.run(objects, after(1), after(1))
    before = summary(model)
    report = model.run(objects, after(1), after(1), rebuild=True)
    assert report.sources["ios"] == Account(2, 1, 1, 0)
    assert summary(model) == before
    smaller = at(DAY, event(DAY, "3"))
    model.run(smaller, DAY, DAY, rebuild=True)
    assert (column(model, "message_id"), model.quarantine) == ({"2", "3"}, [])
    assert raw_columns(model) == {"a": "bigint", "a__string": "string"}


def test_what_can_be_unzipped() -> None:
    data = "".join(f"{i}\n" for i in range(1_000)).encode()
    whole = gz(data)
    assert unzip(b"") == (b"", True)
    assert unzip(whole + gz(b"") + whole + b"\x00" * 9) == (data * 2, True)
    for damaged in (whole[:-1], whole[:-8], whole[:-8] + b"00000000", whole + b"x"):
        assert unzip(damaged) == (data, False)
    half, complete = unzip(whole[: len(whole) // 2])
    assert data.startswith(half) and 0 < len(half) < len(data) and not complete
    assert unzip(whole + whole[:5]) == (data, False)
    assert unzip(data) == (b"", False)


def test_damaged_objects_are_told() -> None:
    line = event(DAY, "1").encode()
    stored = gzip.compress(line + b"\n" + line, compresslevel=0)
    model = Model()
    report = model.run({place("ios", DAY, "cut"): stored[:-20]}, DAY, DAY)
    assert report.unreadable == ["segment-logs/ksMsMXyyEaIOS/1773014400000/cut.gz"]
    assert report.sources["ios"] == Account(2, 1, 0, 1)


def test_lines_end_in_newlines_alone() -> None:
    assert list(numbered_lines(b"a\rb\n\n\x00\n \t\r\v\f\nc")) == [
        (1, b"a\rb"),
        (3, b"\x00"),
        (5, b"c"),
    ]
    assert parse('{\r"a":"\u2028"}\r'.encode()) == {"a": "\u2028"}


def check_account(report: Report, model: Model, objects: Objects) -> None:
    accounts = report.sources.values()
    assert all(a.records_read == a.rows_written + a.duplicates + a.quarantined for a in accounts)
    assert sum(a.rows_written for a in accounts) == len(model.rows) == sum(report.dates.values())
    assert sum(a.quarantined for a in accounts) == len(model.quarantine)
    assert sum(report.quarantine_reasons.values()) == len(model.quarantine)
    assert set(model.ledger) == set(objects)
    assert sum(model.ledger.values()) == sum(a.records_read for a in accounts)


@pytest.mark.parametrize("case", nasty.CASES)
def test_the_account_of_each_case_closes(case: str) -> None:
    model, objects = Model(), nasty.CASES[case]()
    check_account(model.run(objects, *EVER), model, objects)


def test_the_archive_holds_all_cases(tmp_path: Path) -> None:
    nasty.write_archive(tmp_path)
    written = {
        str(path.relative_to(tmp_path)): path.read_bytes() for path in tmp_path.rglob("*.gz")
    }
    expected = {
        "/".join((place.source, *place.object_key.split("/")[2:])): data
        for case in nasty.CASES.values()
        for place, data in case().items()
    }
    assert written == expected
    assert len(expected) == sum(len(case()) for case in nasty.CASES.values())
    assert "ios/1773014400000/blank-lines.gz" in written
