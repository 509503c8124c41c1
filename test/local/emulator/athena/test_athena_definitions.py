"""Statements that define databases, tables, partitions and views, and what shows them again."""

from __future__ import annotations

from typing import Any

import pytest

EVENTS = """
CREATE EXTERNAL TABLE IF NOT EXISTS `shop`.`events` (
  -- the event's key
  `id` bigint COMMENT 'it\\'s the key',
  payload struct<userId:string,tags:array<string>, prices:map<string,decimal(10,2)>>
)
COMMENT 'what happened'
PARTITIONED BY (day string COMMENT 'UTC', hour int)
ROW FORMAT SERDE 'org.openx.data.jsonserde.JsonSerDe'
WITH SERDEPROPERTIES ('ignore.malformed.json' = 'true')
LOCATION 's3://lake/shop/events'
TBLPROPERTIES ('classification' = 'json')
"""


def done(world: Any, sql: str) -> Any:
    answer = world.query(sql)
    assert answer.state == "SUCCEEDED", answer.reason
    return answer


def lines(world: Any, sql: str) -> list[str]:
    return ["\t".join(cell or "" for cell in row) for row in done(world, sql).rows]


@pytest.fixture(scope="module")
def shop(world: Any) -> Any:
    done(world, "CREATE DATABASE IF NOT EXISTS shop COMMENT 'c' LOCATION 's3://lake/shop/'")
    done(world, EVENTS)
    world.put("shop/events/day=2026-01-01/hour=3/a.json", b'{"id": 1, "payload": {"userId": "u"}}')
    world.put("shop/events/day=2026-01-02/hour=04/a.json", b'{"id": 2}')
    world.put("shop/events/stray/a.json", b'{"id": 9}')
    return world


def test_a_table_is_recorded_as_it_was_said(shop: Any) -> None:
    table = shop.glue.get_table(DatabaseName="shop", Name="events")["Table"]
    assert table["StorageDescriptor"]["Columns"] == [
        {"Name": "id", "Type": "bigint", "Comment": "it's the key"},
        {
            "Name": "payload",
            "Type": "struct<userId:string,tags:array<string>,prices:map<string,decimal(10,2)>>",
        },
    ]
    keys = [{"Name": "day", "Type": "string", "Comment": "UTC"}, {"Name": "hour", "Type": "int"}]
    assert table["PartitionKeys"] == keys
    wanted = {"EXTERNAL": "TRUE", "comment": "what happened", "classification": "json"}
    assert wanted.items() <= table["Parameters"].items()
    shown = "\n".join(lines(shop, "SHOW CREATE TABLE shop.events"))
    done(shop, shown.replace("`events`(", "shop.again("))
    again = shop.glue.get_table(DatabaseName="shop", Name="again")["Table"]
    for field in ("StorageDescriptor", "PartitionKeys", "Parameters"):
        assert again[field] == table[field]
    done(shop, "DROP TABLE shop.again")


def test_partitions_are_found_added_moved_and_dropped(shop: Any) -> None:
    found = lines(shop, "MSCK REPAIR TABLE shop.events")
    assert found == [
        "Partitions not in metastore:\tevents:day=2026-01-01/hour=3\tevents:day=2026-01-02/hour=04",
        "Repair: Added partition to metastore events:day=2026-01-01/hour=3",
        "Repair: Added partition to metastore events:day=2026-01-02/hour=04",
    ]
    assert lines(shop, "MSCK REPAIR TABLE shop.events") == []
    assert shop.rows("SELECT id, hour FROM shop.events ORDER BY id") == [["1", "3"], ["2", "4"]]
    sql = "ALTER TABLE shop.events ADD {} PARTITION (day = '2026-01-03', hour = 1)"
    done(shop, sql.format("") + " LOCATION 's3://lake/shop/events/stray/'")
    assert "AlreadyExistsException" in shop.failure(sql.format(""))
    done(shop, sql.format("IF NOT EXISTS"))
    assert shop.rows("SELECT id FROM shop.events WHERE day = '2026-01-03'") == [["9"]]
    done(
        shop,
        "ALTER TABLE shop.events PARTITION (day = '2026-01-03', hour = 1) "
        "RENAME TO PARTITION (day = '2026-01-04', hour = 2)",
    )
    assert shop.rows("SELECT id FROM shop.events WHERE day = '2026-01-04'") == [["9"]]
    done(
        shop,
        "ALTER TABLE shop.events PARTITION (day = '2026-01-04', hour = 2) "
        "SET LOCATION 's3://lake/shop/events/day=2026-01-01/hour=3/'",
    )
    assert shop.rows("SELECT id FROM shop.events WHERE day = '2026-01-04'") == [["1"]]
    done(shop, "ALTER TABLE shop.events DROP PARTITION (day >= '2026-01-02', hour = 2)")
    shown = ["day=2026-01-01/hour=3", "day=2026-01-02/hour=04"]
    assert lines(shop, "SHOW PARTITIONS shop.events") == shown
    gone = "ALTER TABLE shop.events DROP {} PARTITION (day = 'x')"
    assert "Partition not found" in shop.failure(gone.format(""))
    done(shop, gone.format("IF EXISTS"))


def test_columns_location_and_properties_change(shop: Any) -> None:
    create = "CREATE EXTERNAL TABLE shop.t (a int) STORED AS PARQUET LOCATION 's3://lake/t1/'"
    done(shop, create)
    done(shop, "ALTER TABLE shop.t ADD COLUMNS (b string COMMENT 'x', c array<int>)")
    assert [line.split("\t")[0].strip() for line in lines(shop, "DESCRIBE shop.t")] == [*"abc"]
    done(shop, "ALTER TABLE shop.t REPLACE COLUMNS (z date)")
    done(shop, "ALTER TABLE shop.t SET LOCATION 's3://lake/t2/'")
    done(shop, "ALTER TABLE shop.t SET TBLPROPERTIES ('k' = 'v w')")
    assert "k\tv w" in lines(shop, "SHOW TBLPROPERTIES shop.t")
    assert lines(shop, "SHOW TBLPROPERTIES shop.t('k')") == ["v w"]
    described = [line.split() for line in lines(shop, "DESCRIBE FORMATTED shop.t")]
    assert ["z", "date"] in described
    assert ["Location:", "s3://lake/t2/"] in described
    assert "AlreadyExistsException(message:Table t already exists)" in shop.failure(create)
    done(shop, create.replace("TABLE", "TABLE IF NOT EXISTS"))
    done(shop, "DROP TABLE IF EXISTS shop.t")
    done(shop, "DROP TABLE IF EXISTS shop.t")
    assert shop.failure("DROP TABLE shop.t").endswith("[Error 10001]: Table not found t")


def test_views(shop: Any) -> None:
    sql = "SELECT id, payload.userId AS \"user\", [1, 2] AS n,\n  DATE '2026-01-01' d FROM events"
    shop.query(f"CREATE VIEW v AS {sql}", QueryExecutionContext={"Database": "shop"})
    assert shop.rows("SELECT count(*) FROM shop.v") == [["2"]]
    assert lines(shop, "SHOW VIEWS IN shop") == ["v"]
    shown = lines(shop, 'SHOW CREATE VIEW "shop"."v"')
    assert "\n".join(shown) == f"CREATE VIEW shop.v AS\n{sql}"
    described = [line.split("\t")[1].strip() for line in lines(shop, "DESCRIBE shop.v")]
    assert described == ["bigint", "string", "array<int>", "date"]
    assert "View already exists" in shop.failure("CREATE VIEW shop.v AS SELECT 1 AS x")
    assert "Table already exists" in shop.failure("CREATE VIEW shop.events AS SELECT 1 AS x")
    done(shop, "CREATE OR REPLACE VIEW shop.v AS SELECT 1 AS x")
    assert shop.rows("SELECT x + 1 FROM shop.v") == [["2"]]
    assert "Column name not specified" in shop.failure("CREATE VIEW shop.w AS SELECT 1")
    assert shop.failure("DROP VIEW shop.events").startswith("NOT_SUPPORTED")
    assert "Cannot drop a view" in shop.failure("DROP TABLE shop.v")
    done(shop, "DROP VIEW shop.v")
    done(shop, "DROP VIEW IF EXISTS shop.v")


def test_databases(shop: Any) -> None:
    assert shop.failure("CREATE SCHEMA shop").endswith("Database shop already exists")
    assert "Database shop is not empty" in shop.failure("DROP DATABASE shop")
    done(shop, "CREATE SCHEMA brief WITH DBPROPERTIES ('a' = 'b')")
    done(shop, "CREATE EXTERNAL TABLE brief.t (a int) LOCATION 's3://lake/brief/'")
    done(shop, "DROP SCHEMA brief CASCADE")
    done(shop, "DROP DATABASE IF EXISTS brief")
    assert "Database does not exist: brief" in shop.failure("DROP DATABASE brief")


@pytest.mark.parametrize(
    ("sql", "reason"),
    [
        ("CREATE TABLE t (a int)", "NOT_SUPPORTED: CREATE TABLE of an Iceberg table is not"),
        ("CREATE EXTERNAL TABLE t (a int)", "GENERIC_USER_ERROR: No location was specified"),
        ("CREATE EXTERNAL TABLE t (a int) LOCATION '/x'", "HIVE_METASTORE_ERROR: '/x' is no"),
        ("CREATE EXTERNAL TABLE t (a text) LOCATION 's3://b/'", "NOT_SUPPORTED: The type text"),
        ("CREATE EXTERNAL TABLE t (a int, A int) LOCATION 's3://b/'", "FAILED: SemanticException"),
        ("CREATE EXTERNAL TABLE `a-b` (a int) LOCATION 's3://b/'", "FAILED: SemanticException"),
        (
            "CREATE EXTERNAL TABLE t (a int) ROW FORMAT SERDE 'x.Y' LOCATION 's3://b/'",
            "FAILED: Execution Error, return code 1 from org.apache.hadoop.hive.ql.exec.DDLTask.",
        ),
        ("CREATE EXTERNAL TABLE no.t (a int) LOCATION 's3://b/'", "FAILED: SemanticException"),
        ("ALTER TABLE nowhere ADD PARTITION (a = 1)", "FAILED: SemanticException [Error 10001]"),
        ("ALTER TABLE shop.events ADD PARTITION (day = 'x')", "FAILED: SemanticException"),
        ("ALTER TABLE shop.events DROP PARTITION (x = 1)", "FAILED: SemanticException"),
        ("SHOW CREATE VIEW shop.events", "NOT_SUPPORTED: line 1:1: Relation 'shop.events' is a"),
    ],
)
def test_refusals(shop: Any, sql: str, reason: str) -> None:
    assert shop.failure(sql).startswith(reason)


@pytest.mark.parametrize(
    ("sql", "message"),
    [
        ("CREATE EXTERNAL TABLE t (a int", "line 1:30: mismatched input '<EOF>' expecting [)]"),
        ("ALTER TABLE t ADD PARTITION a = 1", "line 1:29: mismatched input 'a' expecting [(]"),
        ("DROP TABLE 'x'", "line 1:12: mismatched input ''x'' expecting a name"),
        ("MSCK REPAIR TABLE a b", "line 1:21: mismatched input 'b' expecting <EOF>"),
    ],
)
def test_what_isnt_in_the_grammar_isnt_started(shop: Any, sql: str, message: str) -> None:
    with pytest.raises(shop.athena.exceptions.InvalidRequestException, match=message):
        shop.start(sql)
