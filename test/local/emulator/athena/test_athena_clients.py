"""The libraries that people query Athena with work unchanged, pointed here by the environment."""

from __future__ import annotations

import datetime
from typing import Any

import awswrangler
import boto3
import pandas as pd  # type: ignore[import-untyped]
import pytest
from pyathena import connect
from pyathena.error import DatabaseError, OperationalError
from pyathena.pandas.cursor import PandasCursor

OUTPUT = "s3://results/clients/"
SQL = "SELECT id, name, score, at, day, tags, date FROM people ORDER BY id"


@pytest.fixture(scope="module")
def people(world: Any) -> None:
    columns = [
        ("id", "bigint"),
        ("name", "string"),
        ("score", "double"),
        ("at", "timestamp"),
        ("day", "date"),
        ("tags", "array<string>"),
    ]
    world.table("people", columns, keys=[("date", "string")])
    world.put_parquet(
        "people/date=2026-11-20/x.parquet",
        {
            "id": [1, 2],
            "name": ['Ann, "A"\nB', None],
            "score": [0.5, None],
            "at": [datetime.datetime(2026, 11, 20, 13), None],
            "day": [datetime.date(2026, 11, 20), None],
            "tags": [["a", "b"], None],
        },
    )
    world.partition("people", ["2026-11-20"], "people/date=2026-11-20")


@pytest.fixture(autouse=True)
def environment(world: Any, people: None, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in {
        "AWS_ENDPOINT_URL": world.emulator.endpoint,
        "AWS_ACCESS_KEY_ID": "test",
        "AWS_SECRET_ACCESS_KEY": "test",
        "AWS_DEFAULT_REGION": "us-east-1",
        "AWS_REGION": "us-east-1",
    }.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr(boto3, "DEFAULT_SESSION", None)


def check(frame: pd.DataFrame) -> None:
    assert list(frame.columns) == ["id", "name", "score", "at", "day", "tags", "date"]
    assert frame["id"].tolist() == [1, 2]
    assert frame["name"][0] == 'Ann, "A"\nB'
    assert pd.isna(frame["name"][1])
    assert frame["score"][0] == 0.5
    assert frame["at"][0] == pd.Timestamp("2026-11-20 13:00:00")
    assert frame["date"].tolist() == ["2026-11-20", "2026-11-20"]


def test_awswrangler_reads_a_query(world: Any) -> None:
    frame: Any = awswrangler.athena.read_sql_query(
        SQL, database="db", ctas_approach=False, s3_output=OUTPUT
    )
    check(frame)
    assert frame["day"][0] == datetime.date(2026, 11, 20)


def test_awswrangler_shows_and_describes(world: Any) -> None:
    described: Any = awswrangler.athena.describe_table("people", database="db", s3_output=OUTPUT)
    assert described["Column Name"].tolist()[0] == "id"
    assert described["Partition"].tolist() == [False] * 6 + [True]
    kept: Any = awswrangler.athena.start_query_execution(
        "SHOW PARTITIONS people", database="db", s3_output=OUTPUT, wait=True
    )
    assert kept["Status"]["State"] == "SUCCEEDED"


def test_awswrangler_tells_a_failure(world: Any) -> None:
    with pytest.raises(awswrangler.exceptions.QueryFailed, match="TABLE_NOT_FOUND"):
        awswrangler.athena.read_sql_query(
            "SELECT * FROM nowhere", database="db", ctas_approach=False, s3_output=OUTPUT
        )


def test_pyathena_cursor(world: Any) -> None:
    cursor = connect(s3_staging_dir=OUTPUT, schema_name="db").cursor()
    rows = cursor.execute(SQL).fetchall()
    assert rows[0][:5] == (
        1,
        'Ann, "A"\nB',
        0.5,
        datetime.datetime(2026, 11, 20, 13),
        datetime.date(2026, 11, 20),
    )
    assert rows[1][:6] == (2, None, None, None, None, None)
    described = [(each[0], each[1]) for each in cursor.description or []]
    assert described[:3] == [("id", "bigint"), ("name", "varchar"), ("score", "double")]
    assert (cursor.data_scanned_in_bytes or 0) > 0
    assert cursor.execute("SHOW TABLES").fetchall() == [("people",)]
    sql = "SELECT count(*) FROM people WHERE name = %(name)s"
    assert cursor.execute(sql, {"name": 'Ann, "A"\nB'}).fetchone() == (1,)


def test_pyathena_tells_a_failure(world: Any) -> None:
    cursor = connect(s3_staging_dir=OUTPUT, schema_name="db").cursor()
    with pytest.raises(OperationalError, match="COLUMN_NOT_FOUND: line 1:8: Column 'nope'"):
        cursor.execute("SELECT nope FROM people")
    with pytest.raises(DatabaseError, match="mismatched input"):
        cursor.execute("SELEC 1")


def test_pyathena_pandas_cursor(world: Any) -> None:
    connection = connect(s3_staging_dir=OUTPUT, schema_name="db", cursor_class=PandasCursor)
    check(connection.cursor().execute(SQL).as_pandas())
    tables: Any = connection.cursor().execute("SHOW TABLES").as_pandas()
    assert tables["tab_name"].tolist() == ["people"]
