"""The job's tests run on the libraries that a Glue version has, and on no others."""

from __future__ import annotations

import json
import os
import platform
from importlib.metadata import version
from pathlib import Path

import boto3
import numpy
import pandas
import pyarrow
import pyspark
import pytest

VERSIONS = Path(__file__).parents[2] / "local" / "setup" / "versions.json"
MODULES = {
    "boto3": boto3,
    "numpy": numpy,
    "pandas": pandas,
    "pyarrow": pyarrow,
    "spark": pyspark,
}


@pytest.fixture
def wanted() -> dict[str, str]:
    glue = os.environ.get("GLUE_ETL_GLUE")
    if glue is None:
        pytest.fail("set GLUE_ETL_GLUE and PYTHONPATH for a Glue version, as npm test does")
    libraries: dict[str, str] = json.loads(VERSIONS.read_text())["glue"][glue]
    return libraries


@pytest.mark.parametrize("name", MODULES)
def test_library_is_that_of_glue(wanted: dict[str, str], name: str) -> None:
    assert MODULES[name].__version__ == wanted[name]


def test_boto3_has_its_own_botocore(wanted: dict[str, str]) -> None:
    assert version("botocore") == wanted["boto3"]


def test_python_is_that_of_glue_where_there_is_one(wanted: dict[str, str]) -> None:
    here = platform.python_version().rpartition(".")[0]
    if here != wanted["python"]:
        pytest.skip(f"Python {here} stands in for Glue's {wanted['python']}, which isn't on PATH")
