"""The transform on Spark, against what each line must become."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import date, datetime, timedelta, timezone
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from mobile_events.names import column_names
from mobile_events.timestamps import to_instant

# The fixtures `gz`, `read_csv` and `transform` are those of conftest.py.
Transform = Callable[..., Any]
Gz = Callable[..., bytes]

LOS_ANGELES = "America/Los_Angeles"
DAY = date(2026, 3, 9)
NEXT_DAY = date(2026, 3, 10)

IOS = [
    {"messageId": "nested", "context": {"device": {"adTrackingEnabled": True}, "IPAddress": "::1"}},
    {"messageId": "lists", "list": [], "items": [{"Sku": "a", "n": [1, 2.5]}, None], "set": {}},
    {"messageId": "nulls", "context": None, "only_null": None, "properties": {"price": None}},
    {"messageId": "emoji", "text": 'a,"b"\n\\n\r🙂 é'},
    {"messageId": "case", "properties": {"price": 1.5, "Price": "high", "PRICE": True}},
    {"messageId": "odd keys", "properties": {"cart.total": 3, "order id": "o`1", "größe": "L"}},
    {"messageId": "types", "mixed": 5, "number": 5, "flag": True, "thing": {"a": 1}},
    {"messageId": "big", "wide": 2**53 + 1, "widest": -(2**63), "huge": 2**63, "unit": 2**53 + 1},
    {"messageId": "own", "platform": "web", "Date": "today", "utc_timestamp": 1, "sent_at": 2},
    {"messageId": "dropped", "integrations": {"All": True}, "_metadata": 1, "undecodable": "no"},
    {
        "messageId": "times",
        "timestamp": "2026-03-09T06:59:59.123456789Z",
        "sentAt": "2026-03-09T07:00:00+00:00",
        "receivedAt": "2026-03-09T07:00Z",
        "originalTimestamp": "2026-03-08T23:59:59.5-07:00",
    },
    {"messageId": "odd times", "sentAt": "yesterday", "receivedAt": 17},
]
ANDROID = [
    {"messageId": "a types", "mixed": "five", "number": 0.5, "flag": "yes", "thing": 7, "huge": 1},
    {"messageId": "a only", "context": {"userAgent": "Dalvik", "device": {"id": "x"}}, "unit": 0.5},
]
BAD = {
    '{"messageId": "cut": "timestamp"': "not_json",
    '[{"messageId": "list", "timestamp": "2026-03-09T12:00:00Z"}]': "not_an_object",
    '{"messageId": "1970", "timestamp": "1970-01-01T00:00:00Z"}': "bad_timestamp",
}


@pytest.fixture(scope="module")
def output(transform: Transform, gz: Gz) -> Any:
    return transform(
        {
            ("ios", DAY): gz(*IOS, "", *BAD, "  "),
            ("android", DAY): gz(*ANDROID, "not json"),
            ("android", NEXT_DAY): gz({"messageId": "late", "late_field": 1}),
            ("ios", NEXT_DAY): b"",
        }
    )


def values(row: dict[str, Any]) -> dict[str, Any]:
    """What a row has beside nulls, what every row has and the times."""
    common = {"platform", "message_id", "utc_timestamp", "local_timestamp"}
    keys = {"_received_day", "year", "month", "date"}
    return {k: v for k, v in row.items() if v is not None and k not in common | keys}


def test_account_closes(output: Any) -> None:
    rows, bad = output.rows(), output.quarantined()
    assert Counter(row["platform"] for row in rows) == output.platforms
    assert output.platforms == {"ios": len(IOS), "android": len(ANDROID) + 1}
    read = sum(summary.records for summary in output.summaries)
    assert read == len(rows) + len(bad) == len(IOS) + len(BAD) + len(ANDROID) + 1 + 1
    assert Counter(row["date"] for row in rows) == output.dates


def test_quarantine_tells_what_where_and_why(output: Any) -> None:
    bad = output.quarantined()
    ios = sorted((r for r in bad if r["source"] == "ios"), key=lambda r: r["line_number"])
    assert [(r["line"], r["reason"]) for r in ios] == list(BAD.items())
    assert [r["line_number"] for r in ios] == [len(IOS) + 2, len(IOS) + 3, len(IOS) + 4]
    assert {r["object_key"].rsplit("/", 1)[-1] for r in ios} == {"0.gz"}
    assert {(r["received_day"], r["run_id"]) for r in bad} == {("2026-03-09", "jr_1")}
    assert [r["line"] for r in bad if r["source"] == "android"] == ["not json"]


def test_file_holds_one_received_day_and_one_date(output: Any) -> None:
    assert len(output.files) == len(set(output.files)) == 4
    for row in output.rows():
        assert row["_received_day"] == ("2026-03-10" if row["message_id"] == "late" else str(DAY))
        assert (row["year"], row["month"]) == (row["date"][:4], row["date"][5:7])


@pytest.mark.parametrize(
    ("message_id", "expected"),
    [
        ("nested", {"context_device_ad_tracking_enabled": True, "context_ip_address": "::1"}),
        ("lists", {"list": "[]", "items": '[{"Sku":"a","n":[1,2.5]},null]'}),
        ("nulls", {}),
        ("emoji", {"text": 'a,"b"\n\\n\r🙂 é'}),
        (
            "odd keys",
            {
                "properties_cart_total": 3,
                "properties_order_id": "o`1",
                "properties_grosse": "L",
            },
        ),
        ("types", {"mixed": "5", "number": 5.0, "flag": "true", "thing": '{"a":1}'}),
        ("a types", {"mixed": "five", "number": 0.5, "flag": "yes", "thing": "7", "huge": "1"}),
        ("a only", {"context_user_agent": "Dalvik", "context_device_id": "x", "unit": "0.5"}),
        (
            "big",
            {
                "wide": 2**53 + 1,
                "widest": -(2**63),
                "huge": "9223372036854775808",
                "unit": "9007199254740993",
            },
        ),
        ("dropped", {"undecodable": "no"}),
        ("late", {"late_field": 1}),
    ],
)
def test_row(output: Any, message_id: str, expected: dict[str, Any]) -> None:
    assert values(output.row(message_id)) == expected


def test_keys_that_differ_in_case_are_different_columns(output: Any) -> None:
    paths = [("properties", key) for key in ("price", "Price", "PRICE")]
    names = column_names(paths, ())
    assert names[paths[2]] == "properties_price"
    assert values(output.row("case")) == {
        names[paths[0]]: 1.5,
        names[paths[1]]: "high",
        names[paths[2]]: True,
    }


def test_fields_named_like_the_pipelines_own_are_kept_beside_them(output: Any) -> None:
    row = output.row("own")
    own = ("platform", "date", "utc_timestamp", "sent_at")
    names = column_names([("platform",), ("Date",), ("utc_timestamp",), ("sent_at",)], own)
    assert values(row) == {
        names[("platform",)]: "web",
        names[("Date",)]: "today",
        names[("utc_timestamp",)]: 1,
        names[("sent_at",)]: 2,
    }
    assert row["platform"] == "ios"
    assert row["sent_at"] is None


def test_times(output: Any) -> None:
    row = output.row("times")
    utc = timezone.utc
    assert row["utc_timestamp"] == datetime(2026, 3, 9, 6, 59, 59, 123456, utc)
    assert row["local_timestamp"] == datetime(2026, 3, 8, 23, 59, 59, 123456)
    assert row["sent_at"] == row["received_at"] == datetime(2026, 3, 9, 7, tzinfo=utc)
    assert row["original_timestamp"] == datetime(2026, 3, 9, 6, 59, 59, 500000, utc)
    assert (row["year"], row["month"], row["date"]) == ("2026", "03", "2026-03-08")
    odd = values(output.row("odd times"))
    assert odd == {"sent_at__string": "yesterday", "received_at__string": "17"}


def test_types_and_columns(output: Any) -> None:
    types = output.types()
    assert types["utc_timestamp"] == types["sent_at"] == "timestamp[us, tz=UTC]"
    assert types["local_timestamp"] == "timestamp[us]"
    assert types["widest"] == "int64"
    assert types["number"] == "double"
    assert types["context_device_ad_tracking_enabled"] == "bool"
    assert list(types)[:4] == ["platform", "utc_timestamp", "local_timestamp", "sent_at"]
    absent = {"only_null", "set", "year", "month", "date", "received_day", "integrations_all"}
    assert not absent & set(types)
    assert not any("metadata" in name for name in types)
    assert len({name.casefold() for name in types}) == len(types)


@pytest.mark.parametrize("zone", [LOS_ANGELES, "Asia/Kolkata", "UTC"])
def test_days_of_a_year_follow_the_tz_database(transform: Transform, gz: Gz, zone: str) -> None:
    starts = [
        datetime(2026, 3, 7, tzinfo=timezone.utc),
        datetime(2026, 10, 31, tzinfo=timezone.utc),
    ]
    instants = [start + timedelta(minutes=10 * n) for start in starts for n in range(3 * 144)]
    events = [
        {"messageId": str(n), "timestamp": f"{at:%Y-%m-%dT%H:%M:%SZ}"}
        for n, at in enumerate(instants)
    ]
    raw = {("ios", date(2026, 11, 2)): gz(*events)}
    rows = transform(raw, time_zone=zone).rows()
    assert len(rows) == len(instants)
    for row in rows:
        local = instants[int(row["message_id"])].astimezone(ZoneInfo(zone))
        assert row["local_timestamp"] == local.replace(tzinfo=None)
        assert row["utc_timestamp"] == instants[int(row["message_id"])]
        assert row["date"] == local.date().isoformat()
    if zone == LOS_ANGELES:
        hours = Counter(r["date"] for r in rows if "03-08" in r["date"] or "11-01" in r["date"])
        assert hours == {"2026-03-08": 23 * 6, "2026-11-01": 25 * 6}


def test_every_form_of_timestamp_is_read_to_the_microsecond(transform: Transform, gz: Gz) -> None:
    zones = ["Z", "+00:00", "-00:00", "+05:30", "-0700", "+0545", "-03", "+14:59", "-14:59"]
    clocks = ["23:59", "00:00:00", "12:34:56.7", "12:34:56.123", "23:59:59.999999"]
    clocks += ["12:34:56.1234567", "12:34:56.999999999"]
    days = ["2000-01-02", "2024-02-29", "2026-03-08"]
    texts = [f"{day}T{clock}{zone}" for day in days for clock in clocks for zone in zones]
    events = [{"messageId": text, "timestamp": text, "sentAt": text} for text in texts]
    output = transform({("ios", DAY): gz(*events)})
    assert not output.quarantined()
    found = {row["message_id"]: (row["utc_timestamp"], row["sent_at"]) for row in output.rows()}
    assert found == {text: (to_instant(text)[0],) * 2 for text in texts}
    assert "sent_at__string" not in output.types()


def test_line_that_spark_alone_refuses_is_quarantined(transform: Transform, gz: Gz) -> None:
    # Jackson takes no number of more than 1000 digits; Python's decoder does.
    long_number = b'{"messageId":"b","timestamp":"2026-03-09T12:00:00Z","n":' + b"7" * 1500 + b"}"
    output = transform({("ios", DAY): gz({"messageId": "a"}, long_number)})
    assert [row["message_id"] for row in output.rows() if row["_received_day"] == str(DAY)] == ["a"]
    assert output.platforms == {"ios": 1}
    assert [(r["reason"], r["line_number"]) for r in output.quarantined()] == [("not_json", 2)]


def test_csv_has_the_same_rows(transform: Transform, gz: Gz, read_csv: Any) -> None:
    text = 'comma, "quote" \\ back\nline\rend 🙂'
    events = [
        {"messageId": "a", "text": text, "n": 7, "f": 0.5, "flag": True, "list": [1]},
        {"messageId": "b", "text": "", "sentAt": "2026-03-09T12:00:00.5Z"},
    ]
    output = transform({("ios", DAY): gz(*events)}, output_format="csv")
    (file,) = output.files
    assert file.name.endswith(".csv.gz")
    rows = {row["message_id"]: row for row in read_csv(file)}
    assert rows["a"]["text"] == 'comma, "quote" \\ back\\nline\\rend 🙂'
    assert (rows["a"]["n"], rows["a"]["f"], rows["a"]["flag"]) == ("7", "0.5", "true")
    assert rows["a"]["list"] == "[1]"
    assert rows["a"]["utc_timestamp"] == "2026-03-09 12:00:00.000000"
    assert rows["a"]["local_timestamp"] == "2026-03-09 05:00:00.000000"
    assert rows["b"]["sent_at"] == "2026-03-09 12:00:00.500000"
    assert (rows["b"]["n"], rows["b"]["text"]) == ("", "")
    assert output.platforms == {"ios": 2}


def test_partition_keys_are_a_setting(transform: Transform, gz: Gz) -> None:
    output = transform({("ios", DAY): gz({"messageId": "a"})}, partition_keys=("date",))
    (file,) = output.files
    assert file.parent.name == "date=2026-03-09"
    assert file.parent.parent.name == "_received_day=2026-03-09"
    assert output.dates == {"2026-03-09": 1}
