"""What queries may say on Athena and not here, and what DuckDB has and Athena hasn't."""

from __future__ import annotations

from collections.abc import Callable

from sqlglot import exp

from emulator.athena.errors import QueryFailedError, not_supported
from emulator.athena.sql.positions import position

_REFUSED: dict[type[exp.Expr], str] = {
    exp.ILike: "ILIKE",
    exp.Qualify: "QUALIFY",
    exp.Pivot: "PIVOT",
    exp.TableSample: "TABLESAMPLE",
    exp.MatchRecognize: "MATCH_RECOGNIZE",
    exp.Parameter: "A parameter",
    exp.Placeholder: "A parameter",
    exp.CurrentTime: "current_time",
    exp.Localtime: "localtime",
    exp.CurrentUser: "current_user",
    exp.CurrentCatalog: "current_catalog",
    exp.CurrentSchema: "current_schema",
    exp.Version: "FOR TIMESTAMP AS OF",
}


def check_refused(tree: exp.Query) -> None:
    """Raises QueryFailedError for what has no translation."""
    for kind, name in _REFUSED.items():
        if tree.find(kind):
            raise not_supported(name)
    for kind, check in _CHECKS.items():
        for node in tree.find_all(kind):
            check(node)


def _distinct(node: exp.Expr) -> None:
    if node.args.get("on"):
        raise _no_grammar(node, "ON")


def _unnest(node: exp.Expr) -> None:
    if not isinstance(node.parent, (exp.From, exp.Join, exp.Lateral)):
        raise _no_grammar(node, "UNNEST")
    if len(node.expressions) > 1:
        raise not_supported("UNNEST of several arrays")


def _star(node: exp.Expr) -> None:
    for part in ("except_", "except", "replace", "rename"):
        if node.args.get(part):
            raise _no_grammar(node, "(")


def _join(node: exp.Expr) -> None:
    for word in (node.args.get("kind"), node.args.get("method"), node.args.get("side")):
        if word in ("SEMI", "ANTI", "ASOF", "POSITIONAL"):
            raise _no_grammar(node, str(word))


def _group(node: exp.Expr) -> None:
    if node.args.get("all"):
        raise _no_grammar(node, "ALL")


def _limit(node: exp.Expr) -> None:
    if isinstance(node.expression, exp.Literal) and node.expression.is_string:
        raise _no_grammar(node, f"'{node.expression.name}'")


def _no_grammar(node: exp.Expr, word: str) -> QueryFailedError:
    return QueryFailedError("SYNTAX_ERROR", f"{position(node)}: mismatched input '{word}'")


_PARTS = (
    exp.Cast,
    exp.Date,
    exp.Day,
    exp.DayOfMonth,
    exp.DayOfWeekIso,
    exp.DayOfYear,
    exp.Extract,
    exp.Hour,
    exp.Minute,
    exp.Month,
    exp.Quarter,
    exp.Second,
    exp.TimeToStr,
    exp.WeekOfYear,
    exp.Year,
)
_PART_NAMES = ("format_datetime", "yow", "year_of_week", "dow", "doy", "millisecond")
_KEEP_ZONE = (
    exp.DateTrunc,
    exp.TimestampTrunc,
    exp.DateAdd,
    exp.Add,
    exp.Sub,
    exp.Paren,
    exp.Alias,
)
_INSTANTS = (exp.EQ, exp.NEQ, exp.LT, exp.LTE, exp.GT, exp.GTE, exp.TimeToUnix, exp.Between)


def _zoned(node: exp.Expr) -> None:
    """DuckDB's times know no zone: what is left of one is the time of day there."""
    outer = node.parent
    while isinstance(outer, _KEEP_ZONE):
        outer = outer.parent
    to_zone = isinstance(outer, exp.Cast) and not outer.is_type("date", "timestamp", "timestampntz")
    named = isinstance(outer, exp.Anonymous) and outer.name.lower() in _PART_NAMES
    if to_zone or not (isinstance(outer, _PARTS) or named):
        raise not_supported(
            f"{position(node)}: A time in a zone, other than in CAST AS date or timestamp and in "
            "functions that take a part of it,"
        )


def _named(node: exp.Expr) -> None:
    name = node.name.lower()
    if name == "at_timezone":
        _zoned(node)
    if name == "with_timezone":
        outer = node.parent
        zones = isinstance(outer, exp.AtTimeZone) or (
            isinstance(outer, exp.Anonymous) and outer.name.lower() == "at_timezone"
        )
        if not (isinstance(outer, _INSTANTS) or zones):
            raise not_supported(
                f"{position(node)}: with_timezone, other than in comparisons, to_unixtime and "
                "AT TIME ZONE,"
            )


_CHECKS: dict[type[exp.Expr], Callable[[exp.Expr], None]] = {
    exp.Distinct: _distinct,
    exp.Unnest: _unnest,
    exp.Star: _star,
    exp.Join: _join,
    exp.Limit: _limit,
    exp.Group: _group,
    exp.AtTimeZone: _zoned,
    exp.Anonymous: _named,
}
