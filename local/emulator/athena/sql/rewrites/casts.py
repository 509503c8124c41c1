"""Casts: what Athena takes of a text, and how it writes values as text."""

from __future__ import annotations

import re
from collections.abc import Callable

from sqlglot import exp

from emulator.athena.errors import QueryFailedError, not_supported
from emulator.athena.sql.macros import call
from emulator.athena.sql.types import keep_type, type_of

_WHOLE = ("bigint", "int", "smallint", "tinyint")


def _cast(node: exp.Expr) -> exp.Expr:
    to, value = node.args["to"], node.this
    if to.is_type("json"):
        return exp.Anonymous(this="to_json", expressions=[value])
    if to.is_type("char", "nchar"):
        raise not_supported("CAST AS char")
    if to.is_type("varchar", "text"):
        return _to_text(node, to, value)
    if to.is_type("decimal"):
        _precision(to, value)
    if to.is_type(*_WHOLE):
        node.set("this", call("whole", _checked(node, "integer", value)))
    for kind in ("boolean", "date", "double", "float", "timestamp"):
        if to.is_type(kind):
            node.set("this", _checked(node, kind, value))
    return node


def soften(tree: exp.Expr) -> None:
    """Have a cast that stands in TRY by itself give null: DuckDB's TRY takes no `error()`."""
    for node in tree.find_all(exp.Try):
        inner = node.this.unnest()
        if type(inner) is exp.Cast:
            inner.replace(exp.TryCast(**{name: inner.args[name] for name in ("this", "to")}))


def _checked(node: exp.Expr, kind: str, value: exp.Expr) -> exp.Expr:
    """The value, refused if it is a text that Athena doesn't take."""
    if type_of(value) in (*exp.DataType.NUMERIC_TYPES, *exp.DataType.TEMPORAL_TYPES):
        return value
    if type_of(value) == exp.DType.BOOLEAN:
        return value
    may_fail = "" if isinstance(node, exp.TryCast) else "_or_fail"
    checked = call(f"readable_{kind}{may_fail}", value)
    keep_type(checked, value)
    return checked


def _to_text(node: exp.Expr, to: exp.Expr, value: exp.Expr) -> exp.Expr:
    literal = value.unnest()
    if isinstance(literal, exp.Cast) and literal.is_type("timestamp", "timestamptz"):
        written = literal.find(exp.Literal)
        digits = re.search(r"\.(\d+)", written.name if written else "")
        if written and not literal.find(exp.Column) and len(digits.group(1) if digits else "") != 3:
            raise not_supported("CAST AS varchar of a timestamp of other than three digits")
    text = value if is_string(value) else call("text", value)
    if to.expressions:
        return call("cut", text, exp.Literal.number(to.expressions[0].name))
    if text is value:
        return node
    return text


def _precision(to: exp.Expr, value: exp.Expr) -> None:
    """`DECIMAL '1.50'` has the digits that it shows; decimal alone is decimal(38, 0)."""
    sizes = (38, 0)
    if to.expressions:
        if len(to.expressions) == 1:
            to.append("expressions", exp.DataTypeParam(this=exp.Literal.number(0)))
        return
    if is_string(value):
        digits = re.fullmatch(r"[+-]?(\d*)\.?(\d*)", value.name)
        if digits is None:
            raise QueryFailedError("INVALID_LITERAL", f"'{value.name}' is not a decimal literal")
        whole, fraction = digits.group(1).lstrip("0"), digits.group(2)
        sizes = (max(len(whole) + len(fraction), 1), len(fraction))
    parts = [exp.DataTypeParam(this=exp.Literal.number(size)) for size in sizes]
    to.set("expressions", parts)


def is_string(node: exp.Expr) -> bool:
    return isinstance(node, exp.Literal) and bool(node.is_string)


CASTS: dict[type[exp.Expr], Callable[[exp.Expr], exp.Expr]] = {
    exp.Cast: _cast,
    exp.TryCast: _cast,
}
