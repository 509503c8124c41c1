"""Partitions in statements: what a specification names, and how values stand in a path."""

from __future__ import annotations

import operator
import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any
from urllib.parse import unquote

from emulator.athena.catalog import Column, Partition, Table
from emulator.athena.ddl.commands import PartitionSpec
from emulator.athena.errors import QueryFailedError

NULL_VALUE = "__HIVE_DEFAULT_PARTITION__"
_NUMBERS = ("tinyint", "smallint", "int", "integer", "bigint")
_ESCAPED = re.compile(r"[\x00-\x1f\x7f\"#%'*/:=?\\{\[\]^]")
"""What Hive escapes in a folder's name (its FileUtils)."""
_COMPARES: Mapping[str, Callable[[Any, Any], bool]] = {
    "=": operator.eq,
    "<>": operator.ne,
    "!=": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}


def folder(keys: Sequence[str], values: Sequence[str]) -> str:
    """`key=value/key=value`."""
    return "/".join(
        f"{key}={_ESCAPED.sub(lambda found: f'%{ord(found.group()):02X}', value)}"
        for key, value in zip(keys, values, strict=True)
    )


def values_in(path: str, keys: Sequence[str]) -> tuple[str, ...] | None:
    """The values of keys that the folders of a path name, in the keys' order; None if they name
    others."""
    parts = [part.partition("=") for part in path.split("/")[: len(keys)]]
    if [(name.lower(), sign) for name, sign, _ in parts] != [(key, "=") for key in keys]:
        return None
    return tuple(unquote(value) for _, _, value in parts)


def exact(table: Table, spec: PartitionSpec) -> tuple[str, ...]:
    """The values of a specification that names each key once. Raises QueryFailedError."""
    _check_names(table, spec)
    given = {key: value for key, sign, value in spec if sign == "="}
    if set(given) != {key.name for key in table.keys} or len(spec) != len(table.keys):
        raise QueryFailedError(
            "FAILED",
            "SemanticException [Error 10006]: Partition specification of table "
            f"{table.name} must give a value for each of: "
            f"{', '.join(key.name for key in table.keys)}",
        )
    return tuple(_normal(key, given[key.name]) for key in table.keys)


def selected(table: Table, spec: PartitionSpec, partitions: Sequence[Partition]) -> list[Partition]:
    """The partitions that fulfil all comparisons."""
    _check_names(table, spec)
    places = {key.name: place for place, key in enumerate(table.keys)}

    def fulfils(partition: Partition) -> bool:
        return all(
            _COMPARES[sign](
                _comparable(table.keys[places[key]], partition.values[places[key]]),
                _comparable(table.keys[places[key]], value),
            )
            for key, sign, value in spec
        )

    return [partition for partition in partitions if fulfils(partition)]


def _check_names(table: Table, spec: PartitionSpec) -> None:
    if not table.keys:
        raise QueryFailedError(
            "FAILED",
            "SemanticException table is not partitioned but partition spec exists: "
            f"{{{', '.join(f'{key}={value}' for key, _, value in spec)}}}",
        )
    known = {key.name for key in table.keys}
    for key, _, _ in spec:
        if key not in known:
            raise QueryFailedError(
                "FAILED",
                f"SemanticException [Error 10096]: {key} is no partition column of {table.name}",
            )


def _normal(key: Column, value: str) -> str:
    return str(_comparable(key, value)) if key.type in _NUMBERS else value


def _comparable(key: Column, value: str) -> Any:
    if key.type not in _NUMBERS or value == NULL_VALUE:
        return value
    try:
        return int(value)
    except ValueError as error:
        raise QueryFailedError(
            "FAILED",
            f"SemanticException [Error 10248]: Cannot add partition column {key.name} of type "
            f"string as it cannot be converted to type {key.type}",
        ) from error
