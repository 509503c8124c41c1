"""What a job run says of the exception that ended it."""

from __future__ import annotations

from emulator.glue.runtime import run_script

WORKER_ERROR = """
  An exception was thrown from the Python worker. Please see the stack trace below.
Traceback (most recent call last):
  File "worker.py", line 1247, in main
    process()
    ^^^^^^^^^
  File "storage.py", line 85, in open_in_s3
    s3_client().get_object()
botocore.exceptions.ClientError: An error occurred (AccessDenied) when calling GetObject

\tat org.apache.spark.api.python.BasePythonRunner.handlePythonException(PythonRunner.scala:572)
"""


def test_an_exception_is_told_with_its_type() -> None:
    assert run_script._message(ValueError("start_date is no day")) == (
        "ValueError: start_date is no day"
    )


def test_of_a_worker_s_exception_only_the_exception_itself_is_told() -> None:
    assert run_script._message(RuntimeError(WORKER_ERROR)) == (
        "botocore.exceptions.ClientError: An error occurred (AccessDenied) when calling GetObject"
    )


def test_a_task_that_was_lost_is_told_by_its_worker_s_exception() -> None:
    lost = WORKER_ERROR.strip().replace("Traceback", "Lost task 0.0: PythonException: Traceback", 1)
    assert run_script._message(RuntimeError(lost)).startswith("botocore.exceptions.ClientError: ")
