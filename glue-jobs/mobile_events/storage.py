"""The few things the job does with S3, many at a time."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import lru_cache
from pathlib import Path
from typing import Any, Protocol

import boto3
from botocore.config import Config
from botocore.exceptions import ClientError

from mobile_events.object_body import ObjectBody

THREADS = 16
DELETE_AT_ONCE = 1000


class Stream(Protocol):
    """The body of an object."""

    def read(self, amount: int, /) -> bytes:
        """At most `amount` bytes; none at the end."""
        ...


class ChangedMeanwhileError(RuntimeError):
    """An object isn't as a conditional write expected it."""


class Store:
    """Objects of S3 by bucket and key."""

    def __init__(self, s3: Any) -> None:
        self._s3 = s3

    def entries(self, bucket: str, prefix: str, after: str = "") -> Iterator[dict[str, Any]]:
        """ListObjectsV2's entries below a prefix, in order of key, from the first behind `after`:
        Key, ETag, Size."""
        for page in self._s3.get_paginator("list_objects_v2").paginate(
            Bucket=bucket, Prefix=prefix, StartAfter=after
        ):
            yield from page.get("Contents", [])

    def folders(self, bucket: str, prefix: str) -> list[str]:
        """The prefixes one level below a prefix, each with its final slash."""
        pages = self._s3.get_paginator("list_objects_v2").paginate(
            Bucket=bucket, Prefix=prefix, Delimiter="/"
        )
        return [found["Prefix"] for page in pages for found in page.get("CommonPrefixes", [])]

    def open(self, bucket: str, key: str) -> Stream:
        """An object's body."""
        return ObjectBody(self._s3, bucket, key)

    def get(self, bucket: str, key: str) -> bytes:
        """An object's content."""
        return ObjectBody(self._s3, bucket, key).read()

    def get_json(self, bucket: str, key: str) -> Any:
        """An object's JSON, or None where there is no such object."""
        return self.get_tagged_json(bucket, key)[0]

    def get_all_json(self, bucket: str, keys: Iterable[str]) -> list[Any]:
        """The JSON of each key, or None, in their order."""
        with ThreadPoolExecutor(THREADS) as pool:
            return list(pool.map(lambda key: self.get_json(bucket, key), keys))

    def get_tagged_json(self, bucket: str, key: str) -> tuple[Any, str]:
        """An object's JSON and its ETag; None and nothing where there is no such object."""
        try:
            body = ObjectBody(self._s3, bucket, key)
        except self._s3.exceptions.NoSuchKey:
            return None, ""
        return json.loads(body.read()), body.etag

    def put_json(self, bucket: str, key: str, value: Any) -> None:
        """Write an object of JSON."""
        self._put_json(bucket, key, value, {})

    def put_json_if_unchanged(self, bucket: str, key: str, value: Any, etag: str) -> str:
        """Write an object of JSON if it still has this ETag, or with none still isn't there.

        Gives the new ETag. Raises ChangedMeanwhileError, but not where the object holds this value:
        the client repeats a request whose answer was lost, and then meets what it wrote itself.
        """
        condition = {"IfMatch": etag} if etag else {"IfNoneMatch": "*"}
        try:
            return self._put_json(bucket, key, value, condition)
        except ClientError as error:
            if error.response["Error"]["Code"] in (
                "PreconditionFailed",
                "ConditionalRequestConflict",
                "NoSuchKey",
            ):
                there, etag = self.get_tagged_json(bucket, key)
                if there == value:
                    return etag
                raise ChangedMeanwhileError(f"s3://{bucket}/{key}") from error
            raise

    def _put_json(self, bucket: str, key: str, value: Any, condition: dict[str, str]) -> str:
        body = json.dumps(value, separators=(",", ":")).encode()
        answer = self._s3.put_object(
            Bucket=bucket, Key=key, Body=body, ContentType="application/json", **condition
        )
        etag: str = answer["ETag"]
        return etag

    def put_file(self, bucket: str, key: str, path: Path) -> None:
        """Write an object from a local file, in parts if it is large."""
        self._s3.upload_file(str(path), bucket, key)

    def copy(self, bucket: str, pairs: Iterable[tuple[str, str]]) -> None:
        """Copy objects of at most 5 GB within a bucket, from a pair's first key to its second."""

        def copy_one(pair: tuple[str, str]) -> None:
            source = {"Bucket": bucket, "Key": pair[0]}
            self._s3.copy_object(Bucket=bucket, Key=pair[1], CopySource=source)

        with ThreadPoolExecutor(THREADS) as pool:
            for _ in pool.map(copy_one, pairs):
                pass

    def delete(self, bucket: str, keys: Iterable[str]) -> None:
        """Delete objects; one that isn't there is no error. Raises OSError for any that stays."""
        wanted = sorted(set(keys))
        for start in range(0, len(wanted), DELETE_AT_ONCE):
            objects = [{"Key": key} for key in wanted[start : start + DELETE_AT_ONCE]]
            answer = self._s3.delete_objects(
                Bucket=bucket, Delete={"Objects": objects, "Quiet": True}
            )
            if errors := answer.get("Errors"):
                raise OSError(f"s3://{bucket}/{errors[0]['Key']} not deleted: {errors[0]['Code']}")


@lru_cache(maxsize=1)
def store() -> Store:
    """This process's store, by the environment's credentials, region and endpoint."""
    retries = {"mode": "standard", "max_attempts": 5}
    config = Config(max_pool_connections=THREADS, retries=retries)
    return Store(boto3.client("s3", config=config))
