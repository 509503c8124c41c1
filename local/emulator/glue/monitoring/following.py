"""A thread that looks at what a job's process writes, again and again, and once more at its end."""

from __future__ import annotations

import threading
from collections.abc import Callable


class Following:
    """Calls `look(False)` every `period_s` seconds after `start`, and `look(True)` at `finish`."""

    def __init__(self, period_s: float, look: Callable[[bool], None]) -> None:
        self._period_s = period_s
        self._look = look
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._follow, daemon=True)

    def start(self) -> None:
        self._thread.start()

    def finish(self) -> None:
        self._ended.set()
        self._thread.join()

    def _follow(self) -> None:
        while not self._ended.wait(self._period_s):
            self._look(False)
        self._look(True)
