"""The fast reader of JSON: what it takes is what the exact way gives, and it takes what is common.

Most tests don't say which blocks have to be left to the exact way: only that a block that is taken
must be right, whatever the reader has learnt.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable, Sequence
from typing import Any

import pyarrow as pa
import pyarrow.json as pj
import pytest
from contract import nasty, strategies
from contract.lines import unzip
from exact_json import DAY, DROP, REGISTRY, block, check, exact, line, plausible, reader
from hypothesis import given, settings
from hypothesis import strategies as st
from mobile_events.rows.fast_json import MOST_SKIPPED, FastJson
from mobile_events.rows.values import BIGINT

INTEGERS = ("0", "7", "-3", "9007199254740991")
DOUBLES = ("0.5", "-2.25", "1e-7", "0.30000000000000004", "1.7976931348623157e308", "5e-324")
STRINGS = ('""', '"x"', '"é🙂"', '"\\u00e9\\n\\"\\/"', '"\\ud83d\\ude42"', '"a\\u0000b"')
ODD_NUMBERS = (
    *("-0", "-0.0", "0.0", "5.0", "5", "1e2", "1E+2", "1e22", "9007199254740993", "1e400"),
    *("-1e400", "1e-400", "9223372036854775807", "9223372036854775808", "-9223372036854775809"),
    *("123456789012345678901234567890", "9007199254740992", "-9007199254740992", "0.1e1"),
)
NO_JSON = (
    *("NaN", "Infinity", "-Infinity", "nan", "Inf", "[NaN]", '[{"a":NaN}]', '{"a":-Infinity}'),
    *("01", "1.", ".5", "+1", "-", "tru", "'x'", '"\t"', '"\\x"', "[1,]", "{,}", "1/**/", "\0"),
    *('{"a":1}{"b":2}', '{"a":1}}', '"x"\0', '[1]"x"', ""),
)
TIMES = (
    *('"2026-03-09T12:00:00Z"', '"2026-03-09"', '"2026-03-09 12:00:00"', '"2026-03-09T12:00:00"'),
    *('"2026-03-09T12:00:00.123456789+05:30"', '"2026-02-30T12:00:00Z"', '"1899-01-01T00:00:00Z"'),
)
LISTS = ("[]", "[1,2.0,-0]", '["x"]', '[{"a":1},{"b":null}]', "[[1],[2]]", "[null]", "[1e400]")
OBJECTS = ("{}", '{"a":1}', '{"a":null,"b":{}}', '{"a":{"b":"x"}}', '{"a":1,"a":2}', '{"":0}')
SURROGATES = ('"\\ud800"', '"\\udc00x"', '{"\\udc00":1}', '["\\ud800"]', '"\\ude42\\ud83d"')
POOLS: tuple[tuple[str, ...], ...] = (
    *(INTEGERS, DOUBLES, STRINGS, ("true", "false"), ODD_NUMBERS, LISTS, OBJECTS, TIMES),
    *(SURROGATES, NO_JSON, (*INTEGERS, *DOUBLES), (*INTEGERS, *STRINGS), (*STRINGS, *TIMES)),
    *((*STRINGS, *LISTS), (*INTEGERS, "true"), (*OBJECTS, *INTEGERS), (*LISTS, *DOUBLES)),
)
NAMES = ("string", "double", "bigint", "boolean", "deep", "new", "other", "ab", "\\u006eew", "")
EVERY = sorted({literal for pool in POOLS for literal in pool})
SOME = (
    *("7", "0.5", '"x"', "true", "null", "5.0", "-0", "9007199254740993", "9223372036854775808"),
    *("[1.5]", "[]", '{"a":1}', "{}", '"2026-03-09 12:00:00"', '"2026-03-09T12:00:00Z"', '""'),
)


def lines_with(name: str, literal: str) -> str:
    return line(f'"{name}":{literal}')


@pytest.mark.parametrize("name", ["string", "double", "bigint", "deep", "new", "sentAt"])
def test_any_value_in_any_column_is_as_the_exact_way_has_it(name: str) -> None:
    for literal in EVERY:
        text = block([lines_with(name, literal)])
        check(text)
        check(text, text)
        for other in SOME:
            both = block([lines_with(name, other), line(), lines_with(name, literal)])
            check(both, text)
            check(text, both)


@pytest.mark.parametrize("name", ["messageId", "timestamp", "sentAt", "a", "drop"])
def test_any_value_at_the_top_is_as_the_exact_way_has_it(name: str) -> None:
    def top(literal: str) -> str:
        fields = {"messageId": '"x"', "timestamp": f'"{DAY}T12:00:00Z"', name: literal}
        return f"{{{','.join(f'{json.dumps(k)}:{v}' for k, v in fields.items())}}}"

    for literal in EVERY:
        text = block([top(literal)])
        check(text)
        for other in SOME:
            check(block([top(other), top(literal)]), text)


SAME = line('"bigint":1')
HOSTILE: Sequence[str | bytes] = (
    "",
    "\n" + SAME,
    SAME + "\n",
    SAME + "\n\n" + SAME,
    SAME + " ",
    " " + SAME,
    SAME + "\r\n" + SAME,
    SAME + SAME,
    SAME + SAME + "\n" + SAME[:-1] + "\n}",
    SAME.replace(",", ",\n", 1),
    SAME[:-1] + ',"a":\n' + SAME + "}",
    SAME[:-1] + ',"drop":\n{}}' + SAME,
    SAME + "\n" + SAME[:-1],
    SAME + "\n[" + SAME + "]",
    SAME + "\n{}",
    SAME + '\n{"messageId":"x"}',
    SAME + "\n" + SAME.replace('"timestamp"', '"Timestamp"'),
    SAME + "\0" + SAME,
    SAME + "\0}",
    SAME + "}\n{" + SAME,
    "{" + SAME + "}",
    "\ufeff" + SAME,
    SAME.encode() + b"\n" + b'{"a":"\xff"}',
    SAME.encode().replace(b"track", b"\xed\xa0\x80"),
    SAME.encode().replace(b"track", b"\xc0\xaf"),
    SAME.encode()[:-1] + b',"drop":"\xff"}',
    SAME[:-1] + ',"a":"\u2028\u0085"}',
    SAME + "\n" + SAME[:-1] + ',"a":"}\\n{"}',
    SAME[:-1] + ',"a":"}\n{"}',
    line(message_id="5"),
    line(message_id='""'),
    line(message_id="[1]"),
    line(message_id="null") + "\n" + line(message_id='"null"'),
    line(message_id="null"),
    line(message_id='{"a":1}'),
    line(message_id='"\\ud800"'),
    '{"messageId":"x"}',
    f'{{"timestamp":"{DAY}T12:00:00Z"}}',
    '{"a":1,"a":2}',
    SAME[:-1] + ',"bigint":{}}',
    SAME[:-1] + ',"drop":{"a":1,"a":2}}',
    SAME[:-1] + ',"type":"screen"}',
)


@pytest.mark.parametrize("hostile", HOSTILE)
def test_hostile_block_is_as_the_exact_way_has_it(hostile: str | bytes) -> None:
    text = hostile.encode() if isinstance(hostile, str) else hostile
    for block_ in (text, text + b"\n" + SAME.encode(), SAME.encode() + b"\n" + text):
        check(block_)
        check(block_, text, SAME.encode())


@st.composite
def blocks_of_pools(draw: st.DrawFn) -> list[bytes]:
    """Blocks in which most fields have values of one kind, which may change between blocks."""
    names = draw(st.lists(st.sampled_from(NAMES), min_size=1, max_size=4, unique=True))
    pools = {name: draw(st.sampled_from(POOLS)) for name in names}
    found = []
    for _ in range(3):
        if draw(st.integers(0, 3)) == 0:
            pools[draw(st.sampled_from(names))] = draw(st.sampled_from(POOLS))
        rows = st.fixed_dictionaries({}, optional={n: st.sampled_from(p) for n, p in pools.items()})
        drawn = draw(st.lists(rows, min_size=1, max_size=4))
        found.append(block(line(",".join(f'"{k}":{v}' for k, v in row.items())) for row in drawn))
    return found


@given(blocks_of_pools())
def test_blocks_are_as_the_exact_way_has_them(blocks: list[bytes]) -> None:
    first, second, third = blocks
    check(first)
    check(second, first)
    check(third, first, second)
    check(third, third)


@st.composite
def blocks_of_events(draw: st.DrawFn) -> list[bytes]:
    schema = draw(strategies.schemas())
    found = []
    for _ in range(2):
        calls = draw(st.lists(strategies.events("ios", DAY, schema), min_size=1, max_size=4))
        lines = [strategies.encode(call) for call in calls]
        if draw(st.integers(0, 4)) == 0:
            lines = [draw(strategies.hostile_lines(each)) for each in lines]
        found.append(b"\n".join(lines))
    return found


@settings(max_examples=50)
@given(blocks_of_events())
def test_events_are_as_the_exact_way_has_them(blocks: list[bytes]) -> None:
    check(blocks[0])
    check(blocks[1], blocks[0])
    check(blocks[1], blocks[1])


@pytest.mark.parametrize("name", nasty.CASES)
def test_nasty_objects_are_as_the_exact_way_has_them(name: str) -> None:
    for body in nasty.CASES[name]().values():
        text = unzip(body).data.removesuffix(b"\n")
        check(text)
        check(text, text)
        for each in text.split(b"\n"):
            check(each)
            check(each, each)


DEEP = {"objects": ('{"a":', "}"), "lists": ("[", "]"), "both": ('[{"a":', "}]")}


def nested(kind: str, depth: int, name: str) -> bytes:
    left, right = DEEP[kind]
    return block([line(), line(rest=f'"{name}":{left * depth}1{right * depth}'), line()])


@pytest.mark.parametrize("depth", [100, 700, 1_500])
@pytest.mark.parametrize("kind", DEEP)
def test_deep_nesting_is_as_the_exact_way_has_it(kind: str, depth: int) -> None:
    for name in ("drop", "new", "string"):
        text = nested(kind, depth, name)
        check(text)
        check(text, text)


@pytest.mark.parametrize("kind", DEEP)
def test_deep_nesting_ends_no_process(kind: str) -> None:
    text = nested(kind, 200_000, "drop")
    assert not ended_badly(text)
    assert not ended_badly(text.rsplit(b"\n", 1)[0])


def ended_badly(text: bytes) -> str:
    """What a process says that dies of reading a block."""
    script = "import sys, exact_json as e; e.reader().read(sys.stdin.buffer.read(), e.plausible)"
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    ended = subprocess.run(
        [sys.executable, "-c", script], input=text, capture_output=True, env=environment
    )
    return f"{ended.returncode}: {ended.stderr!r}" if ended.returncode else ""


ORDINARY = line(
    '"string":"é","double":0.5,"bigint":7,"boolean":true,"deep":{"string":"x"},"a":2.5',
    f'"sentAt":"{DAY}T12:00:00.123Z","context":{{"userAgent":"x","device":{{"id":1}}}},"drop":[1]',
)
TAKEN: dict[str, tuple[str, str]] = {
    "all that is known": (ORDINARY, "{}"),
    "nulls": ('"string":null,"double":null,"new":null', ""),
    "integers that are doubles": ('"double":5', '"double":0.5'),
    "new texts": ('"new":"x"', '"new":"y"'),
    "new numbers": ('"new":1', '"new":2'),
    "new doubles": ('"new":0.5', '"new":5.0'),
    "new booleans": ('"new":true', '"new":false'),
    "new lists": ('"new":[{"x":null}]', '"new":[]'),
    "new objects": ('"new":{"x":"a","y":{"z":1}}', '"new":{"y":{"z":2}}'),
    "lists in a column of texts": ('"string":["x"]', '"string":[]'),
    "numbers in a column of texts": ('"string":1', '"string":2'),
    "doubles in a column of texts": ('"string":1.0', '"string":1e2'),
    "booleans in a column of texts": ('"string":true', '"string":false'),
    "names of times further down": ('"sentAt":"x"', '"timestamp":"y"'),
    "escaped texts": ('"string":"\\u0000\\ud83d\\ude42\\n"', '"string":"}\\n{"'),
}


@pytest.mark.parametrize("name", TAKEN)
def test_common_block_is_taken_once_its_paths_are_learnt(name: str) -> None:
    lines = [each if each.startswith("{") else line(each) for each in TAKEN[name]]
    if name == "all that is known":
        lines[1] = line()
        assert check(block(lines))
    assert check(block(lines), block(lines))
    assert check(block(lines[::-1] * 50), block(lines))


def test_reader_learns_between_blocks() -> None:
    fast, texts = reader(), [block([line(f'"string":{value},"new":{value}')]) for value in (7, 8)]
    assert fast.read(texts[0], plausible) is None
    found = exact(texts[0])
    assert found is not None
    fast.learn(found.batch, found.odd)
    assert fast.read(texts[1], plausible) is not None


def test_path_that_changes_its_type_between_blocks_is_taken_as_either() -> None:
    numbers, texts = (block([line(f'"new":{value}')]) for value in ("7", '"x"'))
    assert check(numbers, numbers, texts)
    assert check(texts, numbers, texts)


def test_path_whose_values_no_type_holds_stops_no_block() -> None:
    assert check(block([line()]), block([line('"new":9223372036854775808')]))


def test_block_without_any_id_is_taken() -> None:
    assert check(block([line(message_id="null"), line(message_id="null")]))


_SIMPLE: tuple[tuple[str, st.SearchStrategy[Any]], ...] = (
    ("string", st.text().filter(lambda text: not text[:1].isdigit())),
    ("double", st.floats(-1e9, 1e9).filter(lambda number: number != 0)),
    ("bigint", st.integers(-(2**53) + 1, 2**53 - 1)),
    ("boolean", st.booleans()),
    ("n1", st.integers(-(2**53) + 1, 2**53 - 1)),
    ("n2", st.booleans()),
    ("n3", st.text(st.characters(exclude_categories=("Cs", "Nd")))),
    ("n4", st.lists(st.text(st.characters(exclude_categories=("Cs", "Nd"))))),
    ("n5", st.fixed_dictionaries({"x": st.integers(0, 9), "y": st.booleans()})),
)


@given(st.lists(st.fixed_dictionaries({}, optional=dict(_SIMPLE)), min_size=1, max_size=5))
def test_events_of_one_schema_are_taken(rows: list[dict[str, Any]]) -> None:
    text = block(line(json.dumps(row, ensure_ascii=False)[1:-1]) for row in rows)
    assert check(text, text)


def test_block_with_an_implausible_time_is_not_taken() -> None:
    for time in ("1999-12-31T23:59:59Z", "2026-03-12T00:00:00.000001Z"):
        text = block([line(), line().replace(f"{DAY}T12:00:00Z", time)])
        assert not check(text)
        assert reader().read(text, lambda utc: len(utc) == 2) is not None


def test_column_of_a_path_that_is_very_deep_stops_no_block() -> None:
    path = ("a",) * 700
    registry = REGISTRY.extended({path: BIGINT}, set(), "")
    assert FastJson(registry, DROP).read(block([ORDINARY]), plausible) is not None


def test_blocks_that_always_fail_are_rarely_tried(monkeypatch: pytest.MonkeyPatch) -> None:
    tries = []

    def count(*given: Any) -> pa.Table:
        tries.append(given)
        return read_json(*given)

    read_json: Callable[..., pa.Table] = pj.read_json
    monkeypatch.setattr(pj, "read_json", count)
    fast, text = reader(), block([line('"new":1')])
    for _ in range(10 * MOST_SKIPPED):
        assert fast.read(text, plausible) is None
    assert 10 < len(tries) < 20
    before = len(tries)
    found = exact(text)
    assert found is not None
    fast.learn(found.batch, found.odd)
    for _ in range(20):
        assert fast.read(text, plausible) is not None
    assert len(tries) == before + 20


def test_block_that_is_taken_ends_the_waiting() -> None:
    fast, good, bad = reader(), block([line()]), block([line('"new":1')])
    for _ in range(10):
        assert fast.read(bad, plausible) is None
    taken = [fast.read(good, plausible) is not None for _ in range(30)]
    first = taken.index(True)
    assert 0 < first < 20
    assert all(taken[first:])
