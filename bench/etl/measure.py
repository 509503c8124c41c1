"""`python -m etl.measure CONTENDER ARCHIVE`: run a contender in a process of its own and print what
was measured, as a JSON line. Its files, and it itself, are gone afterwards."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from contextlib import suppress
from pathlib import Path

from etl.memory import resident_bytes

SAMPLE_SECONDS = 0.2


def main(contender: str, archive: str) -> int:
    """The contender's exit code."""
    with tempfile.TemporaryDirectory(prefix="bench-etl-") as folder:
        command = [sys.executable, "-m", "etl.contend", contender, archive, folder]
        # A session of its own, so that Spark's JVM and workers end with it.
        process = subprocess.Popen(command, stdout=sys.stderr, start_new_session=True)
        try:
            peak = _watch(process)
        finally:
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()
        if process.returncode:
            return process.returncode
        measured = json.loads((Path(folder) / "measured.json").read_text())
    print(json.dumps({**measured, "peak_bytes": peak}))
    return 0


def _watch(process: subprocess.Popen[bytes]) -> int:
    """Peak of resident memory until the process ends, or whoever started this one does."""
    parent, peak = os.getppid(), 0
    while process.poll() is None and os.getppid() == parent:
        peak = max(peak, resident_bytes(process.pid))
        time.sleep(SAMPLE_SECONDS)
    return peak


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
