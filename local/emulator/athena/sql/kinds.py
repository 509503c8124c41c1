"""Kinds of types: within one Athena casts silently, between two it never does."""

from __future__ import annotations

from sqlglot import exp

from emulator.athena.errors import QueryFailedError

_KINDS: dict[str, set[exp.DType]] = {
    "varchar": set(exp.DataType.TEXT_TYPES),
    "number": set(exp.DataType.NUMERIC_TYPES),
    "time": {
        exp.DType.DATE,
        exp.DType.TIMESTAMP,
        exp.DType.TIMESTAMPTZ,
        exp.DType.TIMESTAMPNTZ,
    },
    "boolean": {exp.DType.BOOLEAN},
}


def kind_of(node: exp.Expr) -> str | None:
    """`varchar`, `number`, `time` or `boolean`; None for other types, and where it isn't known."""
    return _kind(node.type)


def kind_of_elements(node: exp.Expr) -> str | None:
    """The kind of an array's elements; None of what is no array."""
    type_ = node.type
    if type_ is None or type_.this != exp.DType.ARRAY or not type_.expressions:
        return None
    return _kind(type_.expressions[0])


def _kind(type_: exp.DataType | None) -> str | None:
    found = type_.this if type_ else None
    return next((name for name, types in _KINDS.items() if found in types), None)


def differ(*nodes: exp.Expr) -> bool:
    """Whether values are known to be of several kinds."""
    return len({kind_of(node) for node in nodes} - {None}) > 1


def type_name(node: exp.Expr) -> str:
    """The type as Athena names it; a literal's length is part of it."""
    node = node.unnest()
    if isinstance(node, exp.Literal) and node.is_string:
        return f"varchar({len(node.name)})"
    name = node.type.sql("athena").lower() if node.type else "unknown"
    return {"int": "integer", "text": "varchar"}.get(name, name)


def type_names(*nodes: exp.Expr) -> str:
    return ", ".join(map(type_name, nodes))


def mismatch(place: str, message: str) -> QueryFailedError:
    return QueryFailedError("TYPE_MISMATCH", f"{place}: {message}")
