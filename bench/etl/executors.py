"""`python -m etl.executors ARCHIVE`: CPU seconds of the same work on 1, 2 and 4 executors.

On Spark's local cluster, against an S3 API on loopback, after runs that warm all of it up. Counted
is what the executors' Python workers take, as Linux tells, and their tasks in the JVM, as Spark
does. It fails where they differ by more than a tenth.
"""

from __future__ import annotations

import logging
import os
import sys
import tempfile
from pathlib import Path

from clusters import LocalCluster, local_cluster
from moto.server import ThreadedMotoServer

from etl.archive import MEASURED, WARM_UP, Archive

EXECUTORS = (1, 2, 4)
ROUNDS = 3
WORKERS = 3
"""Of two cores, one of them the driver's: the plan is for four cores, however many there are."""
MOST_APART = 0.1


def main(archive: Path) -> int:
    """Print the seconds, and give 1 where they are too far apart."""
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    found = {executors: _least_seconds(Archive(archive), executors) for executors in EXECUTORS}
    told = ", ".join(f"{executors}: {seconds:.1f} s" for executors, seconds in found.items())
    apart = max(found.values()) / min(found.values()) - 1
    print(f"CPU seconds of the same work, by executors: {told}; {apart:.0%} apart")
    return int(apart > MOST_APART)


def _least_seconds(archive: Archive, executors: int) -> float:
    """Of some runs: other work on the machine takes caches from this, and never gives any."""
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    try:
        with tempfile.TemporaryDirectory(prefix="bench-etl-") as folder:
            work = Path(folder) / "cluster"
            with local_cluster(f"http://{host}:{port}", work, executors) as cluster:
                cluster.empty({})
                for file in archive.raw.rglob("*.gz"):
                    key = file.relative_to(archive.raw).as_posix()
                    cluster.s3.put_object(Bucket="raw", Key=key, Body=file.read_bytes())
                _run(cluster, WARM_UP[0].isoformat(), WARM_UP[-1].isoformat())
                _seconds(cluster)
                return min(_seconds(cluster) for _ in range(ROUNDS))
    finally:
        server.stop()


def _seconds(cluster: LocalCluster) -> float:
    """CPU seconds of a run of the measured days."""
    python, jvm = _python_seconds(cluster), _jvm_seconds(cluster)
    _run(cluster, MEASURED[0].isoformat(), MEASURED[-1].isoformat())
    return _python_seconds(cluster) - python + _jvm_seconds(cluster) - jvm


def _run(cluster: LocalCluster, first: str, last: str) -> None:
    cluster.run(finely=False, workers=WORKERS, rebuild=True, first_day=first, last_day=last)


def _jvm_seconds(cluster: LocalCluster) -> float:
    tasks = (task.get("Task Metrics") or {} for task in cluster.tasks())
    nanoseconds: int = sum(metrics.get("Executor CPU Time", 0) for metrics in tasks)
    return nanoseconds / 1e9


def _python_seconds(cluster: LocalCluster) -> float:
    """Of the executors' Python workers, also of those that have ended."""
    ticks: dict[int, int] = {}
    parents: dict[int, int] = {}
    daemons: set[int] = set()
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            stat = (entry / "stat").read_bytes()
            command = (entry / "cmdline").read_bytes()
        except OSError:
            continue  # it has ended meanwhile
        # After the name: state, parent, …; user and system time, and those of children that have
        # ended, are fields 14 to 17 (proc(5)).
        fields = stat.rpartition(b")")[2].split()
        process = int(entry.name)
        parents[process] = int(fields[1])
        ticks[process] = sum(int(field) for field in fields[11:15])
        if b"pyspark.daemon" in command:
            daemons.add(process)
    own = {process for process in daemons if _descends(process, cluster.driver.pid, parents)}
    return sum(ticks[process] for process in own) / os.sysconf("SC_CLK_TCK")


def _descends(process: int, root: int, parents: dict[int, int]) -> bool:
    while process not in (root, 0, 1):
        process = parents.get(process, 0)
    return process == root


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
