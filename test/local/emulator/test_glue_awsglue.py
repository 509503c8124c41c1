"""The stand-in for `awsglue` resolves arguments as AWS's own library does, which is the oracle.

PyPI has AWSGlueDataplanePython 5.1.0 for Python 3.11 alone, and 6.0.0 for Python 3.13 alone.
"""

from __future__ import annotations

import argparse
import functools
import importlib
import importlib.metadata
import sys
from collections.abc import Sequence
from itertools import chain
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

RUNTIME = Path(__file__).parents[3] / "local" / "emulator" / "glue" / "runtime"
ARGV = [
    *("script.py", "--JOB_NAME", "j", "--JOB_RUN_ID", "jr_1"),
    *("--day", "2026-01-02", "--more", "x"),
]
GLUES = ["5.1", "6.0"]
NAMES = ["JOB_NAME", "day", "day_end", "days", "job-day", "TempDir", "RedshiftTempDir"]
RESERVED = [
    *("JOB_ID", "JOB_RUN_ID", "SECURITY_CONFIGURATION", "encryption-type", "enable-data-lineage"),
    *("job-bookmark-option", "continuation-option", "job-bookmark-from", "job-bookmark-to"),
]
VALUES = [
    *("", "x", "a b", "-1", "-x", "-1.5e3", "--", "--x", "--day", "=", "a=b", "'q'", '"q"', "é☃"),
    *('{"a": "--b", "c": [1]}', "s3://b/k/", "--JOB_NAME", "sse-s3", "job-bookmark-pause"),
    *("job-bookmark-enable", "continuation-readonly", "continuation-ignore", "@file", "%(prog)s"),
]


@functools.cache
def library(folder: Path) -> Any:
    """`awsglue.utils` of a folder; the process keeps none of it."""

    def ours() -> list[str]:
        return [name for name in sys.modules if name.partition(".")[0] == "awsglue"]

    before = {name: sys.modules.pop(name) for name in ours()}
    sys.path.insert(0, str(folder))
    try:
        return importlib.import_module("awsglue.utils")
    finally:
        sys.path.remove(str(folder))
        for name in ours():
            del sys.modules[name]
        sys.modules.update(before)


def oracle() -> tuple[str, Any]:
    """Version and `awsglue.utils` of AWS's library, where it's installed."""
    try:
        found = importlib.metadata.distribution("AWSGlueDataplanePython")
    except importlib.metadata.PackageNotFoundError:
        pytest.skip("AWS has its library for Python 3.11 and 3.13 alone")
    return found.version.rpartition(".")[0], library(Path(str(found.locate_file(""))))


@pytest.fixture
def utils() -> Any:
    return library(RUNTIME)


def outcome(utils: Any, argv: Sequence[str], options: Sequence[str], **more: bool) -> Any:
    """The answer, or the error's class and text."""
    try:
        return utils.getResolvedOptions(list(argv), list(options), **more)
    except (RuntimeError, TypeError, argparse.ArgumentError) as error:
        return type(error).__name__, str(error)
    except utils.GlueArgumentError as error:
        return "GlueArgumentError", str(error)


def asks_no_help(words: list[str]) -> bool:
    """Whether argparse would end neither process."""
    return not any(word.startswith(("-h", "--h")) for word in words)


options = st.lists(st.sampled_from([*NAMES, *NAMES, *RESERVED]), max_size=4)
words = st.sampled_from([f"--{name}" for name in (*NAMES, *RESERVED, "other")]).flatmap(
    lambda name: st.integers(3, len(name)).map(lambda end: name[:end])
) | st.sampled_from([f"--{name}" for name in (*NAMES, *RESERVED, "other")])
values = st.sampled_from(VALUES) | st.text(max_size=4)
argument = (
    st.tuples(words, values).map(list)
    | st.tuples(words, values).map(lambda pair: ["=".join(pair)])
    | values.map(lambda value: [value])
)
arguments = st.lists(argument, max_size=6).map(lambda parts: [*chain.from_iterable(parts)])


@settings(max_examples=200, deadline=None)
@given(arguments.filter(asks_no_help), options)
@example(["--day", "1", "--day", "2"], ["day"])
@example(["--day", "-1"], ["day"])
@example(["--day", "-x"], ["day"])
@example(["--day=--x y"], ["day"])
@example(["--JOB_RUN", "jr", "--da", "1"], ["day"])
@example(["--da", "1"], ["day", "days"])
@example([], ["day", "day"])
@example(["--job-bookmark-option", "job-bookmark-pause", "--job-bookmark-from", "a"], [])
@example(["--job-bookmark-from", "a", "--job-bookmark-to", "b"], [])
@example(["--continuation-option", "continuation-readonly"], [])
@example(["--TempDir", "", "--RedshiftTempDir", "x"], ["TempDir"])
def test_answers_as_aws_own_library_does(words: list[str], asked: list[str]) -> None:
    version, real = oracle()
    ours = library(RUNTIME)
    argv = ["script.py", *words]
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("GLUE_VERSION", version)
        assert outcome(ours, argv, asked) == outcome(real, argv, asked)
        for allowed in (True, False):
            found = outcome(ours, argv, asked, allow_abbrev=allowed)
            assert found == outcome(real, argv, asked, allow_abbrev=allowed)


@pytest.mark.parametrize("reserved", RESERVED)
def test_reserved_option_is_refused_as_aws_own_library_does(utils: Any, reserved: str) -> None:
    _, real = oracle()
    found = outcome(utils, ARGV, [reserved])
    assert found == outcome(real, ARGV, [reserved])
    assert found[0] in ("RuntimeError", "ArgumentError")


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


def test_missing_option_is_an_error(utils: Any) -> None:
    with pytest.raises(utils.GlueArgumentError, match="--night"):
        utils.getResolvedOptions(ARGV, ["day", "night"])


@pytest.mark.parametrize("glue", GLUES)
def test_abbreviations_stand_for_options_before_glue_6(
    utils: Any, monkeypatch: pytest.MonkeyPatch, glue: str
) -> None:
    monkeypatch.setenv("GLUE_VERSION", glue)
    found = outcome(utils, ["x", "--da", "1"], ["day"])
    if glue == "5.1":
        assert found["day"] == "1"
        assert outcome(utils, ["x"], [], allow_abbrev=True)[0] == "TypeError"
    else:
        assert found == ("GlueArgumentError", "the following arguments are required: --day")
        assert outcome(utils, ["x", "--da", "1"], ["day"], allow_abbrev=True)["day"] == "1"
