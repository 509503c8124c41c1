"""Arrays, maps and rows."""

from __future__ import annotations

from collections.abc import Callable

from sqlglot import exp
from sqlglot.dialects.duckdb import DuckDB

from emulator.athena.sql.macros import call
from emulator.athena.sql.types import type_of


def _bracket(node: exp.Expr) -> exp.Expr:
    """`[]` fails where there is no such element, `element_at` gives null."""
    assert isinstance(node, exp.Bracket)
    (index,) = DuckDB().generator().bracket_offset_expressions(node)
    return call("element" if node.args.get("safe") else "subscript", node.this, index)


def _size(node: exp.Expr) -> exp.Expr:
    if type_of(node.this) == exp.DType.MAP:
        return exp.Anonymous(this="cardinality", expressions=[node.this])
    return call("cardinality", node.this)


def _reduce(node: exp.Expr) -> exp.Expr:
    merged = exp.Anonymous(
        this="list_reduce",
        expressions=[node.this, node.args["merge"], node.args["initial"]],
    )
    finished = exp.Anonymous(
        this="list_transform", expressions=[exp.Array(expressions=[merged]), node.args["finish"]]
    )
    return exp.Anonymous(this="list_extract", expressions=[finished, exp.Literal.number(1)])


def _row(node: exp.Expr) -> exp.Expr:
    """The fields of a row without names are called field0, field1, … where they are shown."""
    if node.find_ancestor(exp.Cast) or any(
        isinstance(each, exp.PropertyEQ) for each in node.expressions
    ):
        return node
    fields = [
        exp.PropertyEQ(this=exp.to_identifier(f"field{place}"), expression=each.copy())
        for place, each in enumerate(node.expressions)
    ]
    return exp.Struct(expressions=fields)


def _join(node: exp.Expr) -> exp.Expr:
    values = call("texts", node.this)
    null = node.args.get("null")
    if null is not None:
        values = call("texts_or", node.this, null)
    return exp.Anonymous(this="array_to_string", expressions=[values, node.expression])


COLLECTIONS: dict[type[exp.Expr], Callable[[exp.Expr], exp.Expr]] = {
    exp.ArrayContains: lambda node: call("contains", node.this, node.expression),
    exp.ArrayDistinct: lambda node: call("distinct", node.this),
    exp.ArrayExcept: lambda node: call("except", node.this, node.expression),
    exp.ArrayIntersect: lambda node: call("intersect", *node.expressions),
    exp.ArrayMax: lambda node: call("array_max", node.this),
    exp.ArrayMin: lambda node: call("array_min", node.this),
    exp.ArrayPosition: lambda node: call("array_position", node.this, node.expression),
    exp.ArrayRemove: lambda node: call("remove", node.this, node.expression),
    exp.ArraySize: _size,
    exp.ArrayToString: _join,
    exp.Bracket: _bracket,
    exp.Reduce: _reduce,
    exp.Repeat: lambda node: call("repeat", node.this, node.args["times"]),
    exp.Struct: _row,
}
