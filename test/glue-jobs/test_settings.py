"""Settings of the job: what is taken, and what is refused with which words."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

import pytest
from mobile_events.settings import REQUIRED, Settings, SettingsError, Threshold, Thresholds, parse

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


def test_flags_are_off_unless_set() -> None:
    assert not any((parsed().rebuild, parsed().allow_empty, parsed().compact))
    assert parsed({"compact": "true"}).compact
    assert parsed(allow_empty="true").allow_empty


def test_numbers_have_their_units() -> None:
    settings = parsed(dedupe_days="0", target_file_size_mb="2")
    assert (settings.dedupe_days, settings.target_file_bytes) == (0, 2 << 20)
    assert parsed().target_file_bytes == 128 << 20


def test_thresholds() -> None:
    assert parsed().audit == Thresholds()
    checks = {"minRowsShare": {"warn": 0.5, "fail": 0}, "maxStaleHours": {"fail": 30}}
    assert parsed(audit=json.dumps(checks)).audit == Thresholds(
        min_rows_share=Threshold(0.5, 0), max_stale_hours=Threshold(fail=30)
    )
    assert parsed(audit='{"maxQuarantinedShare":{"warn":0.01}}').audit == Thresholds(
        max_quarantined_share=Threshold(warn=0.01)
    )


def test_sources_of_other_formats_map_columns() -> None:
    columns = {"timestamp": "at", "messageId": "id", "receivedAt": "loaded"}
    (source,) = parsed(sources=sources(format="csv", columns=columns)).sources
    assert (source.format, source.columns) == ("csv", columns)
    assert parsed().sources[0].columns == {}
    assert parsed().source("ios") == parsed().sources[0]
    with pytest.raises(KeyError):
        parsed().source("web")


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
        ("sources", sources(columns={"timestamp": "at"}), "leave out `columns`"),
        ("sources", sources(format="csv"), "which column is `timestamp`"),
        ("sources", sources(format="csv", columns={"messageId": "id"}), "is `timestamp`"),
        ("sources", sources(format="csv", columns=["timestamp"]), "an object of texts"),
        ("sources", sources(format="csv", columns={"timestamp": 1}), "an object of texts"),
        ("sources", sources(format="csv", columns={"timestamp": "a", "sentAt": "b"}), "map only"),
        (
            "sources",
            sources(format="parquet", columns={"timestamp": "at", "receivedAt": "at"}),
            "a column of its own",
        ),
        ("drop_fields", '["context.ip","timestamp"]', "the pipeline needs them"),
        ("drop_fields", '["messageId"]', "the pipeline needs them"),
        ("dedupe_days", "31", "whole number from 0 to 30"),
        ("dedupe_days", "-1", "whole number from 0 to 30"),
        ("target_file_size_mb", "0", "whole number from 1 to 1024"),
        ("target_file_size_mb", "1.5", "whole number from 1 to 1024"),
        ("audit", "[]", "JSON object"),
        ("audit", "{", "valid JSON"),
        ("audit", '{"minRows":{"warn":1}}', "maxQuarantinedShare, maxStaleHours, minRowsShare"),
        ("audit", '{"minRowsShare":0.5}', "JSON object"),
        ("audit", '{"minRowsShare":{"least":0.5}}', "`warn` and `fail`"),
        ("audit", '{"minRowsShare":{"warn":true}}', "`warn` and `fail`"),
        ("audit", '{"minRowsShare":{"warn":"1"}}', "a number of 0 or more"),
        ("audit", '{"maxStaleHours":{"fail":-1}}', "a number of 0 or more"),
        ("allow_empty", "1", "give one of true, false"),
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


def test_rebuild_and_compaction_exclude_each_other() -> None:
    with pytest.raises(SettingsError, match="leave out either rebuild or compact"):
        parsed({"rebuild": "true"}, compact="true")


@pytest.mark.parametrize("name", REQUIRED)
def test_every_required_argument_is_needed(name: str) -> None:
    with pytest.raises(SettingsError, match=f"--{name} "):
        parse({**ARGUMENTS, name: ""}, {}, TODAY)
