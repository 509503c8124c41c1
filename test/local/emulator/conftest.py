"""Fixtures that start the real emulator on a free port, and what tests of Glue build on it."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import boto3
import pytest
from botocore.config import Config
from botocore.exceptions import ClientError

ROOT = Path(__file__).resolve().parents[3]
START_TIMEOUT_S = 30
STOP_TIMEOUT_S = 20
ENDED = ("SUCCEEDED", "FAILED", "STOPPED", "TIMEOUT")


@dataclass
class Emulator:
    """A running emulator: its address, its state, and boto3 clients for it."""

    port: int
    state_dir: Path
    process: subprocess.Popen[bytes] | None = None

    @property
    def endpoint(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def log(self) -> Path:
        return self.state_dir.with_suffix(".log")

    def start(self) -> None:
        """Start the process and wait until it is healthy."""
        with self.log.open("ab") as log:
            where = ["--port", str(self.port), "--state-dir", str(self.state_dir)]
            self.process = subprocess.Popen(
                [sys.executable, "-m", "emulator", *where],
                env={**os.environ, "PYTHONPATH": str(ROOT / "local")},
                stdout=log,
                stderr=subprocess.STDOUT,
            )
        deadline = time.monotonic() + START_TIMEOUT_S
        while not self._healthy():
            if self.process.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError(f"the emulator didn't start:\n{self.log.read_text()[-4000:]}")
            time.sleep(0.1)

    def stop(self, signal_number: int = signal.SIGTERM) -> None:
        """Send the signal and wait for the end."""
        if self.process is not None:
            self.process.send_signal(signal_number)
            self.process.wait(STOP_TIMEOUT_S)
            self.process = None

    def restart(self, signal_number: int) -> None:
        self.stop(signal_number)
        self.start()

    def client(self, service: str, parameter_validation: bool = True, **credentials: str) -> Any:
        """A boto3 client of the account's root, or with the credentials given."""
        keys = credentials or {"aws_access_key_id": "test", "aws_secret_access_key": "test"}
        return boto3.client(
            service,
            endpoint_url=self.endpoint,
            region_name="us-east-1",
            config=Config(
                parameter_validation=parameter_validation, retries={"total_max_attempts": 1}
            ),
            **keys,
        )

    def role_client(self, service: str, role_arn: str) -> Any:
        """A boto3 client with temporary credentials of the role."""
        granted = self.client("sts").assume_role(RoleArn=role_arn, RoleSessionName="test")
        keys = granted["Credentials"]
        return self.client(
            service,
            aws_access_key_id=keys["AccessKeyId"],
            aws_secret_access_key=keys["SecretAccessKey"],
            aws_session_token=keys["SessionToken"],
        )

    def _healthy(self) -> bool:
        try:
            with urllib.request.urlopen(f"{self.endpoint}/_ministack/health", timeout=2) as answer:
                return bool(answer.status == 200)
        except OSError:
            return False


class GlueWorld:
    """Buckets `code` and `data` on an emulator, and clients of the account's root."""

    def __init__(self, emulator: Emulator) -> None:
        self.emulator = emulator
        self.glue = emulator.client("glue")
        self.glue.meta.events.register("after-call.glue", refuse_undeclared)
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


def refuse_undeclared(http_response: Any, model: Any, **_: Any) -> None:
    """Fail on an answer that the service's model doesn't declare; boto3 only drops such fields."""
    if http_response.status_code == 200:
        check_shape(model.output_shape, json.loads(http_response.content), model.name)


SCALARS: dict[str, type | tuple[type, ...]] = {
    "string": str,
    "boolean": bool,
    "integer": int,
    "long": int,
    "double": (int, float),
    "timestamp": (int, float),
}


def check_shape(shape: Any, value: Any, path: str) -> None:
    if shape.type_name == "structure":
        undeclared = set(value) - set(shape.members)
        assert not undeclared, f"{path} has {undeclared}, which the service's model hasn't"
        missing = set(shape.required_members) - set(value)
        assert not missing, f"{path} lacks {missing}"
        for name, member in value.items():
            check_shape(shape.members[name], member, f"{path}.{name}")
    elif shape.type_name == "list":
        for number, member in enumerate(value):
            check_shape(shape.member, member, f"{path}[{number}]")
    elif shape.type_name == "map":
        for name, member in value.items():
            check_shape(shape.value, member, f"{path}[{name}]")
    elif shape.type_name in SCALARS:
        wanted = SCALARS[shape.type_name]
        assert isinstance(value, wanted), f"{path} is {value!r}, not {shape.type_name}"
        enum = getattr(shape, "enum", None)
        assert not enum or value in enum, f"{path} is {value!r}, not in {enum}"


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


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port: int = listener.getsockname()[1]
        return port


@pytest.fixture(scope="module")
def start_emulator(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[], Emulator]]:
    """Starts emulators with a state of their own; all are ended with the module."""
    started: list[Emulator] = []

    def start() -> Emulator:
        emulator = Emulator(free_port(), tmp_path_factory.mktemp("emulator") / "state")
        started.append(emulator)
        emulator.start()
        return emulator

    yield start
    for emulator in started:
        emulator.stop(signal.SIGKILL)


@pytest.fixture(scope="module")
def emulator(start_emulator: Callable[[], Emulator]) -> Emulator:
    """One emulator for all tests of a module."""
    return start_emulator()


@pytest.fixture(scope="module")
def new_world() -> type[GlueWorld]:
    """Makes the buckets and clients that tests of Glue work with, on an emulator."""
    return GlueWorld
