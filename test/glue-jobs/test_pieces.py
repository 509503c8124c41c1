"""Pieces: rows on their way through the staging, by partition and layout."""

from __future__ import annotations

import os
from pathlib import Path

import pyarrow as pa
from mobile_events.stage.pieces import MOST_OPEN, Pieces, tables
from stand_ins import FolderStore


def table(*values: int) -> pa.Table:
    return pa.table({"n": pa.array(values, pa.int64())})


def written(pieces: Pieces) -> list[list[int]]:
    pieces.close()
    return [
        [n for part in tables(FolderStore(p.path.parent), "", p.path.name) for n in part_of(part)]
        for p in pieces.files
    ]


def part_of(table: pa.Table) -> list[int]:
    found: list[int] = table["n"].to_pylist()
    return found


def test_rows_of_a_partition_go_to_one_file_and_their_places_are_told(tmp_path: Path) -> None:
    pieces = Pieces(tmp_path)
    places = [pieces.write(p, table(*v), "x") for p, v in (("a", [1, 2]), ("b", [3]), ("a", [4]))]
    assert places == [(0, 0), (1, 0), (0, 2)]
    assert [piece.rows for piece in pieces.files] == [3, 1]
    assert written(pieces) == [[1, 2, 4], [3]]


def test_another_layout_needs_another_file(tmp_path: Path) -> None:
    pieces = Pieces(tmp_path)
    wide = pa.table({"n": [2], "m": ["x"]})
    assert pieces.write("a", table(1), "narrow") == (0, 0)
    assert pieces.write("a", wide, "wide") == (1, 0)
    assert pieces.write("a", wide, "wide") == (1, 1)
    assert pieces.write("b", table(3), "narrow") == (2, 0)
    assert written(pieces) == [[1], [2, 2], [3]]


def test_no_more_files_are_open_than_may_be(tmp_path: Path) -> None:
    pieces = Pieces(tmp_path)
    before = open_files()
    for n in range(3 * MOST_OPEN):
        assert pieces.write(f"{n}", table(n), "x") == (n, 0)
        assert open_files() - before <= MOST_OPEN
    assert pieces.write(f"{3 * MOST_OPEN - 1}", table(-1), "x") == (3 * MOST_OPEN - 1, 1)
    assert pieces.write("0", table(-2), "x") == (3 * MOST_OPEN, 0)
    assert sum(map(len, written(pieces))) == 3 * MOST_OPEN + 2
    assert open_files() == before


def open_files() -> int:
    return len(os.listdir("/dev/fd"))  # noqa: PTH208 - a Path would open the folder, too


def test_tables_come_back_as_they_were_written(tmp_path: Path) -> None:
    pieces = Pieces(tmp_path)
    for values in ([1, 2], [3], [4, 5, 6]):
        pieces.write("a", table(*values), "x")
    pieces.close()
    (piece,) = pieces.files
    found = [part_of(part) for part in tables(FolderStore(tmp_path), "", piece.path.name)]
    assert found == [[1, 2], [3], [4, 5, 6]]
