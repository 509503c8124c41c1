"""Where things stand in a statement, as error messages of Athena say it."""

from __future__ import annotations

import re

from sqlglot import exp

START = "line 1:1"


def position(node: exp.Expr) -> str:
    """`line 1:15` of the first name in the node; `line 1:1` where none is known."""
    spots = [
        (found.meta["line"], found.meta["col"] - (found.meta["end"] - found.meta["start"]))
        for found in node.walk()
        if "line" in found.meta
    ]
    line, column = min(spots, default=(1, 1))
    return f"line {line}:{column}"


def position_after(node: exp.Expr, sql: str) -> str:
    """Where the operator behind the node stands."""
    # A column's table can be added from where it is named in FROM.
    spots = (found.meta for found in node.walk() if found.arg_key != "table")
    ends = [spot["end"] for spot in spots if "end" in spot]
    if not ends:
        return "line 1:1"
    operator = re.compile(r"[\s)]*").match(sql, max(ends) + 1)
    before = sql[: operator.end() if operator else max(ends)]
    return f"line {before.count(chr(10)) + 1}:{len(before) - before.rfind(chr(10))}"


def place_of(sql: str, start: int) -> str:
    """`line 1:15` of the letter at this place of the text."""
    before = sql[:start]
    return f"line {before.count(chr(10)) + 1}:{len(before) - before.rfind(chr(10))}"
