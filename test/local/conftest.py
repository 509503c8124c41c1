"""Fixtures that start the real emulator, and hold its answers to the services' models."""

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
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import boto3
import pytest
from botocore.config import Config

ROOT = Path(__file__).resolve().parents[2]
START_TIMEOUT_S = 30
STOP_TIMEOUT_S = 20


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

    def start(self, *more: str) -> None:
        """Start the process, with more arguments, and wait until it is healthy."""
        with self.log.open("ab") as log:
            where = ["--port", str(self.port), "--state-dir", str(self.state_dir)]
            self.process = subprocess.Popen(
                [sys.executable, "-m", "emulator", *where, *more],
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
        client = boto3.client(
            service,
            endpoint_url=self.endpoint,
            region_name="us-east-1",
            config=Config(
                parameter_validation=parameter_validation, retries={"total_max_attempts": 1}
            ),
            **keys,
        )
        check_answers(client.meta.events)
        return client

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


OWN_SERVICES = ("glue", "athena")
COMMON_ERRORS = {
    "AccessDeniedException": 400,
    "SerializationException": 400,
    "UnknownOperationException": 400,
    "ValidationException": 400,
}
"""Codes that any operation may answer with and no model declares, and their HTTP status."""


def check_answers(events: Any) -> None:
    """Have a client or session fail on an answer that the service's model doesn't declare.

    boto3 by itself drops unknown fields, and takes wrong types and errors of any name.
    """
    for service in OWN_SERVICES:
        events.register(f"after-call.{service}", check_answer)


def check_answer(http_response: Any, model: Any, **_: Any) -> None:
    answer = json.loads(http_response.content)
    if http_response.status_code == 200:
        check_shape(model.output_shape, answer, model.name)
    else:
        check_error(model, http_response, answer)


def check_error(model: Any, http_response: Any, answer: dict[str, Any]) -> None:
    code = answer["__type"].rpartition("#")[2]
    assert http_response.headers.get("x-amzn-errortype", code) == code
    statuses = dict(COMMON_ERRORS)
    for shape in model.error_shapes:
        default = 500 if shape.metadata.get("fault") else 400
        statuses[shape.name] = shape.metadata.get("error", {}).get("httpStatusCode", default)
    assert code in statuses, f"{model.name} doesn't declare {code}: {answer}"
    assert http_response.status_code == statuses[code], f"{model.name}: {code}"


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


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port: int = listener.getsockname()[1]
        return port


@contextmanager
def emulators(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[], Emulator]]:
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
def start_emulator(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[], Emulator]]:
    """Starts emulators with a state of their own; all are ended with the module."""
    with emulators(tmp_path_factory) as start:
        yield start


@pytest.fixture(scope="module")
def emulator(start_emulator: Callable[[], Emulator]) -> Emulator:
    """One emulator for all tests of a module."""
    return start_emulator()


@pytest.fixture(scope="session")
def start_platform(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[], Emulator]]:
    """Starts emulators that are ended with all tests."""
    with emulators(tmp_path_factory) as start:
        yield start


@pytest.fixture(scope="session", name="check_answers")
def _check_answers() -> Callable[[Any], None]:
    """For clients and sessions that a test makes by itself."""
    return check_answers


@pytest.fixture(scope="session", name="check_answer")
def _check_answer() -> Callable[..., None]:
    """For an answer to a request that no client made."""
    return check_answer
