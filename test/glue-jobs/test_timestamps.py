"""Which timestamps an event may have."""

from __future__ import annotations

from datetime import date, datetime, timedelta, timezone

import pytest
from mobile_events.rows.timestamps import PlausibleTimes, is_timestamp, to_instant

DAY = date(2026, 3, 9)


@pytest.mark.parametrize(
    "text",
    [
        "2026-03-09T12:00:00Z",
        "2026-03-09T12:00Z",
        "2026-03-09T12:00:00.1Z",
        "2026-03-09T12:00:00.123Z",
        "2026-03-09T12:00:00.123456Z",
        "2026-03-09T12:00:00.123456789Z",
        "2026-03-09T12:00:00+00:00",
        "2026-03-09T12:00:00.5-07:00",
        "2026-03-09T12:00:00+0530",
        "2026-03-09T12:00:00+05",
        "2024-02-29T23:59:59Z",
    ],
)
def test_timestamps(text: str) -> None:
    assert is_timestamp(text)


@pytest.mark.parametrize(
    "value",
    [
        None,
        1741521600000,
        17.5,
        True,
        {},
        [],
        "",
        "now",
        "1741521600000",
        "2026-03-09",
        "2026-03-09T12:00:00",
        "2026-03-09 12:00:00Z",
        "2026-02-29T12:00:00Z",
        "2026-04-31T12:00:00Z",
        "2026-13-01T12:00:00Z",
        "2026-03-09T24:00:00Z",
        "2026-03-09T12:60:00Z",
        "2026-03-09T12:00:60Z",
        "2026-03-09T12:00.5Z",
        "2026-03-09T12:00:00.Z",
        "2026-03-09T12:00:00.1234567890Z",
        "2026-03-09T12:00:00 Z",
        "2026-03-09T12:00:00America/Los_Angeles",
        "2026-03-09T12:00:00Z\n",
        "\uff12026-03-09T12:00:00Z",
        "0000-03-09T12:00:00Z",
        "Mon, 09 Mar 2026 12:00:00 GMT",
    ],
)
def test_other_values(value: object) -> None:
    assert not is_timestamp(value)
    assert value not in PlausibleTimes(DAY)


@pytest.mark.parametrize(
    ("text", "plausible"),
    [
        ("1970-01-01T00:00:00Z", False),
        ("1999-12-31T23:59:59.999Z", False),
        ("1999-12-31T23:59:59.999-01:00", True),
        ("2000-01-01T00:00:00Z", True),
        ("2000-01-01T00:00:00+00:01", False),
        ("2026-03-09T12:00:00Z", True),
        ("2026-03-12T00:00:00Z", True),
        ("2026-03-12T00:00:00.000000001Z", False),
        ("2026-03-12T00:00:00.001Z", False),
        ("2026-03-12T05:00:00+05:30", True),
        ("2026-03-11T20:00:00-05:00", False),
        ("2099-01-01T00:00:00Z", False),
        ("9999-12-31T23:59:59-14:00", False),
        ("0001-01-01T00:00:00+14:00", False),
    ],
)
def test_range(text: str, plausible: bool) -> None:
    assert (text in PlausibleTimes(DAY)) is plausible


def test_instants() -> None:
    noon = datetime(2026, 3, 9, 12, tzinfo=timezone.utc)
    assert to_instant("2026-03-09T12:00Z") == (noon, 0)
    assert to_instant("2026-03-09T17:30:00+0530") == (noon, 0)
    assert to_instant("2026-03-09T05:00:00.1234567-07") == (
        noon + timedelta(microseconds=123456),
        700,
    )
    with pytest.raises(ValueError, match="not an ISO 8601 timestamp"):
        to_instant("today")
