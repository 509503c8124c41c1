"""Required fields of sources that aren't Segment's own JSON: which column stands for which."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import chain, count


def renamed(header: Sequence[str], columns: Mapping[str, str]) -> list[str]:
    """The columns of a file with the required ones under Segment's names, by `columns` (name to
    column), each name once.

    Another column that happens to have such a name gets `_raw` behind it, one whose name is taken
    a number.
    """
    names = {column: name for name, column in columns.items()}
    found: list[str] = []
    for column in header:
        name = names.pop(column, None) or (f"{column}_raw" if column in columns else column)
        tries = chain([name], (f"{name}_{number}" for number in count(2)))
        found.append(next(free for free in tries if free not in found))
    return found
