"""Spark's configuration for a job run: one machine, S3 at the local endpoint, nothing listening."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

from emulator.glue.monitoring.job_metrics import wants_metrics
from emulator.glue.monitoring.spark_figures import FIGURES, figures_conf

LOG_CONF = """
rootLogger.level = warn
rootLogger.appenderRef.file.ref = file
appender.file.type = File
appender.file.name = file
appender.file.fileName = {log}
appender.file.layout.type = PatternLayout
appender.file.layout.pattern = %d{{yyyy-MM-dd HH:mm:ss,SSS}} %p %c{{1}}: %m%n
logger.glue.name = glue
logger.glue.level = info
logger.native.name = org.apache.hadoop.util.NativeCodeLoader
logger.native.level = error
logger.metrics.name = org.apache.hadoop.metrics2
logger.metrics.level = error
"""
SHORT_RUNS = (
    "-XX:+UseSerialGC -XX:Tier4InvocationThreshold=50000 -XX:Tier4MinInvocationThreshold=6000 "
    "-XX:Tier4CompileThreshold=150000 -XX:Tier4BackEdgeThreshold=400000"
)
"""Spends less on the optimizing compiler: a run of a minute on two cores takes a third less CPU,
and what stays hot for longer is still optimized."""
CONF_ARGUMENT = re.compile(r"(?:^|\s)(?:--conf\s+)?(spark\.[^=\s]+)=(\S+)")


def write_spark_conf(
    folder: Path, log: Path, endpoint: str, region: str, arguments: Mapping[str, str]
) -> Path:
    """Write a SPARK_CONF_DIR under `folder`; the job's `--conf` argument wins over these values.

    `log`: the file that takes what Spark and GlueContext's logger write. Figures of a run that has
    metrics lie in `folder`/figures.
    """
    conf_dir = folder / "spark-conf"
    conf_dir.mkdir()
    settings = _settings(folder, endpoint, region)
    if wants_metrics(arguments):
        settings |= figures_conf(folder / FIGURES)
    settings |= _asked(arguments.get("--conf", ""))
    lines = [f"{name} {value}\n" for name, value in settings.items()]
    (conf_dir / "spark-defaults.conf").write_text("".join(lines))
    (conf_dir / "log4j2.properties").write_text(LOG_CONF.format(log=log))
    return conf_dir


def _settings(folder: Path, endpoint: str, region: str) -> dict[str, str]:
    s3a = {
        "endpoint": endpoint,
        "endpoint.region": region,
        "path.style.access": "true",
        "connection.ssl.enabled": "false",
        "aws.credentials.provider": "com.amazonaws.auth.EnvironmentVariableCredentialsProvider",
        "buffer.dir": str(folder / "upload"),
        "impl": "org.apache.hadoop.fs.s3a.S3AFileSystem",
    }
    return {
        "spark.master": "local[2]",
        "spark.driver.host": "127.0.0.1",
        "spark.driver.bindAddress": "127.0.0.1",
        "spark.driver.memory": "2g",
        # What libraries unpack there would stay: the JVM is killed, and deletes nothing.
        "spark.driver.extraJavaOptions": (
            f'-Duser.timezone=UTC "-Djava.io.tmpdir={folder}" {SHORT_RUNS}'
        ),
        "spark.sql.session.timeZone": "UTC",
        "spark.sql.warehouse.dir": str(folder / "warehouse"),
        "spark.ui.enabled": "false",
        "spark.ui.showConsoleProgress": "false",
        "spark.hadoop.fs.s3.impl": s3a["impl"],
        **{f"spark.hadoop.fs.s3a.{name}": value for name, value in s3a.items()},
    }


def _asked(argument: str) -> dict[str, str]:
    """Glue's form of several settings in one argument: `a=1 --conf b=2`."""
    return dict(CONF_ARGUMENT.findall(argument))
