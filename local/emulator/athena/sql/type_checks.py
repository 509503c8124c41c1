"""Comparisons that Athena refuses and DuckDB would settle by a silent cast."""

from __future__ import annotations

from collections.abc import Iterator

from sqlglot import exp

from emulator.athena.errors import QueryFailedError
from emulator.athena.sql.positions import position_after
from emulator.athena.sql.types import Schema, infer

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
_SIGNS: dict[type[exp.Expr], str] = {
    exp.EQ: "=",
    exp.NEQ: "<>",
    exp.LT: "<",
    exp.LTE: "<=",
    exp.GT: ">",
    exp.GTE: ">=",
}


def check_comparisons(tree: exp.Query, sql: str, schema: Schema) -> None:
    """Raises QueryFailedError where values of different kinds are compared.

    What sqlglot can't tell the type of passes.
    """
    typed = infer(tree, schema)
    if typed is None:
        return
    for left, sign, right in _compared(typed):
        ours, theirs = _kind(left), _kind(right)
        if ours and theirs and ours != theirs:
            operation = f"{_name(left)} {sign} {_name(right)}"
            raise QueryFailedError(
                "TYPE_MISMATCH",
                f"{position_after(left, sql)}: Cannot apply operator: {operation}",
            )


def _compared(tree: exp.Expr) -> Iterator[tuple[exp.Expr, str, exp.Expr]]:
    for node in tree.find_all(*_SIGNS, exp.In, exp.Between):
        if isinstance(node, exp.In):
            yield from ((node.this, "=", value) for value in node.expressions)
        elif isinstance(node, exp.Between):
            yield from ((node.this, "<=", node.args[bound]) for bound in ("low", "high"))
        else:
            yield node.this, _SIGNS[type(node)], node.expression


def _kind(node: exp.Expr) -> str | None:
    type_ = node.type.this if node.type else None
    return next((name for name, types in _KINDS.items() if type_ in types), None)


def _name(node: exp.Expr) -> str:
    """The type as Athena names it; a literal's length is part of it."""
    node = node.unnest()
    if isinstance(node, exp.Literal) and node.is_string:
        return f"varchar({len(node.name)})"
    name = node.type.sql("athena").lower() if node.type else "unknown"
    return {"int": "integer", "text": "varchar"}.get(name, name)
