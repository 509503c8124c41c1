"""`python -m etl.contend CONTENDER ARCHIVE FOLDER`: warm up, do the work, and write to
`FOLDER/measured.json` how many seconds it took and what it left."""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import asdict
from functools import partial
from pathlib import Path

from etl.archive import Archive
from etl.contender import Contender
from etl.duckdb_way import DuckDb
from etl.job_ways import JobWay
from etl.spark_ways import Decode, Naive, Unzip

CONTENDERS: Mapping[str, Callable[[Archive, Path], Contender]] = {
    "unzip": Unzip,
    "floor": Decode,
    "naive": Naive,
    "job-parquet": partial(JobWay, output_format="parquet", first_run=False),
    "job-first-run": partial(JobWay, output_format="parquet", first_run=True),
    "job-csv": partial(JobWay, output_format="csv", first_run=False),
    "duckdb": DuckDb,
}


def main(name: str, archive: Path, folder: Path) -> None:
    """Run the contender of this name."""
    contender = CONTENDERS[name](Archive(archive), folder)
    contender.warm_up()
    start = time.perf_counter()
    contender.work()
    seconds = time.perf_counter() - start
    output = contender.output()
    measured = {"seconds": seconds, "output": None if output is None else asdict(output)}
    (folder / "measured.json").write_text(json.dumps(measured))


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3]))
