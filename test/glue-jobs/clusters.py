"""Spark's own local cluster: a driver, and executors that are processes of their own."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import time
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import Any

import pyspark
from contract.lines import Objects
from job_runs import Curated
from mobile_events.storage import Store
from stand_ins import s3_client

HERE = Path(__file__).resolve().parent
PACKAGE = HERE.parents[1] / "glue-jobs" / "mobile_events"
CONF = {
    "spark.driver.host": "127.0.0.1",
    "spark.driver.bindAddress": "127.0.0.1",
    "spark.ui.enabled": "false",
    "spark.ui.showConsoleProgress": "false",
    "spark.executor.memory": "512m",
    "spark.driver.extraJavaOptions": "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC",
    "spark.executor.extraJavaOptions": "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC",
    "spark.deploy.maxExecutorRetries": "-1",
    "spark.eventLog.enabled": "true",
    "spark.eventLog.compress": "false",
    "spark.eventLog.rolling.enabled": "false",
}


class LocalCluster:
    """Runs of the job on a cluster, with buckets on a loopback API of S3."""

    def __init__(self, process: subprocess.Popen[str], endpoint: str, folder: Path) -> None:
        self.folder = folder
        self.s3 = s3_client(endpoint)
        self.curated = Curated(Store(self.s3))
        self.driver = process
        self._runs = 0

    def empty(self, objects: Objects) -> None:
        """Start with these raw objects and nothing else."""
        there = [bucket["Name"] for bucket in self.s3.list_buckets()["Buckets"]]
        for bucket in ("raw", "curated"):
            if bucket in there:
                keys = [entry["Key"] for entry in self.curated.store.entries(bucket, "")]
                self.curated.store.delete(bucket, keys)
            else:
                self.s3.create_bucket(Bucket=bucket)
        self.put(objects)

    def put(self, objects: Objects) -> None:
        """Put raw objects where Segment does."""
        for place, content in objects.items():
            self.s3.put_object(Bucket="raw", Key=place.object_key, Body=content)

    def run(self, fault: Mapping[str, Any] | None = None, **asked: Any) -> dict[str, Any]:
        """A run's report. A `fault` has the fields of `cluster_faults.Fault`."""
        self._runs += 1
        if fault is not None:
            asked["fault"] = {**fault, "folder": str(self.notes)}
            self.notes.mkdir()
        return self.ask({"run_id": f"jr_{self._runs}", **asked})

    @property
    def notes(self) -> Path:
        """The folder of what the last run's fault has noted."""
        return self.folder / f"notes-{self._runs}"

    def ask(self, asked: Mapping[str, Any]) -> dict[str, Any]:
        """The driver's answer. Raises AssertionError, with its errors, where it ended instead."""
        assert self.driver.stdin is not None and self.driver.stdout is not None
        self.driver.stdin.write(json.dumps(asked) + "\n")
        self.driver.stdin.flush()
        return self.answer()

    def answer(self) -> dict[str, Any]:
        """The driver's next line."""
        assert self.driver.stdout is not None
        line = self.driver.stdout.readline()
        if not line:
            raise AssertionError((self.folder / "errors").read_text()[-3000:])
        found: dict[str, Any] = json.loads(line)
        return found

    def tasks(self) -> list[dict[str, Any]]:
        """Spark's events of tasks that have ended, as its event log has them."""
        (log,) = (self.folder / "events").iterdir()
        # The last line may not be written to its end.
        lines = log.read_text().rpartition("\n")[0].splitlines()
        events = (json.loads(line) for line in lines if "SparkListenerTaskEnd" in line)
        return list(events)


@contextmanager
def local_cluster(
    endpoint: str, folder: Path, executors: int, **conf: str
) -> Iterator[LocalCluster]:
    """A cluster of this many executors of one core, all of whose files are below `folder`. They
    are on one host, so Spark runs no second attempt at a task among them."""
    _make(folder)
    with _driver(endpoint, folder, f"local-cluster[{executors},1,1024]", conf) as cluster:
        yield cluster


@contextmanager
def cluster_of_hosts(
    endpoint: str, folder: Path, hosts: Sequence[str], **conf: str
) -> Iterator[LocalCluster]:
    """A standalone cluster whose workers, of one core each, are on these addresses of loopback."""
    _make(folder)
    environment = _environment(endpoint, folder)
    own = ["--port", "0", "--webui-port", "0"]
    with _daemon(folder, environment, "master.Master", "127.0.0.1", *own) as master:
        url = _url(master)
        with ExitStack() as workers:
            for host in hosts:
                size = ["--cores", "1", "--memory", "1g", "--work-dir", str(folder / host)]
                worker = _daemon(folder, environment, "worker.Worker", host, *own, *size, url)
                workers.enter_context(worker)
            with _driver(endpoint, folder, url, conf) as cluster:
                yield cluster


def _url(log: Path) -> str:
    """Where a master listens, as it says itself."""
    deadline = time.monotonic() + 120
    while time.monotonic() < deadline:
        if found := re.search(r"Starting Spark master at (spark://\S+)", log.read_text()):
            return found[1]
        time.sleep(0.1)
    raise AssertionError(log.read_text()[-3000:])


@contextmanager
def _daemon(
    folder: Path, environment: Mapping[str, str], name: str, host: str, *args: str
) -> Iterator[Path]:
    """A process of a standalone cluster, and the file of its log."""
    log = folder / f"{host}.log"
    command = [str(folder / "spark" / "bin" / "spark-class"), f"org.apache.spark.deploy.{name}"]
    with log.open("w") as output:
        process = subprocess.Popen(
            [*command, "--host", host, *args],
            cwd=folder,
            env={**environment, "SPARK_LOCAL_IP": host},
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            start_new_session=True,
        )
        try:
            yield log
        finally:
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()


def _make(folder: Path) -> None:
    for name in ("events", "tmp"):
        (folder / name).mkdir(parents=True)
    _link_spark(folder / "spark")


@contextmanager
def _driver(
    endpoint: str, folder: Path, master: str, conf: Mapping[str, str]
) -> Iterator[LocalCluster]:
    command = [
        sys.executable,
        str(HERE / "cluster_driver.py"),
        json.dumps(
            {
                **CONF,
                "spark.master": master,
                "spark.eventLog.dir": (folder / "events").as_uri(),
                "spark.sql.warehouse.dir": str(folder / "warehouse"),
                **conf,
            }
        ),
        str(_package(folder)),
        str(HERE / "cluster_faults.py"),
    ]
    with (folder / "errors").open("w") as errors:
        process = subprocess.Popen(
            command,
            cwd=folder,
            env=_environment(endpoint, folder),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=errors,
            text=True,
            start_new_session=True,
        )
        try:
            cluster = LocalCluster(process, endpoint, folder)
            cluster.answer()
            yield cluster
        finally:
            # Executors are of the driver's group; their Python daemons end when they do.
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            process.communicate()


def _package(folder: Path) -> Path:
    """The package as the component ships it: a zip with its folder."""
    path = folder / "mobile_events.zip"
    with zipfile.ZipFile(path, "w") as package:
        for file in sorted(PACKAGE.rglob("*.py")):
            package.write(file, file.relative_to(PACKAGE.parent))
    return path


def _environment(endpoint: str, folder: Path) -> dict[str, str]:
    kept = {name: os.environ[name] for name in ("HOME", "JAVA_HOME", "PATH") if name in os.environ}
    # Not PYTHONPATH, on which the checkout may be: executors have what is shipped to them.
    libraries = os.environ.get("GLUE_LIBRARIES")
    return {
        **kept,
        **({"PYTHONPATH": libraries} if libraries else {}),
        "AWS_ENDPOINT_URL": endpoint,
        "AWS_ACCESS_KEY_ID": "test",
        "AWS_SECRET_ACCESS_KEY": "test",
        "AWS_DEFAULT_REGION": "us-east-1",
        "PYSPARK_PYTHON": sys.executable,
        "PYTHONDONTWRITEBYTECODE": "1",
        "SPARK_HOME": str(folder / "spark"),
        "SPARK_LOCAL_DIRS": str(folder / "tmp"),
        "SPARK_LOCAL_IP": "127.0.0.1",
        "TMPDIR": str(folder / "tmp"),
    }


def _link_spark(home: Path) -> None:
    """Spark as it is installed, but with a folder `work` of its own, where executors log."""
    home.mkdir()
    for entry in Path(pyspark.__file__).parent.iterdir():
        (home / entry.name).symlink_to(entry)
