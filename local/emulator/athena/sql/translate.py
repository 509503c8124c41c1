"""A query in Athena's SQL written for DuckDB.

sqlglot reads and writes the dialects; here stands what it leaves as it is although DuckDB means
something else by it. The functions named `athena_…` are in `prelude.sql`.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from sqlglot import exp

from emulator.athena.errors import not_supported
from emulator.athena.sql.types import keep_type, type_of

NAMELESS = "_col?"
"""Name of an output column whose place isn't known yet, since a star stands before it."""

_REFUSED: dict[type[exp.Expr], str] = {
    exp.ILike: "ILIKE",
    exp.Qualify: "QUALIFY",
    exp.Pivot: "PIVOT",
    exp.TableSample: "TABLESAMPLE",
    exp.MatchRecognize: "MATCH_RECOGNIZE",
    exp.Parameter: "A parameter",
    exp.Placeholder: "A parameter",
}


def for_duckdb(tree: exp.Query) -> str:
    """Raises QueryFailedError for what has no translation. `tree` is changed."""
    for kind, name in _REFUSED.items():
        if tree.find(kind):
            raise not_supported(name)
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


def _function(name: str, *arguments: exp.Expr | None) -> exp.Anonymous:
    given = [argument for argument in arguments if argument is not None]
    return exp.Anonymous(this=f"athena_{name}{_variant(name, given)}", expressions=given)


def _variant(name: str, given: list[exp.Expr]) -> str:
    """Which of a macro's overloads is meant, where an argument is an aggregate, whose type DuckDB
    doesn't know yet when it chooses one; empty to let it choose."""
    variants = _VARIANTS.get(name)
    if variants is None or not any(each.find(exp.AggFunc, exp.Window) for each in given):
        return ""
    kinds = [type_of(each) for each in given]
    kind = kinds[1] if name == "date_trunc" else kinds[0]
    if name == "minus" and kind == kinds[1] == exp.DType.DATE:
        return "_dates"
    return "" if kind is None else variants.get(kind, "_any")


_VARIANTS: dict[str, dict[exp.DType, str]] = {
    "plus": {exp.DType.DATE: "_date"},
    "minus": {exp.DType.DATE: "_date"},
    "date_trunc": {exp.DType.DATE: "_date"},
    "sequence": {exp.DType.DATE: "_date"},
    "at_timezone": {exp.DType.TIMESTAMP: "_utc"},
    "whole": {exp.DType.DOUBLE: "_double", exp.DType.FLOAT: "_double"},
}
"""Macros with overloads: the one for each type of the argument that decides, `_any` for others."""


def _literal(node: exp.Expr) -> exp.Expr:
    """A number with a point is a double in Athena, a decimal in DuckDB."""
    if node.is_string or not re.fullmatch(r"\d*\.\d*", str(node.this)):
        return node
    if isinstance(node.parent, exp.Cast):
        return node
    return exp.cast(exp.Literal.string(str(node.this)), "double")


def _plus(node: exp.Expr) -> exp.Expr:
    if node.expression.find(exp.Interval):
        return _function("plus", node.this, node.expression)
    if node.this.find(exp.Interval):
        return _function("plus", node.expression, node.this)
    return node


def _minus(node: exp.Expr) -> exp.Expr:
    return _function("minus", node.this, node.expression)


def _divide(node: exp.Expr) -> exp.Expr:
    """Division of doubles by zero is infinite in Athena, that of whole numbers fails."""
    if _is_double(node.this) or _is_double(node.expression):
        return _function("ratio", node.this, node.expression)
    return node


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
    return _function("plus", node.this, interval)


def _date_diff(node: exp.Expr) -> exp.Expr:
    """Athena counts whole units; so does DuckDB's `date_sub`, not its `date_diff`."""
    unit = exp.Literal.string((node.args.get("unit") or exp.var("DAY")).name.lower())
    return exp.Anonymous(this="date_sub", expressions=[unit, node.expression, node.this])


def _date_trunc(node: exp.Expr) -> exp.Expr:
    return _function("date_trunc", exp.Literal.string(node.args["unit"].name), node.this)


def _cast(node: exp.Expr) -> exp.Expr:
    to = node.args["to"]
    if to.is_type("json"):
        return exp.Anonymous(this="to_json", expressions=[node.this])
    if to.is_type("varchar", "text") and not to.expressions and not _is_string(node.this):
        return _try_of(node, _function("text", node.this))
    if to.is_type("bigint", "int", "smallint", "tinyint"):
        node.set("this", _function("whole", node.this))
    return node


def _is_string(node: exp.Expr) -> bool:
    return isinstance(node, exp.Literal) and bool(node.is_string)


def _try_of(node: exp.Expr, value: exp.Expr) -> exp.Expr:
    return exp.Try(this=value) if isinstance(node, exp.TryCast) else value


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


def _extract(node: exp.Expr) -> exp.Expr:
    units = {"DOW": "ISODOW", "DAYOFWEEK": "ISODOW", "DAY_OF_WEEK": "ISODOW", "YOW": "ISOYEAR"}
    unit = node.name.upper()
    if unit in units:
        node.set("this", exp.var(units[unit]))
    return node


def _unix_to_time(node: exp.Expr) -> exp.Expr:
    if any(node.args.get(argument) for argument in ("zone", "hours", "minutes", "format")):
        raise not_supported("from_unixtime with a zone")
    return node


def _approx_quantile(node: exp.Expr) -> exp.Expr:
    """DuckDB wants the share as a float."""
    node.set("quantile", exp.cast(node.args["quantile"], "float"))
    return node


def _log(node: exp.Expr) -> exp.Expr:
    if node.args.get("expression") is None:
        raise not_supported("log without a base")
    return node


_NAMED: dict[str, Callable[[list[exp.Expr]], exp.Expr]] = {
    "nan": lambda _: exp.cast(exp.Literal.string("NaN"), "double"),
    "infinity": lambda _: exp.cast(exp.Literal.string("Infinity"), "double"),
    "is_finite": lambda given: exp.Anonymous(this="isfinite", expressions=given),
    "codepoint": lambda given: exp.Anonymous(this="unicode", expressions=given),
    "every": lambda given: exp.Anonymous(this="bool_and", expressions=given),
    "yow": lambda given: exp.Anonymous(this="isoyear", expressions=given),
    "year_of_week": lambda given: exp.Anonymous(this="isoyear", expressions=given),
    "with_timezone": lambda given: _function("with_timezone", *given),
    "arrays_overlap": lambda given: exp.Anonymous(this="list_has_any", expressions=given),
    "at_timezone": lambda given: _function("at_timezone", *given),
    "regexp_count": lambda given: exp.Anonymous(
        this="len", expressions=[exp.Anonymous(this="regexp_extract_all", expressions=given)]
    ),
}


def _anonymous(node: exp.Anonymous) -> exp.Expr:
    rewrite = _NAMED.get(node.name.lower())
    return node if rewrite is None else rewrite(list(node.expressions))


def _data_type(node: exp.Expr) -> exp.Expr:
    """Times have microseconds, whatever precision is asked for: Athena prints three digits."""
    if node.is_type("timestamp", "timestamptz", "time"):
        node.set("expressions", [])
    return node


_REWRITES: dict[type[exp.Expr], Callable[[exp.Expr], exp.Expr]] = {
    exp.DataType: _data_type,
    exp.Literal: _literal,
    exp.Add: _plus,
    exp.Sub: _minus,
    exp.Div: _divide,
    exp.DateAdd: _date_add,
    exp.DateDiff: _date_diff,
    exp.DateTrunc: _date_trunc,
    exp.TimestampTrunc: _date_trunc,
    exp.Cast: _cast,
    exp.TryCast: _cast,
    exp.RegexpReplace: _regexp_replace,
    exp.RegexpExtract: lambda node: _function(
        "regexp_extract", node.this, node.expression, node.args.get("group")
    ),
    exp.SplitPart: lambda node: _function(
        "split_part", node.this, node.args["delimiter"], node.args["part_index"]
    ),
    exp.Substring: lambda node: _function(
        "substr", node.this, node.args.get("start"), node.args.get("length")
    ),
    exp.Extract: _extract,
    exp.UnixToTime: _unix_to_time,
    exp.Log: _log,
    exp.AtTimeZone: lambda node: _function("at_timezone", node.this, node.args["zone"]),
    exp.GenerateSeries: lambda node: _function(
        "sequence", node.args["start"], node.args["end"], node.args.get("step")
    ),
    exp.ArraySlice: lambda node: _function(
        "slice", node.this, node.args["start"], node.args["end"]
    ),
    exp.ApproxQuantile: _approx_quantile,
    exp.ArraySize: lambda node: _function("cardinality", node.this),
    exp.JSONExtractScalar: lambda node: _json("json_scalar", node),
    exp.JSONExtract: lambda node: _json("json_extract", node),
}


def _json(name: str, node: exp.Expr) -> exp.Expr:
    path = node.expression
    if isinstance(path, exp.JSONPath):
        path = exp.Literal.string(path.sql("duckdb").strip("'"))
    return _function(name, node.this, path)
