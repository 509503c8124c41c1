"""Collects the values of events by path: what flattening is."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from typing import Any

from mobile_events.names import Path
from mobile_events.values import json_text


class _Node:
    """A path, the values seen at it (a list that ends at the last of them), the paths below it.

    A key whose node is None is dropped.
    """

    __slots__ = ("below", "path", "values")

    def __init__(self, path: Path) -> None:
        self.path = path
        self.values: list[Any] = []
        self.below: dict[str, _Node | None] = {}


_UNSEEN = _Node(())


class Columns:
    """Values of events by path, one list a path with an entry a row.

    Objects are descended to their fields, an array is a text of JSON, a null is as good as absent.
    `drop` has paths joined by dots; they go with all below them.
    """

    def __init__(self, drop: Collection[str]) -> None:
        self.rows = 0
        self._drop = frozenset(drop)
        self._root = _Node(())

    def add(self, event: Mapping[str, Any]) -> bool:
        """Add an event, as the next row; False, and nothing is added, if it is nested too deeply
        for Python's stack."""
        try:
            self._add(event, self._root)
        except RecursionError:
            for node in self._nodes():
                del node.values[self.rows :]
            return False
        self.rows += 1
        return True

    def items(self) -> Iterator[tuple[Path, list[Any]]]:
        """Every path that has a value, with its values, None where a row has none."""
        for node in self._nodes():
            if node.values:
                node.values += [None] * (self.rows - len(node.values))
                yield node.path, node.values

    def _add(self, fields: Mapping[str, Any], node: _Node) -> None:
        # The job's innermost loop.
        below, row = node.below, self.rows
        for key, value in fields.items():
            child = below.get(key, _UNSEEN)
            if child is _UNSEEN:
                child = self._see(node, key)
            if child is None or value is None:
                continue
            kind = type(value)
            if kind is dict:
                self._add(value, child)
                continue
            if kind is list:
                value = json_text(value)
            values = child.values
            missing = row - len(values)
            if missing:
                values += [None] * missing
            values.append(value)

    def _see(self, node: _Node, key: str) -> _Node | None:
        path = (*node.path, key)
        child = None if ".".join(path) in self._drop else _Node(path)
        node.below[key] = child
        return child

    def _nodes(self) -> Iterator[_Node]:
        pending = [self._root]
        while pending:
            node = pending.pop()
            yield node
            pending += [child for child in node.below.values() if child is not None]
