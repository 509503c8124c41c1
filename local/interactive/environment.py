"""A session's environment: where AWS is, what Spark reads, where the tools keep what is theirs."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from emulator.account import DEFAULT_REGION, ROOT_KEY
from emulator.glue.spark_conf import write_spark_conf

JOB = "GLUE_ETL_JOB"
"""Names the deployed job whose settings samples are transformed by."""

SESSION = {
    # A worker that is started for each task imports the code as it is by then.
    "spark.python.worker.reuse": "false",
    # Of keys that differ in case alone the last one counts, as for the JSON serde.
    "spark.sql.mapKeyDedupPolicy": "LAST_WIN",
}
STARTUP = """c = get_config()  # noqa: F821
c.InteractiveShellApp.extensions = ["interactive.extension"]
c.TerminalIPythonApp.display_banner = False
"""


def environment(tools: Path, folder: Path, session: Path, endpoint: str) -> dict[str, str]:
    """Variables for IPython, Jupyter and their kernels; `tools` is the Python prefix they are in.

    Settings and history of the tools go to `folder`, so that the user's own aren't used or changed;
    what Spark writes goes to `session`, which is new.
    """
    ipython = folder / "ipython"
    profile = ipython / "profile_default"
    profile.mkdir(parents=True, exist_ok=True)
    (profile / "ipython_config.py").write_text(STARTUP)
    arguments = {"--conf": " --conf ".join(f"{key}={value}" for key, value in SESSION.items())}
    spark = write_spark_conf(session, folder / "spark.log", endpoint, DEFAULT_REGION, arguments)
    kept = {name: value for name, value in os.environ.items() if not name.startswith("AWS_")}
    return {
        **kept,
        "AWS_ACCESS_KEY_ID": ROOT_KEY,
        "AWS_SECRET_ACCESS_KEY": ROOT_KEY,
        "AWS_ENDPOINT_URL": endpoint,
        "AWS_REGION": DEFAULT_REGION,
        "AWS_DEFAULT_REGION": DEFAULT_REGION,
        "AWS_CONFIG_FILE": os.devnull,
        "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
        "AWS_EC2_METADATA_DISABLED": "true",
        "IPYTHONDIR": str(ipython),
        "JUPYTERLAB_DIR": str(tools / "share" / "jupyter" / "lab"),
        "JUPYTER_PATH": str(tools / "share" / "jupyter"),
        "JUPYTER_CONFIG_PATH": str(tools / "etc" / "jupyter"),
        "JUPYTER_CONFIG_DIR": str(folder / "jupyter"),
        "JUPYTER_DATA_DIR": str(folder / "jupyter"),
        "JUPYTER_RUNTIME_DIR": str(folder / "jupyter" / "runtime"),
        "PYSPARK_PYTHON": sys.executable,
        "SPARK_CONF_DIR": str(spark),
        "SPARK_DIST_CLASSPATH": str(Path(os.environ["SPARK_JARS_DIR"]) / "*"),
        "SPARK_LOCAL_DIRS": str(session / "spark"),
        "SPARK_LOCAL_IP": "127.0.0.1",
        "TZ": "UTC",
    }
