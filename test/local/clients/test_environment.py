"""`npm run local -- env`: what it prints, and that nothing of the user's is left beside it."""

from __future__ import annotations

from pathlib import Path
from typing import Any


def test_only_the_platform_is_left(platform: Any, environment: dict[str, str]) -> None:
    left = {name: environment[name] for name in environment if name.startswith(("AWS_", "WR_"))}
    assert left == {
        "AWS_ACCESS_KEY_ID": "test",
        "AWS_ATHENA_S3_STAGING_DIR": "s3://results/analysts/",
        "AWS_ATHENA_WORK_GROUP": "analysts",
        "AWS_CONFIG_FILE": "/dev/null",
        "AWS_DEFAULT_REGION": "us-east-1",
        "AWS_EC2_METADATA_DISABLED": "true",
        "AWS_ENDPOINT_URL": platform.emulator.endpoint,
        "AWS_REGION": "us-east-1",
        "AWS_SECRET_ACCESS_KEY": "test",
        "AWS_SHARED_CREDENTIALS_FILE": "/dev/null",
        "WR_DATABASE": "shop",
        "WR_WORKGROUP": "analysts",
    }
    assert environment["NO_PROXY"].startswith("127.0.0.1,localhost")
    assert environment["no_proxy"].startswith("127.0.0.1,localhost")


def test_start_prints_the_same(platform: Any) -> None:
    assert platform.lines("start").stdout == platform.lines("env").stdout


def test_without_a_platform_it_names_the_fix(platform: Any, tmp_path: Path) -> None:
    answer = platform.lines("env", GLUE_ETL_LOCAL=str(tmp_path))
    assert (answer.returncode, answer.stdout) == (1, "")
    assert "isn't running. Start it: npm run local -- start" in answer.stderr


def test_before_a_deployment_it_names_no_work_group(platform: Any, tmp_path: Path) -> None:
    (tmp_path / "platform.json").write_text((platform.folder / "platform.json").read_text())
    answer = platform.lines("env", GLUE_ETL_LOCAL=str(tmp_path))
    assert answer.returncode == 0
    assert "AWS_ENDPOINT_URL" in answer.stdout
    assert "WORK_GROUP" not in answer.stdout
