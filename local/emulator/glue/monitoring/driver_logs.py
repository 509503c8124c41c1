"""Follows the files that a job's process writes, and passes their lines on while it runs."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from pathlib import Path

from emulator.glue.monitoring.log_writer import LogWriter

PERIOD_S = 1.0


class DriverLogs:
    """Each file goes to its writer, line by line, every second, until `finish`."""

    def __init__(self, writers: Mapping[Path, LogWriter]) -> None:
        self._files = [_Followed(path, writer) for path, writer in writers.items()]
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._follow, daemon=True)

    def start(self) -> None:
        self._thread.start()

    def finish(self) -> None:
        """Pass on what is left, an unfinished last line too."""
        self._ended.set()
        self._thread.join()

    def _follow(self) -> None:
        while not self._ended.wait(PERIOD_S):
            for file in self._files:
                file.pass_on(whole=True)
        for file in self._files:
            file.pass_on(whole=False)


class _Followed:
    def __init__(self, path: Path, writer: LogWriter) -> None:
        self._path = path
        self._writer = writer
        self._read = 0

    def pass_on(self, whole: bool) -> None:
        """`whole`: only lines that are complete; the rest waits for its end."""
        if not self._path.exists():
            return
        with self._path.open("rb") as file:
            file.seek(self._read)
            new = file.read()
        if whole:
            new = new[: new.rfind(b"\n") + 1]
        self._read += len(new)
        self._writer.put(new.decode(errors="replace").splitlines())
