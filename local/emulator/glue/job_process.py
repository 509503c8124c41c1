"""The process of one job run: its files, arguments and environment, and how it ends."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import IO
from urllib.parse import urlsplit

from botocore.exceptions import BotoCoreError, ClientError

from emulator.account import client
from emulator.glue.monitoring.run_monitor import RunFiles, RunMonitor
from emulator.glue.monitoring.spark_figures import FIGURES
from emulator.glue.region import Region
from emulator.glue.runs import JobRun
from emulator.glue.spark_conf import write_spark_conf
from emulator.moto_api import Payload

RUNTIME = Path(__file__).parent / "runtime"
KEPT_VARIABLES = ("HOME", "JAVA_HOME", "LANG", "PATH")
PLATFORM_ARGUMENTS = ("--extra-py-files", "--conf")


class LaunchError(Exception):
    """The script can't be started; the message says why."""


class JobProcess:
    """Fetches the script and its libraries with the role's credentials, then runs them.

    The process leads a session of its own, so that it and Spark's JVM are ended together. Its
    standard input is a pipe that closes with the emulator: the process then ends itself.
    Output goes to `<state>/job-runs/<run id>.log`, what Spark logs to `<run id>.spark.log`, and
    both from there to CloudWatch Logs. Raises LaunchError.
    """

    def __init__(
        self, run: JobRun, job: Payload, credentials: Mapping[str, str], region: Region
    ) -> None:
        self._run = run
        self._job = job
        self._credentials = credentials
        self._region = region
        self._folder = region.run_dir / run.id
        self._files = RunFiles(
            output=region.run_dir / f"{run.id}.log",
            spark_log=region.run_dir / f"{run.id}.spark.log",
            figures=self._folder / FIGURES,
        )
        self._process: subprocess.Popen[bytes] | None = None
        self._monitor = RunMonitor(job, run, self._files, credentials, region)
        self._folder.mkdir(parents=True)
        try:
            self._script = self._fetch(job["Command"]["ScriptLocation"], self._folder / "script")
            libraries = run.arguments.get("--extra-py-files", "").split(",")
            self._libraries = [
                self._fetch(library.strip(), self._folder / "libraries")
                for library in libraries
                if library.strip()
            ]
        except LaunchError:
            self._clean()
            raise

    def start(self) -> None:
        runner = [sys.executable, str(RUNTIME / "run_script.py"), str(self._error_file)]
        with self._files.output.open("ab") as log:
            self._process = subprocess.Popen(
                [*runner, str(self._script), *self._arguments()],
                cwd=self._folder,
                env=self._environment(),
                stdin=subprocess.PIPE,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        self._monitor.start()

    def wait(self) -> tuple[str, str | None]:
        """Wait for the end, at most the run's timeout in minutes: (state, error)."""
        process = self._started
        try:
            code = process.wait(self._run.timeout * 60)
        except subprocess.TimeoutExpired:
            self.kill()
            process.wait()
            return "TIMEOUT", "Job run timed out"
        finally:
            self.kill()  # what the script left running, such as the JVM
            self._close(process.stdin)
            self._monitor.finish()
            error = self._error_file.read_text() if self._error_file.exists() else None
            self._clean()
        if code == 0:
            return "SUCCEEDED", None
        return "FAILED", error or f"Command failed with exit code {code}"

    def kill(self) -> None:
        """End the process and its children at once."""
        try:
            os.killpg(self._started.pid, signal.SIGKILL)
        except ProcessLookupError:
            return

    @property
    def _started(self) -> subprocess.Popen[bytes]:
        if self._process is None:
            raise RuntimeError("the job's process was not started")
        return self._process

    @property
    def _error_file(self) -> Path:
        return self._folder / "error"

    def _fetch(self, location: str, folder: Path) -> Path:
        parts = urlsplit(location)
        bucket, key = parts.netloc, parts.path.lstrip("/")
        target = folder / Path(key).name
        folder.mkdir(parents=True, exist_ok=True)
        s3 = client("s3", self._region.endpoint, self._region.name, self._credentials)
        try:
            s3.download_file(bucket, key, str(target))
        except (ClientError, BotoCoreError) as error:
            raise LaunchError(
                f"Error downloading from S3 for bucket: {bucket}, key: {key}. {error}"
            ) from error
        return target

    def _arguments(self) -> list[str]:
        """Arguments as Glue passes them: the run's own, then those of the platform."""
        own = {
            name: value
            for name, value in self._run.arguments.items()
            if name not in PLATFORM_ARGUMENTS
        }
        platform = {"--JOB_NAME": self._run.job, "--JOB_RUN_ID": self._run.id}
        workflow_run = self._region.runs.workflow_run(self._run.origin.workflow_run or "")
        if workflow_run is not None:
            platform["--WORKFLOW_NAME"] = workflow_run.workflow
            platform["--WORKFLOW_RUN_ID"] = workflow_run.id
        return [part for pair in {**own, **platform}.items() for part in pair]

    def _environment(self) -> dict[str, str]:
        environment = {name: os.environ[name] for name in KEPT_VARIABLES if name in os.environ}
        zips = [str(path) for path in self._libraries if path.suffix in (".zip", ".whl", ".egg")]
        path = [str(RUNTIME), str(self._folder / "libraries"), *zips]
        # Glue's own libraries where they differ from the emulator's; what the job brings wins.
        glue = [os.environ["GLUE_LIBRARIES"]] if "GLUE_LIBRARIES" in os.environ else []
        spark = write_spark_conf(
            self._folder,
            self._files.spark_log,
            self._region.endpoint,
            self._region.name,
            self._run.arguments,
        )
        return {
            **environment,
            "AWS_ACCESS_KEY_ID": self._credentials["AccessKeyId"],
            "AWS_SECRET_ACCESS_KEY": self._credentials["SecretAccessKey"],
            "AWS_SESSION_TOKEN": self._credentials["SessionToken"],
            "AWS_ENDPOINT_URL": self._region.endpoint,
            "AWS_REGION": self._region.name,
            "AWS_DEFAULT_REGION": self._region.name,
            "AWS_EC2_METADATA_DISABLED": "true",
            "PYSPARK_PYTHON": sys.executable,
            "PYTHONPATH": os.pathsep.join([*path, *glue]),
            "GLUE_VERSION": str(self._run.settings.get("GlueVersion")),
            "PYTHONUNBUFFERED": "1",
            "SPARK_CONF_DIR": str(spark),
            # At the end of the class path, where Spark's own versions of shared libraries win.
            "SPARK_DIST_CLASSPATH": str(Path(os.environ.get("SPARK_JARS_DIR", "")) / "*"),
            "SPARK_LOCAL_DIRS": str(self._folder / "spark"),
            "SPARK_LOCAL_IP": "127.0.0.1",
            "TMPDIR": str(self._folder),
            "TZ": "UTC",
        }

    def _clean(self) -> None:
        shutil.rmtree(self._folder, ignore_errors=True)

    @staticmethod
    def _close(pipe: IO[bytes] | None) -> None:
        if pipe is not None:
            pipe.close()
