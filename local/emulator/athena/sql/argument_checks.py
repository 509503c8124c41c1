"""Arguments that Athena's functions refuse and DuckDB's would cast in silence."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import chain, repeat

from sqlglot import exp

from emulator.athena.sql.kinds import differ, kind_of, kind_of_elements, mismatch, type_names
from emulator.athena.sql.positions import position

ANY = None
_NAMES: dict[type[exp.Expr], str] = {exp.DPipe: "concat", exp.Bracket: "element_at"}
_NUMBERS = (
    exp.Abs,
    exp.Acos,
    exp.Asin,
    exp.Atan,
    exp.Atan2,
    exp.BitwiseAnd,
    exp.BitwiseNot,
    exp.BitwiseOr,
    exp.BitwiseXor,
    exp.Ceil,
    exp.Chr,
    exp.Cos,
    exp.Cosh,
    exp.Degrees,
    exp.Exp,
    exp.Floor,
    exp.IsInf,
    exp.IsNan,
    exp.Ln,
    exp.Log,
    exp.Pow,
    exp.Radians,
    exp.Round,
    exp.Sign,
    exp.Sin,
    exp.Sqrt,
    exp.Tan,
    exp.Tanh,
    exp.Trunc,
    exp.UnixToTime,
    exp.WidthBucket,
)
_KINDS: dict[type[exp.Expr], Sequence[str | None]] = {
    **dict.fromkeys(_NUMBERS, ("number",)),
    exp.ApproxQuantile: (ANY, "number"),
    exp.ArraySlice: (ANY, "number"),
    exp.ArrayToString: (ANY, "varchar"),
    exp.ConcatWs: ("varchar",),
    exp.JSONExtract: ("varchar", ANY),
    exp.JSONExtractScalar: ("varchar", ANY),
    exp.LogicalAnd: ("boolean",),
    exp.LogicalOr: ("boolean",),
    exp.NthValue: (ANY, "number"),
    exp.Ntile: ("number",),
    exp.Pad: ("varchar", "number", "varchar"),
    exp.RegexpExtract: ("varchar", "varchar", "number"),
    exp.Repeat: (ANY, "number"),
    exp.SplitPart: ("varchar", "varchar", "number"),
    exp.Substring: ("varchar", "number"),
}
"""Of each argument, as written; the last is that of all behind it."""


def _alike(*arguments: exp.Expr) -> bool:
    return not differ(*arguments)


def _joined(*arguments: exp.Expr) -> bool:
    """Arrays are concatenated, too, also with elements."""
    kinds = {kind_of(argument) for argument in arguments}
    return None in kinds or kinds == {"varchar"}


def _contained(array: exp.Expr, value: exp.Expr, *_: exp.Expr) -> bool:
    kinds = {kind_of_elements(array), kind_of(value)}
    return None in kinds or len(kinds) == 1


def _index(array: exp.Expr, place: exp.Expr) -> bool:
    """Keys of maps are of any kind."""
    return kind_of_elements(array) is None or kind_of(place) in ("number", None)


def _stepped(*arguments: exp.Expr) -> bool:
    return all(kind_of(argument) in ("number", "time", None) for argument in arguments)


_RULES: dict[type[exp.Expr], Callable[..., bool]] = {
    exp.ArrayContains: _contained,
    exp.Bracket: _index,
    exp.Concat: _joined,
    exp.DPipe: _joined,
    exp.GenerateSeries: _stepped,
    exp.Greatest: _alike,
    exp.Least: _alike,
}


def check_arguments(typed: exp.Expr) -> None:
    """Raises QueryFailedError where an argument is of a kind that its function doesn't take."""
    for node in typed.find_all(*_KINDS, *_RULES):
        arguments = list(node.iter_expressions())
        if not _fit(node, arguments):
            name = _NAMES.get(type(node)) or node.sql("athena").partition("(")[0].lower()
            types = type_names(*arguments)
            raise mismatch(position(node), f"Unexpected parameters ({types}) for function {name}")


def _fit(node: exp.Expr, arguments: Sequence[exp.Expr]) -> bool:
    rule = _RULES.get(type(node))
    if rule:
        return rule(*arguments)
    wanted = _KINDS[type(node)]
    kinds_wanted = chain(wanted, repeat(wanted[-1]))
    return all(
        kind is ANY or kind_of(argument) in (kind, None)
        for argument, kind in zip(arguments, kinds_wanted, strict=False)
    )
