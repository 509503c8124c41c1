"""CSV, by the rules of Glue's built-in classifier (AWS Glue guide, "Adding classifiers").

A file is CSV if one of five delimiters gives at least two columns and two rows, with as many
fields in every row. A quote in a quoted value is doubled or, where that gives no such rows, stands
behind a backslash (the guide doesn't say; both are common). Whole numbers are bigint, other numbers
double, all else string. The first row is a header if it is all text, no name but the last empty,
none of 150 characters or more, and a row below holds something other than text. Without a header,
columns are col0, col1, …
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import reduce
from itertools import islice

from emulator.crawl.hive_types import BIGINT, DOUBLE, STRING, UNKNOWN, GlueType, Struct, merge

DELIMITERS = (",", "|", "\t", ";", "\x01")
MAX_ROWS = 1000
_MAX_NAME_LENGTH = 150

_WHOLE_NUMBER = re.compile(r"[+-]?\d{1,18}")
_NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?")
_CONTROL = re.compile(r"[\x00-\x08\x0a-\x1f]")


@dataclass(frozen=True)
class Rules:
    """What a CSV classifier goes by; the defaults are those of Glue's own."""

    delimiters: tuple[str, ...] = DELIMITERS
    quote: str = '"'
    header: str = "UNKNOWN"
    """`UNKNOWN` looks at the data, `PRESENT` or `ABSENT` says it."""
    names: tuple[str, ...] = ()
    """Of the columns, in place of those in the file."""
    allows_one_column: bool = False
    trims: bool = True
    """Whether spaces around a value don't count for its type."""
    is_open_csv: bool = False
    """Whether OpenCSVSerDe is to read the files."""


BUILT_IN = Rules()


@dataclass(frozen=True)
class DelimitedText:
    columns: Struct
    delimiter: str
    has_header: bool
    has_quotes: bool
    rows: int
    """Rows that were read, without the header."""
    open_csv_quote: str | None = None


def infer(text: str, *, is_whole: bool, rules: Rules = BUILT_IN) -> DelimitedText | None:
    """What `text` holds; None if it isn't CSV by the rules.

    Unless the text `is_whole`, its last row may be cut short, and is left out.
    """
    widest = _widest(text, None, is_whole, rules) or _widest(text, "\\", is_whole, rules)
    if widest is None or (rules.names and len(widest[1][0]) != len(rules.names)):
        return None
    delimiter, rows = widest
    top, *others = [[_type_of(value, rules.trims) for value in row] for row in rows]
    below = [reduce(merge, column) for column in zip(*others, strict=True)]
    has_header = _has_header(rows[0], below, rules)
    names = _unique_names(rules.names or (rows[0] if has_header else [""] * len(top)))
    types = below if has_header else map(merge, top, below)
    return DelimitedText(
        columns=Struct(dict(zip(names, types, strict=True))),
        delimiter=delimiter,
        has_header=has_header,
        has_quotes=rules.quote in text,
        rows=len(rows) - has_header,
        open_csv_quote=rules.quote if rules.is_open_csv else None,
    )


def _has_header(top: Sequence[str], below: Sequence[GlueType], rules: Rules) -> bool:
    if rules.header != "UNKNOWN":
        return rules.header == "PRESENT"
    if rules.names:
        return tuple(name.strip() for name in top) == rules.names
    return _can_be_header(top) and any(type_ not in (STRING, UNKNOWN) for type_ in below)


def _widest(
    text: str, escape: str | None, is_whole: bool, rules: Rules
) -> tuple[str, list[list[str]]] | None:
    """The delimiter that gives most columns, and its rows; None if each gives too few."""
    readings = {
        delimiter: _rows(text, delimiter, escape, is_whole, rules) for delimiter in rules.delimiters
    }
    delimiter = max(readings, key=lambda each: len(readings[each][0]))
    enough = len(readings[delimiter][0]) >= (1 if rules.allows_one_column else 2)
    return (delimiter, readings[delimiter]) if enough else None


def _rows(
    text: str, delimiter: str, escape: str | None, is_whole: bool, rules: Rules
) -> list[list[str]]:
    """The rows, if all have as many fields and there are two at least; else one empty row."""
    reader = csv.reader(
        io.StringIO(text, newline=""),
        delimiter=delimiter,
        quotechar=rules.quote,
        escapechar=escape,
    )
    try:
        rows = [row for row in islice(reader, MAX_ROWS + 1) if row]
    except csv.Error:
        return [[]]
    if len(rows) > MAX_ROWS or not is_whole:
        rows = rows[:-1]
    if len(rows) < 2 or any(len(row) != len(rows[0]) for row in rows):
        return [[]]
    return rows


def _type_of(value: str, trims: bool = True) -> GlueType:
    value = value.strip() if trims else value
    if not value:
        return UNKNOWN
    if _WHOLE_NUMBER.fullmatch(value):
        return BIGINT
    return DOUBLE if _NUMBER.fullmatch(value) else STRING


def _can_be_header(row: Sequence[str]) -> bool:
    *names, last = row
    return all(
        _type_of(name) == STRING and len(name) < _MAX_NAME_LENGTH and not _CONTROL.search(name)
        for name in ([*names, last] if last else names)
    )


def _unique_names(names: Sequence[str]) -> list[str]:
    """A column each, as CSV goes by position: empty names are colN, repeated ones get a number."""
    unique: dict[str, str] = {}
    for position, name in enumerate(names):
        base = candidate = name.strip() or f"col{position}"
        number = 0
        while candidate.lower() in unique:
            number += 1
            candidate = f"{base}_{number}"
        unique[candidate.lower()] = candidate
    return list(unique.values())
