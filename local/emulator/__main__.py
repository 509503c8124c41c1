"""Command line of the emulator: `python -m emulator --port PORT --state-dir DIR`."""

from __future__ import annotations

import argparse
import sys
from datetime import datetime, timezone
from pathlib import Path

from emulator.launcher import PortTakenError, StartError, run

PORT_TAKEN = 98
"""Exit code, by Linux's number of EADDRINUSE."""


def main() -> int:
    """Serve until SIGTERM or SIGINT. Exit code 1, or 98 if the port is taken, with a line on stderr
    when it can't start.
    """
    parser = argparse.ArgumentParser(prog="python -m emulator", description=__doc__)
    parser.add_argument("--port", type=int, required=True, help="TCP port on 127.0.0.1")
    parser.add_argument("--state-dir", type=Path, required=True, help="folder that keeps all state")
    parser.add_argument("--endpoint", help="where jobs and crawls reach it (default: PORT)")
    parser.add_argument("--at", type=_time, help="time (ISO 8601, UTC) that schedules begin at")
    arguments = parser.parse_args()
    endpoint = arguments.endpoint or f"http://127.0.0.1:{arguments.port}"
    try:
        run(arguments.port, arguments.state_dir.resolve(), endpoint, arguments.at)
    except StartError as error:
        print(f"emulator: {error}", file=sys.stderr)
        return PORT_TAKEN if isinstance(error, PortTakenError) else 1
    return 0


def _time(text: str) -> datetime:
    return datetime.fromisoformat(text.replace("Z", "+00:00")).astimezone(timezone.utc)


if __name__ == "__main__":
    sys.exit(main())
