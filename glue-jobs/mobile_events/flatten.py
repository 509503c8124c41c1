"""From lines of JSON to flat rows: one typed column for each path that the events have."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F  # noqa: N812
from pyspark.sql.types import (
    BooleanType,
    DataType,
    DoubleType,
    LongType,
    StringType,
    StructField,
    StructType,
)

from mobile_events import shapes
from mobile_events.names import Path, column_names
from mobile_events.shapes import TIMES

TYPES: Mapping[str, DataType] = {
    "string": StringType(),
    "bigint": LongType(),
    "double": DoubleType(),
    "boolean": BooleanType(),
}
OWN_COLUMNS = ("platform", *TIMES.values(), "local_timestamp", "year", "month", "date")
"""Names that the pipeline uses itself: a raw path never gets one of them."""


@dataclass(frozen=True)
class Plan:
    """How lines become rows: the type to decode each path to, and the column it fills.

    `odd_times` are the fields of `TIMES` that hold other things than timestamps, too.
    """

    types: Mapping[Path, str]
    names: Mapping[Path, str]
    odd_times: tuple[str, ...]


def plan_columns(shape: shapes.Shape, drop: Iterable[str]) -> Plan:
    """Name and type all columns of the events that have this shape."""
    types = shapes.column_types(shape, frozenset(drop))
    odd = tuple(key for key in TIMES if (key,) in types and shape[key][0] not in (0, shapes.TIME))
    reserved = {*OWN_COLUMNS, *(f"{TIMES[key]}__string" for key in odd)}
    named = [path for path in types if not (len(path) == 1 and path[0] in TIMES)]
    return Plan(types, column_names(named, reserved), odd)


def decode(lines: DataFrame, plan: Plan) -> DataFrame:
    """Add `event`, the decoded line, and `undecodable`, null wherever decoding worked.

    Needs `spark.sql.caseSensitive`: keys that differ in case alone are different fields.
    """
    mark = "undecodable"
    while any(path[0] == mark for path in plan.types):
        mark += "_"
    schema = _schema(_tree(plan.types)).add(mark, StringType())
    event = F.from_json("line", schema, {"columnNameOfCorruptRecord": mark})
    decoded = lines.select("*", event.alias("event"))
    return decoded.select("*", F.col("event").getField(mark).alias("undecodable"))


def flatten(decoded: DataFrame, plan: Plan, zone: str) -> DataFrame:
    """Rows of the table, with `received_day` beside them, null where a line can't be a row.

    `year`, `month`, `date` and `local_timestamp` are wall time in `zone`, by the tz database. Needs
    a session in UTC.
    """
    # One projection: each more would copy all columns of every row.
    utc = _time(plan, "timestamp")
    local = F.convert_timezone(F.lit("UTC"), F.lit(zone), utc.cast("timestamp_ntz"))
    day = F.to_date(local).cast("string")
    return decoded.select(
        F.when(F.col("undecodable").isNull() & utc.isNotNull(), F.col("received_day")).alias(
            "received_day"
        ),
        F.col("source").alias("platform"),
        utc.alias("utc_timestamp"),
        local.alias("local_timestamp"),
        *(_time(plan, key).alias(name) for key, name in TIMES.items() if key != "timestamp"),
        *(_odd_time(key).alias(f"{TIMES[key]}__string") for key in plan.odd_times),
        *(
            _field(path).alias(name)
            for path, name in sorted(plan.names.items(), key=lambda item: item[1])
        ),
        F.substring(day, 1, 4).alias("year"),
        F.substring(day, 6, 2).alias("month"),
        day.alias("date"),
    )


def _time(plan: Plan, key: str) -> Column:
    if (key,) not in plan.types:
        return F.lit(None).cast("timestamp")
    return _instant(_field((key,)))


def _odd_time(key: str) -> Column:
    text = _field((key,))
    return F.when(_instant(text).isNull(), text)


def _instant(text: Column) -> Column:
    """The instant of what `timestamps.is_timestamp` takes; Spark by itself wants seconds."""
    seconds = F.regexp_replace(text, r"(T\d\d:\d\d)(?!:)", "$1:00")
    return F.coalesce(F.try_to_timestamp(text), F.try_to_timestamp(seconds))


def _field(path: Path) -> Column:
    column = F.col("event")
    for key in path:
        column = column.getField(key)
    return column


def _tree(types: Mapping[Path, str]) -> dict[str, Any]:
    tree: dict[str, Any] = {}
    for path, kind in types.items():
        node = tree
        for key in path[:-1]:
            node = node.setdefault(key, {})
        node[path[-1]] = kind
    return tree


def _schema(tree: Mapping[str, Any]) -> StructType:
    return StructType(
        [
            StructField(key, TYPES[kind] if isinstance(kind, str) else _schema(kind))
            for key, kind in tree.items()
        ]
    )
