"""The files that DuckDB sees: one Parquet file for each object of the partitions to read.

DuckDB opens them through this file system alone, so it reaches what was added here and nothing
else. An object that is Parquet is read by ranges; text is decoded when it is first opened. Paths
hold the partition's values (`date=2026-11-20`), so DuckDB itself skips files that no row of the
result can come from.
"""

from __future__ import annotations

import io
import tempfile
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.parse import quote

from fsspec import AbstractFileSystem  # type: ignore[import-untyped]

from emulator.athena.objects import ObjectFile, ObjectStream, S3Object, Scan

PROTOCOL = "athena"
Decode = Callable[[io.RawIOBase, Path], None]
"""Reads a text object and writes its rows to a Parquet file."""


@dataclass
class _File:
    source: S3Object
    decode: Decode | None
    decoded: Path | None = None
    lock: threading.Lock = field(default_factory=threading.Lock)


class ScanFiles(AbstractFileSystem):  # type: ignore[misc]
    """An fsspec file system that is registered with one query's connection; `close` it after."""

    protocol = PROTOCOL
    cachable = False

    def __init__(self, s3: Any, scan: Scan) -> None:
        super().__init__()
        self.failure: Exception | None = None
        self._s3 = s3
        self._scan = scan
        self._files: dict[str, _File] = {}
        self._temporary = tempfile.TemporaryDirectory(prefix="athena-")
        self.folder = Path(self._temporary.name)

    def add(self, source: S3Object, keys: Mapping[str, str], decode: Decode | None) -> str:
        """A path for the object, in a partition of these keys and values."""
        folders = "".join(f"{quote(key)}={quote(keys[key], safe='')}/" for key in keys)
        path = f"{PROTOCOL}://{folders}{len(self._files)}.parquet"
        self._files[self._strip_protocol(path)] = _File(source, decode)
        return path

    def raw(self, source: S3Object) -> ObjectFile:
        """The object itself, whose bytes don't count as scanned: for its footer."""
        return ObjectFile(self._s3, source, Scan())

    def close(self) -> None:
        self._temporary.cleanup()

    def glob(self, path: str, **_: Any) -> list[str]:
        return [path]

    def exists(self, path: str, **_: Any) -> bool:
        return self._strip_protocol(path) in self._files

    def modified(self, path: str) -> datetime:
        return self._file(path).source.modified

    def info(self, path: str, **_: Any) -> dict[str, Any]:
        file = self._file(path)
        size = file.source.size if file.decode is None else self._decoded(file).stat().st_size
        return {"name": path, "size": size, "type": "file"}

    def _open(self, path: str, mode: str = "rb", **_: Any) -> Any:
        file = self._file(path)
        if file.decode is None:
            return _Guarded(self, self._s3, file.source, self._scan)
        return self._decoded(file).open("rb")

    def _file(self, path: str) -> _File:
        return self._files[self._strip_protocol(path)]

    def _decoded(self, file: _File) -> Path:
        with file.lock:
            if file.decoded is None:
                target = self.folder / f"{id(file)}.parquet"
                try:
                    assert file.decode is not None
                    with ObjectStream(self._s3, file.source, self._scan) as stream:
                        file.decode(stream, target)
                except Exception as error:
                    self.failure = error
                    raise
                file.decoded = target
        return file.decoded


class _Guarded(ObjectFile):
    """Keeps the first error, which DuckDB would hand on as text only."""

    def __init__(self, files: ScanFiles, s3: Any, source: S3Object, scan: Scan) -> None:
        super().__init__(s3, source, scan)
        self._files = files

    def readinto(self, buffer: Any) -> int:
        try:
            return super().readinto(buffer)
        except Exception as error:
            self._files.failure = error
            raise
