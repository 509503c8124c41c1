"""Views of the catalog: read like tables, over tables and views, and refused as Athena does it."""

from __future__ import annotations

import base64
import json
import random
from collections.abc import Sequence
from typing import Any

import pytest

OPEN_CSV = "org.apache.hadoop.hive.serde2.OpenCSVSerde"
EVENTS = [("id", "bigint"), ("name", "string"), ("price", "double")]
DATE = [("date", "string")]
DAYS = ("2026-11-20", "2026-11-21", "2026-11-22")


def record(name: str, text: str, **changes: Any) -> dict[str, Any]:
    return {
        "Name": name,
        "TableType": "VIRTUAL_VIEW",
        "Parameters": {"presto_view": "true", "comment": "Presto View"},
        "ViewOriginalText": text,
        "ViewExpandedText": "/* Presto View */",
        "StorageDescriptor": {"Columns": [], "SerdeInfo": {}},
        **changes,
    }


def encoded(sql: str, columns: Sequence[tuple[str, str]], schema: str | None = "db") -> str:
    stored = {
        "originalSql": sql,
        "catalog": "awsdatacatalog",
        "schema": schema,
        "columns": [{"name": name, "type": type_} for name, type_ in columns],
    }
    return f"/* Presto View: {base64.b64encode(json.dumps(stored).encode()).decode()} */"


def view(
    world: Any, name: str, sql: str, columns: Sequence[tuple[str, str]], database: str = "db"
) -> None:
    hive = {"varchar": "string", "integer": "int", "timestamp(3)": "timestamp"}
    shown = [{"Name": each, "Type": hive.get(type_, type_)} for each, type_ in columns]
    changes = {"StorageDescriptor": {"Columns": shown, "SerdeInfo": {}}}
    table = record(name, encoded(sql, columns), **changes)
    world.glue.create_table(DatabaseName=database, TableInput=table)


@pytest.fixture(scope="module")
def events(world: Any) -> Any:
    """Table `events` of three days, and views over it."""
    world.table("events", EVENTS, keys=DATE)
    for number, day in enumerate(DAYS):
        key = f"events/date={day}/part.parquet"
        noise = random.Random(day).randbytes(100_000).hex()
        columns = {"id": [1, 2], "name": [noise, day], "price": [number, 0.5]}
        world.put_parquet(key, columns)
        world.partition("events", [day], f"events/date={day}")
    passing = [("day", "varchar"), ("id", "bigint"), ("name", "varchar"), ("cents", "double")]
    sql = 'SELECT "date" AS "day", id, name, price * 1E2 cents FROM events WHERE id > 0'
    view(world, "passing", sql, passing)
    view(
        world,
        "over",
        "SELECT CAST(day AS date) AS d, v.id AS number FROM db.passing v",
        [("d", "date"), ("number", "bigint")],
    )
    star = [("id", "bigint"), ("name", "varchar"), ("price", "double"), ("date", "varchar")]
    view(world, "star", "SELECT * FROM events", star)
    return world


def test_a_view_gives_its_columns_and_types(events: Any) -> None:
    answer = events.query("SELECT * FROM Passing WHERE id = 1 ORDER BY day")
    assert answer.names == ["day", "id", "name", "cents"]
    assert answer.types == ["varchar", "bigint", "varchar", "double"]
    assert [row[0] for row in answer.rows] == list(DAYS)
    assert [row[3] for row in answer.rows] == ["0.0", "100.0", "200.0"]


def test_a_column_has_the_type_that_the_view_stores(events: Any) -> None:
    columns = [("n", "bigint"), ("x", "double"), ("at", "timestamp(3)"), ("nothing", "varchar")]
    sql = "SELECT 1 AS n, 2 AS x, DATE '2026-11-20' AS at, NULL AS nothing"
    view(events, "wider", sql, columns)
    answer = events.query("SELECT * FROM wider")
    assert answer.types == ["bigint", "double", "timestamp", "varchar"]
    assert answer.rows == [["1", "2.0", "2026-11-20 00:00:00.000", None]]
    assert events.failure("SELECT 1 FROM wider WHERE nothing = 1").startswith("TYPE_MISMATCH: ")


def test_views_are_joined_and_stand_over_views(events: Any) -> None:
    joined = (
        "SELECT o.d, e.name = p.name FROM over o JOIN events e ON e.id = o.number "
        "JOIN db.passing p ON p.id = e.id AND p.day = e.date "
        "WHERE o.d = DATE '2026-11-21' AND e.date = '2026-11-21' AND e.id = 2"
    )
    assert events.rows(joined) == [["2026-11-21", "true"]]
    twice = (
        "WITH over AS (SELECT * FROM db.over) SELECT count(*) FROM over a JOIN over b ON a.d = b.d"
    )
    assert events.rows(twice) == [["12"]]
    assert events.rows("SELECT (SELECT max(day) FROM passing)") == [[DAYS[-1]]]


def test_a_view_names_tables_of_its_own_database(events: Any) -> None:
    events.glue.create_database(DatabaseInput={"Name": "elsewhere"})
    view(events, "abroad", "SELECT id FROM events", [("id", "bigint")], database="elsewhere")
    assert events.rows("SELECT count(*) FROM elsewhere.abroad") == [["6"]]
    context = {"Database": "elsewhere"}
    answer = events.query("SELECT count(*) FROM abroad", QueryExecutionContext=context)
    assert answer.rows == [["6"]]


ALL_DAYS = "SELECT id FROM events"
ONE_DAY = "SELECT id FROM events WHERE date = '2026-11-21'"


@pytest.mark.parametrize(
    ("query", "direct"),
    [
        ("SELECT id FROM passing", ALL_DAYS),
        ("SELECT id FROM passing WHERE day = '2026-11-21'", ONE_DAY),
        ("SELECT number FROM over WHERE d = DATE '2026-11-21'", ONE_DAY),
        ("SELECT id FROM star WHERE date = '2026-11-21'", ONE_DAY),
        ("SELECT id FROM star WHERE date = '2026-11-21' OR id = 9", ALL_DAYS),
        (
            "SELECT p.id FROM passing p JOIN events e ON p.id = e.id "
            "WHERE p.day = '2026-11-21' AND e.date = '2026-11-21'",
            ONE_DAY,
        ),
        (f"{ONE_DAY} UNION ALL SELECT id FROM passing", ALL_DAYS),
    ],
)
def test_no_more_is_scanned_than_of_the_table_itself(events: Any, query: str, direct: str) -> None:
    expected = events.query(direct).scanned
    answer = events.query(query)
    assert answer.state == "SUCCEEDED", answer.reason
    assert answer.scanned == pytest.approx(expected, rel=0.02)
    assert expected < events.query("SELECT * FROM events").scanned / 4


def test_columns_that_nobody_asks_for_are_not_read(world: Any) -> None:
    world.table("drifted", [("id", "bigint"), ("price", "double")])
    world.put_parquet("drifted/x.parquet", {"id": [1], "price": ["12.5"]})
    columns = [("id", "bigint"), ("price", "double")]
    view(world, "all_drifted", "SELECT * FROM drifted", columns)
    view(world, "each_drifted", "SELECT id, price FROM drifted", columns)
    for name in ("all_drifted", "each_drifted"):
        assert world.rows(f"SELECT id FROM {name}") == [["1"]]
        assert world.rows(f"SELECT count(*) FROM {name}") == [["1"]]
        assert world.failure(f"SELECT price FROM {name}").startswith("HIVE_BAD_DATA: ")


def test_what_one_reader_leaves_out_another_gets(events: Any) -> None:
    both = f"{ONE_DAY} UNION ALL SELECT length(name) FROM passing WHERE day = '2026-11-22'"
    assert sorted(events.rows(both)) == [["1"], ["10"], ["2"], ["200000"]]


@pytest.mark.parametrize(
    ("name", "sql", "rows"),
    [
        ("ranked", "SELECT date, row_number() OVER (ORDER BY date DESC, id) AS n FROM events",
         [["3"], ["4"]]),
        ("totals", "SELECT max(date) AS date, count(*) AS n FROM events", []),
        ("first", "SELECT date, id AS n FROM events ORDER BY date, id LIMIT 3", [["1"]]),
        ("one_each", "SELECT DISTINCT '2026-11-21' AS date, id AS n FROM events", [["1"], ["2"]]),
        ("grouped", "SELECT max(date) AS date, id AS n FROM events GROUP BY id", []),
        ("both", "SELECT date, id AS n FROM events UNION ALL SELECT '2026-11-21', 7",
         [["1"], ["2"], ["7"]]),
        ("outer_join", "SELECT e.date, m.id AS n FROM (SELECT '2026-11-21' AS date) e LEFT JOIN "
         "events m ON m.date > e.date", [["1"], ["2"]]),
        ("with_cte", "WITH e AS (SELECT * FROM events WHERE id = 2) SELECT date, id AS n FROM e",
         [["2"]]),
    ],
)  # fmt: skip
def test_a_condition_on_a_view_changes_nothing_below_it(
    events: Any, name: str, sql: str, rows: list[list[str]]
) -> None:
    view(events, name, sql, [("date", "varchar"), ("n", "bigint")])
    assert events.rows(f"SELECT n FROM {name} WHERE date = '2026-11-21' ORDER BY n") == rows


def test_a_condition_on_an_aggregate_of_keys_changes_nothing_below_it(events: Any) -> None:
    sql = "SELECT every(date > '2026-11-20') AS late FROM events"
    view(events, "flags", sql, [("late", "boolean")])
    assert events.rows("SELECT count(*) FROM flags WHERE late") == [["0"]]


def test_the_typed_view_of_a_csv_table(world: Any) -> None:
    columns = [("id", "string"), ("n", "string"), ("ok", "string"), ("at", "string")]
    serde = {"separatorChar": ",", "quoteChar": '"', "escapeChar": "\\"}
    header = {"skip.header.line.count": "1"}
    world.table("untyped", columns, OPEN_CSV, DATE, header, **serde)
    lines = [
        '"id","n","ok","at"',
        r'"say \"hi\"","7","true","2026-11-20 13:00:00.123456"',
        ',,"",""',
    ]
    world.put("untyped/date=2026-11-20/a.csv.gz", "\n".join(lines).encode())
    world.partition("untyped", ["2026-11-20"], "untyped/date=2026-11-20")
    sql = (
        'SELECT NULLIF("id", \'\') AS "id", CAST(NULLIF("n", \'\') AS bigint) AS "n", '
        'CAST(NULLIF("ok", \'\') AS boolean) AS "ok", '
        'CAST(NULLIF("at", \'\') AS timestamp(3)) AS "at", "date" FROM db.untyped'
    )
    types = ["varchar", "bigint", "boolean", "timestamp(3)", "varchar"]
    view(world, "typed", sql, list(zip(["id", "n", "ok", "at", "date"], types, strict=True)))
    answer = world.query("SELECT * FROM typed ORDER BY n NULLS LAST")
    assert answer.types == ["varchar", "bigint", "boolean", "timestamp", "varchar"]
    assert answer.rows == [
        ['say "hi"', "7", "true", "2026-11-20 13:00:00.123", "2026-11-20"],
        [None, None, None, None, "2026-11-20"],
    ]
    world.put("untyped/date=2026-11-20/b.csv", b'"id","n","ok","at"\n"x","seven","",""\n')
    assert world.failure("SELECT sum(n) FROM typed").startswith("INVALID_CAST_ARGUMENT: ")
    assert world.rows("SELECT count(id) FROM typed") == [["2"]]


STALE = "VIEW_IS_STALE: line 1:15: View 'awsdatacatalog.db.{name}' is stale or in invalid state: "


@pytest.mark.parametrize(
    ("name", "sql", "columns", "reason"),
    [
        ("grown", "SELECT * FROM events", [("id", "bigint")],
         "stored view column count (1) does not match column count derived from the view query "
         "analysis (4)"),
        ("renamed", "SELECT id, name FROM events", [("id", "bigint"), ("title", "varchar")],
         "column [name] of type varchar projected from query view at position 1 has a different "
         "name from column [title] of type varchar stored in view definition"),
        ("retyped", "SELECT price FROM events", [("price", "bigint")],
         "column [price] of type double projected from query view at position 0 cannot be coerced "
         "to column [price] of type bigint stored in view definition"),
        ("narrower", "SELECT CAST('12.50' AS decimal(4,2)) AS d", [("d", "decimal(3,1)")],
         "column [d] of type decimal(4,2) projected from query view at position 0 cannot be "
         "coerced to column [d] of type decimal(3,1) stored in view definition"),
    ],
)  # fmt: skip
def test_a_stale_view(
    events: Any, name: str, sql: str, columns: Sequence[tuple[str, str]], reason: str
) -> None:
    view(events, name, sql, columns)
    assert events.failure(f"SELECT * FROM {name}") == STALE.format(name=name) + reason


@pytest.mark.parametrize(
    ("name", "sql", "columns", "reason"),
    [
        ("orphan", "SELECT id\nFROM gone", [("id", "bigint")],
         "line 2:6: Table 'awsdatacatalog.db.gone' does not exist"),
        ("lost", "SELECT id, colour FROM events", [("id", "bigint"), ("colour", "varchar")],
         "line 1:12: Column 'colour' cannot be resolved or requester is not authorized to access "
         "requested resources"),
        ("mixed", "SELECT id FROM events WHERE id = 'one'", [("id", "bigint")],
         "line 1:32: Cannot apply operator: bigint = varchar(3)"),
        ("odd", "SELECT list_sum(id) AS id FROM events", [("id", "bigint")],
         "line 1:8: Function 'list_sum' not registered"),
        ("loop", "SELECT id FROM loop", [("id", "bigint")], "line 1:16: View is recursive"),
    ],
)  # fmt: skip
def test_a_broken_view(
    events: Any, name: str, sql: str, columns: Sequence[tuple[str, str]], reason: str
) -> None:
    view(events, name, sql, columns)
    failed = f"line 1:22: Failed analyzing stored view 'awsdatacatalog.db.{name}'"
    assert events.failure(f"SELECT count(*) FROM {name}") == f"INVALID_VIEW: {failed}: {reason}"


def test_a_view_over_a_broken_or_stale_one(events: Any) -> None:
    view(events, "bad", "SELECT colour FROM events", [("colour", "varchar")])
    view(events, "over_bad", "SELECT colour FROM  bad", [("colour", "varchar")])
    outer = (
        "INVALID_VIEW: line 1:15: Failed analyzing stored view 'awsdatacatalog.db.over_{name}': "
    )
    inner = (
        "line 1:21: Failed analyzing stored view 'awsdatacatalog.db.bad': line 1:8: Column 'colour'"
    )
    assert events.failure("SELECT * FROM over_bad").startswith(outer.format(name="bad") + inner)
    view(events, "old", "SELECT id FROM events", [("number", "bigint")])
    view(events, "over_old", "SELECT number FROM old", [("number", "bigint")])
    assert events.failure("SELECT * FROM over_old").startswith(
        outer.format(name="old") + "line 1:20: View 'awsdatacatalog.db.old' is stale"
    )


def test_views_that_are_none_of_athenas(events: Any) -> None:
    def make(name: str, text: str, **changes: Any) -> None:
        table = record(name, text, **changes)
        events.glue.create_table(DatabaseName="db", TableInput=table)

    make("hive_made", "SELECT 1", Parameters={})
    assert events.failure("SELECT * FROM hive_made") == (
        "NOT_SUPPORTED: Hive views are not supported: 'db.hive_made'"
    )
    make("bare", "SELECT 1")
    assert events.failure("SELECT * FROM bare") == (
        "HIVE_INVALID_VIEW_DATA: View data missing prefix: SELECT 1"
    )
    make("cut", "/* Presto View: ")
    assert events.failure("SELECT * FROM cut").startswith(
        "HIVE_INVALID_VIEW_DATA: View data missing suffix"
    )
    make("garbled", "/* Presto View: e30= */")
    assert events.failure("SELECT * FROM garbled").startswith("HIVE_INVALID_VIEW_DATA: ")
    make("no_sql", encoded("SELEC 1", [("a", "bigint")]))
    assert events.failure("SELECT * FROM no_sql").startswith(
        "INVALID_VIEW: line 1:15: Failed parsing stored view 'awsdatacatalog.db.no_sql': line 1:"
    )
    make("strange", encoded("SELECT 1 AS a", [("a", "nonsense")]))
    assert events.failure("SELECT * FROM strange") == (
        "INVALID_VIEW: line 1:15: Unknown type 'nonsense' for column 'a' in view: "
        "awsdatacatalog.db.strange"
    )
    make("without_schema", encoded("SELECT id FROM events", [("id", "bigint")], schema=None))
    assert events.rows("SELECT count(*) FROM without_schema") == [["6"]]


def test_a_view_without_serde(events: Any) -> None:
    text = encoded("SELECT 1 AS n", [("n", "integer")])
    bare = record("no_serde", text, StorageDescriptor={"Columns": []})
    events.glue.create_table(DatabaseName="db", TableInput=bare)
    assert events.failure("SELECT * FROM no_serde") == (
        "HIVE_METASTORE_ERROR: Table storage descriptor is missing SerDe info"
    )


def test_show_and_describe_a_view(events: Any) -> None:
    assert ["passing"] in events.rows("SHOW TABLES 'pass*'")
    columns = [row[0] for row in events.rows("SHOW COLUMNS IN passing")]
    assert [column.strip() for column in columns] == ["day", "id", "name", "cents"]
    described = ["".join(map(str, row)).split() for row in events.rows("DESCRIBE passing")]
    assert described == [
        ["day", "string"],
        ["id", "bigint"],
        ["name", "string"],
        ["cents", "double"],
    ]
