"""Fixtures that start the real emulator on a free port, each module with a state of its own."""

from __future__ import annotations

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

ROOT = Path(__file__).resolve().parents[3]
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

    def client(self, service: str, **credentials: str) -> Any:
        """A boto3 client of the account's root, or with the credentials given."""
        keys = credentials or {"aws_access_key_id": "test", "aws_secret_access_key": "test"}
        return boto3.client(
            service,
            endpoint_url=self.endpoint,
            region_name="us-east-1",
            config=Config(retries={"total_max_attempts": 1}),
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
