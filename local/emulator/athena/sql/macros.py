"""Calls of the macros in `prelude.sql`, which are named `athena_…`."""

from __future__ import annotations

from sqlglot import exp

from emulator.athena.sql.types import type_of


def call(name: str, *arguments: exp.Expr | None) -> exp.Anonymous:
    """Nothing stands for an argument that is None."""
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
