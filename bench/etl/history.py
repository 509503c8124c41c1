"""`python -m etl.history`: how long a daily run takes with 400 days of history, beside five days.

Each run takes 24 small objects, against an S3 API on loopback: what is timed is what might grow.
"""

from __future__ import annotations

import logging
import time

from lake import Lake
from moto.server import ThreadedMotoServer

HISTORIES = (5, 400)
RUNS = 9


def main() -> None:
    """Print the best times of both, and their ratio."""
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    try:
        lakes = [Lake(f"http://{host}:{port}", history) for history in HISTORIES]
        # By turns, so that both meet the same machine.
        times = [[_seconds(lake) for lake in lakes] for _ in range(RUNS)]
    finally:
        server.stop()
    few, many = (min(column) for column in zip(*times, strict=True))
    print(
        f"A daily run takes {few:.2f} s with {HISTORIES[0]} days of history and {many:.2f} s with "
        f"{HISTORIES[1]}: ratio {many / few:.2f}"
    )


def _seconds(lake: Lake) -> float:
    lake.receive_today()
    start = time.perf_counter()
    lake.run()
    return time.perf_counter() - start


if __name__ == "__main__":
    main()
