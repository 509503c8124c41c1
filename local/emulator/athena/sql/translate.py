"""A query in Athena's SQL written for DuckDB.

sqlglot reads and writes the dialects; here stands what it leaves as it is although DuckDB means
something else by it. The functions named `athena_…` are in `prelude.sql`.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from sqlglot import exp

from emulator.athena.errors import not_supported
from emulator.athena.sql.macros import call
from emulator.athena.sql.refusals import check_refused
from emulator.athena.sql.rewrites.casts import CASTS, soften
from emulator.athena.sql.rewrites.collections import COLLECTIONS
from emulator.athena.sql.rewrites.named import NAMED
from emulator.athena.sql.rewrites.times import TIMES
from emulator.athena.sql.rewrites.values import VALUES
from emulator.athena.sql.types import keep_type, type_of

NAMELESS = "_col?"
"""Name of an output column whose place isn't known yet, since a star stands before it."""


def for_duckdb(tree: exp.Query) -> str:
    """Raises QueryFailedError for what has no translation. `tree` is changed."""
    check_refused(tree)
    soften(tree)
    _name_columns(tree)
    for node in reversed(list(tree.walk())):
        rewritten = _rewrite(node)
        if rewritten is not node:
            keep_type(rewritten, node)
            node.replace(rewritten)
    return tree.sql("duckdb")


def nameless_columns(tree: exp.Query) -> list[int]:
    """Places, from 1, of the query's columns that have no name."""
    node: exp.Expr = tree
    while isinstance(node, exp.SetOperation):
        node = node.left.unnest()
    columns = node.expressions if isinstance(node, exp.Select) else []
    named = (exp.Column, exp.Star, exp.Dot)
    return [
        place
        for place, column in enumerate(columns, 1)
        if not column.alias and not isinstance(column, named)
    ]


def _name_columns(tree: exp.Query) -> None:
    """Give the nameless columns of each SELECT the names that Athena gives: `_col0`, `_col1`, …"""
    for select in tree.find_all(exp.Select):
        if isinstance(select.parent, (exp.In, exp.Exists)):
            continue
        starred = False
        for place, column in enumerate(select.expressions):
            starred = starred or column.is_star
            if isinstance(column, exp.Dot):
                column.replace(exp.alias_(column.copy(), column.name, quoted=True))
            elif not column.alias and not isinstance(column, (exp.Column, exp.Star)):
                name = NAMELESS if starred else f"_col{place}"
                column.replace(exp.alias_(column.copy(), name, quoted=True))


def _rewrite(node: exp.Expr) -> exp.Expr:
    rewrite = _REWRITES.get(type(node))
    if rewrite is not None:
        return rewrite(node)
    if isinstance(node, exp.Anonymous):
        return _anonymous(node)
    return node


def _literal(node: exp.Expr) -> exp.Expr:
    """A number with a point is a double in Athena, a decimal in DuckDB."""
    if node.is_string or not re.fullmatch(r"\d*\.\d*", str(node.this)):
        return node
    if isinstance(node.parent, exp.Cast) and node.parent.is_type("double", "decimal"):
        return node
    return exp.cast(exp.Literal.string(str(node.this)), "double")


def _plus(node: exp.Expr) -> exp.Expr:
    if node.expression.find(exp.Interval):
        return call("plus", node.this, node.expression)
    if node.this.find(exp.Interval):
        return call("plus", node.expression, node.this)
    return node


def _minus(node: exp.Expr) -> exp.Expr:
    return call("minus", node.this, node.expression)


def _divide(node: exp.Expr) -> exp.Expr:
    """Division of doubles by zero is infinite in Athena, that of whole numbers fails."""
    kinds = [type_of(node.this.unnest()), type_of(node.expression.unnest())]
    if any(_is_double(side) for side in (node.this, node.expression)):
        return call("ratio", node.this, node.expression)
    if None not in kinds and exp.DType.DECIMAL not in kinds:
        return node
    return call("quotient", node.this, node.expression, exp.Paren(this=node.copy()))


def _is_double(node: exp.Expr) -> bool:
    node = node.unnest()
    if type_of(node) in (exp.DType.DOUBLE, exp.DType.FLOAT):
        return True
    return isinstance(node, exp.Cast) and node.is_type("double")


def _date_add(node: exp.Expr) -> exp.Expr:
    unit = node.args.get("unit") or exp.var("DAY")
    amount = node.expression
    if isinstance(amount, exp.Interval):
        amount = amount.this
    interval = exp.Mul(
        this=exp.Interval(this=exp.Literal.string("1"), unit=exp.var(unit.name.upper())),
        expression=exp.Paren(this=amount),
    )
    return call("plus", node.this, interval)


def _date_diff(node: exp.Expr) -> exp.Expr:
    """Athena counts whole units; so does DuckDB's `date_sub`, not its `date_diff`."""
    unit = exp.Literal.string((node.args.get("unit") or exp.var("DAY")).name.lower())
    return exp.Anonymous(this="date_sub", expressions=[unit, node.expression, node.this])


def _date_trunc(node: exp.Expr) -> exp.Expr:
    return call("date_trunc", exp.Literal.string(node.args["unit"].name), node.this)


def _is_string(node: exp.Expr) -> bool:
    return isinstance(node, exp.Literal) and bool(node.is_string)


def _regexp_replace(node: exp.Expr) -> exp.Expr:
    """Groups are `$1` in Athena and `\\1` in DuckDB."""
    replacement = node.args.get("replacement")
    if replacement is None:
        return node
    if not _is_string(replacement):
        raise not_supported("regexp_replace with a replacement that isn't a literal")
    groups = re.sub(r"(?<!\\)\$(\d)", r"\\\1", replacement.name.replace("\\$", "\0"))
    node.set("replacement", exp.Literal.string(groups.replace("\0", "$")))
    return node


def _unix_to_time(node: exp.Expr) -> exp.Expr:
    if any(node.args.get(argument) for argument in ("zone", "hours", "minutes", "format")):
        raise not_supported("from_unixtime with a zone")
    return node


def _log(node: exp.Expr) -> exp.Expr:
    if node.args.get("expression") is None:
        raise not_supported("log without a base")
    return node


def _anonymous(node: exp.Anonymous) -> exp.Expr:
    rewrite = NAMED.get(node.name.lower())
    return node if rewrite is None else rewrite(list(node.expressions))


def _data_type(node: exp.Expr) -> exp.Expr:
    """Times have microseconds, whatever precision is asked for: Athena prints three digits."""
    if node.is_type("timestamp", "timestamptz", "time"):
        node.set("expressions", [])
    return node


_REWRITES: dict[type[exp.Expr], Callable[[exp.Expr], exp.Expr]] = {
    **CASTS,
    **COLLECTIONS,
    **TIMES,
    **VALUES,
    exp.DataType: _data_type,
    exp.Literal: _literal,
    exp.Add: _plus,
    exp.Sub: _minus,
    exp.Div: _divide,
    exp.DateAdd: _date_add,
    exp.DateDiff: _date_diff,
    exp.DateTrunc: _date_trunc,
    exp.TimestampTrunc: _date_trunc,
    exp.RegexpReplace: _regexp_replace,
    exp.RegexpExtract: lambda node: call(
        "regexp_extract", node.this, node.expression, node.args.get("group")
    ),
    exp.SplitPart: lambda node: call(
        "split_part", node.this, node.args["delimiter"], node.args["part_index"]
    ),
    exp.Substring: lambda node: call(
        "substr", node.this, node.args.get("start"), node.args.get("length")
    ),
    exp.UnixToTime: _unix_to_time,
    exp.Log: _log,
    exp.GenerateSeries: lambda node: call(
        "sequence", node.args["start"], node.args["end"], node.args.get("step")
    ),
    exp.ArraySlice: lambda node: call("slice", node.this, node.args["start"], node.args["end"]),
    exp.JSONExtractScalar: lambda node: _json("json_scalar", node),
    exp.JSONExtract: lambda node: _json("json_extract", node),
}


_MANY_VALUES = (
    exp.JSONPathFilter,
    exp.JSONPathRecursive,
    exp.JSONPathScript,
    exp.JSONPathSlice,
    exp.JSONPathUnion,
    exp.JSONPathWildcard,
)


def _json(name: str, node: exp.Expr) -> exp.Expr:
    path = node.expression
    if isinstance(path, exp.JSONPath):
        if path.find(*_MANY_VALUES):
            raise not_supported("A JSON path that may mean several values")
        path = exp.Literal.string(path.sql("duckdb").strip("'"))
    return call(name, node.this, path)
