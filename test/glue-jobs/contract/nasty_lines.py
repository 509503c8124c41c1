"""Raw objects whose lines are broken, or look it."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import date

from .archive import event, gz, gz_lines, place
from .lines import Objects

DAY = date(2026, 3, 9)


def _lines(file: str, lines: Iterable[str | bytes]) -> Objects:
    return {place("ios", DAY, file): gz_lines(lines)}


def blank_lines() -> Objects:
    """Lines of ASCII white space are no records, but they count; other white space is a record."""
    blank = ["", " ", "\t \t", "\r", "\v\f"]
    not_blank = ["\u00a0", "\u2003", "\x1c", "\x00", "\ufeff"]
    return _lines("blank-lines", [*blank, event(DAY, "blank-1"), *blank, *not_blank])


def truncated_lines() -> Objects:
    """Beginnings of a line, the last one without a newline."""
    whole = event(DAY, "truncated-1", properties={"größe": "ü"}).encode()
    cuts = [whole[:1], whole[:9], whole[: len(whole) // 2], whole[:-1]]
    inside_a_letter = whole[: whole.index("ü".encode()) + 1]
    data = b"\n".join([*cuts, inside_a_letter, whole, whole[:-2]])
    return {place("ios", DAY, "truncated-lines"): gz(data)}


def last_line_without_newline() -> Objects:
    """The last line is whole, although nothing ends it."""
    return {place("ios", DAY, "last-line"): gz(event(DAY, "last-line-1").encode())}


def not_objects() -> Objects:
    """JSON that is no object, or an empty one."""
    return _lines(
        "not-objects", ["null", "true", "0", "-1.5e3", '""', '"{}"', "[]", "[{}]", "{}", " { } "]
    )


def only_dropped_fields() -> Objects:
    """Objects of which nothing is left once fields are dropped."""
    return _lines("only-dropped", ['{"channel":"client"}', '{"_metadata":{},"version":2}'])


def not_json() -> Objects:
    """What lenient parsers let pass, or stumble over."""
    near = event(DAY, "not-json-1")[:-1]
    values = ["NaN", "-Infinity", "Infinity", "01", "+1", ".5", "1.", "0x1", "'a'", "None", "True"]
    values += ['"\t"', '"\x00"', '"\x1f"', r'"\x41"', r'"\u12"', '"a', "[1,]", "{,}", "1 2", "//"]
    lines: list[str | bytes] = [f'{near},"a":{value}}}' for value in values]
    lines += [f"{near},}}", f"{near}}} {near}}}", f"{near}}}x", f"\ufeff{near}}}", "plain text"]
    lines += [near.encode() + b',"a":"' + raw + b'"}' for raw in (b"\xff", b"\xc0\x80")]
    lines += [near.encode() + b',"a":"\xed\xa0\x80"}', b"\x1f\x8b\x08", b"\x00" * 40]
    return _lines("not-json", lines)


def too_much_for_a_parser() -> Objects:
    """JSON that is deeper, or has longer numbers, than Python's parser takes."""
    near = event(DAY, "too-much-1")[:-1]
    deep = 200_000
    values = ["[" * deep + "]" * deep, '{"a":' * deep + "1" + "}" * deep, "9" * 5_000]
    return _lines("too-much", [f'{near},"a":{value}}}' for value in values])


def deep_nesting() -> Objects:
    """As deep as nobody writes by hand, but not too deep."""
    near = event(DAY, "deep-1")[:-1]
    deep = 300
    values = ["[" * deep + "]" * deep, '{"a":' * deep + "1" + "}" * deep]
    values += ["[" + '{"a":[' * (deep // 2) + "null" + "]}" * (deep // 2) + "]"]
    lines = [near.replace("deep-1", f"deep-{i}") for i in range(len(values))]
    return _lines(
        "deep", [f'{line},"deep":{value}}}' for line, value in zip(lines, values, strict=True)]
    )


def carriage_returns() -> Objects:
    r"""A bare \r ends no line: it is white space between tokens, and no part of a string."""
    first, second = event(DAY, "cr-1"), event(DAY, "cr-2")
    between = "\r" + event(DAY, "cr-3").replace(",", ",\r") + "\r"
    inside = event(DAY, "cr-4", a="x-y").replace("-y", "\ry")
    return _lines("carriage-returns", [f"{first}\r", f"{second}\r{second}", between, inside])


def other_line_ends() -> Objects:
    r"""What Unicode calls a line end is a letter of a string; an escaped \n is, too."""
    ends = "\u0085\u2028\u2029\n\v\f\x1c\x1d\x1e"
    return _lines("line-ends", [event(DAY, "line-ends-1", a=f"x{ends}y")])


def white_space() -> Objects:
    """White space wherever one line allows it."""
    spaced = json.dumps(json.loads(event(DAY, "space-1")), separators=(" ,\t", "\r: "))
    return _lines("white-space", [f"  {spaced}\t "])


def repeated_keys() -> Objects:
    """A key that comes twice in one object; the last one counts."""
    line = event(DAY, "repeated-1")[:-1]
    inner = '"a":{"b":1},"a":{"c":2},"d":[{"e":1,"f":2,"e":3}]'
    return _lines("repeated-keys", [f'{line},"messageId":"repeated-2",{inner}}}'])
