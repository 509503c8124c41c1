"""Timestamps as columns: every form, and wall time against the tz database."""

from __future__ import annotations

from datetime import date, datetime, timedelta, timezone
from typing import Any
from zoneinfo import ZoneInfo

import pyarrow as pa
import pytest
from contract import instants as model
from contract import strategies
from contract.nasty_values import SOUND_TIMESTAMPS, UNSOUND_TIMESTAMPS
from hypothesis import given
from hypothesis import strategies as st
from mobile_events.rows.instants import INSTANT, WALL_TIME, instants, microseconds, wall_time

EPOCH = datetime(1970, 1, 1)
ZONES = (
    "America/Los_Angeles",
    "America/St_Johns",
    "Australia/Lord_Howe",
    "Asia/Kathmandu",
    "Europe/Berlin",
    "UTC",
)


def read(values: list[Any]) -> tuple[list[int | None], list[Any] | None]:
    array, others = instants(values)
    assert array.type == INSTANT
    return array.cast(pa.int64()).to_pylist(), others


def at(text: str) -> int:
    """Microseconds of a time of UTC, as datetime reads it."""
    return (datetime.fromisoformat(text) - EPOCH) // timedelta(microseconds=1)


@pytest.mark.parametrize(
    ("text", "utc"),
    [
        ("2026-03-09T12:00Z", "2026-03-09T12:00:00"),
        ("2026-03-09T12:00:59Z", "2026-03-09T12:00:59"),
        ("2026-03-09T12:00:00.5Z", "2026-03-09T12:00:00.500000"),
        ("2026-03-09T12:00:00.12Z", "2026-03-09T12:00:00.120000"),
        ("2026-03-09T12:00:00.123Z", "2026-03-09T12:00:00.123000"),
        ("2026-03-09T12:00:00.1234Z", "2026-03-09T12:00:00.123400"),
        ("2026-03-09T12:00:00.12345Z", "2026-03-09T12:00:00.123450"),
        ("2026-03-09T12:00:00.123456Z", "2026-03-09T12:00:00.123456"),
        ("2026-03-09T12:00:00.1234567Z", "2026-03-09T12:00:00.123456"),
        ("2026-03-09T12:00:00.12345678Z", "2026-03-09T12:00:00.123456"),
        ("2026-03-09T12:00:00.999999999Z", "2026-03-09T12:00:00.999999"),
        ("1969-12-31T23:59:59.999999999Z", "1969-12-31T23:59:59.999999"),
        ("2026-03-09T12:00:00+00:00", "2026-03-09T12:00:00"),
        ("2026-03-09T12:00:00-00:00", "2026-03-09T12:00:00"),
        ("2026-03-09T12:00:00.5+0530", "2026-03-09T06:30:00.500000"),
        ("2026-03-09T23:30:00-07", "2026-03-10T06:30:00"),
        ("2024-02-29T00:00:00+14:59", "2024-02-28T09:01:00"),
        ("0001-01-01T00:00:00Z", "0001-01-01T00:00:00"),
        ("9999-12-31T23:59:59.999999Z", "9999-12-31T23:59:59.999999"),
    ],
)
def test_every_form_of_timestamp(text: str, utc: str) -> None:
    assert read([text, None]) == ([at(utc), None], None)
    # Among other forms, and among what is none.
    assert read([text, "2026-03-09T06:30+14:00"])[0][0] == at(utc)
    assert read([text, "soon"]) == ([at(utc), None], [None, "soon"])


@pytest.mark.parametrize(
    "value",
    [v for v in UNSOUND_TIMESTAMPS[6:] if v is not None]
    + ["2026-02-29T12:00:00Z", "2026-04-31T12:00:00.5Z", "2026-03-09T12:00:00\ud800Z"]
    + ["0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00"],
)
def test_what_is_no_timestamp_stands_beside_those_that_are(value: Any) -> None:
    noon = "2026-03-09T12:00:00.000Z"
    wanted = [at("2026-03-09T12:00:00"), None, None, at("2026-03-09T12:00:00")]
    assert read([noon, value, None, noon]) == (wanted, [None, value, None, None])


def test_columns_without_a_value() -> None:
    assert read([]) == ([], None)
    assert read([None, None]) == ([None, None], None)


_FORMS = st.sampled_from((*SOUND_TIMESTAMPS, *UNSOUND_TIMESTAMPS, "2026-06-31T00:00:00Z"))


@given(st.lists(strategies.timestamps(date(2026, 3, 9)) | _FORMS | st.none()))
def test_instants_are_the_models(values: list[Any]) -> None:
    wanted = [model.microseconds(v) if isinstance(v, str) else None for v in values]
    others = [v if m is None else None for v, m in zip(values, wanted, strict=True)]
    assert read(values) == (wanted, others if any(o is not None for o in others) else None)
    assert [microseconds(value) for value in values] == wanted


def wall(micros: list[int], zone: str) -> list[datetime]:
    array = wall_time(pa.array(micros, pa.int64()).cast(INSTANT), zone)
    assert array.type == WALL_TIME
    found: list[datetime] = array.to_pylist()
    return found


def expected(micros: list[int], zone: str) -> list[datetime]:
    tz = ZoneInfo(zone)
    start = EPOCH.replace(tzinfo=timezone.utc)
    instants = (start + timedelta(microseconds=m) for m in micros)
    return [instant.astimezone(tz).replace(tzinfo=None) for instant in instants]


@pytest.mark.parametrize("zone", ZONES)
@pytest.mark.parametrize("year", [2000, 2011, 2026])
def test_wall_time_of_a_whole_year(zone: str, year: int) -> None:
    # Every 37 minutes, so that all minutes of the hour have their turn.
    start, step = at(f"{year}-01-01T00:00:00"), 37 * 60_000_000
    micros = [start + n * step + n % 1_000_000 for n in range(366 * 24 * 60 // 37)]
    assert wall(micros, zone) == expected(micros, zone)


@pytest.mark.parametrize(
    ("day", "hours"), [("2026-03-08", 23), ("2026-07-01", 24), ("2026-11-01", 25)]
)
def test_days_of_time_changes_have_their_hours(day: str, hours: int) -> None:
    start = at(f"{day}T00:00:00") - 86_400_000_000
    micros = [start + n * 60_000_000 for n in range(3 * 1440)]
    found = wall(micros, "America/Los_Angeles")
    assert sum(1 for each in found if each.date().isoformat() == day) == hours * 60
    assert found == expected(micros, "America/Los_Angeles")


@pytest.mark.parametrize(
    ("zone", "change"),
    [
        ("America/Los_Angeles", "2026-03-08T10:00:00"),
        ("America/Los_Angeles", "2026-11-01T09:00:00"),
        # Not all zones change at a quarter of an hour.
        ("America/St_Johns", "2011-03-13T03:31:00"),
        ("America/Goose_Bay", "2010-11-07T03:01:00"),
        ("Asia/Gaza", "2011-03-31T22:01:00"),
        ("Antarctica/Casey", "2020-10-03T16:01:00"),
        ("Australia/Lord_Howe", "2026-04-04T15:00:00"),
        ("Asia/Pyongyang", "2018-05-04T15:00:00"),
        ("Pacific/Apia", "2011-12-30T10:00:00"),
    ],
)
def test_wall_time_about_the_instant_of_a_change(zone: str, change: str) -> None:
    micros = [at(change) + n * 1_000_000 for n in range(-1200, 1200)]
    micros += [at(change) - 1, at(change) + 1]
    found = wall(micros, zone)
    assert found == expected(micros, zone)
    before, after = found[1199], found[1200]
    assert after - before != timedelta(seconds=1), "there is a change"
