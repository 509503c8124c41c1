"""The few things the job does with S3 outside Spark, many at a time."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import lru_cache
from typing import Any

import boto3
from botocore.config import Config

from mobile_events.lines import RawObject, Stream

THREADS = 16
DELETE_AT_ONCE = 1000


class Store:
    """Objects of S3 by bucket and key."""

    def __init__(self, s3: Any) -> None:
        self._s3 = s3

    def entries(self, bucket: str, prefix: str) -> Iterator[dict[str, Any]]:
        """ListObjectsV2's entries below a prefix: Key, ETag, Size."""
        for page in self._s3.get_paginator("list_objects_v2").paginate(
            Bucket=bucket, Prefix=prefix
        ):
            yield from page.get("Contents", [])

    def folders(self, bucket: str, prefix: str) -> list[str]:
        """The prefixes one level below a prefix, each with its final slash."""
        pages = self._s3.get_paginator("list_objects_v2").paginate(
            Bucket=bucket, Prefix=prefix, Delimiter="/"
        )
        return [found["Prefix"] for page in pages for found in page.get("CommonPrefixes", [])]

    def get_json(self, bucket: str, key: str) -> Any:
        """An object's JSON, or None where there is no such object."""
        try:
            answer = self._s3.get_object(Bucket=bucket, Key=key)
        except self._s3.exceptions.NoSuchKey:
            return None
        return json.load(answer["Body"])

    def put_json(self, bucket: str, key: str, value: Any) -> None:
        """Write an object of JSON."""
        body = json.dumps(value, separators=(",", ":")).encode()
        self._s3.put_object(Bucket=bucket, Key=key, Body=body, ContentType="application/json")

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
def s3_client() -> Any:
    """This process's S3 client, from the environment's credentials, region and endpoint."""
    retries = {"mode": "standard", "max_attempts": 5}
    return boto3.client("s3", config=Config(max_pool_connections=THREADS, retries=retries))


def open_in_s3(raw: RawObject) -> Stream:
    """A raw object's body."""
    stream: Stream = s3_client().get_object(Bucket=raw.bucket, Key=raw.key)["Body"]
    return stream
