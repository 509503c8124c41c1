"""What tests of Glue build on the emulator."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from typing import Any

import pytest
from botocore.exceptions import ClientError

ENDED = ("SUCCEEDED", "FAILED", "STOPPED", "TIMEOUT")


class GlueWorld:
    """Buckets `code` and `data` on an emulator, and clients of the account's root."""

    def __init__(self, emulator: Any) -> None:
        self.emulator = emulator
        self.glue = emulator.client("glue")
        self.s3 = emulator.client("s3")
        for bucket in ("code", "data"):
            self.s3.create_bucket(Bucket=bucket)

    def role(self, name: str, allowed: dict[str, str], service: str = "glue.amazonaws.com") -> str:
        """A role that the service may assume, with `{action: resource}`; its ARN."""
        iam = self.emulator.client("iam")
        trust = {
            "Effect": "Allow",
            "Principal": {"Service": service},
            "Action": "sts:AssumeRole",
        }
        role = iam.create_role(RoleName=name, AssumeRolePolicyDocument=policy([trust]))["Role"]
        for number, (action, resource) in enumerate(allowed.items()):
            statement = {"Effect": "Allow", "Action": action, "Resource": resource}
            iam.put_role_policy(
                RoleName=name, PolicyName=f"p{number}", PolicyDocument=policy([statement])
            )
        return str(role["Arn"])

    def job(self, name: str, script: str, **definition: Any) -> None:
        """A job whose script is `script`, run by the role `runner` unless another is given."""
        self.s3.put_object(Bucket="code", Key=f"{name}.py", Body=script.encode())
        self.glue.create_job(
            **{
                "Name": name,
                "Role": "runner",
                "GlueVersion": "5.1",
                "Command": {"Name": "glueetl", "ScriptLocation": f"s3://code/{name}.py"},
                **definition,
            }
        )

    def run_job(self, name: str, timeout: float = 30, **arguments: Any) -> dict[str, Any]:
        """Start the job and wait for its end."""
        run_id = self.glue.start_job_run(JobName=name, **arguments)["JobRunId"]
        return self.wait_for_run(name, run_id, *ENDED, timeout=timeout)

    def wait_for_run(
        self, name: str, run_id: str, *states: str, timeout: float = 30
    ) -> dict[str, Any]:
        """The run, once it is in one of the states (default: ended)."""

        def found() -> dict[str, Any]:
            run: dict[str, Any] = self.glue.get_job_run(JobName=name, RunId=run_id)["JobRun"]
            return run

        return wait(found, lambda run: run["JobRunState"] in (states or ENDED), timeout)

    def wait_for_workflow(self, name: str, run_id: str, timeout: float = 30) -> dict[str, Any]:
        """The workflow's run with its graph, once it has ended."""

        def found() -> dict[str, Any]:
            answer = self.glue.get_workflow_run(Name=name, RunId=run_id, IncludeGraph=True)
            run: dict[str, Any] = answer["Run"]
            return run

        return wait(found, lambda run: run["Status"] not in ("RUNNING", "STOPPING"), timeout)

    def refusal(self, call: Callable[..., Any], **arguments: Any) -> str:
        """The error code that the call is refused with."""
        with pytest.raises(ClientError) as caught:
            call(**arguments)
        return str(caught.value.response["Error"]["Code"])

    @staticmethod
    def wait(
        found: Callable[[], dict[str, Any]], enough: Callable[[dict[str, Any]], bool]
    ) -> dict[str, Any]:
        """The first answer that is enough."""
        return wait(found, enough, 30)

    def log(self, run: dict[str, Any]) -> str:
        text: str = (self.emulator.state_dir / "job-runs" / f"{run['Id']}.log").read_text()
        return text


def policy(statements: list[dict[str, Any]]) -> str:
    return json.dumps({"Version": "2012-10-17", "Statement": statements})


def wait(
    found: Callable[[], dict[str, Any]],
    enough: Callable[[dict[str, Any]], bool],
    timeout: float,
) -> dict[str, Any]:
    """Ask until the answer is enough."""
    deadline = time.monotonic() + timeout
    while not enough(answer := found()):
        if time.monotonic() > deadline:
            raise TimeoutError(f"still {answer}")
        time.sleep(0.1)
    return answer


@pytest.fixture(scope="module")
def new_world() -> type[GlueWorld]:
    """Makes the buckets and clients that tests of Glue work with, on an emulator."""
    return GlueWorld
