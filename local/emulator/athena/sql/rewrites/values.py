"""Numbers, texts and JSON."""

from __future__ import annotations

from collections.abc import Callable

from sqlglot import exp

from emulator.athena.errors import not_supported
from emulator.athena.sql.macros import call
from emulator.athena.sql.types import full_type_of, type_of

_INTEGERS = (exp.DType.TINYINT, exp.DType.SMALLINT, exp.DType.INT, exp.DType.BIGINT)
WHITE_SPACE = "".join(map(chr, (*range(9, 14), *range(28, 33), 0x1680, *range(0x2000, 0x2007)))) + (
    "\u2008\u2009\u200a\u2028\u2029\u205f\u3000"
)
"""What Java's Character.isWhitespace says yes to."""


def _whole_part(node: exp.Expr) -> exp.Expr:
    """A whole number stays one."""
    if type_of(node.this) in _INTEGERS:
        value: exp.Expr = node.this
        return value
    if type_of(node.this) == exp.DType.DECIMAL:
        return node
    return call("ceil" if isinstance(node, exp.Ceil) else "floor", node.this)


def _sign(node: exp.Expr) -> exp.Expr:
    value = call("sign", node.this)
    type_ = full_type_of(node.this)
    return exp.cast(value, type_.copy()) if type_ and type_.this in _INTEGERS else value


def _round(node: exp.Expr) -> exp.Expr:
    kind = type_of(node.this)
    if kind in (*_INTEGERS, exp.DType.DOUBLE):
        return node
    if kind == exp.DType.FLOAT:
        return exp.cast(node.copy(), "float")
    decimals = node.args.get("decimals")
    type_ = node.this.args["to"] if isinstance(node.this, exp.Cast) else full_type_of(node.this)
    if type_ is not None and type_.is_type("decimal") and len(type_.expressions) == 2:
        precision, scale = (int(each.name) for each in type_.expressions)
        return exp.cast(node.copy(), f"decimal({min(precision + 1, 38)}, {scale})")
    return call("round", node.this, decimals or exp.Literal.number(0))


def _average(node: exp.Expr) -> exp.Expr:
    type_ = full_type_of(node.this)
    if type_ is None:
        node.set("this", call("no_decimal", node.this))
    elif type_.is_type("decimal"):
        raise not_supported("avg of a decimal")
    return _as_float(node)


def _as_float(node: exp.Expr) -> exp.Expr:
    """DuckDB adds up reals as doubles."""
    if type_of(node.this) != exp.DType.FLOAT or isinstance(node.parent, (exp.Window, exp.Filter)):
        return node
    return exp.cast(node.copy(), "float")


def _trim(node: exp.Expr) -> exp.Expr:
    characters = node.expression or exp.Literal.string(WHITE_SPACE)
    name = {"LEADING": "ltrim", "TRAILING": "rtrim"}.get(str(node.args.get("position")), "trim")
    return exp.Anonymous(this=name, expressions=[node.this, characters])


def _quantile(node: exp.Expr) -> exp.Expr:
    """DuckDB wants the share as a float."""
    share = node.args["quantile"]
    if isinstance(share, exp.Array) or type_of(share) == exp.DType.ARRAY:
        raise not_supported("approx_percentile with several shares")
    node.set("quantile", exp.cast(share, "float"))
    return node


def _digest(name: str) -> Callable[[exp.Expr], exp.Expr]:
    def rewrite(node: exp.Expr) -> exp.Expr:
        digest = exp.Anonymous(this=name, expressions=[call("bytes", node.this)])
        return exp.Anonymous(this="unhex", expressions=[digest])

    return rewrite


def _of_bytes(node: exp.Expr) -> exp.Expr:
    node.set("this", call("bytes", node.this))
    return node


def _bits(node: exp.Expr) -> exp.Expr:
    return exp.cast(node.copy(), "bigint")


def _concatenation(node: exp.Expr) -> exp.Expr:
    """DuckDB doesn't know the type of a text with NULL."""
    for null in node.find_all(exp.Null):
        if null.parent is node:
            null.replace(exp.cast(exp.null(), "varchar"))
    return node


VALUES: dict[type[exp.Expr], Callable[[exp.Expr], exp.Expr]] = {
    exp.Avg: _average,
    exp.ApproxQuantile: _quantile,
    exp.BitwiseAnd: _bits,
    exp.BitwiseAndAgg: _bits,
    exp.BitwiseNot: _bits,
    exp.BitwiseOr: _bits,
    exp.BitwiseOrAgg: _bits,
    exp.BitwiseXor: _bits,
    exp.Ceil: _whole_part,
    exp.Concat: _concatenation,
    exp.DPipe: _concatenation,
    exp.Floor: _whole_part,
    exp.Hex: _of_bytes,
    exp.JSONArrayContains: lambda node: call("json_contains", node.this, node.expression),
    exp.JSONFormat: lambda node: call("json_text", node.this),
    exp.ParseJSON: lambda node: call("json_parse", node.this),
    exp.MD5Digest: _digest("md5"),
    exp.Reverse: lambda node: call("reverse", node.this),
    exp.Round: _round,
    exp.SHA: _digest("sha1"),
    exp.SHA2Digest: _digest("sha256"),
    exp.Sign: _sign,
    exp.Sum: _as_float,
    exp.ToBase64: _of_bytes,
    exp.Trim: _trim,
    exp.Trunc: lambda node: call("truncate", node.this),
    exp.Upper: lambda node: call("upper", node.this),
    exp.WidthBucket: lambda node: call(
        "width_bucket",
        node.this,
        node.args["min_value"],
        node.args["max_value"],
        node.args["num_buckets"],
    ),
}
