"""The AWS SDK for JavaScript, version 3, in a process of its own."""

from __future__ import annotations

import subprocess
from pathlib import Path


def test_the_sdk_for_javascript(environment: dict[str, str]) -> None:
    script = Path(__file__).with_name("javascript.mjs")
    ended = subprocess.run(
        ["node", "--test", "--test-reporter=spec", str(script)],
        env=environment,
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert ended.returncode == 0, ended.stdout + ended.stderr
