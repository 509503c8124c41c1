"""CREATE TABLE AS, INSERT INTO and UNLOAD: rows, files, what is recorded, what is refused."""

from __future__ import annotations

import datetime
import gzip
import io
from decimal import Decimal
from typing import Any

import pyarrow as pa
import pyarrow.orc as orc
import pyarrow.parquet as pq
import pytest

COLUMNS = [
    ("id", "bigint"),
    ("name", "string"),
    ("price", "decimal(10,2)"),
    ("at", "timestamp"),
    ("day", "date"),
    ("ok", "boolean"),
]


@pytest.fixture(scope="module")
def sales(world: Any) -> Any:
    world.table("sales", [*COLUMNS, ("tags", "array<string>")])
    world.put_parquet(
        "sales/x.parquet",
        {
            "id": [1, 2, 3],
            "name": ["a", 'b"é', None],
            "price": pa.array([Decimal("1.50"), Decimal("-2.00"), None], pa.decimal128(10, 2)),
            "at": [datetime.datetime(2026, 1, 1, 12, 30, 1, 5000), None, None],
            "day": [datetime.date(2026, 1, 1), datetime.date(2026, 1, 2), None],
            "ok": [True, False, None],
            "tags": [["x", "y"], [], None],
        },
    )
    return world


def done(world: Any, sql: str, **arguments: Any) -> Any:
    answer = world.query(sql, **arguments)
    assert answer.state == "SUCCEEDED", answer.reason
    return answer


def keys(world: Any, prefix: str, bucket: str = "lake") -> list[str]:
    listed = world.s3.list_objects_v2(Bucket=bucket, Prefix=prefix).get("Contents", [])
    return [found["Key"] for found in listed]


def body(world: Any, key: str, bucket: str = "lake") -> bytes:
    content: bytes = world.s3.get_object(Bucket=bucket, Key=key)["Body"].read()
    return content


@pytest.mark.parametrize("format_", ["PARQUET", "JSON", "TEXTFILE"])
def test_a_new_table_holds_what_the_query_gave(sales: Any, format_: str) -> None:
    name, columns = f"copy_{format_.lower()}", "id, name, price, at, day, ok"
    if format_ != "TEXTFILE":
        columns += ", tags"
    done(
        sales,
        f"CREATE TABLE {name} WITH (format = '{format_}', external_location = 's3://lake/{name}/') "
        f"AS SELECT {columns} FROM sales",
    )
    wanted = sales.rows(f"SELECT {columns} FROM sales ORDER BY id")
    assert sales.rows(f"SELECT {columns} FROM {name} ORDER BY id") == wanted
    storage = sales.glue.get_table(DatabaseName="db", Name=name)["Table"]["StorageDescriptor"]
    types = [(column["Name"], column["Type"]) for column in storage["Columns"]]
    assert types[: len(COLUMNS)] == COLUMNS
    assert storage["Location"] == f"s3://lake/{name}/"


def test_a_new_table_lies_with_the_results_and_lists_its_files(sales: Any) -> None:
    answer = done(sales, "CREATE TABLE IF NOT EXISTS here AS SELECT id, name FROM sales")
    execution = answer.execution
    key = execution["QueryExecutionId"]
    assert execution["ResultConfiguration"]["OutputLocation"] == f"s3://results/out/tables/{key}"
    manifest = execution["Statistics"]["DataManifestLocation"]
    assert manifest == f"s3://results/out/tables/{key}-manifest.csv"
    urls = body(sales, f"out/tables/{key}-manifest.csv", "results").decode().split()
    assert [f"s3://results/{name}" for name in keys(sales, f"out/tables/{key}/", "results")] == urls
    file = pq.ParquetFile(io.BytesIO(body(sales, urls[0][len("s3://results/") :], "results")))
    assert file.metadata.row_group(0).column(0).compression == "GZIP"
    assert (answer.types, answer.rows) == (["bigint"], [])
    results = sales.athena.get_query_results(QueryExecutionId=key)
    assert results["UpdateCount"] == 3
    assert done(sales, "CREATE TABLE IF NOT EXISTS here AS SELECT 1 AS x").rows == []
    assert sales.rows("SELECT count(*) FROM here") == [["3"]]
    reason = sales.failure("CREATE TABLE here AS SELECT 1 AS x")
    assert reason == (
        "TABLE_ALREADY_EXISTS: line 1:1: Destination table 'awsdatacatalog.db.here' already exists"
    )


def test_partitions_of_a_new_table_and_of_rows_added_to_it(sales: Any) -> None:
    done(
        sales,
        "CREATE TABLE parted WITH (partitioned_by = ARRAY['day', 'kind'], write_compression = "
        "'SNAPPY', external_location = 's3://lake/parted/') AS "
        "SELECT id, day, 'a:b' AS kind FROM sales",
    )
    shown = ["day=2026-01-01/kind=a%3Ab", "day=2026-01-02/kind=a%3Ab"]
    null = "day=__HIVE_DEFAULT_PARTITION__/kind=a%3Ab"
    assert [row[0] for row in sales.rows("SHOW PARTITIONS parted")] == [*shown, null]
    done(sales, "INSERT INTO parted VALUES (4, DATE '2026-01-01', 'a:b'), (5, NULL, 'c')")
    done(sales, "INSERT INTO parted (kind, id) SELECT 'd', id FROM sales WHERE id = 3")
    assert sales.rows("SELECT * FROM parted WHERE kind <> 'a:b' ORDER BY id") == [
        ["3", None, "d"],
        ["5", None, "c"],
    ]
    found = sales.query("SELECT id FROM parted WHERE day = DATE '2026-01-01' ORDER BY id")
    assert found.rows == [["1"], ["4"]]
    assert len(keys(sales, "parted/day=2026-01-01/kind=a%3Ab/")) == 2


def test_rows_are_added_as_the_table_stores_them(sales: Any) -> None:
    done(
        sales,
        "CREATE EXTERNAL TABLE lines (id bigint, name string, price double) ROW FORMAT DELIMITED "
        "FIELDS TERMINATED BY '|' NULL DEFINED AS 'nil' LOCATION 's3://lake/lines/' "
        "TBLPROPERTIES ('write.compression' = 'NONE')",
    )
    answer = done(sales, "INSERT INTO lines SELECT id, name, price FROM sales")
    (key,) = keys(sales, "lines/")
    assert body(sales, key).decode() == '1|a|1.5\n2|b"é|-2.0\n3|nil|nil\n'
    assert answer.execution["SubstatementType"] == "INSERT"
    assert answer.types == ["bigint"]


def test_orc_files_are_written(sales: Any) -> None:
    done(
        sales,
        "CREATE TABLE striped WITH (format = 'ORC', external_location = 's3://lake/striped/') "
        "AS SELECT * FROM sales",
    )
    (key,) = keys(sales, "striped/")
    table = orc.ORCFile(io.BytesIO(body(sales, key)))
    assert table.compression == "ZLIB"
    assert table.read().to_pydict()["tags"] == [["x", "y"], [], None]


def test_unload(sales: Any) -> None:
    answer = done(
        sales,
        "UNLOAD (SELECT id, ')' AS x, day FROM sales) TO 's3://lake/unloaded' "
        "WITH (format = 'TEXTFILE', field_delimiter = ';', partitioned_by = ARRAY['day'])",
    )
    files = keys(sales, "unloaded/day=2026-01-01/")
    assert gzip.decompress(body(sales, files[0])) == b"1;)\n"
    assert len(keys(sales, "unloaded/")) == 3
    key = answer.execution["QueryExecutionId"]
    statistics = answer.execution["Statistics"]
    assert statistics["DataManifestLocation"] == f"s3://results/out/{key}-manifest.csv"
    assert answer.execution["StatementType"] == "DML"
    reason = sales.failure("UNLOAD (SELECT 1 AS x) TO 's3://lake/unloaded/' WITH (format = 'JSON')")
    assert reason.startswith("HIVE_PATH_ALREADY_EXISTS: Target directory for unload")


@pytest.mark.parametrize(
    ("sql", "reason"),
    [
        ("CREATE TABLE x AS SELECT id, 1 FROM sales", "MISSING_COLUMN_NAME: line 1:1: Column name"),
        ("CREATE TABLE x AS SELECT 1 AS a, 2 AS A", "DUPLICATE_COLUMN_NAME: line 1:1: Column name"),
        ("CREATE TABLE x AS SELECT NULL AS a", "COLUMN_TYPE_UNKNOWN: line 1:1: Column type is"),
        ("CREATE TABLE x AS SELECT now() AS a", "NOT_SUPPORTED: Unsupported Hive type: timestamp"),
        ("CREATE TABLE no.x AS SELECT 1 AS a", "SCHEMA_NOT_FOUND: line 1:1: Schema 'no' does not"),
        (
            "CREATE TABLE x WITH (partitioned_by = ARRAY['a']) AS SELECT 1 AS a, 2 AS b",
            "HIVE_COLUMN_ORDER_MISMATCH: Partition keys must be the last columns",
        ),
        (
            "CREATE TABLE x WITH (colour = 'red') AS SELECT 1 AS a",
            "INVALID_TABLE_PROPERTY: line 1:1: Catalog 'awsdatacatalog' table property 'colour'",
        ),
        (
            "CREATE TABLE x WITH (bucketed_by = ARRAY['a'], bucket_count = 2) AS SELECT 1 AS a",
            "NOT_SUPPORTED: The property bucketed_by is not supported locally",
        ),
        (
            "CREATE TABLE x WITH (table_type = 'ICEBERG') AS SELECT 1 AS a",
            "NOT_SUPPORTED: A table of type ICEBERG is not supported locally",
        ),
        (
            "CREATE TABLE x WITH (external_location = 's3://lake/sales/') AS SELECT 1 AS a",
            "HIVE_PATH_ALREADY_EXISTS: Target directory for table 'db.x' already exists",
        ),
        (
            "INSERT INTO sales (id, name) VALUES ('x', 'y')",
            "TYPE_MISMATCH: line 1:1: Insert query has mismatched column types: Table: [bigint, "
            "varchar], Query: [varchar, varchar]",
        ),
        ("INSERT INTO sales (nope) VALUES (1)", "COLUMN_NOT_FOUND: line 1:1: Insert column name"),
        ("INSERT INTO nowhere VALUES (1)", "TABLE_NOT_FOUND: line 1:1: Table 'awsdatacatalog.db."),
        ("CREATE TABLE x AS SELECT nope FROM sales", "COLUMN_NOT_FOUND: line 1:26: Column 'nope'"),
        ("CREATE TABLE x AS SELECT id / 0 AS a FROM sales", "DIVISION_BY_ZERO: Division by zero"),
        (
            "CREATE TABLE x WITH (partitioned_by = ARRAY['n']) AS SELECT 1 AS a, n FROM "
            "UNNEST(sequence(1, 101)) AS t(n)",
            "HIVE_TOO_MANY_OPEN_PARTITIONS: Exceeded limit of 100 open writers",
        ),
        (
            "CREATE TABLE x WITH (partitioned_by = ARRAY['n']) AS SELECT 1 AS a, 'é' AS n",
            "HIVE_INVALID_PARTITION_VALUE: Hive partition keys can only contain printable ASCII",
        ),
    ],
)
def test_refusals_leave_nothing_behind(sales: Any, sql: str, reason: str) -> None:
    assert sales.failure(sql).startswith(reason)
    assert "x" not in [row[0] for row in sales.rows("SHOW TABLES")]
    stored = keys(sales, "out/tables/", "results")
    kept = [key for key in stored if "x" in key.rpartition("/")[2] and "manifest" not in key]
    assert len(keys(sales, "sales/")) == 1 and kept == []


def test_a_work_group_that_enforces_its_location_refuses_another(sales: Any) -> None:
    sales.athena.create_work_group(
        Name="strict",
        Configuration={
            "ResultConfiguration": {"OutputLocation": "s3://results/strict/"},
            "EnforceWorkGroupConfiguration": True,
        },
    )
    reason = sales.query(
        "CREATE TABLE y WITH (external_location = 's3://lake/y/') AS SELECT 1 AS a",
        WorkGroup="strict",
    ).reason
    assert "enforces a centralized output location for all queries" in reason


def test_parameters(sales: Any) -> None:
    sql = "SELECT name FROM sales WHERE id = ? AND (name = ? OR ? IS NULL)"
    assert sales.query(sql, ExecutionParameters=["1", "'a'", "NULL"]).rows == [["a"]]
    assert sales.query(sql, ExecutionParameters=["1 -- x", "'it''s'", "1"]).rows == []
    assert sales.query(sql, ExecutionParameters=["1"]).reason == (
        "INVALID_PARAMETER_USAGE: line 1:1: Incorrect number of parameters: expected 3 but found 1"
    )
    assert sales.failure(sql).startswith("INVALID_PARAMETER_USAGE")
    done(sales, "PREPARE by_id FROM SELECT name, '?' FROM sales WHERE id = ?")
    assert sales.rows("EXECUTE by_id USING 1 + 1") == [['b"é', "?"]]
    assert sales.query("EXECUTE by_id", ExecutionParameters=["1"]).rows == [["a", "?"]]
    assert sales.failure("EXECUTE by_id USING id").startswith("EXPRESSION_NOT_CONSTANT")
    assert sales.failure("EXECUTE by_id USING 1, 2").startswith("INVALID_PARAMETER_USAGE")
    done(sales, "DEALLOCATE PREPARE by_id")
    with pytest.raises(
        sales.athena.exceptions.InvalidRequestException, match="by_id was not found"
    ):
        sales.start("EXECUTE by_id USING 1")
    done(sales, "PREPARE add FROM INSERT INTO added VALUES (?)")
    done(sales, "CREATE EXTERNAL TABLE added (n int) STORED AS PARQUET LOCATION 's3://lake/added/'")
    done(sales, "EXECUTE add USING 7")
    assert sales.rows("SELECT n FROM added") == [["7"]]
