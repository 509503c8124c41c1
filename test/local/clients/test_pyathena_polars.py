"""PyAthena's cursors that give Polars frames. `npm test` brings Polars, the platform needs none."""

from __future__ import annotations

import asyncio
from typing import Any

import pyathena
import pytest
from pyathena.aio.polars.cursor import AioPolarsCursor
from pyathena.polars.async_cursor import AsyncPolarsCursor
from pyathena.polars.cursor import PolarsCursor
from sqlalchemy import create_engine, text

pytest.importorskip("polars")
pytestmark = pytest.mark.usefixtures("in_environment")
SQL = "SELECT id, name, score, day FROM people ORDER BY id"
URL = "awsathena+polars://:@athena.us-east-1.amazonaws.com:443/shop?work_group=analysts"


def cursor(kind: Any = PolarsCursor, **options: Any) -> Any:
    return pyathena.connect(schema_name="shop", cursor_class=kind).cursor(**options)


def check_frame(frame: Any) -> None:
    assert frame["id"].to_list() == [1, 2, 3, 4]
    assert frame["name"].to_list() == ['Ann, "A"', None, "Cy", "Dee"]
    assert frame["score"].to_list() == [0.5, None, 1.5, 2.5]


def test_frames() -> None:
    check_frame(cursor().execute(SQL).as_polars())


def test_frames_in_chunks() -> None:
    chunks = list(cursor(chunksize=3).execute(SQL).iter_chunks())
    assert sum(len(chunk) for chunk in chunks) == 4


@pytest.mark.parametrize("options", [{}, {"chunksize": 3}])
def test_unloaded_frames(options: Any) -> None:
    """Polars reads the files by its own client of S3."""
    result = cursor(unload=True, **options).execute(SQL.replace("id, ", "id, tags, "))
    rows = sorted(result.fetchall())
    assert [row[0] for row in rows] == [1, 2, 3, 4]
    assert list(rows[0][1]) == ["a", "b"]


def test_cursor_with_threads() -> None:
    _, future = cursor(AsyncPolarsCursor).execute(SQL)
    check_frame(future.result().as_polars())


def test_cursor_of_asyncio() -> None:
    async def frame() -> Any:
        connection = await pyathena.aio_connect(schema_name="shop")
        async with connection, connection.cursor(AioPolarsCursor) as opened:
            await opened.execute(SQL)
            found = opened.as_polars()
            return await found if asyncio.iscoroutine(found) else found

    check_frame(asyncio.run(frame()))


def test_sqlalchemy() -> None:
    with create_engine(URL).connect() as connection:
        rows = connection.execute(text(SQL)).fetchall()
    assert [row[0] for row in rows] == [1, 2, 3, 4]
