"""Lines of raw objects: how they're split, what can't be an event and why, and damaged objects."""

from __future__ import annotations

import gzip
import io
import json

import pytest
from contract import nasty, strategies
from contract.lines import numbered_lines, parse, unzip
from found_records import Found, all_of
from hypothesis import given
from hypothesis import strategies as st
from mobile_events.raw.json_lines import blocks, records

GOOD = b'{"timestamp":"2026-03-09T12:00:00Z","messageId":"%d"}'


def read(body: bytes) -> tuple[list[Found], bool]:
    """The records of an object, and whether it could be read to its end."""
    found = blocks(io.BytesIO(body))
    return all_of(record for first, text in found for record in records(first, text))


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        (GOOD % 1, None),
        (b" \t" + GOOD % 1 + b" \r", None),
        (b'{"a":1,\r"b":2}', None),
        (b'{"a":"\\ud83d\\ude42 \\" \\n \\ud800"}', None),
        ('{"a":"🙂"}'.encode(), None),
        (b'{"a":123456789012345678901234567890}', None),
        (b'{"a":1e400}', None),
        (GOOD[:-9], "not_json"),
        (GOOD % 1 + GOOD % 2, "not_json"),
        (GOOD % 1 + b",", "not_json"),
        (b"\xef\xbb\xbf" + GOOD % 1, "not_json"),
        (b"hello", "not_json"),
        (b"{'a':1}", "not_json"),
        (b'{"a":NaN}', "not_json"),
        (b'{"a":"\t"}', "not_json"),
        (b'{"a":"\xff"}', "not_json"),
        (b'{"a":%s}' % (b"7" * 5000), "not_json"),
        (b'{"a":' + b"[" * 100_000, "not_json"),
        (b"\x00", "not_json"),
        (b"[" + GOOD % 1 + b"]", "not_an_object"),
        (b"{}", "not_an_object"),
        (b"{ }", "not_an_object"),
        (b"null", "not_an_object"),
        (b'"text"', "not_an_object"),
        (b"17", "not_an_object"),
    ],
)
def test_reason(line: bytes, reason: str | None) -> None:
    (found,), _ = read(gzip.compress(line))
    assert (found.number, found.reason, found.line) == (1, reason, line)
    assert (found.event is None) is (reason is not None)


def test_line_feeds_alone_end_lines_and_blank_ones_are_counted_but_no_records() -> None:
    body = b"\n" + GOOD % 1 + b"\r\n  \n\r\n\x0b\x0c\n" + GOOD % 2 + b"\r" + b"\n\nx"
    found, _ = read(gzip.compress(body))
    assert [(record.number, record.reason) for record in found] == [
        (2, None),
        (6, None),
        (8, "not_json"),
    ]
    assert found[0].line == GOOD % 1 + b"\r"


def test_event_has_the_values_of_its_line() -> None:
    ((_, event, _, _),), _ = read(gzip.compress(b'{"a":[1,null],"B":{"c":1.0},"d":true,"d":2}'))
    assert repr(event) == "{'a': [1, None], 'B': {'c': 1.0}, 'd': 2}"


@pytest.mark.parametrize(
    "body", [b"", gzip.compress(b"", mtime=0), gzip.compress(b"\n\n \n", mtime=0)]
)
def test_objects_without_a_record(body: bytes) -> None:
    assert read(body) == ([], True)


def test_several_gzip_members_are_one_object() -> None:
    half = len(GOOD % 1) // 2
    first, second = (GOOD % 1)[:half], (GOOD % 1)[half:] + b"\n" + GOOD % 2
    body = gzip.compress(first) + gzip.compress(second) + b"\0" * 512
    found, whole = read(body)
    assert [record.reason for record in found] == [None, None]
    assert whole


def test_large_objects_are_read_piece_by_piece() -> None:
    lines = [GOOD % n for n in range(40_000)]
    body = b"".join(gzip.compress(line + b"\n", 0) for line in lines)
    assert len(body) > 3 << 20
    found, whole = read(body)
    assert [json.loads(record.line or b"") for record in found] == [json.loads(x) for x in lines]
    assert [record.number for record in found] == list(range(1, 40_001))
    assert whole


@pytest.mark.parametrize("end", [1, 4, 8, 100, 20_000])
def test_what_is_readable_of_an_object_cut_short_is_kept(end: int) -> None:
    lines = [GOOD % (n * 7919) for n in range(5000)]
    found, whole = read(gzip.compress(b"\n".join(lines), 1)[:-end])
    good = [record.line for record in found if record.reason is None]
    assert good == lines[: len(good)]
    assert not whole
    assert len(good) == 5000 if end <= 8 else 100 < len(good) < 5000
    # The line that was cut is a record, too.
    assert [record.reason for record in found[len(good) :]] == ([] if end <= 8 else ["not_json"])


def test_what_comes_before_damage_is_kept_to_the_last_byte() -> None:
    body = bytearray(gzip.compress(b"\n".join(GOOD % (n * 7919) for n in range(5000)), 1))
    body[len(body) // 2 : len(body) // 2 + 40] = b"\xff" * 40
    found, whole = read(bytes(body))
    assert not whole
    assert [(r.number, r.line) for r in found] == list(numbered_lines(unzip(bytes(body)).data))
    assert len(found) > 1000


@pytest.mark.parametrize(
    "body", [GOOD % 1, b"\0" * 20, gzip.compress(GOOD % 1, mtime=0) + b"trailing"]
)
def test_what_is_no_gzip_is_damaged(body: bytes) -> None:
    assert not read(body)[1]


@given(st.lists(strategies.hostile_lines(GOOD % 1), max_size=4).map(b"\n".join), st.data())
def test_records_are_the_models(content: bytes, data: st.DataObject) -> None:
    body = data.draw(strategies.zipped(content))
    unzipped = unzip(body)
    wanted = []
    for number, line in numbered_lines(unzipped.data):
        event = parse(line)
        wanted.append((number, line, event if isinstance(event, str) else None))
    found, whole = read(body)
    assert [(record.number, record.line, record.reason) for record in found] == wanted
    assert whole is unzipped.complete


@pytest.mark.parametrize("name", nasty.CASES)
def test_nasty_objects_hold_the_models_lines(name: str) -> None:
    for body in nasty.CASES[name]().values():
        unzipped = unzip(body)
        found, whole = read(body)
        assert [(r.number, r.line) for r in found] == list(numbered_lines(unzipped.data))
        assert whole is unzipped.complete
