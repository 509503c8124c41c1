"""Passes on the lines of the files that a job's process writes."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from emulator.glue.monitoring.log_writer import LogWriter


class DriverLogs:
    """Each file goes to its writer, line by line."""

    def __init__(self, writers: Mapping[Path, LogWriter]) -> None:
        self._files = [_Followed(path, writer) for path, writer in writers.items()]

    def pass_on(self, last: bool) -> None:
        """Pass on what is new; `last`: an unfinished line, too."""
        for file in self._files:
            file.pass_on(last)


class _Followed:
    def __init__(self, path: Path, writer: LogWriter) -> None:
        self._path = path
        self._writer = writer
        self._read = 0

    def pass_on(self, last: bool) -> None:
        if not self._path.exists():
            return
        with self._path.open("rb") as file:
            file.seek(self._read)
            new = file.read()
        if not last:
            new = new[: new.rfind(b"\n") + 1]
        self._read += len(new)
        self._writer.put(new.decode(errors="replace").splitlines())
