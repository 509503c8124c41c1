"""Functions that sqlglot has no kind of expression for."""

from __future__ import annotations

from collections.abc import Callable

from sqlglot import exp

from emulator.athena.sql.macros import call
from emulator.athena.sql.rewrites.times import from_joda

Arguments = list[exp.Expr]


def _as(name: str) -> Callable[[Arguments], exp.Expr]:
    """The same under another name of DuckDB's."""
    return lambda given: exp.Anonymous(this=name, expressions=given)


def _macro(name: str) -> Callable[[Arguments], exp.Expr]:
    return lambda given: call(name, *given)


def _matches(name: str) -> Callable[[Arguments], exp.Expr]:
    """Whether the elements that a lambda is true for are all, any, none."""
    return lambda given: call(name, exp.Anonymous(this="list_transform", expressions=list(given)))


def _constant(value: str) -> Callable[[Arguments], exp.Expr]:
    return lambda _: exp.cast(exp.Literal.string(value), "double")


NAMED: dict[str, Callable[[Arguments], exp.Expr]] = {
    "nan": _constant("NaN"),
    "infinity": _constant("Infinity"),
    "e": _constant("2.718281828459045"),
    "is_finite": _as("isfinite"),
    "is_infinite": _as("isinf"),
    "codepoint": _macro("codepoint"),
    "every": _as("bool_and"),
    "geometric_mean": lambda given: exp.Anonymous(
        this="exp",
        expressions=[
            exp.Anonymous(this="avg", expressions=[exp.Anonymous(this="ln", expressions=given)])
        ],
    ),
    "yow": _as("isoyear"),
    "year_of_week": _as("isoyear"),
    "with_timezone": _macro("with_timezone"),
    "at_timezone": _macro("at_timezone"),
    "arrays_overlap": _macro("overlap"),
    "array_union": _macro("union"),
    "all_match": _matches("all_match"),
    "any_match": _matches("any_match"),
    "none_match": _matches("none_match"),
    "hamming_distance": _as("hamming"),
    "millisecond": _macro("millisecond"),
    "is_json_scalar": _macro("is_json_scalar"),
    "json_array_get": _macro("json_array_get"),
    "json_array_length": _macro("json_array_length"),
    "json_size": _macro("json_size"),
    "format_datetime": lambda given: exp.Anonymous(
        this="strftime", expressions=[given[0], from_joda(given[1], parsing=False)]
    ),
    "regexp_count": lambda given: exp.Anonymous(
        this="len", expressions=[exp.Anonymous(this="regexp_extract_all", expressions=given)]
    ),
}
