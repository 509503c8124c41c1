"""How much of what a view's query gives is wanted: which columns, and which of its rows.

It tells what has to be read below the view, and isn't run: a query that can't be narrowed safely
stays whole.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from sqlglot import exp

KeysOf = Callable[[exp.Table], Sequence[str]]
"""The columns of a source whose values tell what needs no reading."""

_WHOLE = ("distinct", "group", "having", "limit", "offset", "order", "qualify", "windows", "with_")
_AGGREGATES = ("every", "histogram")
"""Aggregates that sqlglot takes for ordinary functions."""


def passed_keys(tree: exp.Query, columns: Sequence[str], keys_of: KeysOf) -> list[str]:
    """Those of the columns that are made of keys of the query's sources and of nothing else."""
    found = _projections(tree, columns)
    return [name for name, each in found.items() if _is_of_keys(tree, each, keys_of)]


def narrowed(
    tree: exp.Query, columns: Sequence[str], needed: set[str], predicate: exp.Expr | None
) -> exp.Query:
    """The query with the needed columns alone, and only the rows that fulfil the predicate on
    columns that are keys."""
    narrow = tree.copy()
    found = _projections(tree, columns)
    if not found or not isinstance(narrow, exp.Select):
        return narrow
    kept = [exp.alias_(each.copy(), name, quoted=True) for name, each in found.items()]
    kept = [each for each in kept if each.alias in needed] or [exp.Literal.number(1)]
    narrow.set("expressions", kept)
    return narrow if predicate is None else narrow.where(_behind(predicate, found))


def _projections(tree: exp.Query, columns: Sequence[str]) -> dict[str, exp.Expr]:
    """What stands behind each column; nothing if rows aren't just chosen and computed."""
    if not isinstance(tree, exp.Select) or any(tree.args.get(part) for part in _WHOLE):
        return {}
    selected = tree.expressions
    if any(each.is_star for each in selected):
        if len(selected) > 1 or tree.args.get("joins"):
            return {}
        return {name: exp.column(name, quoted=True) for name in columns}
    if len(selected) != len(columns) or any(map(_aggregates, selected)):
        return {}
    return {name: each.unalias() for name, each in zip(columns, selected, strict=True)}


def _aggregates(node: exp.Expr) -> bool:
    named = (each.name.lower() for each in node.find_all(exp.Anonymous))
    return node.find(exp.AggFunc, exp.Window) is not None or any(
        name in _AGGREGATES for name in named
    )


def _is_of_keys(tree: exp.Query, node: exp.Expr, keys_of: KeysOf) -> bool:
    columns = list(node.find_all(exp.Column))
    return (
        bool(columns)
        and node.find(exp.Query, exp.Rand) is None
        and all(_is_key(tree, column, keys_of) for column in columns)
    )


def _is_key(tree: exp.Query, column: exp.Column, keys_of: KeysOf) -> bool:
    first = tree.args.get("from_")
    sources = [each.this for each in (first, *(tree.args.get("joins") or [])) if each is not None]
    if column.table:
        named = column.table.lower()
        sources = [each for each in sources if each.alias_or_name.lower() == named]
    if len(sources) != 1 or not isinstance(sources[0], exp.Table):
        return False
    return column.name.lower() in keys_of(sources[0])


def _behind(predicate: exp.Expr, found: dict[str, exp.Expr]) -> exp.Expr:
    def replaced(node: exp.Expr) -> exp.Expr:
        is_column = isinstance(node, exp.Column)
        return exp.Paren(this=found[node.name.lower()].copy()) if is_column else node

    return predicate.transform(replaced)
