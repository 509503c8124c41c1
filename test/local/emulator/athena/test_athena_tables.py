"""What queries read: registered partitions and nothing else, by the rules of each format."""

from __future__ import annotations

import datetime
import random
from decimal import Decimal
from typing import Any

import pyarrow as pa
import pytest

PARQUET = "org.apache.hadoop.hive.ql.io.parquet.serde.ParquetHiveSerDe"
OPENX = "org.openx.data.jsonserde.JsonSerDe"
HCATALOG = "org.apache.hive.hcatalog.data.JsonSerDe"
LAZY = "org.apache.hadoop.hive.serde2.lazy.LazySimpleSerDe"
OPEN_CSV = "org.apache.hadoop.hive.serde2.OpenCSVSerde"
EVENTS = [("id", "bigint"), ("name", "string")]
DATE = [("date", "string")]


@pytest.fixture(scope="module")
def events(world: Any) -> dict[str, int]:
    """Table `events` with three registered days; sizes of their objects."""
    world.table("events", EVENTS, keys=DATE)
    sizes = {}
    for day in ("2026-11-20", "2026-11-21", "2026-11-22"):
        key = f"events/date={day}/part.parquet"
        sizes[day] = world.put_parquet(key, {"id": [1, 2], "name": ["a", day]})
        world.partition("events", [day], f"events/date={day}")
    world.put_parquet("events/date=2026-11-23/unregistered.parquet", {"id": [9], "name": ["no"]})
    for hidden in ("_temporary/x.parquet", ".x.parquet", "_SUCCESS"):
        world.put_parquet(f"events/date=2026-11-20/{hidden}", {"id": [9], "name": ["no"]})
    world.put("events/date=2026-11-20/empty.parquet", b"")
    return sizes


def test_only_registered_partitions_are_read(world: Any, events: dict[str, int]) -> None:
    rows = world.rows("SELECT date, count(*), sum(id) FROM events GROUP BY date ORDER BY date")
    assert rows == [[day, "2", "3"] for day in sorted(events)]


def test_partition_elsewhere_is_read_where_it_lies(world: Any) -> None:
    world.table("moved", EVENTS, keys=DATE)
    world.put_parquet("other/place/x.parquet", {"id": [7], "name": ["far"]})
    world.partition("moved", ["it's/a=b é"], "other/place")
    assert world.rows("SELECT * FROM moved") == [["7", "far", "it's/a=b é"]]
    assert world.rows("SELECT id FROM moved WHERE date = 'it''s/a=b é'") == [["7"]]


@pytest.mark.parametrize(
    ("condition", "days"),
    [
        ("date = '2026-11-21'", 1),
        ("date >= '2026-11-21' AND id > 0", 2),
        ("date IN ('2026-11-20', '2026-11-22')", 2),
        ("substr(date, 10) = '0'", 1),
        ("date = '2026-11-21' OR id = 1", 3),
        ("date > '2027'", 0),
    ],
)
def test_other_partitions_are_not_scanned(
    world: Any, events: dict[str, int], condition: str, days: int
) -> None:
    everything = world.query("SELECT id, name FROM events").scanned
    answer = world.query(f"SELECT id, name FROM events WHERE {condition}")
    assert answer.state == "SUCCEEDED", answer.reason
    assert answer.scanned == pytest.approx(everything * days / 3, rel=0.02)


def test_outer_join_keeps_partitions_whose_rows_fill_it(world: Any, events: dict[str, int]) -> None:
    world.table("marks", EVENTS, keys=DATE)
    world.put_parquet("marks/date=2026-11-20/x.parquet", {"id": [1, 2], "name": ["m", "n"]})
    world.partition("marks", ["2026-11-20"], "marks/date=2026-11-20")
    unmatched = (
        "SELECT count(*) FROM events e LEFT JOIN marks m ON e.id = m.id AND e.date = m.date "
        "WHERE m.date IS NULL AND e.date = '2026-11-20'"
    )
    assert world.rows(unmatched) == [["0"]]


def test_table_used_twice_keeps_the_partitions_of_both(world: Any, events: dict[str, int]) -> None:
    sql = (
        "SELECT a.date, b.date FROM events a JOIN events b ON a.id = b.id "
        "WHERE a.date = '2026-11-20' AND b.date = '2026-11-21' AND a.id = 1"
    )
    assert world.rows(sql) == [["2026-11-20", "2026-11-21"]]


def test_names_of_any_case_and_qualification(world: Any, events: dict[str, int]) -> None:
    for table in ("EVENTS", "db.Events", '"db"."events"', "AwsDataCatalog.db.events"):
        assert world.rows(f"SELECT COUNT(ID) FROM {table}") == [["6"]]
    sql = "WITH events AS (SELECT id FROM db.events) SELECT count(*) FROM events"
    assert world.rows(sql) == [["6"]]


def test_cte_of_a_tables_own_name_reads_the_table(world: Any, events: dict[str, int]) -> None:
    sql = "WITH events AS (SELECT * FROM events WHERE id = 1) SELECT count(*) FROM events"
    assert world.rows(sql) == [["3"]]


def test_unpartitioned_table_reads_its_folders(world: Any) -> None:
    world.table("deep", EVENTS)
    world.put_parquet("deep/a/b/x.parquet", {"id": [1], "name": ["x"]})
    world.put_parquet("deep/y.parquet", {"id": [2], "name": ["y"]})
    world.put_parquet("deeper/z.parquet", {"id": [3], "name": ["not of this table"]})
    assert world.rows("SELECT name FROM deep ORDER BY id") == [["x"], ["y"]]


def test_table_without_objects_is_empty(world: Any) -> None:
    world.table("nothing", EVENTS, keys=DATE)
    answer = world.query("SELECT * FROM nothing")
    assert (answer.names, answer.rows) == (["id", "name", "date"], [])


def test_every_type_as_athena_prints_it(world: Any) -> None:
    columns = {
        "i": pa.array([1, None], pa.int32()),
        "l": pa.array([9007199254740993, None], pa.int64()),
        "d": pa.array([1e10, None], pa.float64()),
        "f": pa.array([0.5, None], pa.float32()),
        "b": pa.array([True, None]),
        "s": pa.array(['a "b", c\nd', ""]),
        "t": pa.array([datetime.datetime(2026, 11, 20, 13, 0, 0, 123456), None]),
        "dt": pa.array([datetime.date(2026, 11, 20), None]),
        "dec": pa.array([Decimal(1), None], pa.decimal128(10, 2)),
        "arr": pa.array([["a", None], None]),
        "st": pa.array([{"A": 1, "b": "x"}, None]),
        "bin": pa.array([b"\x01\xff", None]),
    }
    types = (
        "int bigint double float boolean string timestamp date decimal(10,2) array<string> "
        "struct<a:bigint,b:string> binary"
    )
    world.table("types", list(zip(columns, types.split(), strict=True)))
    world.put_parquet("types/x.parquet", columns)
    answer = world.query("SELECT * FROM types ORDER BY i NULLS LAST")
    assert " ".join(answer.types) == (
        "integer bigint double float boolean varchar timestamp date decimal array row varbinary"
    )
    assert answer.rows == [
        ["1", "9007199254740993", "1.0E10", "0.5", "true", 'a "b", c\nd',
         "2026-11-20 13:00:00.123", "2026-11-20", "1.00", "[a, null]", "{a=1, b=x}", "01 ff"],
        [None, None, None, None, None, "", None, None, None, None, None, None],
    ]  # fmt: skip


def test_sum_of_bigints_is_a_bigint(world: Any, events: dict[str, int]) -> None:
    answer = world.query("SELECT sum(id), avg(id), count(*) FROM events")
    assert (answer.types, answer.rows) == (["bigint", "double", "bigint"], [["9", "1.5", "6"]])


def test_parquet_column_that_a_file_lacks_is_null(world: Any) -> None:
    world.table("grown", [*EVENTS, ("city", "string")])
    world.put_parquet("grown/old.parquet", {"id": [1], "NAME": ["old"]})
    world.put_parquet("grown/new.parquet", {"city": ["Rome"], "name": ["new"], "id": [2]})
    rows = world.rows("SELECT * FROM grown ORDER BY id")
    assert rows == [["1", "old", None], ["2", "new", "Rome"]]


def test_parquet_files_that_each_have_some_of_the_columns(world: Any) -> None:
    columns = [("id", "bigint"), ("price", "double"), ("city", "string"), ("at", "timestamp")]
    world.table("patchy", columns, keys=DATE)
    at = datetime.datetime(2026, 11, 20, 13)
    world.put_parquet("patchy/date=1/a.parquet", {"price": [0.5, 1.5], "id": [1, 2]})
    world.put_parquet("patchy/date=1/b.parquet", {"city": ["Rome"], "at": [at]})
    world.put_parquet("patchy/date=2/a.parquet", {"unknown": [7]})
    for day in ("1", "2"):
        world.partition("patchy", [day], f"patchy/date={day}")
    assert world.rows("SELECT * FROM patchy ORDER BY date, id") == [
        ["1", "0.5", None, None, "1"],
        ["2", "1.5", None, None, "1"],
        [None, None, "Rome", "2026-11-20 13:00:00.000", "1"],
        [None, None, None, None, "2"],
    ]
    totals = (
        "SELECT count(*), count(city), sum(price), max(at) FROM patchy "
        "WHERE price > 1 OR id IS NULL"
    )
    assert world.rows(totals) == [["3", "1", "1.5", "2026-11-20 13:00:00.000"]]


def test_parquet_column_of_another_type_fails(world: Any) -> None:
    world.table("drifted", [("id", "bigint"), ("price", "double")])
    world.put_parquet("drifted/x.parquet", {"id": [1], "price": ["12.5"]})
    assert world.failure("SELECT price FROM drifted") == (
        "HIVE_BAD_DATA: Field price's type BINARY in parquet file s3://lake/drifted/x.parquet is "
        "incompatible with type double defined in table schema"
    )
    assert world.rows("SELECT id FROM drifted") == [["1"]]


def test_partition_of_another_schema_fails(world: Any) -> None:
    world.table("mixed", EVENTS, keys=DATE)
    world.put_parquet("mixed/date=1/x.parquet", {"id": ["one"], "name": ["a"]})
    columns = [{"Name": "id", "Type": "string"}, {"Name": "name", "Type": "string"}]
    world.partition("mixed", ["1"], "mixed/date=1", Columns=columns)
    reason = world.failure("SELECT id FROM mixed")
    assert reason.startswith("HIVE_PARTITION_SCHEMA_MISMATCH: There is a mismatch")
    assert "declared as type 'bigint', but partition 'date=1' declared column 'id'" in reason


def test_json_lines(world: Any) -> None:
    columns = [
        ("userid", "string"),
        ("n", "bigint"),
        ("ok", "boolean"),
        ("context", "struct<device:struct<adTrackingEnabled:boolean>,tags:array<string>>"),
        ("extra", "map<string,int>"),
    ]
    world.table("calls", columns, OPENX, keys=[("partition_0", "string")], paths="userId,n")
    lines = (
        b'{"userId":"u1","n":7,"ok":true,"context":{"device":{"adTrackingEnabled":true},'
        b'"tags":["a","b"]},"extra":{"k":1}}\n'
        b"\n"
        b'{"USERID":{"a": [1, 2.50]},"n":"8","context":{"tags":"one"}}\r\n'
        b'"text"\n'
        b'{"userId":"twice","userid":"last","n":1e400,"ok":"no"}'
    )
    world.put("calls/1763596800000/a.gz", lines)
    world.put("calls/1763596800000/empty.gz", b"")
    world.partition("calls", ["1763596800000"], "calls/1763596800000")
    assert world.rows("SELECT userid, n, ok, context, extra FROM calls") == [
        ["u1", "7", "true", "{device={adTrackingEnabled=true}, tags=[a, b]}", "{k=1}"],
        [None, None, None, None, None],
        ['{"a":[1,2.5]}', "8", None, "{device=null, tags=[one]}", None],
        [None, None, None, None, None],
        ["last", None, "false", None, None],
    ]
    nested = world.rows("SELECT context.device.adtrackingenabled, partition_0 FROM calls LIMIT 1")
    assert nested == [["true", "1763596800000"]]
    assert world.rows("SELECT count(*) FROM calls") == [["5"]]


@pytest.mark.parametrize("serde", [OPENX, HCATALOG])
def test_malformed_json_fails(world: Any, serde: str) -> None:
    name = "broken_" + serde.rsplit(".", 2)[1]
    world.table(name, [("a", "int")], serde)
    world.put(f"{name}/x.json", b'{"a":1}\n{"a":')
    for sql in (f"SELECT a FROM {name}", f"SELECT count(*) FROM {name}"):
        reason = world.failure(sql)
        assert reason.startswith("HIVE_CURSOR_ERROR: Row is not a valid JSON Object")
        assert f"s3://lake/{name}/x.json" in reason


def test_malformed_json_is_a_row_of_nulls_if_asked(world: Any) -> None:
    world.table("lenient", [("a", "int")], OPENX, **{"ignore.malformed.json": "TRUE"})
    world.put("lenient/x.json", b'{"a":1}\n{"a":')
    assert world.rows("SELECT a FROM lenient") == [["1"], [None]]


def test_object_cut_short_fails(world: Any) -> None:
    world.table("cut", [("a", "int")], OPENX)
    size = world.put("cut/x.json.gz", b'{"a":1}\n' * 1000)
    whole = world.s3.get_object(Bucket="lake", Key="cut/x.json.gz")["Body"].read()
    world.s3.put_object(Bucket="lake", Key="cut/x.json.gz", Body=whole[: size - 20])
    assert world.failure("SELECT count(*) FROM cut") == (
        "HIVE_CURSOR_ERROR: Failed to read file: s3://lake/cut/x.json.gz"
    )


def test_open_csv(world: Any) -> None:
    world.table(
        "quoted",
        [("a", "string"), ("b", "string"), ("c", "string")],
        OPEN_CSV,
        parameters={"skip.header.line.count": "1"},
        separatorChar=",",
        quoteChar='"',
        escapeChar="\\",
    )
    lines = b'a,b,c\n"x","1,5","say \\"hi\\""\n"y","","a""b",extra\nz\n"q","line one\nline two"\n'
    world.put("quoted/x.csv.gz", lines)
    answer = world.query("SELECT * FROM quoted")
    assert answer.types == ["varchar"] * 3
    assert answer.rows == [
        ["x", "1,5", 'say "hi"'],
        ["y", "", 'a"b'],
        ["z", None, None],
        ["q", None, None],
        [None, None, None],
    ]


def test_delimited_text_ignores_quotes(world: Any) -> None:
    columns = [("s", "string"), ("n", "int"), ("d", "double"), ("t", "timestamp")]
    world.table("plain", columns, LAZY, **{"field.delim": ","})
    world.put("plain/x.csv", b'"a,1,2.5,2026-11-20 13:00:00\n"b",x,\\N\n\\N,3,1e3,soon,more\n')
    assert world.rows("SELECT * FROM plain") == [
        ['"a', "1", "2.5", "2026-11-20 13:00:00.000"],
        ['"b"', None, None, None],
        [None, "3", "1000.0", None],
    ]


def test_text_scans_its_compressed_bytes(world: Any) -> None:
    world.table("counted", [("a", "int")], OPENX)
    size = world.put("counted/x.json.gz", b'{"a":1}\n' * 5000)
    answer = world.query("SELECT count(*), sum(a) FROM counted")
    assert (answer.rows, answer.scanned) == ([["5000", "5000"]], size)


def test_parquet_scans_the_columns_it_needs(world: Any) -> None:
    world.table("wide", [("a", "bigint"), ("b", "string")])
    texts = [random.Random(number).randbytes(50).hex() for number in range(20000)]
    size = world.put_parquet("wide/x.parquet", {"a": list(range(20000)), "b": texts})
    assert world.query("SELECT sum(a) FROM wide").scanned < size / 5
    assert world.query("SELECT * FROM wide").scanned == pytest.approx(size, rel=0.1)


@pytest.mark.parametrize(
    ("sql", "reason"),
    [
        (
            "SELECT * FROM missing",
            "TABLE_NOT_FOUND: line 1:15: Table 'awsdatacatalog.db.missing' does not exist",
        ),
        (
            "SELECT *\nFROM nodb.t",
            "SCHEMA_NOT_FOUND: line 2:6: Schema 'nodb' does not exist",
        ),
        (
            "SELECT id, nope FROM events",
            "COLUMN_NOT_FOUND: line 1:12: Column 'nope' cannot be resolved or requester is not "
            "authorized to access requested resources",
        ),
        (
            "SELECT * FROM events WHERE date >= 20261120",
            "TYPE_MISMATCH: line 1:33: Cannot apply operator: varchar >= integer",
        ),
        ("SELECT * FROM other.db.events", "CATALOG_NOT_FOUND: line 1:15: Catalog 'other'"),
        ("EXPLAIN SELECT 1", "NOT_SUPPORTED: The statement 'EXPLAIN SELECT 1' is not supported"),
        ('SELECT * FROM "events$partitions"', "NOT_SUPPORTED: line 1:15: The table db.events$"),
    ],
)
def test_failures_in_athenas_words(
    world: Any, events: dict[str, int], sql: str, reason: str
) -> None:
    assert world.failure(sql).startswith(reason)


def test_show_and_describe(world: Any, events: dict[str, int]) -> None:
    assert ["events"] in world.rows("SHOW TABLES")
    assert world.rows("SHOW TABLES IN db 'event*'") == [["events"]]
    assert ["db"] in world.rows("SHOW DATABASES LIKE 'd*'")
    assert world.rows("SHOW PARTITIONS db.events") == [[f"date={day}"] for day in sorted(events)]
    columns = [row[0].strip() for row in world.rows("SHOW COLUMNS IN events")]
    assert columns == ["id", "name", "date"]
    answer = world.query("DESCRIBE events;")
    assert answer.names == ["col_name", "data_type", "comment"]
    assert answer.rows[0] == ["id                  \tbigint              \t" + " " * 20]
    assert ["# Partition Information\t \t "] in answer.rows
    assert answer.execution["StatementType"] == "UTILITY"
    assert answer.execution["SubstatementType"] == "DESCRIBE_TABLE"


def test_rows_as_lists_in_subqueries_windows_and_lambdas(
    world: Any, events: dict[str, int]
) -> None:
    sql = """
    WITH daily AS (
      SELECT date, array_agg(name ORDER BY id) AS names FROM events GROUP BY date
    )
    SELECT date, n, row_number() OVER (ORDER BY date DESC, n) AS place
    FROM daily CROSS JOIN UNNEST(filter(names, x -> x <> 'a')) AS u(n)
    WHERE date IN (SELECT max(date) FROM events UNION SELECT min(date) FROM events)
    ORDER BY place LIMIT 1
    """
    assert world.rows(sql) == [["2026-11-22", "2026-11-22", "1"]]
