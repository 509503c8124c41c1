"""Types of a query's expressions, as far as the schema of its tables tells them."""

from __future__ import annotations

from collections.abc import Mapping

from sqlglot import exp
from sqlglot.errors import SqlglotError
from sqlglot.optimizer.annotate_types import annotate_types
from sqlglot.optimizer.qualify import qualify

Schema = Mapping[str, Mapping[str, Mapping[str, str]]]
"""Database, table, column: type in Athena's spelling."""

_PLACE, _TYPE = "place", "type"
_AS_ARGUMENT = (
    exp.AnyValue,
    exp.ArgMax,
    exp.ArgMin,
    exp.DateAdd,
    exp.DateTrunc,
    exp.Max,
    exp.Min,
    exp.TimestampTrunc,
)
"""Functions that give a value of their first argument's type, which sqlglot doesn't know of all."""


def infer(tree: exp.Query, schema: Schema) -> exp.Expr | None:
    """The query with qualified names and typed expressions; None where sqlglot can't tell.

    The types are noted in `tree`, too, for `type_of`.
    """
    nodes = list(tree.walk())
    for place, node in enumerate(nodes):
        node.meta[_PLACE] = place
    known: dict[str, object] = {database: dict(tables) for database, tables in schema.items()}
    try:
        qualified = qualify(
            tree.copy(),
            dialect="athena",
            schema=known,
            validate_qualify_columns=False,
            quote_identifiers=False,
            identify=False,
        )
        typed = annotate_types(qualified, schema=known, dialect="athena")
    except SqlglotError:
        return None
    for node in reversed(list(typed.walk())):
        type_ = _typed(node)
        if type_ is not None and _PLACE in node.meta:
            nodes[node.meta[_PLACE]].meta[_TYPE] = type_
    return typed


def _typed(node: exp.Expr) -> exp.DataType | None:
    if isinstance(node.type, exp.DataType) and not node.is_type(exp.DType.UNKNOWN):
        return node.type
    if isinstance(node, _AS_ARGUMENT) and isinstance(node.this, exp.Expr):
        node.type = node.this.type
        return node.this.type
    return None


def type_of(node: exp.Expr) -> exp.DType | None:
    """The kind of the expression's type; None where it isn't known."""
    noted = node.meta.get(_TYPE)
    return noted.this if isinstance(noted, exp.DataType) else None


def full_type_of(node: exp.Expr) -> exp.DataType | None:
    """The expression's type with its parameters; None where it isn't known."""
    noted = node.meta.get(_TYPE)
    return noted if isinstance(noted, exp.DataType) else None


def keep_type(rewritten: exp.Expr, node: exp.Expr) -> None:
    """Note the type of an expression on what stands in its place."""
    if _TYPE in node.meta:
        rewritten.meta.setdefault(_TYPE, node.meta[_TYPE])
