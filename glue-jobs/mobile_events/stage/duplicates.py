"""Which records repeat a message: the rule, over ids and places alone, never over whole rows.

A record is a duplicate if its id was published for a received day near its own, or if this run has
a better record of the same id: one with a smaller `receivedAt` (none comes last), then object key,
then line number.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

LAST = 2**63 - 1

CANDIDATES = pa.schema(
    [
        ("message_id", pa.string()),
        ("received_at", pa.int64()),  # microseconds, LAST where there is none
        ("object", pa.int32()),  # place among the run's objects, which are in order of key
        ("line", pa.int64()),
        ("file", pa.int32()),  # place among the files of the task
        ("row", pa.int64()),  # place in that file
    ]
)
"""What is kept of each row that has an id."""

PLACES = pa.schema([*CANDIDATES, ("day", pa.int32()), ("task", pa.int32())])
"""Candidates of a whole run, by received day (days since 1970) and task; and published ids, whose
`object` is null."""


def losers(candidates: pa.Table) -> list[int]:
    """Places of the rows that have a better one of the same id in the table. Null ids have none."""
    found = []
    for group in _repeated(candidates, ["message_id", "received_at", "object", "line"]):
        group.sort(key=_rank)
        found += [row["place"] for row in group[1:]]
    return found


def duplicates(places: pa.Table, window: int) -> list[dict[str, Any]]:
    """The candidates that are duplicates, of a table with the columns of `PLACES` that has every
    row of each id in it. `window` is how many received days on either side count as near."""
    found = []
    for group in _repeated(places, PLACES.names):
        candidates = [row for row in group if row["object"] is not None]
        published = {row["day"] for row in group if row["object"] is None}
        best = min(candidates, key=_rank, default=None)
        found += [
            row
            for row in candidates
            if row is not best or any(abs(row["day"] - day) <= window for day in published)
        ]
    return found


def _rank(row: dict[str, Any]) -> tuple[int, int, int]:
    return row["received_at"], row["object"], row["line"]


def _repeated(table: pa.Table, columns: Iterable[str]) -> Iterable[list[dict[str, Any]]]:
    """Rows of each id that is there more than once, with their places in the table."""
    counts = table["message_id"].drop_null().value_counts()
    repeated = counts.filter(pc.greater(counts.field("counts"), 1)).field("values")
    if not len(repeated):
        return []
    rows = pc.indices_nonzero(pc.is_in(table["message_id"], repeated))
    part = table.select(list(columns)).take(rows).append_column("place", rows)
    groups: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for row in part.to_pylist():
        groups[row["message_id"]].append(row)
    return groups.values()
