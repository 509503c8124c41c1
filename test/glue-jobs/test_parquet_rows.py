"""Rows of Parquet sources: values as JSON would have them, required columns, damaged objects."""

from __future__ import annotations

import io
import random
import uuid
from collections.abc import Mapping
from datetime import date, datetime, time, timedelta, timezone
from decimal import Decimal
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from found_records import Found, all_of
from mobile_events.raw.parquet_rows import records
from mobile_events.rows.values import json_text

PACIFIC = timezone(timedelta(hours=-8))


def packed(table: pa.Table, **options: Any) -> bytes:
    sink = io.BytesIO()
    pq.write_table(table, sink, **options)
    return sink.getvalue()


def read(body: bytes, columns: Mapping[str, str] | None = None) -> tuple[list[Found], bool]:
    """The records of an object, and whether it could be read to its end."""
    return all_of(records(io.BytesIO(body), columns or {}))


def values(array: pa.Array, **options: Any) -> list[Any]:
    """What the values of a column become; all of them can be written as JSON."""
    found, whole = read(packed(pa.table({"a": array}), **options))
    assert whole
    events = [record.event or {} for record in found]
    assert all(json_text(event) for event in events)
    return [event["a"] for event in events]


def test_rows_have_numbers_and_required_columns_segments_names() -> None:
    table = pa.table({"at": ["t1", "t2"], "timestamp": [1, None], "n": [1.5, 2.0]})
    assert read(packed(table), {"timestamp": "at"}) == (
        [
            Found(1, {"timestamp": "t1", "timestamp_raw": 1, "n": 1.5}, None, None),
            Found(2, {"timestamp": "t2", "timestamp_raw": None, "n": 2.0}, None, None),
        ],
        True,
    )


def test_columns_of_one_name_are_told_apart() -> None:
    table = pa.table([pa.array([1]), pa.array([2])], names=["a", "a"])
    assert read(packed(table))[0][0].event == {"a": 1, "a_2": 2}


@pytest.mark.parametrize(
    ("array", "expected"),
    [
        (pa.array([True, None]), [True, None]),
        (pa.array([2**64 - 1], pa.uint64()), [2**64 - 1]),
        (pa.array([7], pa.int8()), [7]),
        (pa.array([0.5], pa.float32()), [0.5]),
        (pa.array([float("nan"), float("-inf"), 1e300]), ["nan", "-inf", 1e300]),
        (pa.array([Decimal("1.10"), Decimal("-12345678901.05")]), ["1.10", "-12345678901.05"]),
        (pa.array(["🙂", ""]), ["🙂", ""]),
        (pa.array(["x", None, "x"]).dictionary_encode(), ["x", None, "x"]),
        (pa.array([b"ab\xff"]), ["ab\ufffd"]),
        (pa.array([date(2026, 3, 9)]), ["2026-03-09"]),
        (pa.array([time(6, 30, 0, 5)]), ["06:30:00.000005"]),
        (pa.array([timedelta(microseconds=5)]), ["0:00:00.000005"]),
        (pa.array([uuid.UUID(int=5).bytes], pa.uuid()), [str(uuid.UUID(int=5))]),
        (pa.array([[1, None], []], pa.list_(pa.int64())), [[1, None], []]),
        (pa.array([{"b": {"c": Decimal("0.5")}}, None]), [{"b": {"c": "0.5"}}, None]),
        (pa.array([[{"at": datetime(2026, 3, 9, 12)}]]), [[{"at": "2026-03-09T12:00:00.000000Z"}]]),
    ],
)  # fmt: skip
def test_values_as_json_has_them(array: pa.Array, expected: list[Any]) -> None:
    assert values(array) == expected


@pytest.mark.parametrize(
    ("unit", "zone"), [("ms", None), ("us", None), ("us", "UTC"), ("ns", "America/Los_Angeles")]
)
def test_timestamps_are_texts_of_utc(unit: str, zone: str | None) -> None:
    instant = datetime(2026, 3, 9, 12, 30, 0, 123000, timezone.utc)
    array = pa.array([instant, None], pa.timestamp(unit, zone))
    assert values(array) == ["2026-03-09T12:30:00.123000Z", None]


def test_timestamp_without_a_zone_is_utc_and_one_with_a_zone_is_converted() -> None:
    wall, instant = datetime(2026, 3, 9, 4, 30), datetime(2026, 3, 9, 4, 30, tzinfo=PACIFIC)
    assert values(pa.array([wall])) == ["2026-03-09T04:30:00.000000Z"]
    assert values(pa.array([instant])) == ["2026-03-09T12:30:00.000000Z"]


def test_timestamps_as_spark_writes_them() -> None:
    array = pa.array([datetime(2026, 3, 9, 12, 30, 0, 5)], pa.timestamp("us"))
    found = values(array, use_deprecated_int96_timestamps=True)
    assert found == ["2026-03-09T12:30:00.000005Z"]


def test_maps_are_texts_of_json() -> None:
    texts = pa.map_(pa.string(), pa.float64())
    assert values(pa.array([[("é", 1.0), ("b", None)], [], None], texts)) == [
        '{"é":1.0,"b":null}',
        "{}",
        None,
    ]
    days = pa.map_(pa.date32(), pa.decimal128(5, 2))
    assert values(pa.array([[(date(2026, 3, 9), Decimal("1.10"))]], days)) == [
        '{"2026-03-09":"1.10"}'
    ]
    assert values(pa.array([None], texts)) == [None]


def many(rows: int) -> bytes:
    table = pa.table({"n": range(rows), "text": [f"text {n}" for n in range(rows)]})
    return packed(table, row_group_size=1000, compression="none", use_dictionary=False)


def test_large_objects_are_read_batch_by_batch() -> None:
    found, whole = read(many(25_000))
    assert [record.number for record in found] == list(range(1, 25_001))
    assert [(record.event or {})["n"] for record in found] == list(range(25_000))
    assert whole


@pytest.mark.parametrize("body", [b"", packed(pa.table({"n": pa.array([], pa.int64())}))])
def test_objects_without_a_row(body: bytes) -> None:
    assert read(body) == ([], True)


@pytest.mark.parametrize("body", [b"PAR1", b"no Parquet", many(100)[:-1], many(100)[:2000]])
def test_object_whose_footer_cannot_be_read_is_damaged(body: bytes) -> None:
    assert read(body) == ([], False)


def test_rows_before_damage_are_kept() -> None:
    body = bytearray(many(25_000))
    place = body.index(b"text 15000")
    header = body.rindex(b"\x15", 0, place)
    body[header - 40 : header + 1] = b"\xff" * 41
    found, whole = read(bytes(body))
    assert not whole
    assert [(record.event or {})["n"] for record in found] == list(range(10_000))


@pytest.mark.parametrize(
    "array", [pa.array([4_000_000], pa.date32()), pa.array([2**62], pa.timestamp("us"))]
)
def test_times_beyond_the_years_that_python_has_damage_their_object(array: pa.Array) -> None:
    assert read(packed(pa.table({"a": array}))) == ([], False)


def test_no_damage_raises_another_error() -> None:
    sound = packed(
        pa.table({
            "id": [f"id-{n}" for n in range(500)],
            "at": pa.array(range(500), pa.timestamp("us", "UTC")),
            "s": [{"a": n, "b": [n, None]} for n in range(500)],
        }),
        row_group_size=100,
    )  # fmt: skip
    assert (len(read(sound)[0]), read(sound)[1]) == (500, True)
    rng = random.Random(5)
    damaged = 0
    for _ in range(300):
        body = bytearray(sound)
        for _ in range(rng.randrange(1, 6)):
            body[rng.randrange(len(body))] = rng.randrange(256)
        damaged += not read(bytes(body))[1]
    assert damaged > 100
