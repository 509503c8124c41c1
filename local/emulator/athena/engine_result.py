"""What a query gives: columns, and rows that are computed as they are taken."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import duckdb
import pyarrow as pa

from emulator.athena.column_types import quoted
from emulator.athena.results import ResultColumn, result_column, rows_of
from emulator.athena.sql.translate import NAMELESS

BATCH_ROWS = 10_000


class Result:
    """`types` are DuckDB's; `nameless` are places (from 1) of columns that have no name."""

    def __init__(
        self, connection: duckdb.DuckDBPyConnection, sql: str, nameless: Sequence[int] = ()
    ) -> None:
        self._connection = connection
        self._sql = sql
        self._relation = connection.sql(sql)
        self.columns = result_columns(self._relation)
        self.types: list[Any] = list(self._relation.types)
        self.nameless = nameless

    @property
    def rows(self) -> Iterator[list[str | None]]:
        """As Athena prints them."""
        reader = self._relation.to_arrow_reader(BATCH_ROWS)
        return (row for batch in reader for row in rows_of(batch))

    def batches(
        self, names: Sequence[str], selected: Sequence[tuple[int | None, str]]
    ) -> Iterator[pa.RecordBatch]:
        """Rows with these columns: each by its place here (None: null) and DuckDB type."""
        columns = ", ".join(
            f"CAST({'NULL' if place is None else quoted(str(place))} AS {type_}) AS {quoted(name)}"
            for name, (place, type_) in zip(names, selected, strict=True)
        )
        places = ", ".join(quoted(str(place)) for place in range(len(self.columns)))
        sql = f'SELECT {columns} FROM ({self._sql}) AS "$query"({places})'
        return iter(self._connection.sql(sql).to_arrow_reader(BATCH_ROWS))


def result_columns(relation: duckdb.DuckDBPyRelation) -> list[ResultColumn]:
    names = [
        f"_col{place}" if name == NAMELESS else name for place, name in enumerate(relation.columns)
    ]
    return [
        result_column(name, str(type_)) for name, type_ in zip(names, relation.types, strict=True)
    ]
