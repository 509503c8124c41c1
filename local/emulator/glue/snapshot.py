"""State of one region on disk: a pickle that is replaced as a whole, tagged with what wrote it."""

from __future__ import annotations

import pickle
from pathlib import Path
from typing import Any

import moto

from emulator.glue.errors import GlueError


class Snapshot:
    """`path` holds the version of moto and the state, or doesn't exist yet."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def load(self) -> Any:
        """The state that was saved last, None if there is none.

        Raises GlueError if another version of moto wrote it, since its classes may have changed.
        """
        if not self._path.exists():
            return None
        version, state = pickle.loads(self._path.read_bytes())
        if version != moto.__version__:
            raise GlueError(
                "InternalServiceException",
                f"{self._path} was written with moto {version}, this is moto {moto.__version__}: "
                "delete the local state and deploy again",
                500,
            )
        return state

    def save(self, state: Any) -> None:
        """Replace what is on disk in one step, so that a kill leaves the old or the new state."""
        new = self._path.with_suffix(".new")
        new.write_bytes(pickle.dumps((moto.__version__, state), pickle.HIGHEST_PROTOCOL))
        new.replace(self._path)
