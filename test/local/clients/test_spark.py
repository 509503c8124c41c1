"""Spark by S3A, in a process of its own."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path


def test_spark_reads_and_writes(environment: dict[str, str]) -> None:
    jars = ",".join(str(jar) for jar in Path(os.environ["SPARK_JARS_DIR"]).glob("*.jar"))
    ended = subprocess.run(
        [sys.executable, str(Path(__file__).with_name("spark_job.py")), jars],
        env={**environment, "PYSPARK_PYTHON": sys.executable},
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert ended.returncode == 0, ended.stderr[-3000:]
