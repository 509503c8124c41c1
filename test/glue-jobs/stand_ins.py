"""What the job's tests run on where neither S3 nor a cluster matters: folders, and one process."""

from __future__ import annotations

import hashlib
import io
import json
import shutil
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

import boto3
from mobile_events.storage import ChangedMeanwhileError, Store
from pyspark.sql import SparkSession


class FolderStore(Store):
    """A store whose buckets are folders below `root`."""

    def __init__(self, root: Path) -> None:
        super().__init__(None)
        self._root = root

    def entries(self, bucket: str, prefix: str, after: str = "") -> Iterator[dict[str, Any]]:
        root = self._root / bucket
        for path in sorted(root.rglob("*")):
            key = path.relative_to(root).as_posix()
            if path.is_file() and key.startswith(prefix) and key > after:
                yield {"Key": key, "ETag": _etag(path), "Size": path.stat().st_size}

    def folders(self, bucket: str, prefix: str) -> list[str]:
        keys = (entry["Key"][len(prefix) :] for entry in self.entries(bucket, prefix))
        return sorted({f"{prefix}{key.split('/', 1)[0]}/" for key in keys if "/" in key})

    def open(self, bucket: str, key: str) -> Any:
        return io.BytesIO(self.get(bucket, key))

    def get(self, bucket: str, key: str) -> bytes:
        return self._path(bucket, key).read_bytes()

    def get_tagged_json(self, bucket: str, key: str) -> tuple[Any, str]:
        path = self._path(bucket, key)
        return (json.loads(path.read_bytes()), _etag(path)) if path.exists() else (None, "")

    def put(self, bucket: str, key: str, content: bytes) -> None:
        path = self._path(bucket, key)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)

    def put_json(self, bucket: str, key: str, value: Any) -> None:
        self.put(bucket, key, json.dumps(value).encode())

    def put_json_if_unchanged(self, bucket: str, key: str, value: Any, etag: str) -> str:
        path = self._path(bucket, key)
        if (_etag(path) if path.exists() else "") != etag:
            raise ChangedMeanwhileError(key)
        self.put_json(bucket, key, value)
        return _etag(path)

    def put_file(self, bucket: str, key: str, path: Path) -> None:
        self.put(bucket, key, path.read_bytes())

    def copy(self, bucket: str, pairs: Iterable[tuple[str, str]]) -> None:
        for source, target in pairs:
            path = self._path(bucket, target)
            path.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(self._path(bucket, source), path)

    def delete(self, bucket: str, keys: Iterable[str]) -> None:
        for key in keys:
            self._path(bucket, key).unlink(missing_ok=True)

    def _path(self, bucket: str, key: str) -> Path:
        return self._root / bucket / key


def _etag(path: Path) -> str:
    return hashlib.md5(path.read_bytes(), usedforsecurity=False).hexdigest()


def s3_client(endpoint: str, **options: Any) -> Any:
    """A client of an S3 API on loopback."""
    return boto3.client(
        "s3",
        endpoint_url=endpoint,
        region_name="us-east-1",
        aws_access_key_id="test",
        aws_secret_access_key="test",
        **options,
    )


def small_spark() -> SparkSession.Builder:
    """A session on two cores that listens on loopback alone, and is quick to start."""
    return (
        SparkSession.builder.master("local[2]")
        .config("spark.driver.host", "127.0.0.1")
        .config("spark.driver.bindAddress", "127.0.0.1")
        .config("spark.ui.enabled", "false")
        .config("spark.ui.showConsoleProgress", "false")
        .config("spark.driver.extraJavaOptions", "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC")
    )


class OneProcess:
    """As much of a Spark session as the job uses, run here and at once."""

    defaultParallelism = 2  # noqa: N815

    @property
    def sparkContext(self) -> OneProcess:  # noqa: N802
        return self

    def parallelize(self, items: Iterable[Any], slices: int) -> _Items:
        return _Items(items)


class _Items:
    def __init__(self, items: Iterable[Any]) -> None:
        self._items = list(items)

    def map(self, function: Callable[[Any], Any]) -> _Items:
        return _Items(map(function, self._items))

    def flatMap(self, function: Callable[[Any], Iterable[Any]]) -> _Items:  # noqa: N802
        return _Items(each for item in self._items for each in function(item))

    def groupByKey(self, parts: int) -> _Items:  # noqa: N802
        groups: dict[Any, list[Any]] = defaultdict(list)
        for key, value in self._items:
            groups[key].append(value)
        return _Items(groups.items())

    def collect(self) -> list[Any]:
        return self._items
