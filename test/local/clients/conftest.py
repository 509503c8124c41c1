"""A platform with small tables in S3, and the environment that `npm run local -- env` prints."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import boto3
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

ROOT = Path(__file__).resolve().parents[3]
DAYS = ("2026-11-20", "2026-11-21")
USERS_OWN = {
    "AWS_PROFILE": "production",
    "AWS_SESSION_TOKEN": "of the user",
    "AWS_SECURITY_TOKEN": "of the user",
    "AWS_ENDPOINT_URL_S3": "http://127.0.0.1:1",
    "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS": "true",
    "AWS_USE_FIPS_ENDPOINT": "true",
    "AWS_ROLE_ARN": "arn:aws:iam::123456789012:role/of-the-user",
    "HTTP_PROXY": "http://127.0.0.1:1",
    "http_proxy": "http://127.0.0.1:1",
    "WR_S3_ENDPOINT_URL": "http://127.0.0.1:1",
}
"""What a user's shell may hold, and no client of the local platform may use."""
USERS_FILE = """[default]
region = eu-west-1
output = yaml
role_arn = arn:aws:iam::123456789012:role/of-the-user
source_profile = default
s3 =
  addressing_style = virtual
"""


@dataclass
class Platform:
    """A running emulator as `npm run local -- start` leaves it, with a stack deployed.

    Bucket `lake` has `people/` (Parquet by `day`), `visits/` (JSON by `day`) and `cities/` (CSV),
    crawled into the database `shop`; results go to `s3://results/` by the work group `analysts`.
    """

    emulator: Any
    folder: Path

    def lines(self, *command: str, **variables: str) -> subprocess.CompletedProcess[str]:
        """`npm run --silent local -- <command>` on this platform."""
        return subprocess.run(
            ["node", "local/main.mjs", *command],
            cwd=ROOT,
            env={**os.environ, "GLUE_ETL_LOCAL": str(self.folder), **variables},
            capture_output=True,
            text=True,
            timeout=60,
        )

    def environment(self) -> dict[str, str]:
        """What a user's shell has once the lines were evaluated in it."""
        users_file = self.folder / "config"
        users_file.write_text(USERS_FILE)
        mine = {**os.environ, **USERS_OWN, "AWS_CONFIG_FILE": str(users_file)}
        answer = self.lines("env")
        assert answer.returncode == 0, answer.stderr
        script = 'eval "$LINES_OF_ENV"; unset LINES_OF_ENV; exec env -0'
        told = subprocess.run(
            ["sh", "-euc", script],
            env={**mine, "LINES_OF_ENV": answer.stdout},
            capture_output=True,
            text=True,
            check=True,
        )
        return dict(each.split("=", 1) for each in told.stdout.rstrip("\0").split("\0"))


def _put_tables(s3: Any) -> None:
    for number, day in enumerate(DAYS):
        table = pa.table(
            {
                "id": [number * 2 + 1, number * 2 + 2],
                "name": ['Ann, "A"', None] if number == 0 else ["Cy", "Dee"],
                "score": [0.5, None] if number == 0 else [1.5, 2.5],
                "tags": [["a", "b"], None] if number == 0 else [[], ["c"]],
            }
        )
        buffer = io.BytesIO()
        pq.write_table(table, buffer)
        s3.put_object(Bucket="lake", Key=f"people/day={day}/x.parquet", Body=buffer.getvalue())
        rows = [{"id": number * 2 + 1, "at": {"page": "/a", "ms": 12}}, {"id": 9, "at": None}]
        body = "".join(json.dumps(row) + "\n" for row in rows)
        s3.put_object(Bucket="lake", Key=f"visits/day={day}/x.json", Body=body.encode())
    s3.put_object(Bucket="lake", Key="cities/x.csv", Body=b"id,city\n1,Oslo\n2,Rome\n3,Bern\n")


def _crawl(emulator: Any) -> None:
    iam, glue = emulator.client("iam"), emulator.client("glue")
    trust = {
        "Effect": "Allow",
        "Principal": {"Service": "glue.amazonaws.com"},
        "Action": "sts:AssumeRole",
    }
    allowed = {"Effect": "Allow", "Action": ["glue:*", "s3:*"], "Resource": "*"}
    role = iam.create_role(RoleName="crawler", AssumeRolePolicyDocument=_policy(trust))["Role"]
    iam.put_role_policy(RoleName="crawler", PolicyName="p", PolicyDocument=_policy(allowed))
    glue.create_database(DatabaseInput={"Name": "shop"})
    folders = ("people", "visits", "cities")
    glue.create_crawler(
        Name="shop",
        Role=role["Arn"],
        DatabaseName="shop",
        Targets={"S3Targets": [{"Path": f"s3://lake/{folder}/"} for folder in folders]},
    )
    glue.start_crawler(Name="shop")
    while glue.get_crawler(Name="shop")["Crawler"]["State"] != "READY":
        time.sleep(0.1)
    crawl = glue.get_crawler(Name="shop")["Crawler"]["LastCrawl"]
    assert crawl["Status"] == "SUCCEEDED", crawl


def _policy(statement: dict[str, Any]) -> str:
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})


@pytest.fixture(scope="session")
def platform(start_platform: Any, tmp_path_factory: pytest.TempPathFactory) -> Platform:
    emulator = start_platform()
    s3 = emulator.client("s3")
    for bucket in ("lake", "results", "own"):
        s3.create_bucket(Bucket=bucket)
    _put_tables(s3)
    _crawl(emulator)
    emulator.client("athena").create_work_group(
        Name="analysts",
        Configuration={"ResultConfiguration": {"OutputLocation": "s3://results/analysts/"}},
    )
    folder = tmp_path_factory.mktemp("local")
    record = {
        "pid": emulator.process.pid,
        "port": emulator.port,
        "endpoint": emulator.endpoint,
        "kept": True,
    }
    (folder / "platform.json").write_text(json.dumps(record))
    outputs = {"workGroupName": "analysts", "databaseName": "shop"}
    (folder / "outputs.json").write_text(json.dumps(outputs))
    return Platform(emulator, folder)


@pytest.fixture(scope="session")
def environment(platform: Platform) -> dict[str, str]:
    return platform.environment()


@pytest.fixture
def in_environment(environment: dict[str, str], new_session: None) -> Iterator[None]:
    """This process has the environment, and no client of before."""
    before = dict(os.environ)
    os.environ.clear()
    os.environ.update(environment)
    yield
    os.environ.clear()
    os.environ.update(before)


@pytest.fixture
def new_session(check_answers: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """boto3's default session, which libraries take, anew; its answers are checked."""

    def session(*arguments: Any, **keywords: Any) -> Any:
        made = made_by_boto3(*arguments, **keywords)
        check_answers(made.events)
        return made

    made_by_boto3 = boto3.session.Session
    monkeypatch.setattr(boto3, "DEFAULT_SESSION", None)
    monkeypatch.setattr(boto3, "Session", session)


class Cli:
    """The AWS CLI in the environment."""

    def __init__(self, environment: dict[str, str]) -> None:
        self._environment = environment

    def run(self, *arguments: str, **options: Any) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [str(Path(sys.executable).parent / "aws"), *arguments],
            env=self._environment,
            capture_output=True,
            text=True,
            timeout=60,
            **options,
        )

    def text(self, *arguments: str, **options: Any) -> str:
        """What the command tells; it must succeed."""
        ended = self.run(*arguments, **options)
        assert ended.returncode == 0, ended.stderr
        return ended.stdout

    def json(self, *arguments: str, **options: Any) -> Any:
        return json.loads(self.text(*arguments, "--output", "json", **options))


@pytest.fixture(scope="session")
def cli(environment: dict[str, str]) -> Cli:
    return Cli(environment)
