"""boto3: clients, paginators, waiters, presigned URLs, multipart uploads, streaming."""

from __future__ import annotations

import io
import urllib.request
from typing import Any

import boto3
import pytest
from boto3.s3.transfer import TransferConfig

pytestmark = pytest.mark.usefixtures("in_environment")
MEGABYTE = 1 << 20


def test_paginators() -> None:
    glue = boto3.client("glue")
    pages = glue.get_paginator("get_tables").paginate(
        DatabaseName="shop", PaginationConfig={"PageSize": 1}
    )
    names = [[table["Name"] for table in page["TableList"]] for page in pages]
    assert sorted(name for page in names for name in page) == ["cities", "people", "visits"]
    assert all(len(page) <= 1 for page in names)
    partitions = glue.get_paginator("get_partitions").paginate(
        DatabaseName="shop", TableName="people", Expression="day > '2026-11-20'"
    )
    assert partitions.build_full_result()["Partitions"][0]["Values"] == ["2026-11-21"]
    keys = (
        boto3.client("s3")
        .get_paginator("list_objects_v2")
        .paginate(Bucket="lake", PaginationConfig={"PageSize": 2})
    )
    assert len(list(keys.search("Contents[].Key"))) == 5


def test_waiters() -> None:
    s3 = boto3.client("s3")
    s3.put_object(Bucket="own", Key="waited", Body=b"x")
    s3.get_waiter("object_exists").wait(
        Bucket="own", Key="waited", WaiterConfig={"Delay": 0, "MaxAttempts": 1}
    )
    s3.delete_object(Bucket="own", Key="waited")
    s3.get_waiter("object_not_exists").wait(
        Bucket="own", Key="waited", WaiterConfig={"Delay": 0, "MaxAttempts": 1}
    )


def test_presigned_urls() -> None:
    s3 = boto3.client("s3")
    put = s3.generate_presigned_url("put_object", {"Bucket": "own", "Key": "by url"})
    urllib.request.urlopen(urllib.request.Request(put, b"a body", method="PUT")).close()
    get = s3.generate_presigned_url("get_object", {"Bucket": "own", "Key": "by url"})
    with urllib.request.urlopen(get) as answer:
        assert answer.read() == b"a body"


def test_multipart_uploads_and_ranges() -> None:
    s3 = boto3.client("s3")
    body = bytes(range(256)) * (11 * MEGABYTE // 256)
    config = TransferConfig(multipart_threshold=5 * MEGABYTE, multipart_chunksize=5 * MEGABYTE)
    s3.upload_fileobj(io.BytesIO(body), "own", "large", Config=config)
    assert s3.head_object(Bucket="own", Key="large")["ETag"].endswith('-3"')
    target = io.BytesIO()
    s3.download_fileobj("own", "large", target, Config=config)
    assert target.getvalue() == body
    part = s3.get_object(Bucket="own", Key="large", Range="bytes=-300")["Body"]
    assert b"".join(part.iter_chunks(100)) == body[-300:]


def test_lines_are_streamed() -> None:
    answer = boto3.client("s3").get_object(Bucket="lake", Key="cities/x.csv")
    assert list(answer["Body"].iter_lines()) == [b"id,city", b"1,Oslo", b"2,Rome", b"3,Bern"]


def test_resources() -> None:
    bucket: Any = boto3.resource("s3").Bucket("lake")
    assert {item.key.split("/")[0] for item in bucket.objects.all()} == {
        "cities",
        "people",
        "visits",
    }


def test_other_services_answer_at_the_endpoint() -> None:
    assert boto3.client("sts").get_caller_identity()["Account"] == "000000000000"
    queue = boto3.client("sqs").create_queue(QueueName="of-boto3")["QueueUrl"]
    boto3.client("sqs").send_message(QueueUrl=queue, MessageBody="hello")
    received = boto3.client("sqs").receive_message(QueueUrl=queue)["Messages"]
    assert [message["Body"] for message in received] == ["hello"]
