"""State of one region on disk: a pickle that is replaced as a whole, tagged with what wrote it."""

from __future__ import annotations

import pickle
from pathlib import Path
from typing import Any, BinaryIO

import moto

from emulator.fixes import START_ANEW

VERSION = f"moto {moto.__version__}, runs 2"
"""What must be the same to read a state again: moto's classes, those of `runs` and of `own`."""


class SnapshotError(Exception):
    """The state on disk can't be read; the message says why and what to do."""


class Snapshot:
    """`path` holds the version of moto and the state, or doesn't exist yet."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def load(self) -> Any:
        """The state that was saved last, None if there is none.

        Raises SnapshotError if another version of moto wrote it, or other classes of ours, or if
        it's broken.
        """
        if not self._path.exists():
            return None
        with self._path.open("rb") as saved:
            version = self._part(saved)
            if version != VERSION:
                raise SnapshotError(
                    f"{self._path} was written by {version}, this is {VERSION}: {START_ANEW}"
                )
            return self._part(saved)

    def _part(self, saved: BinaryIO) -> Any:
        try:
            return pickle.load(saved)
        except Exception as error:  # a broken pickle can raise anything
            raise SnapshotError(f"{self._path} can't be read ({error}): {START_ANEW}") from error

    def save(self, state: Any) -> None:
        """Replace what is on disk in one step, so that a kill leaves the old or the new state."""
        new = self._path.with_suffix(".new")
        new.write_bytes(pickle.dumps(VERSION) + pickle.dumps(state, pickle.HIGHEST_PROTOCOL))
        new.replace(self._path)
