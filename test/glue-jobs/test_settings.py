"""Settings of the job: what is taken, and what is refused with which words."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

import pytest
from mobile_events.settings import Settings, SettingsError, parse

TODAY = date(2026, 11, 20)
IOS = {
    "name": "ios",
    "database": "segment_logs",
    "table": "ksmsmxyyeaios",
    "receivedDayUnit": "milliseconds",
    "format": "json",
}
ARGUMENTS = {
    "JOB_NAME": "mobile-user-daily",
    "JOB_RUN_ID": "jr_1",
    "sources": json.dumps([IOS]),
    "output_path": "s3://curated/some/prefix/",
    "database": "mobile_analytics",
    "table": "mobile_user",
    "output_format": "parquet",
    "time_zone": "America/Los_Angeles",
    "partition_keys": "year,month,date",
    "drop_fields": '["integrations","context.ip"]',
    "default_days": "3",
    "dedupe_days": "3",
    "target_file_size_mb": "128",
    "audit": "{}",
}


def parsed(properties: dict[str, str] | None = None, **changes: str) -> Settings:
    return parse({**ARGUMENTS, **changes}, properties or {}, TODAY)


def test_settings() -> None:
    settings = parsed()
    assert (settings.bucket, settings.prefix) == ("curated", "some/prefix/")
    assert settings.partition_keys == ("year", "month", "date")
    assert settings.drop_fields == {"integrations", "context.ip"}
    assert settings.rebuild is False
    assert settings.received_days == [date(2026, 11, d) for d in (18, 19, 20)]
    assert parsed(output_path="s3://curated/").prefix == ""


@pytest.mark.parametrize(
    ("unit", "folder"), [("milliseconds", "1773014400000"), ("seconds", "1773014400")]
)
def test_received_day_folders(unit: str, folder: str) -> None:
    sources = json.dumps([{**IOS, "receivedDayUnit": unit}])
    (source,) = parsed(sources=sources).sources
    assert source.folder(date(2026, 3, 9)) == folder


@pytest.mark.parametrize(
    ("properties", "arguments", "first", "last"),
    [
        ({}, {"start_date": "2026-11-01", "end_date": "2026-11-02"}, "2026-11-01", "2026-11-02"),
        ({}, {"start_date": "2026-11-01"}, "2026-11-01", "2026-11-20"),
        ({}, {"end_date": "2026-11-02"}, "2026-10-31", "2026-11-02"),
        (
            {"start_date": "2026-10-01", "end_date": "2026-10-01"},
            {"start_date": "2026-11-01", "end_date": "2026-11-02"},
            "2026-10-01",
            "2026-10-01",
        ),
        ({"start_date": ""}, {"start_date": "2026-11-19"}, "2026-11-19", "2026-11-20"),
        ({"unrelated": "x"}, {"default_days": "1"}, "2026-11-20", "2026-11-20"),
    ],
)
def test_range(
    properties: dict[str, str], arguments: dict[str, str], first: str, last: str
) -> None:
    settings = parsed(properties, **arguments)
    assert (str(settings.first_day), str(settings.last_day)) == (first, last)


def test_run_property_wins_for_rebuild() -> None:
    assert parsed({"rebuild": "true"}, rebuild="false").rebuild is True
    assert parsed({"rebuild": "false"}, rebuild="true").rebuild is False


def sources(**changes: Any) -> str:
    return json.dumps([{**IOS, **changes}])


@pytest.mark.parametrize(
    ("field", "value", "fix"),
    [
        ("table", "", "give the argument a value"),
        ("table", "Mobile-User", "matches"),
        ("output_path", "curated/", "s3://<bucket>/"),
        ("output_path", "s3://curated", "s3://<bucket>/"),
        ("output_path", "s3://curated/prefix", "s3://<bucket>/"),
        ("output_format", "orc", "give one of parquet, csv"),
        ("time_zone", "Pacific", "America/Los_Angeles"),
        ("time_zone", "../etc", "America/Los_Angeles"),
        ("partition_keys", "year,day", "year,month,date"),
        ("partition_keys", "date,date", "each once"),
        ("drop_fields", "integrations", "valid JSON"),
        ("drop_fields", "[1]", "JSON list of texts"),
        ("default_days", "0", "whole number from 1 to 366"),
        ("default_days", "three", "whole number from 1 to 366"),
        ("start_date", "2026-02-30", "YYYY-MM-DD"),
        ("start_date", "20261101", "YYYY-MM-DD"),
        ("start_date", "2026-11-21", "up to 2026-11-20"),
        ("end_date", "yesterday", "YYYY-MM-DD"),
        ("rebuild", "yes", "give one of true, false"),
        ("sources", "[]", "at least one source"),
        ("sources", "ios", "valid JSON"),
        ("sources", '["ios"]', "JSON object"),
        ("sources", sources(name=""), "'name'"),
        ("sources", sources(table=None), "'table'"),
        ("sources", sources(name="my ios"), "matches"),
        ("sources", sources(receivedDayUnit="days"), "milliseconds, seconds"),
        ("sources", sources(format="orc"), "give one of json, csv, parquet"),
        ("sources", json.dumps([IOS, IOS]), "a name of its own"),
    ],
)
def test_wrong_values_are_refused_with_field_and_fix(field: str, value: str, fix: str) -> None:
    with pytest.raises(SettingsError) as raised:
        parse({**ARGUMENTS, field: value}, {}, TODAY)
    assert str(raised.value).startswith(f"--{field} ")
    assert fix in str(raised.value)


def test_missing_argument_is_named() -> None:
    arguments = {name: value for name, value in ARGUMENTS.items() if name != "sources"}
    with pytest.raises(SettingsError, match="--sources"):
        parse(arguments, {}, TODAY)
