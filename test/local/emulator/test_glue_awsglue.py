"""The stand-in for `awsglue` resolves arguments as the real one does."""

from __future__ import annotations

import importlib
from pathlib import Path
from typing import Any

import pytest

RUNTIME = Path(__file__).parents[3] / "local" / "emulator" / "glue" / "runtime"
ARGV = [
    "script.py",
    "--JOB_NAME",
    "j",
    "--JOB_RUN_ID",
    "jr_1",
    "--day",
    "2026-01-02",
    "--more",
    "x",
]


@pytest.fixture
def utils(monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.syspath_prepend(str(RUNTIME))
    return importlib.import_module("awsglue.utils")


def test_options_asked_for_and_reserved_ones_are_resolved(utils: Any) -> None:
    resolved = utils.getResolvedOptions(ARGV, ["JOB_NAME", "day"])
    assert resolved["JOB_NAME"] == "j"
    assert resolved["day"] == "2026-01-02"
    assert resolved["JOB_RUN_ID"] == "jr_1"
    assert resolved["job_bookmark_option"] == "job-bookmark-disable"
    assert resolved["TempDir"] is None
    assert "more" not in resolved


def test_job_name_is_there_only_when_asked_for(utils: Any) -> None:
    assert "JOB_NAME" not in utils.getResolvedOptions(ARGV, ["day"])


def test_value_may_be_given_with_an_equals_sign(utils: Any) -> None:
    assert utils.getResolvedOptions(["x", "--day=a b"], ["day"])["day"] == "a b"


def test_temporary_folder_is_known_by_both_names(utils: Any) -> None:
    resolved = utils.getResolvedOptions(["x", "--TempDir", "s3://t/"], ["TempDir"])
    assert resolved["RedshiftTempDir"] == resolved["TempDir"] == "s3://t/"


def test_missing_option_is_an_error(utils: Any) -> None:
    with pytest.raises(utils.GlueArgumentError, match="--night"):
        utils.getResolvedOptions(ARGV, ["day", "night"])


@pytest.mark.parametrize("reserved", ["JOB_RUN_ID", "JOB_ID", "job-bookmark-option"])
def test_reserved_option_cannot_be_asked_for(utils: Any, reserved: str) -> None:
    with pytest.raises(RuntimeError, match=f"Using reserved arguments {reserved}"):
        utils.getResolvedOptions(ARGV, [reserved])
