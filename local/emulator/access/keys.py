"""Has the KMS permissions of a caller checked where a service uses the key in the caller's name.

ministack encrypts nothing, so what lacks the key works there and fails on AWS. Sources: S3 guide,
"Using server-side encryption with AWS KMS keys"; SNS and SQS guides, "Key management". A bucket's
objects are taken to have its default key, since nothing here asks for another.
"""

from __future__ import annotations

import logging
from typing import Any

SERVICE_USES = {
    "s3:GetObject": ["kms:Decrypt"],
    "s3:PutObject": ["kms:GenerateDataKey"],
    "sns:Publish": ["kms:GenerateDataKey", "kms:Decrypt"],
    "sqs:SendMessage": ["kms:GenerateDataKey", "kms:Decrypt"],
    "sqs:ReceiveMessage": ["kms:Decrypt"],
}
"""What an action takes of the key of its resource."""

log = logging.getLogger("emulator.access")


def install() -> None:
    """Add the checks to those of ministack; after the record, so that they are recorded."""
    from ministack.core import iam_evaluator
    from ministack.services import sts

    enforce = iam_evaluator.enforce

    def enforce_with_keys(
        access_key_id: str,
        iam_action: str,
        service: str,
        region: str,
        resource_arn: str = "*",
        service_context: Any = None,
    ) -> Any:
        denied = enforce(access_key_id, iam_action, service, region, resource_arn, service_context)
        uses = SERVICE_USES.get(iam_action) if access_key_id in sts._sessions else None
        if denied is not None or not uses or not (key := _key(service, resource_arn)):
            return denied
        context = {"kms:ViaService": f"{service}.{region}.amazonaws.com"}
        for use in uses:
            denied = enforce(access_key_id, use, "kms", region, key, context)
            if denied is not None:
                denied.reason = f"{use} on {key}"
                log.warning("%s is refused for lack of %s", iam_action, denied.reason)
                return denied
        return None

    iam_evaluator.enforce = enforce_with_keys


def _key(service: str, resource_arn: str) -> str | None:
    """ARN of the customer's key that encrypts the resource."""
    from ministack.services import kms, s3, sns, sqs

    if service == "s3":
        bucket = resource_arn.partition(":::")[2].partition("/")[0]
        headers = s3._bucket_default_sse_headers(bucket)
        name = headers.get("x-amz-server-side-encryption-aws-kms-key-id")
    else:
        found = (
            sns._topics.get(resource_arn) if service == "sns" else sqs._queue_by_arn(resource_arn)
        )
        name = (found or {}).get("attributes", {}).get("KmsMasterKeyId")
    key = kms._resolve_key(name)
    return str(key["Arn"]) if key else None
