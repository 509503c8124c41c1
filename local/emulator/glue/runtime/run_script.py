"""Runs a job's script in this process: `run_script.py ERROR_FILE SCRIPT [ARGUMENT …]`.

Nothing of the emulator is imported here. When the emulator is gone, standard input ends, and this
process takes its whole group down with it, Spark's JVM included.
"""

from __future__ import annotations

import os
import re
import runpy
import signal
import sys
import threading
import traceback
from pathlib import Path

MAX_ERROR = 2000
WORKER_TRACEBACK = re.compile(
    r"(?:^|: )Traceback \(most recent call last\):\n(?:[ \t].*\n)+(?P<error>\S.*)", re.MULTILINE
)


def main() -> int:
    """Exit code 0 if the script came to its end; else its last line of error is in ERROR_FILE."""
    error_file, script = Path(sys.argv[1]), sys.argv[2]
    sys.argv = sys.argv[2:]
    threading.Thread(target=_end_with_the_emulator, daemon=True).start()
    try:
        runpy.run_path(script, run_name="__main__")
    except SystemExit as end:
        if end.code in (None, 0):
            return 0
        error_file.write_text(f"SystemExit: {end.code}")
        return 1
    except BaseException as error:
        traceback.print_exc()
        error_file.write_text(_message(error)[:MAX_ERROR])
        return 1
    return 0


def _end_with_the_emulator() -> None:
    while os.read(0, 1):
        pass
    os.killpg(os.getpgid(0), signal.SIGKILL)


def _message(error: BaseException) -> str:
    """What went wrong: for Java's exceptions, what was called and Java's message; for one that a
    Python worker of Spark raised, that exception alone.
    """
    java = getattr(error, "java_exception", None)
    if java is not None:
        text = f"{str(error).partition(':')[0]}. {java.getMessage()}"
    else:
        text = "".join(traceback.format_exception_only(type(error), error)).strip()
    worker = WORKER_TRACEBACK.search(text)
    return worker.group("error") if worker else text


if __name__ == "__main__":
    code = main()
    sys.stdout.flush()
    sys.exit(code)
