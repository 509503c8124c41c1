"""The queue that tells an event-mode crawler what has changed in its bucket.

Source: AWS Glue guide, "Accelerating crawls using Amazon S3 event notifications". Messages are S3
event notifications, straight from the bucket or by way of an SNS topic.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator
from typing import Any
from urllib.parse import unquote_plus

from botocore.client import BaseClient

MAX_MESSAGES = 100_000
_BATCH = 10

_log = logging.getLogger(__name__)


class EventQueue:
    """Takes messages from a queue, and deletes them once what they tell is in the catalog."""

    def __init__(self, sqs: BaseClient, arn: str) -> None:
        """Raises the ClientError of SQS, such as NonExistentQueue or AccessDenied."""
        self._sqs = sqs
        _, _, _, _, account, name = arn.split(":")
        self._url: str = sqs.get_queue_url(QueueName=name, QueueOwnerAWSAccountId=account)[
            "QueueUrl"
        ]
        self._receipts: list[str] = []

    def changed(self) -> set[tuple[str, str]]:
        """Bucket and key of each object that the messages name.

        What isn't S3's stays in the queue, for its redrive policy to move away.
        """
        found: set[tuple[str, str]] = set()
        for message in self._receive():
            objects = _objects(message["Body"])
            if objects is None:
                _log.warning("message %s isn't an event of S3", message["MessageId"])
                continue
            found |= objects
            self._receipts.append(message["ReceiptHandle"])
        return found

    def delete_received(self) -> None:
        for receipt in self._receipts:
            self._sqs.delete_message(QueueUrl=self._url, ReceiptHandle=receipt)
        self._receipts.clear()

    def _receive(self) -> Iterator[dict[str, Any]]:
        """Until there are no new ones: what isn't deleted comes again after a while."""
        known: set[str] = set()
        while len(known) < MAX_MESSAGES:
            answer = self._sqs.receive_message(QueueUrl=self._url, MaxNumberOfMessages=_BATCH)
            messages = answer.get("Messages", [])
            if not {message["MessageId"] for message in messages} - known:
                return
            known.update(message["MessageId"] for message in messages)
            yield from messages


def _objects(body: str) -> set[tuple[str, str]] | None:
    """Bucket and key of the event's objects; None if the text isn't an event of S3."""
    try:
        event = json.loads(body)
        if event.get("Type") == "Notification":
            event = json.loads(event["Message"])
        if event.get("Event") == "s3:TestEvent":
            return set()
        return {
            (record["s3"]["bucket"]["name"], unquote_plus(record["s3"]["object"]["key"]))
            for record in event["Records"]
        }
    except (ValueError, KeyError, TypeError, AttributeError):
        return None
