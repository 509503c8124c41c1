"""PyAthena: each kind of cursor, and SQLAlchemy on it."""

from __future__ import annotations

import asyncio
from functools import partial
from typing import Any

import pandas as pd  # type: ignore[import-untyped]
import pyarrow.fs
import pyathena
import pytest
from pyathena.aio.arrow.cursor import AioArrowCursor
from pyathena.aio.cursor import AioCursor, AioDictCursor
from pyathena.aio.pandas.cursor import AioPandasCursor
from pyathena.aio.s3fs.cursor import AioS3FSCursor
from pyathena.arrow.async_cursor import AsyncArrowCursor
from pyathena.arrow.cursor import ArrowCursor
from pyathena.async_cursor import AsyncCursor, AsyncDictCursor
from pyathena.cursor import DictCursor
from pyathena.error import DatabaseError, OperationalError
from pyathena.pandas.async_cursor import AsyncPandasCursor
from pyathena.pandas.cursor import PandasCursor
from pyathena.s3fs.async_cursor import AsyncS3FSCursor
from pyathena.s3fs.cursor import S3FSCursor
from sqlalchemy import (
    Column,
    Integer,
    MetaData,
    String,
    Table,
    create_engine,
    func,
    inspect,
    select,
)

pytestmark = pytest.mark.usefixtures("in_environment", "arrow_here")
SQL = "SELECT id, name, score, day FROM people ORDER BY id"
FIRST = (1, 'Ann, "A"', 0.5, "2026-11-20")
SECOND = (2, None, None, "2026-11-20")
URL = "awsathena+{}://:@athena.us-east-1.amazonaws.com:443/shop?work_group=analysts"


@pytest.fixture
def arrow_here(environment: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> None:
    """PyAthena gives its Arrow cursors' file system no endpoint: docs/local.md says these lines."""
    here = partial(pyarrow.fs.S3FileSystem, endpoint_override=environment["AWS_ENDPOINT_URL"])
    monkeypatch.setattr(pyarrow.fs, "S3FileSystem", here)


def connect(**options: Any) -> Any:
    """The work group comes from the environment."""
    return pyathena.connect(schema_name="shop", **options)


def check_frame(frame: Any) -> None:
    assert frame["id"].tolist() == [1, 2, 3, 4]
    assert frame["name"][0] == FIRST[1]
    assert pd.isna(frame["name"][1])
    assert frame["score"].tolist()[2:] == [1.5, 2.5]
    assert frame["day"].tolist()[3] == "2026-11-21"


def test_cursor() -> None:
    cursor = connect().cursor()
    rows = cursor.execute(SQL).fetchall()
    assert rows[:2] == [FIRST, SECOND]
    assert [each[1] for each in cursor.description] == ["bigint", "varchar", "double", "varchar"]
    assert cursor.execute(
        "SELECT count(*) FROM people WHERE name = %(n)s", {"n": "Cy"}
    ).fetchone() == (1,)
    assert cursor.execute("SHOW TABLES").fetchall() == [("cities",), ("people",), ("visits",)]
    assert [each.name for each in cursor.list_table_metadata("awsdatacatalog", "shop")] == [
        "cities",
        "people",
        "visits",
    ]
    with pytest.raises(OperationalError, match="COLUMN_NOT_FOUND"):
        cursor.execute("SELECT nope FROM people")
    with pytest.raises(DatabaseError, match="mismatched input"):
        cursor.execute("SELEC 1")


def test_parameters_of_athena() -> None:
    sql = "SELECT city FROM cities WHERE id = ?"
    cursor = connect().cursor().execute(sql, ["2"], paramstyle="qmark")
    assert cursor.fetchone() == ("Rome",)


def test_executemany_and_inserts() -> None:
    cursor = connect().cursor()
    cursor.execute(
        "CREATE EXTERNAL TABLE notes (id INT, note STRING) STORED AS PARQUET LOCATION 's3://own/notes/'"
    )
    cursor.executemany(
        "INSERT INTO notes (id, note) VALUES (%(id)d, %(note)s)",
        [{"id": 1, "note": "it's"}, {"id": 2, "note": None}],
    )
    assert cursor.execute("SELECT * FROM notes ORDER BY id").fetchall() == [(1, "it's"), (2, None)]
    cursor.execute("DROP TABLE notes")


def test_dict_cursor() -> None:
    row = connect(cursor_class=DictCursor).cursor().execute(SQL).fetchone()
    assert row == dict(zip(("id", "name", "score", "day"), FIRST, strict=True))


@pytest.mark.parametrize("kind", [PandasCursor, ArrowCursor, S3FSCursor])
def test_cursors_that_read_the_result_file(kind: Any) -> None:
    rows = connect(cursor_class=kind).cursor().execute(SQL).fetchall()
    assert [row[0] for row in rows] == [1, 2, 3, 4]
    assert rows[0] == FIRST
    assert pd.isna(rows[1][2])
    assert rows[2][2] == 1.5


def test_frames_and_arrow_tables() -> None:
    check_frame(connect(cursor_class=PandasCursor).cursor().execute(SQL).as_pandas())
    table = connect(cursor_class=ArrowCursor).cursor().execute(SQL).as_arrow()
    assert table["score"].to_pylist()[:2] == [0.5, None]
    chunks = connect(cursor_class=PandasCursor).cursor().execute(SQL, chunksize=3).as_pandas()
    assert [len(chunk) for chunk in chunks] == [3, 1]


@pytest.mark.parametrize("kind", [PandasCursor, ArrowCursor])
def test_cursors_that_unload(kind: Any) -> None:
    cursor = connect(cursor_class=kind).cursor(unload=True)
    rows = sorted(cursor.execute(SQL.replace("id, ", "id, tags, ")).fetchall())
    assert [row[0] for row in rows] == [1, 2, 3, 4]
    assert list(rows[0][1]) == ["a", "b"]
    assert rows[3][2] == "Dee"


@pytest.mark.parametrize(
    "kind", [AsyncCursor, AsyncDictCursor, AsyncPandasCursor, AsyncArrowCursor, AsyncS3FSCursor]
)
def test_cursors_with_threads(kind: Any) -> None:
    cursor = connect(cursor_class=kind).cursor()
    _, future = cursor.execute(SQL)
    row = future.result().fetchone()
    assert (row["id"] if isinstance(row, dict) else row[0]) == 1
    cursor.close()


@pytest.mark.parametrize(
    "kind", [AioCursor, AioDictCursor, AioPandasCursor, AioArrowCursor, AioS3FSCursor]
)
def test_cursors_of_asyncio(kind: Any) -> None:
    async def first() -> Any:
        connection = await pyathena.aio_connect(schema_name="shop")
        async with connection, connection.cursor(kind) as cursor:
            await cursor.execute(SQL)
            found = cursor.fetchone()
            return await found if asyncio.iscoroutine(found) else found

    row = asyncio.run(first())
    assert (row["id"] if isinstance(row, dict) else row[0]) == 1


@pytest.mark.parametrize("dialect", ["rest", "pandas", "arrow", "s3fs"])
def test_sqlalchemy(dialect: str) -> None:
    engine = create_engine(URL.format(dialect))
    with engine.connect() as connection:
        people = Table("people", MetaData(), autoload_with=connection)
        assert [column.name for column in people.columns] == ["id", "name", "score", "tags", "day"]
        asked = (
            select(people.c.day, func.count(people.c.id))
            .group_by(people.c.day)
            .order_by(people.c.day)
        )
        assert [tuple(row) for row in connection.execute(asked)] == [
            ("2026-11-20", 2),
            ("2026-11-21", 2),
        ]


def test_sqlalchemy_inspects_and_pandas_reads() -> None:
    engine = create_engine(URL.format("rest"))
    inspector = inspect(engine)
    assert "shop" in inspector.get_schema_names()
    assert sorted(inspector.get_table_names("shop")) == ["cities", "people", "visits"]
    assert inspector.has_table("people", "shop")
    assert not inspector.has_table("nowhere", "shop")
    with engine.connect() as connection:
        check_frame(pd.read_sql(SQL, connection))


def test_sqlalchemy_writes() -> None:
    engine = create_engine(URL.format("rest") + "&location=s3://own/written/&file_format=parquet")
    table = Table("written", MetaData(), Column("id", Integer), Column("name", String))
    with engine.connect() as connection:
        table.create(connection)
        connection.execute(table.insert(), [{"id": 1, "name": "Ann"}])
        assert connection.execute(select(table)).fetchall() == [(1, "Ann")]
        pd.DataFrame({"id": [2], "name": ["Bo"]}).to_sql(
            "written", connection, index=False, if_exists="append"
        )
        assert len(connection.execute(select(table)).fetchall()) == 2
        table.drop(connection)
