"""The job's settings: read from its arguments, checked before anything else is done."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

REQUIRED = (
    "sources",
    "output_path",
    "database",
    "table",
    "output_format",
    "time_zone",
    "partition_keys",
    "drop_fields",
    "default_days",
    "dedupe_days",
    "target_file_size_mb",
    "audit",
)
RUN_PROPERTIES = ("start_date", "end_date", "rebuild", "allow_empty", "compact")
"""Arguments that may be left out; a workflow's run property of the same name wins."""

UNITS = {"milliseconds": 1000, "seconds": 1}
FORMATS = ("parquet", "csv")
SOURCE_FORMATS = ("json", "csv", "parquet")
PARTITION_KEYS = ("year", "month", "date")
REQUIRED_COLUMNS = ("messageId", "timestamp", "receivedAt")
"""Fields that a CSV or Parquet source maps to columns; it must map `timestamp`."""

NEEDED_FIELDS = ("messageId", "timestamp")
"""Fields that the pipeline can't do without: they can't be dropped."""


class SettingsError(ValueError):
    """A setting that can't work; the message names it and says what would."""

    def __init__(self, field: str, value: object, fix: str) -> None:
        super().__init__(f"--{field} {value!r} can't be used: {fix}")


@dataclass(frozen=True)
class Source:
    """One platform's raw table in the Data Catalog.

    `units_per_second` is 1000 where received-day folders are epoch milliseconds, 1 for seconds.
    `columns` maps required fields to columns of a CSV or Parquet source.
    """

    name: str
    database: str
    table: str
    units_per_second: int
    format: str = "json"
    columns: Mapping[str, str] = field(default_factory=dict)

    def folder(self, day: date) -> str:
        """The received-day folder of `day`, which is the partition's value."""
        return str((day - date(1970, 1, 1)).days * 86_400 * self.units_per_second)


@dataclass(frozen=True)
class Threshold:
    """Values from which a check warns and from which it fails the run; None for never."""

    warn: float | None = None
    fail: float | None = None

    @property
    def is_set(self) -> bool:
        """Whether the check is wanted at all."""
        return self.warn is not None or self.fail is not None


@dataclass(frozen=True)
class Thresholds:
    """When the audit of what was staged complains: see `mobile_events.audit`."""

    min_rows_share: Threshold = Threshold()
    max_quarantined_share: Threshold = Threshold()
    max_stale_hours: Threshold = Threshold()


@dataclass(frozen=True)
class Settings:
    """What a run is asked to do. `first_day` and `last_day` are received days (UTC), inclusive."""

    run_id: str
    job: str
    sources: tuple[Source, ...]
    bucket: str
    prefix: str
    database: str
    table: str
    output_format: str
    time_zone: str
    partition_keys: tuple[str, ...]
    drop_fields: frozenset[str]
    dedupe_days: int
    target_file_bytes: int
    audit: Thresholds
    first_day: date
    last_day: date
    today: date
    rebuild: bool = False
    allow_empty: bool = False
    compact: bool = False

    @property
    def first_seen(self) -> str:
        """What the registry says of columns that this run brings."""
        return self.today.isoformat()

    def source(self, name: str) -> Source:
        """The source of this name. Raises KeyError."""
        for source in self.sources:
            if source.name == name:
                return source
        raise KeyError(name)

    @property
    def received_days(self) -> list[date]:
        """All days asked for, in order."""
        number = (self.last_day - self.first_day).days + 1
        return [self.first_day + timedelta(days=offset) for offset in range(number)]


def parse(arguments: Mapping[str, str], properties: Mapping[str, str], today: date) -> Settings:
    """Settings from the job's arguments and the workflow's run properties.

    `today` is the day in UTC that an open range ends on. Raises SettingsError.
    """
    for name in REQUIRED:
        if not arguments.get(name):
            raise SettingsError(name, "", "give the argument a value")
    given = {**arguments, **{k: v for k in RUN_PROPERTIES if (v := properties.get(k))}}
    first, last = _range(given, today)
    bucket, prefix = _output_path(arguments["output_path"])
    flags = {name: _flag(name, given) for name in ("rebuild", "allow_empty", "compact")}
    if flags["rebuild"] and flags["compact"]:
        raise SettingsError("compact", "true", "leave out either rebuild or compact")
    return Settings(
        run_id=arguments["JOB_RUN_ID"],
        job=arguments["JOB_NAME"],
        sources=_sources(arguments["sources"]),
        bucket=bucket,
        prefix=prefix,
        database=_matching("database", arguments["database"], r"[a-z0-9_]+"),
        table=_matching("table", arguments["table"], r"[a-z0-9][a-z0-9_]*"),
        output_format=_one_of("output_format", arguments["output_format"], FORMATS),
        time_zone=_time_zone(arguments["time_zone"]),
        partition_keys=_partition_keys(arguments["partition_keys"]),
        drop_fields=_drop_fields(arguments["drop_fields"]),
        dedupe_days=_whole_number("dedupe_days", arguments["dedupe_days"], 0, 30),
        target_file_bytes=_whole_number(
            "target_file_size_mb", arguments["target_file_size_mb"], 1, 1024
        )
        << 20,
        audit=_thresholds(arguments["audit"]),
        first_day=first,
        last_day=last,
        today=today,
        **flags,
    )


def _range(given: Mapping[str, str], today: date) -> tuple[date, date]:
    """The range asked for; a start alone runs to today, an end alone has the default length."""
    days = _whole_number("default_days", given["default_days"], 1, 366)
    start, end = given.get("start_date"), given.get("end_date")
    last = _day("end_date", end) if end else today
    first = _day("start_date", start) if start else last - timedelta(days=days - 1)
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
    for key in ("name", "database", "table", "receivedDayUnit", "format"):
        if not isinstance(entry.get(key), str) or not entry[key]:
            raise SettingsError("sources", entry, f"give the source a text as {key!r}")
    source_format = _one_of("sources", entry["format"], SOURCE_FORMATS)
    unit = _one_of("sources", entry["receivedDayUnit"], tuple(UNITS))
    name = _matching("sources", entry["name"], r"[a-z0-9][a-z0-9_-]*")
    columns = _columns(entry, source_format)
    return Source(name, entry["database"], entry["table"], UNITS[unit], source_format, columns)


def _columns(entry: Mapping[str, Any], source_format: str) -> Mapping[str, str]:
    columns = entry.get("columns", {})
    if not isinstance(columns, dict) or not all(isinstance(c, str) for c in columns.values()):
        raise SettingsError("sources", entry, "make `columns` an object of texts")
    if source_format == "json" and columns:
        raise SettingsError(
            "sources", entry, "leave out `columns`: Segment's JSON has its own names"
        )
    if source_format != "json" and "timestamp" not in columns:
        raise SettingsError("sources", entry, "say in `columns` which column is `timestamp`")
    if unknown := set(columns) - set(REQUIRED_COLUMNS):
        raise SettingsError(
            "sources", sorted(unknown), f"map only {', '.join(REQUIRED_COLUMNS)} in `columns`"
        )
    if len(set(columns.values())) < len(columns):
        raise SettingsError("sources", entry, "map each field to a column of its own in `columns`")
    return columns


def _drop_fields(text: str) -> frozenset[str]:
    fields = frozenset(_strings("drop_fields", text))
    if needed := fields.intersection(NEEDED_FIELDS):
        raise SettingsError("drop_fields", sorted(needed), "keep them: the pipeline needs them")
    return fields


def _thresholds(text: str) -> Thresholds:
    checks = _object("audit", _json("audit", text))
    names = {"minRowsShare", "maxQuarantinedShare", "maxStaleHours"}
    if unknown := set(checks) - names:
        raise SettingsError("audit", sorted(unknown), f"give some of {', '.join(sorted(names))}")
    return Thresholds(
        _threshold(checks.get("minRowsShare")),
        _threshold(checks.get("maxQuarantinedShare")),
        _threshold(checks.get("maxStaleHours")),
    )


def _threshold(value: object) -> Threshold:
    levels = _object("audit", {} if value is None else value)
    for level, number in levels.items():
        if level not in ("warn", "fail") or isinstance(number, bool):
            raise SettingsError("audit", {level: number}, "give numbers as `warn` and `fail`")
        if not isinstance(number, int | float) or number < 0:
            raise SettingsError("audit", {level: number}, "give a number of 0 or more")
    return Threshold(**levels)


def _object(field: str, value: object) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise SettingsError(field, value, "give a JSON object")
    return value


def _flag(field: str, given: Mapping[str, str]) -> bool:
    return _one_of(field, given.get(field) or "false", ("true", "false")) == "true"


def _whole_number(field: str, text: str, least: int, most: int) -> int:
    if not text.isdecimal() or not least <= int(text) <= most:
        raise SettingsError(field, text, f"give a whole number from {least} to {most}")
    return int(text)


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
