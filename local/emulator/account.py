"""The account that the emulator plays, and clients that act in it."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from typing import Any

import boto3
from botocore.config import Config
from botocore.exceptions import HTTPClientError, IncompleteReadError

ACCOUNT_ID = "000000000000"
DEFAULT_REGION = "us-east-1"

ROOT_KEY = "test"
"""Access key and secret of the account's root user, as ministack has them."""

CONFIG = Config(
    connect_timeout=10,
    read_timeout=120,
    retries={"mode": "standard", "total_max_attempts": 5},
    s3={"addressing_style": "path"},
)
_making = threading.Lock()
"""boto3's default session makes clients for one thread at a time."""

CONNECTION_BROKEN = (HTTPClientError, IncompleteReadError)
BREAKS = 4
"""So many times the reading of an answer may break off."""

ROOT = {"AccessKeyId": ROOT_KEY, "SecretAccessKey": ROOT_KEY}


def client(service: str, endpoint: str, region: str, credentials: Mapping[str, str] = ROOT) -> Any:
    """A boto3 client of `endpoint`, with credentials as AssumeRole gives them (default: root)."""
    with _making:
        return boto3.client(
            service,
            endpoint_url=endpoint,
            region_name=region,
            aws_access_key_id=credentials["AccessKeyId"],
            aws_secret_access_key=credentials["SecretAccessKey"],
            aws_session_token=credentials.get("SessionToken"),
            config=CONFIG,
        )


def read_object(s3: Any, **request: str) -> bytes:
    """What GetObject gives, to its end. boto3 repeats a request, but not what is read from an
    answer, so a connection that breaks there is taken up here. Raises ClientError, BotoCoreError.
    """
    for _ in range(BREAKS):
        try:
            return _content(s3, request)
        except CONNECTION_BROKEN:
            continue
    return _content(s3, request)


def _content(s3: Any, request: Mapping[str, str]) -> bytes:
    content: bytes = s3.get_object(**request)["Body"].read()
    return content
