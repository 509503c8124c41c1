"""The objects that a query leaves in S3, and reading them back page by page."""

from __future__ import annotations

import io
import threading
from collections import OrderedDict
from collections.abc import Iterable, Sequence
from tempfile import TemporaryFile
from typing import Any

import pyarrow as pa
import pyarrow.csv as pa_csv
from botocore.exceptions import ClientError

from emulator.account import read_object
from emulator.athena.errors import ApiError
from emulator.athena.executions import Execution
from emulator.athena.objects import bucket_and_prefix
from emulator.athena.results import ResultColumn, csv_line, metadata_file, result_column

MANIFEST = "-manifest.csv"
KEPT_RESULTS = 4
"""Results held in memory for the pages that are asked for next."""

Row = list[str | None]


class ResultObjects:
    """Writes and reads result objects through a boto3 S3 client."""

    def __init__(self, s3: Any) -> None:
        self._s3 = s3
        self._read: OrderedDict[str, list[Row]] = OrderedDict()
        self._lock = threading.Lock()

    def write_csv(
        self, execution: Execution, columns: Sequence[ResultColumn], rows: Iterable[Row]
    ) -> int:
        """Write header and rows, and the metadata beside them; the number of rows."""
        count = 0
        with TemporaryFile() as file:
            file.write(_line(column.name for column in columns))
            for row in rows:
                file.write(_line(row))
                count += 1
            file.seek(0)
            self._put(execution, "", file)
        self._put_metadata(execution, columns)
        return count

    def write_text(
        self, execution: Execution, columns: Sequence[ResultColumn], lines: Sequence[str]
    ) -> None:
        """Write the lines of a SHOW or DESCRIBE, without a header."""
        self._put(execution, "", io.BytesIO("\n".join(lines).encode()))
        self._put_metadata(execution, columns)

    def write_manifest(self, execution: Execution, urls: Sequence[str]) -> str:
        """Write the list of the files that a statement made, and metadata; the list's URL."""
        execution.columns = [result_column("rows", "BIGINT")]
        self._put(execution, MANIFEST, io.BytesIO("".join(f"{url}\n" for url in urls).encode()))
        self._put_metadata(execution, execution.columns)
        return execution.output + MANIFEST

    def rows(self, execution: Execution) -> list[Row]:
        """All rows as GetQueryResults gives them, with the header of a SELECT."""
        with self._lock:
            if execution.id in self._read:
                self._read.move_to_end(execution.id)
                return self._read[execution.id]
        rows = self._fetch(execution)
        with self._lock:
            self._read[execution.id] = rows
            while len(self._read) > KEPT_RESULTS:
                self._read.popitem(last=False)
        return rows

    def _fetch(self, execution: Execution) -> list[Row]:
        if execution.manifest is not None:
            return []
        bucket, key = bucket_and_prefix(execution.output)
        try:
            content = read_object(self._s3, Bucket=bucket, Key=key)
        except ClientError as error:
            raise ApiError("Could not find results", "RESULT_NOT_FOUND") from error
        if execution.output.endswith(".txt"):
            return [[line] for line in content.decode().split("\n")] if content else []
        return _parsed(content, len(execution.columns))

    def _put_metadata(self, execution: Execution, columns: Sequence[ResultColumn]) -> None:
        self._put(execution, ".metadata", io.BytesIO(metadata_file(execution.id, columns)))

    def _put(self, execution: Execution, suffix: str, content: Any) -> None:
        bucket, key = bucket_and_prefix(execution.output)
        self._s3.upload_fileobj(
            content, bucket, key + suffix, ExtraArgs=upload_arguments(execution)
        )


def upload_arguments(execution: Execution) -> dict[str, str]:
    """How the execution's objects are put into S3: encrypted as its settings say."""
    extra: dict[str, str] = {"ContentType": "application/octet-stream"}
    encryption = execution.settings.get("EncryptionConfiguration") or {}
    option = encryption.get("EncryptionOption")
    if option == "SSE_S3":
        extra["ServerSideEncryption"] = "AES256"
    elif option == "SSE_KMS":
        extra["ServerSideEncryption"] = "aws:kms"
        extra["SSEKMSKeyId"] = encryption["KmsKey"]
    return extra


def _line(values: Iterable[str | None]) -> bytes:
    return (csv_line(values) + "\n").encode()


def _parsed(content: bytes, width: int) -> list[Row]:
    """Rows of a result's CSV, whose nulls are empty and whose texts are quoted."""
    names = [str(place) for place in range(width)]
    # One block: a row must lie in two neighbouring ones at most, however long its texts are.
    reading = pa_csv.ReadOptions(column_names=names, use_threads=False, block_size=len(content) + 1)
    table = pa_csv.read_csv(
        io.BytesIO(content),
        read_options=reading,
        parse_options=pa_csv.ParseOptions(newlines_in_values=True, ignore_empty_lines=False),
        convert_options=pa_csv.ConvertOptions(
            column_types={name: pa.string() for name in names},
            null_values=[""],
            strings_can_be_null=True,
            quoted_strings_can_be_null=False,
        ),
    )
    columns = [column.to_pylist() for column in table.columns]
    return [list(row) for row in zip(*columns, strict=True)]
