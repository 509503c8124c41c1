"""The job's settings: read from its arguments, checked before anything else is done."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

REQUIRED = (
    "sources",
    "output_path",
    "table",
    "output_format",
    "time_zone",
    "partition_keys",
    "drop_fields",
    "default_days",
)
RUN_PROPERTIES = ("start_date", "end_date", "rebuild")
"""Arguments that may be left out; a workflow's run property of the same name wins."""

UNITS = {"milliseconds": 1000, "seconds": 1}
FORMATS = ("parquet", "csv")
PARTITION_KEYS = ("year", "month", "date")


class SettingsError(ValueError):
    """A setting that can't work; the message names it and says what would."""

    def __init__(self, field: str, value: object, fix: str) -> None:
        super().__init__(f"--{field} {value!r} can't be used: {fix}")


@dataclass(frozen=True)
class Source:
    """One platform's raw table in the Data Catalog.

    `units_per_second` is 1000 where received-day folders are epoch milliseconds, 1 for seconds.
    """

    name: str
    database: str
    table: str
    units_per_second: int

    def folder(self, day: date) -> str:
        """The received-day folder of `day`, which is the partition's value."""
        return str((day - date(1970, 1, 1)).days * 86_400 * self.units_per_second)


@dataclass(frozen=True)
class Settings:
    """What a run is asked to do. `first_day` and `last_day` are received days (UTC), inclusive."""

    run_id: str
    job: str
    sources: tuple[Source, ...]
    bucket: str
    prefix: str
    table: str
    output_format: str
    time_zone: str
    partition_keys: tuple[str, ...]
    drop_fields: frozenset[str]
    first_day: date
    last_day: date
    rebuild: bool

    @property
    def received_days(self) -> list[date]:
        """All days asked for, in order."""
        number = (self.last_day - self.first_day).days + 1
        return [self.first_day + timedelta(days=offset) for offset in range(number)]


def parse(arguments: Mapping[str, str], properties: Mapping[str, str], today: date) -> Settings:
    """Settings from the job's arguments and the workflow's run properties.

    `today` is the day in UTC that an open range ends on. Raises SettingsError.
    """
    for field in REQUIRED:
        if not arguments.get(field):
            raise SettingsError(field, "", "give the argument a value")
    given = {**arguments, **{k: v for k in RUN_PROPERTIES if (v := properties.get(k))}}
    first, last = _range(given, today)
    bucket, prefix = _output_path(arguments["output_path"])
    return Settings(
        run_id=arguments["JOB_RUN_ID"],
        job=arguments["JOB_NAME"],
        sources=_sources(arguments["sources"]),
        bucket=bucket,
        prefix=prefix,
        table=_matching("table", arguments["table"], r"[a-z0-9][a-z0-9_]*"),
        output_format=_one_of("output_format", arguments["output_format"], FORMATS),
        time_zone=_time_zone(arguments["time_zone"]),
        partition_keys=_partition_keys(arguments["partition_keys"]),
        drop_fields=frozenset(_strings("drop_fields", arguments["drop_fields"])),
        first_day=first,
        last_day=last,
        rebuild=_one_of("rebuild", given.get("rebuild") or "false", ("true", "false")) == "true",
    )


def _range(given: Mapping[str, str], today: date) -> tuple[date, date]:
    """The range asked for; a start alone runs to today, an end alone has the default length."""
    days = given["default_days"]
    if not days.isdecimal() or not 1 <= int(days) <= 366:
        raise SettingsError("default_days", days, "give a whole number from 1 to 366")
    start, end = given.get("start_date"), given.get("end_date")
    last = _day("end_date", end) if end else today
    first = _day("start_date", start) if start else last - timedelta(days=int(days) - 1)
    if first > last:
        raise SettingsError(
            "start_date", str(first), f"give a day up to {last}, the last of the run"
        )
    return first, last


def _day(field: str, text: str) -> date:
    try:
        return datetime.strptime(_matching(field, text, r"\d{4}-\d\d-\d\d"), "%Y-%m-%d").date()
    except ValueError:
        raise SettingsError(field, text, "give a day of the calendar as YYYY-MM-DD") from None


def _output_path(text: str) -> tuple[str, str]:
    match = re.fullmatch(r"s3://([a-z0-9.-]{3,63})/((?:[^/]+/)*)", text)
    if match is None:
        raise SettingsError("output_path", text, "give s3://<bucket>/ or s3://<bucket>/<prefix>/")
    return match[1], match[2]


def _sources(text: str) -> tuple[Source, ...]:
    entries = _json("sources", text)
    if not isinstance(entries, list) or not entries:
        raise SettingsError("sources", text, "give a JSON list with at least one source")
    sources = tuple(_source(entry) for entry in entries)
    names = [source.name for source in sources]
    if len(set(names)) < len(names):
        raise SettingsError("sources", names, "give each source a name of its own")
    return sources


def _source(entry: object) -> Source:
    if not isinstance(entry, dict):
        raise SettingsError("sources", entry, "make each source a JSON object")
    for field in ("name", "database", "table", "receivedDayUnit", "format"):
        if not isinstance(entry.get(field), str) or not entry[field]:
            raise SettingsError("sources", entry, f"give the source a text as {field!r}")
    _one_of("sources", entry["format"], ("json",))
    unit = _one_of("sources", entry["receivedDayUnit"], tuple(UNITS))
    name = _matching("sources", entry["name"], r"[a-z0-9][a-z0-9_-]*")
    return Source(name, entry["database"], entry["table"], UNITS[unit])


def _partition_keys(text: str) -> tuple[str, ...]:
    keys = tuple(text.split(","))
    if len(set(keys)) < len(keys) or not set(keys) <= set(PARTITION_KEYS):
        raise SettingsError(
            "partition_keys", text, f"give some of {','.join(PARTITION_KEYS)}, each once"
        )
    return keys


def _time_zone(text: str) -> str:
    try:
        ZoneInfo(text)
    except (ValueError, OSError):
        raise SettingsError(
            "time_zone", text, "give a name of the tz database, such as America/Los_Angeles"
        ) from None
    return text


def _one_of(field: str, text: str, allowed: tuple[str, ...]) -> str:
    if text not in allowed:
        raise SettingsError(field, text, f"give one of {', '.join(allowed)}")
    return text


def _matching(field: str, text: str, pattern: str) -> str:
    if re.fullmatch(pattern, text) is None:
        raise SettingsError(field, text, f"give a text that matches {pattern}")
    return text


def _strings(field: str, text: str) -> list[str]:
    values = _json(field, text)
    if not isinstance(values, list) or not all(isinstance(value, str) for value in values):
        raise SettingsError(field, text, 'give a JSON list of texts, such as ["integrations"]')
    return values


def _json(field: str, text: str) -> Any:
    try:
        return json.loads(text)
    except json.JSONDecodeError as error:
        raise SettingsError(field, text, f"give valid JSON ({error})") from None
