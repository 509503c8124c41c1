"""Patterns and parts of times."""

from __future__ import annotations

import re
from collections.abc import Callable

from sqlglot import exp

from emulator.athena.errors import not_supported
from emulator.athena.sql.macros import call
from emulator.athena.sql.rewrites.casts import is_string

_UNITS = {
    "DOW": "ISODOW",
    "DAYOFWEEK": "ISODOW",
    "DAY_OF_WEEK": "ISODOW",
    "YOW": "ISOYEAR",
    "YEAR_OF_WEEK": "ISOYEAR",
    "DAY_OF_MONTH": "DAY",
    "DAYOFMONTH": "DAY",
    "DAY_OF_YEAR": "DOY",
    "DAYOFYEAR": "DOY",
    "DOY": "DOY",
}
_SAME = ("YEAR", "QUARTER", "MONTH", "WEEK", "DAY", "HOUR", "MINUTE", "SECOND")
_JODA = {
    "yyyy": "%Y",
    "YYYY": "%Y",
    "MM": "%m",
    "M": "%-m",
    "MMM": "%b",
    "MMMM": "%B",
    "dd": "%d",
    "d": "%-d",
    "HH": "%H",
    "H": "%-H",
    "hh": "%I",
    "h": "%-I",
    "mm": "%M",
    "m": "%-M",
    "ss": "%S",
    "s": "%-S",
    "SSS": "%g",
    "a": "%p",
    "EEE": "%a",
    "EEEE": "%A",
}
"""Joda-Time's letters (its DateTimeFormat) in strftime's."""
_JODA_PART = re.compile(r"'(?:[^']|'')*'|([A-Za-z])\1*|.", re.DOTALL)
_FORMATS = tuple(
    re.findall("%-?.", "%a %b %-m %d %-d %f %H %I %M %j %-H %-I %B %m %p %S %T %A %Y %y %%")
)
"""strftime's letters for those of MySQL's that Trino's documentation lists ("Date and time
functions"); sqlglot has put them so."""


def _extract(node: exp.Expr) -> exp.Expr:
    unit = node.name.upper()
    if unit not in _UNITS and unit not in _SAME:
        raise not_supported(f"EXTRACT({unit} FROM …)")
    node.set("this", exp.var(_UNITS.get(unit, unit)))
    return node


def from_joda(pattern: exp.Expr, parsing: bool) -> exp.Literal:
    """strftime's pattern for one of Joda-Time's. Raises QueryFailedError for letters that mean
    something else, or something that depends."""
    if not is_string(pattern):
        raise not_supported("A pattern of times that isn't a literal")
    parts = []
    for found in _JODA_PART.finditer(pattern.name):
        text = found.group()
        if found.group(1):
            if text not in _JODA or (parsing and text == "YYYY"):
                raise not_supported(f"{text!r} in a pattern of times")
            parts.append(_JODA[text])
        else:
            bare = text[1:-1].replace("''", "'") or "'" if text.startswith("'") else text
            parts.append(bare.replace("%", "%%"))
    return exp.Literal.string("".join(parts))


def _time_to_str(node: exp.Expr) -> exp.Expr:
    return exp.Anonymous(this="strftime", expressions=[node.this, _mysql(node)])


def _str_to_time(node: exp.Expr) -> exp.Expr:
    return call("parse", node.this, _mysql(node))


def _mysql(node: exp.Expr) -> exp.Expr:
    pattern: exp.Expr = node.args["format"]
    if not is_string(pattern):
        raise not_supported("A pattern of times that isn't a literal")
    for text in re.findall(r"%-?.|%", pattern.name, re.DOTALL):
        if text not in _FORMATS:
            raise not_supported(f"{text!r} in a pattern of times")
    return pattern


def _date(node: exp.Expr) -> exp.Expr:
    return exp.cast(call("readable_date_or_fail", node.this), "date")


TIMES: dict[type[exp.Expr], Callable[[exp.Expr], exp.Expr]] = {
    exp.AtTimeZone: lambda node: call("at_timezone", node.this, node.args["zone"]),
    exp.Extract: _extract,
    exp.FromISO8601Timestamp: lambda node: call("from_iso8601", node.this),
    exp.StrToTime: _str_to_time,
    exp.TimeToStr: _time_to_str,
    exp.ParseDatetime: lambda node: call(
        "parse_utc", node.this, from_joda(node.args["format"], parsing=True)
    ),
}
