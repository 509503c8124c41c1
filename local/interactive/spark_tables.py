"""The Glue catalog's tables in Spark's session catalog: the same databases, names and partitions.

Spark's own catalog registers partitions with their places, so a table is what the Glue catalog says
of it, and not what lies below its location. JSON is read by the rules of its serde, as Athena reads
it: keys whatever their case, of keys that come twice the last, text columns take any value.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from emulator.athena.catalog import Catalog, Column, Partition, Table
from emulator.athena.errors import QueryFailedError
from emulator.athena.projection import is_projected
from emulator.hive_formats import JSON_SERDES, LAZY, OPEN_CSV, ORC, PARQUET
from pyspark.errors import PySparkException
from pyspark.sql import SparkSession

from interactive.spark_types import quoted, spark_type, text

LINES = "json_lines"
"""The database of the lines that JSON tables are read from."""

PARTITIONS_A_STATEMENT = 100


class NotReadableError(Exception):
    """Spark can't read a table here; the message says why."""


class SparkTables:
    """Tables of the Glue catalog that the session knows."""

    def __init__(self, spark: SparkSession, glue: Any) -> None:
        self._spark = spark
        self._catalog = Catalog(glue)
        self._known: list[str] = []

    def refresh(self) -> dict[str, str]:
        """Make Spark's databases and tables those of the Glue catalog, as it is now.

        Returns the tables that Spark can't read, by `database.table`, each with the reason. What
        the session made itself stays.
        """
        while self._known:
            self._spark.sql(self._known.pop())
        left_out: dict[str, str] = {}
        for database in self._catalog.databases():
            name = str(database["Name"])
            self._spark.sql(f"CREATE DATABASE IF NOT EXISTS {quoted(name)}")
            for record in self._catalog.tables(name):
                try:
                    self._register(self._catalog.table(name, record["Name"]))
                except NotReadableError as problem:
                    left_out[f"{name}.{record['Name']}"] = str(problem)
                except QueryFailedError as problem:
                    left_out[f"{name}.{record['Name']}"] = problem.message
                except PySparkException as problem:
                    left_out[f"{name}.{record['Name']}"] = str(problem).splitlines()[0]
        return left_out

    def _register(self, table: Table) -> None:
        name = f"{quoted(table.database)}.{quoted(table.name)}"
        if table.is_view:
            raise NotReadableError("a view of Athena's; on AWS, too, Spark doesn't read those")
        if is_projected(table):
            raise NotReadableError(
                "its partitions are projected, which only Athena does: on AWS Spark finds none, too"
            )
        if table.storage.serde in JSON_SERDES:
            self._register_json(name, table)
            return
        source, options = _source(table)
        self._create(name, table, source, options, table.columns)

    def _register_json(self, name: str, table: Table) -> None:
        parameters = {key.lower(): value for key, value in table.storage.parameters.items()}
        odd = [key for key in parameters if key.startswith("mapping.")]
        if odd or parameters.get("case.insensitive", "true") != "true":
            raise NotReadableError(f"its serde's parameters {odd or 'case.insensitive'}")
        self._spark.sql(f"CREATE DATABASE IF NOT EXISTS {LINES}")
        lines = f"{LINES}.{quoted(f'{table.database}__{table.name}')}"
        self._create(lines, table, "text", {}, [Column("value", "string")])
        columns = [f"{_of_text(each)} AS {quoted(each.name)}" for each in table.columns]
        keys = [quoted(key.name) for key in table.keys]
        by_key = "transform_keys(from_json(value, 'map<string,string>'), (k, v) -> lower(k))"
        self._spark.sql(
            f"CREATE VIEW {name} AS SELECT {', '.join([*columns, *keys])} "
            f"FROM (SELECT {', '.join([f'{by_key} AS fields', *keys])} FROM {lines})"
        )
        self._known.append(f"DROP VIEW IF EXISTS {name}")

    def _create(
        self,
        name: str,
        table: Table,
        source: str,
        options: Mapping[str, str],
        columns: Sequence[Column],
    ) -> None:
        declared = [f"{quoted(c.name)} {spark_type(c.type)}" for c in (*columns, *table.keys)]
        statement = f"CREATE TABLE {name} ({', '.join(declared)}) USING {source}"
        if options:
            pairs = (f"{text(key)} = {text(value)}" for key, value in options.items())
            statement += f" OPTIONS ({', '.join(pairs)})"
        if table.keys:
            keys = ", ".join(quoted(key.name) for key in table.keys)
            statement += f" PARTITIONED BY ({keys})"
        self._spark.sql(f"{statement} LOCATION {text(table.storage.location)}")
        self._known.append(f"DROP TABLE IF EXISTS {name}")
        for partitions in _partition_clauses(table, self._catalog.partitions(table)):
            self._spark.sql(f"ALTER TABLE {name} ADD {partitions}")


def _source(table: Table) -> tuple[str, dict[str, str]]:
    """Spark's data source for a table, with its options. Raises NotReadableError."""
    storage = table.storage
    if storage.serde == PARQUET:
        return "parquet", {}
    if storage.serde == ORC:
        return "orc", {}
    if storage.serde not in (LAZY, OPEN_CSV):
        raise NotReadableError(f"the serde {storage.serde} isn't read here")
    given = {**table.parameters, **storage.parameters}
    skipped = given.get("skip.header.line.count", "0")
    if skipped not in ("0", "1"):
        raise NotReadableError(f"skip.header.line.count {skipped}: Spark skips one line at most")
    options = {"header": "true" if skipped == "1" else "false"}
    if storage.serde == LAZY:
        separator = given.get("field.delim") or given.get("serialization.format") or "\x01"
        null = given.get("serialization.null.format", "\\N")
        return "csv", {**options, "sep": separator, "quote": "", "nullValue": null}
    separator = given.get("separatorChar", ",")
    quote, escape = given.get("quoteChar", '"'), given.get("escapeChar", "\\")
    return "csv", {**options, "sep": separator, "quote": quote, "escape": escape}


def _partition_clauses(table: Table, partitions: Sequence[Partition]) -> Iterator[str]:
    if not table.keys:
        return
    for start in range(0, len(partitions), PARTITIONS_A_STATEMENT):
        yield " ".join(
            f"PARTITION ({_values(table, partition)}) LOCATION {text(partition.storage.location)}"
            for partition in partitions[start : start + PARTITIONS_A_STATEMENT]
        )


def _values(table: Table, partition: Partition) -> str:
    pairs = zip(table.keys, partition.values, strict=True)
    return ", ".join(f"{quoted(key.name)} = {text(value)}" for key, value in pairs)


def _of_text(column: Column) -> str:
    """The value of a JSON column from the text of its field."""
    field = f"fields[{text(column.name)}]"
    type_ = spark_type(column.type)
    if type_.startswith(("array<", "map<", "struct<")):
        return f"from_json({field}, {text(type_)})"
    return f"CAST({field} AS {type_})"
