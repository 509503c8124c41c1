"""Flattens events: the values of each path, with the rows that have them.

It goes by levels, not by events: all objects at one path that have the same keys are laid side by
side, and a column of values is every n-th of them. That is several times faster than a walk
through each event.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain
from typing import Any

import numpy as np
import numpy.typing as npt

from mobile_events.rows.names import Path
from mobile_events.rows.values import json_text

Rows = npt.NDArray[np.int64]
Object = Mapping[str, Any]


@dataclass
class Leaves:
    """Values at one path, in parts, and the rows of each part. Some values may be None."""

    rows: list[Rows] = field(default_factory=list)
    values: list[list[Any]] = field(default_factory=list)
    has_lists: bool = False


@dataclass
class _Level:
    """All objects at one path, and the rows that have them."""

    rows: list[Rows] = field(default_factory=list)
    objects: list[list[Any]] = field(default_factory=list)


def flatten(events: Sequence[Object], drop: Collection[str]) -> dict[Path, Leaves]:
    """Every path that has a value. Objects are descended to their fields, an array is a text of
    JSON, a null is as good as absent. `drop` has paths joined by dots; they go with all below them.
    """
    found: dict[Path, Leaves] = defaultdict(Leaves)
    pending: dict[Path, _Level] = {(): _Level([np.arange(len(events))], [list(events)])}
    while pending:
        path, level = pending.popitem()
        below: dict[Path, _Level] = defaultdict(_Level)
        for keys, objects, rows in _layouts(level):
            values = list(chain.from_iterable(map(dict.values, objects)))
            for place, key in enumerate(keys):
                child = (*path, key)
                if ".".join(child) not in drop:
                    _sort_out(values[place :: len(keys)], rows, found, below, child)
        pending |= below
    return {path: leaves for path, leaves in found.items() if leaves.rows}


def _layouts(level: _Level) -> Iterator[tuple[tuple[str, ...], list[Any], Rows]]:
    """Objects with the same keys in the same order, together."""
    objects = list(chain.from_iterable(level.objects))
    rows = level.rows[0] if len(level.rows) == 1 else np.concatenate(level.rows)
    layouts = list(map(tuple, objects))
    if len(set(layouts)) == 1:
        yield layouts[0], objects, rows
        return
    places: dict[tuple[str, ...], list[int]] = defaultdict(list)
    for place, keys in enumerate(layouts):
        places[keys].append(place)
    for keys, some in places.items():
        yield keys, [objects[place] for place in some], rows[some]


def _sort_out(
    values: list[Any],
    rows: Rows,
    found: dict[Path, Leaves],
    below: dict[Path, _Level],
    path: Path,
) -> None:
    """Put objects one level down, everything else to the values of the path."""
    types = set(map(type, values))
    if dict in types:
        objects = values if len(types) == 1 else [value for value in values if type(value) is dict]
        there = rows if len(types) == 1 else rows[[type(value) is dict for value in values]]
        below[path].objects.append(objects)
        below[path].rows.append(there)
        types.discard(dict)
        values = [None if type(value) is dict else value for value in values] if types else []
    if list in types:
        values = [json_text(value) if type(value) is list else value for value in values]
    if types - {type(None)}:
        found[path].rows.append(rows)
        found[path].values.append(values)
        found[path].has_lists |= list in types
