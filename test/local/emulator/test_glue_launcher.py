"""The seam to ministack: plugged services, IAM in front of them, TLS-only buckets, saved state."""

from __future__ import annotations

import http.client
import json
import os
import pickle
import shutil
import signal
import socket
import subprocess
import sys
import urllib.request
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import ClientError
from emulator.__main__ import PORT_TAKEN


def trust(service: str) -> str:
    statement = {"Effect": "Allow", "Principal": {"Service": service}, "Action": "sts:AssumeRole"}
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})


def error_code(call: Callable[..., Any], **arguments: Any) -> str:
    with pytest.raises(ClientError) as caught:
        call(**arguments)
    return str(caught.value.response["Error"]["Code"])


def test_glue_is_ours(emulator: Any) -> None:
    code = error_code(emulator.client("glue").list_blueprints)
    assert code == "UnknownOperationException"


def test_role_without_permission_is_denied_before_the_plugged_service(emulator: Any) -> None:
    iam = emulator.client("iam")
    role = iam.create_role(RoleName="no-glue", AssumeRolePolicyDocument=trust("glue.amazonaws.com"))
    glue = emulator.role_client("glue", role["Role"]["Arn"])
    assert error_code(glue.get_databases) == "AccessDeniedException"


def test_tls_only_bucket_takes_loopback_requests(emulator: Any) -> None:
    s3 = emulator.client("s3")
    s3.create_bucket(Bucket="tls-only")
    deny = {
        "Effect": "Deny",
        "Principal": "*",
        "Action": "s3:*",
        "Resource": ["arn:aws:s3:::tls-only", "arn:aws:s3:::tls-only/*"],
        "Condition": {"Bool": {"aws:SecureTransport": "false"}},
    }
    policy = {"Version": "2012-10-17", "Statement": [deny]}
    s3.put_bucket_policy(Bucket="tls-only", Policy=json.dumps(policy))
    iam = emulator.client("iam")
    role = iam.create_role(RoleName="reader", AssumeRolePolicyDocument=trust("glue.amazonaws.com"))
    allow = {"Effect": "Allow", "Action": "s3:*", "Resource": "*"}
    iam.put_role_policy(
        RoleName="reader",
        PolicyName="s3",
        PolicyDocument=json.dumps({"Version": "2012-10-17", "Statement": [allow]}),
    )
    reader = emulator.role_client("s3", role["Role"]["Arn"])
    reader.put_object(Bucket="tls-only", Key="a", Body=b"1")
    assert reader.get_object(Bucket="tls-only", Key="a")["Body"].read() == b"1"


def test_only_loopback_is_listened_on(emulator: Any) -> None:
    listed = subprocess.run(["ss", "-ltnpH"], capture_output=True, text=True, check=True).stdout
    lines = [line for line in listed.splitlines() if f"pid={emulator.process.pid}," in line]
    assert [line.split()[3] for line in lines] == [f"127.0.0.1:{emulator.port}"]


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Host": "127.0.0.1:4566"}, 200),
        ({"Host": "localhost"}, 200),
        ({"Host": "bucket.s3.localhost:4566"}, 200),
        ({"Host": "[::1]:4566"}, 200),
        ({"Host": "evil.example:4566"}, 403),
        ({"Host": "127.0.0.1.evil.example"}, 403),
        ({"Host": "localhost.evil.example"}, 403),
        ({"Host": "10.0.0.1"}, 403),
        ({"Host": "127.0.0.1", "Origin": "http://localhost:8888"}, 200),
        ({"Host": "127.0.0.1", "Origin": "https://evil.example"}, 403),
        ({"Host": "127.0.0.1", "Origin": "null"}, 403),
    ],
)
def test_foreign_pages_are_not_answered(
    emulator: Any, headers: dict[str, str], status: int
) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", emulator.port, timeout=10)
    connection.request("GET", "/_ministack/health", headers=headers)
    assert connection.getresponse().status == status
    connection.close()


def refused_start(emulator: Any, port: int, state_dir: Path, code: int = 1) -> str:
    """The last line of an emulator that must not start."""
    command = [sys.executable, "-m", "emulator", "--port", str(port), "--state-dir", str(state_dir)]
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[3] / "local")}
    ended = subprocess.run(
        command, env=environment, capture_output=True, text=True, timeout=30, check=False
    )
    assert ended.returncode == code
    return ended.stderr.splitlines()[-1]


def test_what_cannot_start_says_why(emulator: Any, tmp_path: Path) -> None:
    said = refused_start(emulator, emulator.port, tmp_path, PORT_TAKEN)
    assert said.startswith(f"emulator: can't listen on 127.0.0.1:{emulator.port}")
    assert "in use by another emulator" in refused_start(emulator, 1, emulator.state_dir)


def test_state_of_another_version_is_not_read(emulator: Any, tmp_path: Path) -> None:
    (tmp_path / "glue").mkdir()
    (tmp_path / "glue" / "us-east-1.pickle").write_bytes(pickle.dumps("moto 1.0, runs 1"))
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    said = refused_start(emulator, port, tmp_path)
    assert "was written by moto 1.0, runs 1" in said
    assert "reset" in said


def test_broken_state_is_named_and_not_read(
    start_emulator: Callable[[], Any], tmp_path: Path
) -> None:
    emulator = start_emulator()
    emulator.client("iam").create_user(UserName="kept")
    emulator.client("glue").create_database(DatabaseInput={"Name": "kept"})
    emulator.client("athena").create_work_group(Name="kept")
    emulator.stop()
    for file in ("glue/us-east-1.pickle", "athena/us-east-1.pickle", "services/iam.json"):
        for share in (0, 0.5):
            state = tmp_path / f"{file}-{share}".replace("/", "-")
            shutil.copytree(emulator.state_dir, state)
            content = (state / file).read_bytes()
            (state / file).write_bytes(content[: int(len(content) * share)])
            said = refused_start(emulator, emulator.port, state)
            assert str(state / file) in said
            assert "reset" in said


def test_saved_state_survives_a_kill(start_emulator: Callable[[], Any]) -> None:
    emulator = start_emulator()
    emulator.client("s3").create_bucket(Bucket="kept")
    emulator.client("s3").put_object(Bucket="kept", Key="a", Body=b"1")
    save = urllib.request.Request(f"{emulator.endpoint}/_local/save", method="POST")
    with urllib.request.urlopen(save, timeout=10) as answer:
        assert answer.status == 204
    emulator.restart(signal.SIGKILL)
    body = emulator.client("s3").get_object(Bucket="kept", Key="a")["Body"]
    assert body.read() == b"1"


def test_glue_records_survive_a_kill(start_emulator: Callable[[], Any]) -> None:
    emulator = start_emulator()
    emulator.client("glue").create_database(DatabaseInput={"Name": "kept"})
    emulator.restart(signal.SIGKILL)
    assert emulator.client("glue").get_database(Name="kept")["Database"]["Name"] == "kept"
