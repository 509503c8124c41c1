"""Dates that a partition projection counts out: Java's patterns, ranges with NOW, intervals.

Source: Athena guide, "Supported types for partition projection", "Date type". All times are UTC.
"""

from __future__ import annotations

import calendar
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone

UNITS = ("YEARS", "MONTHS", "WEEKS", "DAYS", "HOURS", "MINUTES", "SECONDS")
_NOW = re.compile(r"NOW(?:\s*([+-])\s*(\d+)\s*([A-Za-z]+?)S?)?", re.IGNORECASE)
_TOKEN = re.compile(r"'((?:[^']|'')*)'|(([A-Za-z])\3*)|([^A-Za-z'])")
_FIELDS = {
    "yyyy": ("%Y", r"\d{4}", "YEARS"),
    "uuuu": ("%Y", r"\d{4}", "YEARS"),
    "yy": ("%y", r"\d{2}", "YEARS"),
    "M": ("%-m", r"\d{1,2}", "MONTHS"),
    "MM": ("%m", r"\d{2}", "MONTHS"),
    "MMM": ("%b", r"[A-Za-z]{3}", "MONTHS"),
    "MMMM": ("%B", r"[A-Za-z]+", "MONTHS"),
    "d": ("%-d", r"\d{1,2}", "DAYS"),
    "dd": ("%d", r"\d{2}", "DAYS"),
    "DDD": ("%j", r"\d{3}", "DAYS"),
    "H": ("%-H", r"\d{1,2}", "HOURS"),
    "HH": ("%H", r"\d{2}", "HOURS"),
    "m": ("%-M", r"\d{1,2}", "MINUTES"),
    "mm": ("%M", r"\d{2}", "MINUTES"),
    "s": ("%-S", r"\d{1,2}", "SECONDS"),
    "ss": ("%S", r"\d{2}", "SECONDS"),
}
"""Letters of a Java pattern: strftime's, what they look like, the unit that they tell."""


class DatePattern:
    """A pattern of Java's DateTimeFormatter. Raises ValueError for letters that aren't known."""

    def __init__(self, pattern: str) -> None:
        self._format, shape, parsed = "", "", ""
        units = []
        for quoted, letters, _, other in _TOKEN.findall(pattern):
            if letters:
                if letters not in _FIELDS:
                    raise ValueError(f"the letters {letters!r} of a format are not supported")
                written, looks, unit = _FIELDS[letters]
                self._format += written
                shape += f"({looks})"
                parsed += f"{written.replace('-', '')} "
                units.append(unit)
            else:
                literal = other or quoted.replace("''", "'") or "'"
                self._format += literal.replace("%", "%%")
                shape += re.escape(literal)
        self._shape, self._parsed = re.compile(shape), parsed
        self.precision = max(units, key=UNITS.index) if units else "YEARS"

    def parse(self, value: str) -> datetime:
        """Raises ValueError if the value hasn't this shape or isn't a date."""
        match = self._shape.fullmatch(value)
        if match is None:
            raise ValueError(f"{value!r} has not the format of the column")
        fields = "".join(f"{part} " for part in match.groups())
        return datetime.strptime(fields, self._parsed).replace(tzinfo=timezone.utc)

    def format(self, moment: datetime) -> str:
        return moment.strftime(self._format)


@dataclass(frozen=True)
class DateRange:
    """Every `interval` `unit`s from `first` to `last`, both included."""

    pattern: DatePattern
    first: datetime
    last: datetime
    interval: int
    unit: str

    def values(self) -> Iterator[str]:
        step, shown = 0, ""
        while (moment := moved(self.first, step * self.interval, self.unit)) <= self.last:
            value = self.pattern.format(moment)
            if value != shown:
                yield value
            step, shown = step + 1, value


def bound(text: str, pattern: DatePattern, unit: str, now: datetime) -> datetime:
    """An end of a range: a date in the column's format, or NOW with an offset.

    NOW is cut to the unit, so that the time of the day doesn't decide on the last value. Raises
    ValueError.
    """
    match = _NOW.fullmatch(text.strip())
    if match is None:
        return pattern.parse(text.strip())
    moment = now
    if match[1]:
        offset = f"{match[3].upper()}S"
        if offset not in UNITS:
            raise ValueError(f"{text!r} has an unknown unit")
        moment = moved(moment, int(f"{match[1]}{match[2]}"), offset)
    return _cut(moment, unit)


def moved(moment: datetime, count: int, unit: str) -> datetime:
    """A date that is so many units later; months and years end at the month's last day."""
    if unit not in ("YEARS", "MONTHS"):
        return moment + count * timedelta(**{unit.lower(): 1})
    months = moment.year * 12 + moment.month - 1 + count * (12 if unit == "YEARS" else 1)
    year, month = months // 12, months % 12 + 1
    return moment.replace(
        year=year, month=month, day=min(moment.day, calendar.monthrange(year, month)[1])
    )


def _cut(moment: datetime, unit: str) -> datetime:
    fields = {"month": 1, "day": 1, "hour": 0, "minute": 0, "second": 0}
    kept = {"YEARS": 0, "MONTHS": 1, "WEEKS": 2, "DAYS": 2, "HOURS": 3, "MINUTES": 4, "SECONDS": 5}
    cut = dict(list(fields.items())[kept[unit] :])
    return moment.replace(microsecond=0, **cut)  # type: ignore[arg-type]
