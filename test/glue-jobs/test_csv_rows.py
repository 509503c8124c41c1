"""Rows of CSV sources: required columns, gzipped and plain, bad rows, damaged objects."""

from __future__ import annotations

import gzip
import io
import random
from collections.abc import Mapping

import pytest
from contract.lines import unzip
from found_records import Found, all_of
from mobile_events.raw.csv_rows import records

COLUMNS = {"timestamp": "occurred_at", "messageId": "event_id"}


def read(body: bytes, columns: Mapping[str, str] = COLUMNS) -> tuple[list[Found], bool]:
    """The records of an object, and whether it could be read to its end."""
    return all_of(records(io.BytesIO(body), columns))


def events(text: str, columns: Mapping[str, str] = COLUMNS) -> list[dict[str, str] | None]:
    found, whole = read(text.encode(), columns)
    assert whole
    return [record.event for record in found]


def test_required_columns_get_segments_names() -> None:
    text = "event_id,occurred_at,Total,é\n1,2026-03-09T12:00:00Z,5,x\n2,now,,y\n"
    assert events(text) == [
        {"messageId": "1", "timestamp": "2026-03-09T12:00:00Z", "Total": "5", "é": "x"},
        {"messageId": "2", "timestamp": "now", "é": "y"},
    ]


def test_columns_that_have_such_names_by_chance_are_kept_beside_them() -> None:
    text = "timestamp,occurred_at,messageId,receivedAt,timestamp_raw\na,b,c,d,e\n"
    assert events(text, {"timestamp": "occurred_at"}) == [
        {
            "timestamp_raw": "a",
            "timestamp": "b",
            "messageId": "c",
            "receivedAt": "d",
            "timestamp_raw_2": "e",
        }
    ]


def test_column_can_have_segments_name_already() -> None:
    assert events("timestamp,a\nb,c\n", {"timestamp": "timestamp"}) == [
        {"timestamp": "b", "a": "c"}
    ]


def test_columns_of_one_name_are_told_apart() -> None:
    assert events("id,id,occurred_at,occurred_at,id_2\n1,2,3,4,5\n") == [
        {"id": "1", "id_2": "2", "timestamp": "3", "occurred_at": "4", "id_2_2": "5"}
    ]


def test_values_keep_commas_quotes_and_line_breaks() -> None:
    text = 'a,b\r\n"x,""y""","1\n2\r\n3"\r\n " q" ,\\n\r\n'
    assert events(text) == [{"a": 'x,"y"', "b": "1\n2\r\n3"}, {"a": ' " q" ', "b": "\\n"}]


def test_empty_values_are_as_good_as_absent() -> None:
    assert events('a,b\n,\n"",x\n0,\n') == [{}, {"b": "x"}, {"a": "0"}]


def test_rows_that_do_not_fit_the_header_are_records_without_an_event() -> None:
    found, whole = read(b'a,b\n1,2\n\n3\n4,5,6\n7,8\n"9')
    assert whole
    assert [(record.number, record.event, record.line, record.reason) for record in found] == [
        (1, {"a": "1", "b": "2"}, None, None),
        (3, None, b'["3"]', "not_an_object"),
        (4, None, b'["4","5","6"]', "not_an_object"),
        (5, {"a": "7", "b": "8"}, None, None),
        (6, None, b'["9"]', "not_an_object"),
    ]


@pytest.mark.parametrize(
    "body", [b"", b"a,b\n", b"\xef\xbb\xbf", gzip.compress(b"", mtime=0), b"\n\n"]
)
def test_objects_without_a_row(body: bytes) -> None:
    assert read(body) == ([], True)


def test_byte_order_mark_and_bytes_that_are_no_utf_8() -> None:
    found, whole = read(b"\xef\xbb\xbfa,b\nx\xff,\xc3\xa9\n")
    assert whole
    assert [record.event for record in found] == [{"a": "x\ufffd", "b": "é"}]


def table(rows: int) -> bytes:
    rng = random.Random(rows)
    lines = [f"{n},2026-03-09T12:00:00Z,{rng.random()}\n" for n in range(rows)]
    return ("event_id,occurred_at,x\n" + "".join(lines)).encode()


def test_plain_gzipped_and_several_members_are_read_alike() -> None:
    content = table(60_000)
    half = len(content) // 2
    assert len(content) > 2 << 20
    plain, whole = read(content)
    assert (len(plain), plain[-1].number, whole) == (60_000, 60_000, True)
    assert read(gzip.compress(content, 0)) == (plain, True)
    members = gzip.compress(content[:half], 1) + gzip.compress(content[half:], 1) + b"\0" * 9
    assert read(members) == (plain, True)


@pytest.mark.parametrize("damage", ["checksum", "cut", "cut checksum", "flipped", "trailing"])
def test_rows_before_damage_are_kept(damage: str) -> None:
    content = table(20_000)
    body = bytearray(gzip.compress(content, 1))
    if damage == "checksum":
        body[-8] ^= 0xFF
    elif damage == "cut":
        del body[len(body) // 2 :]
    elif damage == "cut checksum":
        del body[-4:]
    elif damage == "flipped":
        body[len(body) // 2 : len(body) // 2 + 40] = b"\xff" * 40
    else:
        body += b"trailing"
    found, whole = read(bytes(body))
    readable = unzip(bytes(body)).data
    # A row that was cut is none: it could pass for a whole one.
    wanted, _ = read(readable[: readable.rindex(b"\n") + 1])
    assert not whole
    assert found == wanted
    assert len(found) == 20_000 or damage in ("cut", "flipped")


def test_csv_that_python_cannot_read_is_damaged() -> None:
    found, whole = read(b'a\n1\n"' + b"x" * (1 << 20), {})
    assert (len(found), whole) == (2, True)
