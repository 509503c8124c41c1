"""awswrangler: queries, datasets in S3, the catalog."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import awswrangler as wr
import pandas as pd  # type: ignore[import-untyped]
import pytest

pytestmark = pytest.mark.usefixtures("configured")
SQL = "SELECT id, name, score, tags, day FROM people ORDER BY id"


@pytest.fixture
def forgotten() -> Iterator[None]:
    """What the library has read of the environment, once that is as it was before."""
    yield
    wr.config.reset()


@pytest.fixture
def configured(forgotten: None, in_environment: None) -> None:
    """The library reads the environment when it is imported: here, anew."""
    wr.config.reset()


def check(frame: Any) -> None:
    frame = frame.sort_values("id", ignore_index=True)
    assert frame["id"].tolist() == [1, 2, 3, 4]
    assert frame["name"][0] == 'Ann, "A"'
    assert pd.isna(frame["name"][1])
    assert frame["score"].tolist()[2:] == [1.5, 2.5]
    assert frame["day"].tolist() == ["2026-11-20"] * 2 + ["2026-11-21"] * 2


def test_a_query_by_its_csv() -> None:
    check(wr.athena.read_sql_query(SQL, ctas_approach=False))
    chunks = wr.athena.read_sql_query(SQL, ctas_approach=False, chunksize=3)
    assert [len(chunk) for chunk in chunks] == [3, 1]
    asked: Any = wr.athena.read_sql_query(
        "SELECT city FROM cities WHERE id = :id", ctas_approach=False, params={"id": 2}
    )
    assert asked["city"].tolist() == ["Rome"]


def test_a_query_by_ctas() -> None:
    frame: Any = wr.athena.read_sql_query(SQL, ctas_approach=True)
    check(frame)
    assert list(frame["tags"][0]) == ["a", "b"]
    tables: Any = wr.catalog.tables(database="shop")
    assert sorted(tables["Table"]) == ["cities", "people", "visits"], "the temporary one is deleted"


def test_a_query_by_unload() -> None:
    """Into the bucket of the work group: the library follows a manifest to no other."""
    path = "s3://results/unloaded/"
    check(wr.athena.read_sql_query(SQL, ctas_approach=False, unload_approach=True, s3_output=path))
    path = "s3://results/unloaded-too/"
    assert wr.athena.unload(SQL, path=path).output_location
    check(wr.s3.read_parquet(path))


def test_prepared_statements() -> None:
    wr.athena.create_prepared_statement("SELECT city FROM cities WHERE id = ?", "by_id")
    frame: Any = wr.athena.read_sql_query("EXECUTE by_id USING 3", ctas_approach=False)
    assert frame["city"].tolist() == ["Bern"]
    wr.athena.delete_prepared_statement("by_id")


def test_a_dataset_with_its_table() -> None:
    frame = pd.DataFrame(
        {"n": [1, 2, 3], "at": pd.to_datetime(["2026-01-01"] * 3), "k": list("xyy")}
    )
    place = {"path": "s3://own/numbers/", "dataset": True, "database": "shop", "table": "numbers"}
    written = wr.s3.to_parquet(frame, partition_cols=["k"], **place)
    assert sorted(written["partitions_values"].values()) == [["x"], ["y"]]
    sql = "SELECT sum(n) AS n, k FROM numbers GROUP BY k ORDER BY k"
    assert wr.athena.read_sql_query(sql, ctas_approach=False)["n"].tolist() == [1, 5]  # type: ignore
    read: Any = wr.s3.read_parquet_table(table="numbers", database="shop")
    assert sorted(read["n"]) == [1, 2, 3]
    wr.s3.to_parquet(
        pd.DataFrame({"n": [7], "at": [None], "k": ["y"], "new": ["a"]}),
        partition_cols=["k"],
        mode="overwrite_partitions",
        **place,
    )
    sql = "SELECT n, new, k FROM numbers ORDER BY n"
    rows: Any = wr.athena.read_sql_query(sql, ctas_approach=False)
    assert rows["n"].tolist() == [1, 7]
    assert rows["new"].tolist()[1] == "a"
    wr.s3.to_csv(
        pd.DataFrame({"a": [1], "b": ["x, y"]}),
        **{**place, "path": "s3://own/texts/", "table": "texts"},
        index=False,
    )
    assert wr.athena.read_sql_query("SELECT * FROM texts", ctas_approach=False)["a"].tolist() == [1]
    for name in ("numbers", "texts"):
        wr.s3.delete_objects(f"s3://own/{name}/")
        assert wr.catalog.delete_table_if_exists(database="shop", table=name)


def test_the_catalog() -> None:
    assert wr.catalog.does_table_exist(database="shop", table="people")
    assert wr.catalog.get_table_types("shop", "cities") == {"id": "bigint", "city": "string"}
    assert wr.catalog.get_table_location("shop", "people") == "s3://lake/people/"
    columns: Any = wr.catalog.table("shop", "people")
    assert columns[columns["Partition"]]["Column Name"].tolist() == ["day"]
    found = [table["Name"] for table in wr.catalog.search_tables(text="cities")]
    assert found == ["cities"]
    named = [table["Name"] for table in wr.catalog.get_tables(database="shop", name_contains="isi")]
    assert named == ["visits"]
    values = wr.catalog.get_partitions("shop", "people", expression="day > '2026-11-20'")
    assert list(values) == ["s3://lake/people/day=2026-11-21/"]
    wr.catalog.upsert_table_parameters({"owner": "us"}, "shop", "cities")
    assert wr.catalog.get_table_parameters("shop", "cities")["owner"] == "us"
    assert wr.catalog.get_table_number_of_versions("shop", "cities") >= 1
    comments = {"city": "where", "more": "what"}
    wr.catalog.create_csv_table(
        "shop",
        "declared",
        "s3://own/declared/",
        {"city": "string"},
        columns_comments={"city": "where"},
    )
    wr.catalog.add_column("shop", "declared", "more", "int", column_comment="what")
    assert wr.catalog.get_columns_comments("shop", "declared") == comments
    assert wr.catalog.get_table_types("shop", "declared") == {"city": "string", "more": "int"}
    wr.catalog.delete_table_if_exists("shop", "declared")
    wr.catalog.create_database("made", exist_ok=True)
    assert "made" in {each["Name"] for each in wr.catalog.get_databases()}
    wr.catalog.delete_database("made")


def test_repair_and_description() -> None:
    assert wr.athena.describe_table("people", "shop")["Column Name"].tolist()[:2] == ["id", "name"]
    assert wr.athena.repair_table("people", "shop") == "SUCCEEDED"


def test_iceberg_is_refused() -> None:
    with pytest.raises(Exception, match="supported locally"):
        wr.athena.to_iceberg(
            pd.DataFrame({"n": [1]}),
            database="shop",
            table="ice",
            table_location="s3://own/ice/",
            temp_path="s3://own/ice-temp/",
        )


def test_a_failure_is_told() -> None:
    with pytest.raises(wr.exceptions.QueryFailed, match="TABLE_NOT_FOUND"):
        wr.athena.read_sql_query("SELECT * FROM nowhere", ctas_approach=False)
