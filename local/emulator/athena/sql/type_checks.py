"""Types that Athena refuses to mix and DuckDB would settle by a silent cast.

What sqlglot can't tell the type of passes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from sqlglot import exp

from emulator.athena.errors import QueryFailedError
from emulator.athena.sql.argument_checks import check_arguments
from emulator.athena.sql.kinds import differ, kind_of, mismatch, type_name, type_names
from emulator.athena.sql.positions import position, position_after
from emulator.athena.sql.types import Schema, infer

_SIGNS: dict[type[exp.Expr], str] = {
    exp.EQ: "=",
    exp.NEQ: "<>",
    exp.LT: "<",
    exp.LTE: "<=",
    exp.GT: ">",
    exp.GTE: ">=",
}
_ARITHMETIC: dict[type[exp.Expr], str] = {
    exp.Add: "+",
    exp.Sub: "-",
    exp.Mul: "*",
    exp.Div: "/",
    exp.Mod: "%",
}


def check_types(tree: exp.Query, sql: str, schema: Schema) -> None:
    """Raises QueryFailedError where a value is of a kind that can't stand where it does."""
    typed = infer(tree, schema)
    if typed is None:
        return
    for check in (_comparisons, _arithmetic, _branches, _conditions, _unions):
        check(typed, sql)
    check_arguments(typed)


def _comparisons(tree: exp.Expr, sql: str) -> None:
    for left, sign, right in _compared(tree):
        if differ(left, right):
            raise _no_operator(left, sign, right, sql)


def _compared(tree: exp.Expr) -> Iterator[tuple[exp.Expr, str, exp.Expr]]:
    for node in tree.find_all(*_SIGNS, exp.In, exp.Between, exp.Case):
        if isinstance(node, exp.In):
            yield from ((node.this, "=", value) for value in node.expressions)
        elif isinstance(node, exp.Between):
            yield from ((node.this, "<=", node.args[bound]) for bound in ("low", "high"))
        elif isinstance(node, exp.Case):
            yield from ((node.this, "=", when.this) for when in node.args["ifs"] if node.this)
        else:
            yield node.this, _SIGNS[type(node)], node.expression


def _arithmetic(tree: exp.Expr, sql: str) -> None:
    for node in tree.find_all(*_ARITHMETIC):
        left, right = node.this, node.expression
        kinds = (kind_of(left), kind_of(right))
        of_times = kinds == ("time", "time") and isinstance(node, exp.Sub)
        if None not in kinds and kinds != ("number", "number") and not of_times:
            raise _no_operator(left, _ARITHMETIC[type(node)], right, sql)


def _no_operator(left: exp.Expr, sign: str, right: exp.Expr, sql: str) -> QueryFailedError:
    operation = f"{type_name(left)} {sign} {type_name(right)}"
    return mismatch(position_after(left, sql), f"Cannot apply operator: {operation}")


_BRANCHES: dict[type[exp.Expr], tuple[str, Callable[[exp.Expr], list[exp.Expr]]]] = {
    exp.Coalesce: (
        "All COALESCE operands must be the same type",
        lambda node: [node.this, *node.expressions],
    ),
    exp.If: (
        "Result types for IF must be the same",
        lambda node: [node.args["true"], node.args.get("false")],
    ),
    exp.Case: (
        "All CASE results must be the same type",
        lambda node: [*(when.args["true"] for when in node.args["ifs"]), node.args.get("default")],
    ),
    exp.Array: ("All ARRAY elements must be the same type", lambda node: node.expressions),
    exp.Nullif: (
        "Types are not comparable with NULLIF",
        lambda node: [node.this, node.expression],
    ),
}


def _branches(tree: exp.Expr, _: str) -> None:
    for node in tree.find_all(*_BRANCHES):
        message, of = _BRANCHES[type(node)]
        branches = [branch for branch in of(node) if branch is not None]
        if differ(*branches):
            raise mismatch(position(node), f"{message}: {type_names(*branches)}")


def _conditions(tree: exp.Expr, _: str) -> None:
    for what, condition in _conditions_of(tree):
        if kind_of(condition) not in ("boolean", None):
            message = f"{what} must evaluate to a boolean (actual: {type_name(condition)})"
            raise mismatch(position(condition), message)


def _conditions_of(tree: exp.Expr) -> Iterator[tuple[str, exp.Expr]]:
    for node in tree.find_all(exp.Where, exp.Having, exp.Not, exp.Connector, exp.If, exp.Join):
        if isinstance(node, (exp.Where, exp.Having)):
            yield f"{node.key.upper()} clause", node.this
        elif isinstance(node, exp.Join):
            if node.args.get("on"):
                yield "JOIN ON clause", node.args["on"]
        elif isinstance(node, exp.Connector):
            yield from (("Logical expression term", term) for term in (node.this, node.expression))
        elif isinstance(node, exp.Not):
            yield "Value of logical NOT expression", node.this
        elif not isinstance(node.parent, exp.Case):
            yield "IF condition", node.this
        elif not node.parent.this:
            yield "CASE WHEN clause", node.this


def _unions(tree: exp.Expr, _: str) -> None:
    for node in tree.find_all(exp.SetOperation):
        sides = zip(node.left.selects, node.right.selects, strict=False)
        for place, (left, right) in enumerate(sides, 1):
            if differ(left, right):
                types = type_names(left.unalias(), right.unalias())
                message = (
                    f"column {place} in {node.key.upper()} query has incompatible types: {types}"
                )
                raise mismatch(position(right), message)
