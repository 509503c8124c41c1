"""`python -m sample_data --out DIR`: write a sample archive, print its counts as a JSON line."""

from __future__ import annotations

import argparse
import json
from dataclasses import asdict
from datetime import date, datetime, timezone
from pathlib import Path

from sample_data.archive import write_archive


def main(arguments: list[str] | None = None) -> None:
    """Run the command line; refused arguments exit with status 2 and say why."""
    parser = argparse.ArgumentParser(
        prog="sample_data",
        description="Write sample mobile events as <out>/<source>/<received day, epoch ms>/*.gz",
    )
    parser.add_argument("--out", type=Path, required=True, help="folder to write to")
    parser.add_argument("--days", type=_positive, default=5, help="received days (default 5)")
    parser.add_argument("--events", type=_positive, default=20_000, help="lines (default 20000)")
    parser.add_argument("--seed", type=int, default=1, help="same seed, same bytes (default 1)")
    parser.add_argument(
        "--end-date",
        type=_date,
        default=datetime.now(timezone.utc).date(),
        help="last received day, YYYY-MM-DD in UTC (default today)",
    )
    options = parser.parse_args(arguments)
    counts = write_archive(
        options.out, options.days, options.events, options.seed, options.end_date
    )
    print(json.dumps(asdict(counts)))


def _positive(text: str) -> int:
    if not text.isdecimal() or int(text) == 0:
        raise argparse.ArgumentTypeError(f"{text!r} is not a whole number of at least 1")
    return int(text)


def _date(text: str) -> date:
    try:
        return datetime.strptime(text, "%Y-%m-%d").date()
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is not a date like 2026-03-08") from None


if __name__ == "__main__":
    main()
