"""Partition projection: partitions that table properties tell, and how few of them are listed."""

from __future__ import annotations

import base64
import datetime
import json
from collections.abc import Callable
from typing import Any

import pytest
from emulator.athena.catalog import Catalog
from emulator.athena.engine import Engine
from emulator.athena.objects import Scan
from emulator.athena.sql.statements import read

COLUMNS = [("id", "bigint")]
ON = {"projection.enabled": "true"}
TODAY = datetime.datetime.now(datetime.timezone.utc).date()


def projected(world: Any, name: str, keys: Any, folders: dict[str, int], **properties: str) -> None:
    """A projected table and one object with one id in each folder; `__` in names is a dot."""
    parameters = {key.replace("__", "."): value for key, value in properties.items()}
    world.table(name, COLUMNS, keys=keys, parameters={**ON, **parameters})
    for folder, number in folders.items():
        world.put_parquet(f"{name}/{folder}/x.parquet", {"id": [number]})


def of(column: str, type_: str, **properties: str) -> dict[str, str]:
    """A column's projection."""
    given = {"type": type_, **{key.replace("_", "."): value for key, value in properties.items()}}
    return {f"projection.{column}.{key}": value for key, value in given.items()}


@pytest.fixture(scope="module")
def days(world: Any) -> None:
    """20 years of days, of which three hold something."""
    folders = {"day=2008-03-01": 1, "day=2026-11-20": 2, "day=2026-11-21": 3, "day=2031-01-01": 9}
    properties = of("day", "date", range="2007-01-01, 2026-12-31", format="yyyy-MM-dd")
    projected(world, "days", [("day", "string")], folders, **properties)


@pytest.fixture(scope="module")
def listed(world: Any) -> Callable[[str], list[str]]:
    """Runs a query in this process and gives the prefixes that it listed."""
    s3, seen = world.emulator.client("s3"), []
    s3.meta.events.register(
        "provide-client-params.s3.ListObjectsV2", lambda params, **_: seen.append(params["Prefix"])
    )
    engine = Engine(Catalog(world.glue), s3)

    def ask(sql: str) -> list[str]:
        seen.clear()
        engine.run(
            read(sql), "db", Scan(), lambda _: None, lambda result: list(result.rows).clear()
        )
        return list(seen)

    return ask


def test_values_come_from_the_table_and_not_from_the_catalog(world: Any, days: None) -> None:
    world.put_parquet("elsewhere/x.parquet", {"id": [100]})
    world.partition("days", ["2020-01-01"], "elsewhere")
    assert world.rows("SELECT id, day FROM days ORDER BY id") == [
        ["1", "2008-03-01"],
        ["2", "2026-11-20"],
        ["3", "2026-11-21"],
    ]
    assert world.rows("SELECT id FROM days WHERE day = '2031-01-01'") == []
    assert world.rows("SELECT id FROM days WHERE day = '2020-01-01'") == []
    assert world.rows("SELECT id FROM days WHERE day > '2026-11-20'") == [["3"]]


def test_hidden_objects_stay_hidden(world: Any, days: None) -> None:
    for folder in ("_temporary/", ".hidden/"):
        world.put_parquet(f"days/day=2026-11-20/{folder}x.parquet", {"id": [50]})
    assert world.rows("SELECT sum(id) FROM days") == [["6"]]


def test_projection_that_is_off_reads_the_catalog(world: Any) -> None:
    properties = {"projection.enabled": "false", "projection.day.type": "injected"}
    projected(world, "off", [("day", "string")], {"day=1": 1, "day=2": 2}, **properties)
    world.partition("off", ["2"], "off/day=2")
    assert world.rows("SELECT id FROM off") == [["2"]]


def test_integers(world: Any) -> None:
    keys = [("year", "int"), ("month", "string")]
    folders = {"2024/02": 1, "2024/12": 2, "2025/02": 3, "2026/01": 4, "2026/1": 5}
    properties = {
        **of("year", "integer", range="2024,2026", interval="2"),
        **of("month", "integer", range=" 1, 12 ", digits="2"),
        "storage.location.template": "s3://lake/integers/${year}/${month}",
    }
    projected(world, "integers", keys, folders, **properties)
    assert world.rows("SELECT id, year, month FROM integers ORDER BY id") == [
        ["1", "2024", "02"],
        ["2", "2024", "12"],
        ["4", "2026", "01"],
    ]
    sql = "SELECT id FROM integers WHERE year * 2 > 4048 AND month < '10'"
    assert world.rows(sql) == [["4"]]
    sql = "SELECT id FROM integers WHERE year = 2026 OR month = '12' ORDER BY id"
    assert world.rows(sql) == [["2"], ["4"]]


def test_enums_and_a_template_of_another_shape(world: Any) -> None:
    keys = [("platform", "string"), ("hour", "string")]
    folders = {"p-ios/00h": 1, "p-android/23h": 2, "p-web/00h": 3}
    properties = {
        **of("platform", " ENUM ", values="ios,android"),
        **of("hour", "integer", range="0,23", digits="2"),
        "storage.location.template": "s3://lake/enums/p-${platform}/${hour}h/",
    }
    projected(world, "enums", keys, folders, **properties)
    assert world.rows("SELECT id, platform, hour FROM enums ORDER BY id") == [
        ["1", "ios", "00"],
        ["2", "android", "23"],
    ]
    assert world.rows("SELECT id FROM enums WHERE platform = 'android'") == [["2"]]


DATES: list[tuple[str, dict[str, str], str, list[str]]] = [
    ("to_now", {"range": "NOW-2DAYS,NOW", "format": "yyyy-MM-dd"}, "%Y-%m-%d", ["0", "1", "2"]),
    ("ahead", {"range": "NOW , NOW + 1 WEEK", "format": "yyyy/MM/dd"}, "%Y/%m/%d", ["-1", "0"]),
    (
        "steps",
        {
            "range": "NOW-4DAYS,NOW",
            "format": "'d'yyyyMMdd",
            "interval": "2",
            "interval_unit": "DAYS",
        },
        "d%Y%m%d",
        ["0", "2"],
    ),
]
"""Name, projection, how a day's folder is written, the ages in days of what is found."""


@pytest.mark.parametrize(("name", "properties", "written", "found"), DATES)
def test_dates_around_now(
    world: Any, name: str, properties: dict[str, str], written: str, found: list[str]
) -> None:
    folders = {
        f"{TODAY - datetime.timedelta(days=age):{written}}": age for age in (-8, -1, 0, 1, 2, 3)
    }
    projected(
        world,
        name,
        [("day", "string")],
        folders,
        **of("day", "date", **properties),
        storage__location__template=f"s3://lake/{name}/${{day}}/",
    )
    assert [row[0] for row in world.rows(f"SELECT id FROM {name} ORDER BY id")] == found


def test_months_and_hours(world: Any) -> None:
    months = of("month", "date", range="2025-11,2026-02", format="yyyy-MM")
    folders = {"month=2025-10": 0, "month=2025-12": 1, "month=2026-02": 2, "month=2026-03": 3}
    projected(world, "months", [("month", "string")], folders, **months)
    assert world.rows("SELECT id, month FROM months ORDER BY id") == [
        ["1", "2025-12"],
        ["2", "2026-02"],
    ]
    hours = {
        "range": "2026/11/20/22,2026/11/21/02",
        "format": "yyyy/MM/dd/HH",
        "interval": "3",
        "interval_unit": "hours",
    }
    template = {"storage.location.template": "s3://lake/hours/${hour}"}
    folders = {"2026/11/20/22": 1, "2026/11/20/23": 2, "2026/11/21/01": 3}
    projected(
        world, "hours", [("hour", "string")], folders, **of("hour", "date", **hours), **template
    )
    assert world.rows("SELECT id FROM hours ORDER BY id") == [["1"], ["3"]]


def test_injected_values_come_from_the_query(world: Any) -> None:
    keys = [("device", "string"), ("day", "string")]
    properties = {
        **of("device", "injected"),
        **of("day", "date", range="2026-11-01,NOW+100YEARS", format="yyyy-MM-dd"),
    }
    folders = {f"device={name}/day=2026-11-0{day}": day for day, name in enumerate("abc", 1)}
    projected(world, "injected", keys, folders, **properties)
    for condition, ids in (
        ("device = 'a'", "1"),
        ("device IN ('a', 'c') AND id > 0", "13"),
        ("(device = 'a' OR 'b' = device) AND day > '2026-11-01'", "2"),
        ("device = lower('C')", "3"),
        ("device = 'nobody'", ""),
    ):
        found = world.rows(f"SELECT id FROM injected WHERE {condition} ORDER BY id")
        assert "".join(row[0] for row in found) == ids, condition


@pytest.mark.parametrize(
    "condition",
    [
        "",
        "WHERE day = '2026-11-01'",
        "WHERE device > 'a'",
        "WHERE device = 'a' OR day = '2026-11-01'",
        "WHERE device = 'a' AND device <> 'b'",
        "WHERE device IN (SELECT 'a')",
        "WHERE device = day",
    ],
)
def test_injected_column_wants_equality(world: Any, condition: str) -> None:
    assert world.failure(f"SELECT id FROM injected {condition}") == (
        "CONSTRAINT_VIOLATION: Injected projected partition column device must have only (and at "
        "least one) equality conditions in the WHERE clause!"
    )


def test_views_pass_the_filter_on(world: Any) -> None:
    columns = [("id", "bigint"), ("device", "varchar")]
    stored = {
        "originalSql": "SELECT id, device FROM injected",
        "catalog": "awsdatacatalog",
        "schema": "db",
        "columns": [{"name": name, "type": type_} for name, type_ in columns],
    }
    text = base64.b64encode(json.dumps(stored).encode()).decode()
    world.glue.create_table(
        DatabaseName="db",
        TableInput={
            "Name": "of_devices",
            "TableType": "VIRTUAL_VIEW",
            "Parameters": {"presto_view": "true"},
            "ViewOriginalText": f"/* Presto View: {text} */",
            "StorageDescriptor": {"Columns": [], "SerdeInfo": {}},
        },
    )
    assert world.rows("SELECT id FROM of_devices WHERE device = 'b'") == [["2"]]


def test_a_day_of_20_years_lists_one_prefix_and_all_of_them_one(
    world: Any, days: None, listed: Callable[[str], list[str]]
) -> None:
    one = "SELECT id FROM days WHERE day = '2026-11-20'"
    assert listed(one) == ["days/day=2026-11-20/"]
    assert len(listed("SELECT id FROM days WHERE day >= '2026-12-30'")) == 2
    assert listed("SELECT id FROM days WHERE day > '2026-06'") == ["days/day=2026-"]
    assert listed("SELECT id FROM days") == ["days/day=20"]
    assert listed("SELECT id FROM days WHERE day > '2099'") == []


def test_each_column_is_filtered_before_they_are_combined(
    world: Any, listed: Callable[[str], list[str]]
) -> None:
    ranges = {"year": "2000,2099", "month": "1,12", "day": "1,31", "hour": "0,23"}
    properties = of("source", "enum", values="a,b")
    for name, ends in ranges.items():
        properties |= of(name, "integer", range=ends)
    keys = [("source", "string"), *((name, "int") for name in ranges)]
    folders = {"source=b/year=2026/month=11/day=5/hour=9": 1}
    projected(world, "wide", keys, folders, **properties)
    sql = "SELECT id FROM wide WHERE year = 2026 AND month > 10 AND day = 5 AND hour IN (8, 9)"
    assert world.rows(sql) == [["1"]]
    assert len(listed(f"{sql} AND month < 12")) == 4
    said = "NOT_SUPPORTED: A projection of more than 1,000,000 values for the table wide"
    assert said in world.failure("SELECT id FROM wide")


BROKEN: list[tuple[str, dict[str, str], str]] = [
    ("no_type", {}, "missing projection configuration: [part]"),
    ("bad_type", of("part", "uuid"), "must be enum, integer, date or injected"),
    ("no_values", of("part", "enum"), "'projection.part.values': it is missing"),
    ("no_range", of("part", "integer"), "'projection.part.range': it is missing"),
    ("one_end", of("part", "integer", range="1"), "two values"),
    ("no_number", of("part", "integer", range="a,b"), "'projection.part.range'"),
    ("no_step", of("part", "integer", range="1,2", interval="0"), "must be a positive integer"),
    ("no_format", of("part", "date", range="2026,2027"), "'projection.part.format': it is missing"),
    (
        "no_unit",
        of("part", "date", range="2026,2027", format="yyyy"),
        "'projection.part.interval.unit': it is missing",
    ),
    (
        "bad_date",
        of("part", "date", range="2026-13-01,NOW", format="yyyy-MM-dd"),
        "'projection.part.range'",
    ),
    (
        "no_place",
        {**of("part", "enum", values="a"), "storage.location.template": "s3://lake/x/"},
        "${part}",
    ),
]


@pytest.mark.parametrize(("name", "properties", "said"), BROKEN)
def test_properties_that_cannot_work(
    world: Any, name: str, properties: dict[str, str], said: str
) -> None:
    projected(world, name, [("part", "string")], {}, **properties)
    reason = world.failure(f"SELECT id FROM {name}")
    assert reason.startswith("INVALID_TABLE_PROPERTY: ")
    assert said in reason
