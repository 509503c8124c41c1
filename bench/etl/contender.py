"""What a contender does, and what is told of it."""

from __future__ import annotations

import gzip
from abc import ABC, abstractmethod
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import pyarrow.parquet as pq


@dataclass(frozen=True)
class Account:
    """What the job says it did with its records, besides writing them."""

    records: int
    duplicates: int
    quarantined: int


@dataclass(frozen=True)
class Output:
    """What a contender left: rows as counted in its files, their bytes, the job's account."""

    rows: int
    bytes: int
    account: Account | None = None


class Contender(ABC):
    """One way to do the work, or a part of it. Its making, too, isn't measured."""

    @abstractmethod
    def warm_up(self) -> None:
        """Do the work on the small day."""

    @abstractmethod
    def work(self) -> None:
        """Do the work that is measured."""

    def output(self) -> Output | None:
        """What `work` left; None if it only reads."""
        return None


def output_of(files: Iterable[Path], account: Account | None = None) -> Output:
    """The output that these files are: Parquet, or gzipped CSV with a header and a line a row."""
    found = list(files)
    return Output(sum(map(_rows, found)), sum(file.stat().st_size for file in found), account)


def _rows(file: Path) -> int:
    if file.suffix == ".parquet":
        rows: int = pq.read_metadata(file).num_rows
        return rows
    with gzip.open(file) as lines:
        return sum(1 for _ in lines) - 1
