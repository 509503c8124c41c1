"""The body of an object, read on where a connection broke off."""

from __future__ import annotations

import io
from typing import Any

from botocore.exceptions import BotoCoreError

BREAKS = 5
"""So many of one body are borne. boto3 repeats requests, but not what is read from an answer."""


class ObjectBody(io.RawIOBase):
    """An object as it was at the first request: `etag` tells which that is.

    Raises the client's NoSuchKey at once; while reading, what broke the connection once too often,
    or ClientError PreconditionFailed where the object has been replaced.
    """

    def __init__(self, s3: Any, bucket: str, key: str) -> None:
        super().__init__()
        self._s3 = s3
        self._where = {"Bucket": bucket, "Key": key}
        self._position = 0
        self._breaks = 0
        answer = s3.get_object(**self._where)
        self.etag: str = answer["ETag"]
        self._body = answer["Body"]

    def readable(self) -> bool:
        return True

    def read(self, amount: int | None = -1, /) -> bytes:
        """At most `amount` bytes, or all that is left; none at the end."""
        wanted = None if amount is None or amount < 0 else amount
        while True:
            try:
                part: bytes = self._body.read(wanted)
            except BotoCoreError:
                self._breaks += 1
                if self._breaks > BREAKS:
                    raise
                self._ask_for_the_rest()
            else:
                self._position += len(part)
                return part

    def _ask_for_the_rest(self) -> None:
        rest = {"Range": f"bytes={self._position}-", "IfMatch": self.etag}
        self._body = self._s3.get_object(**self._where, **rest)["Body"]
