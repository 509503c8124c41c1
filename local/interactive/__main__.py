"""Starts IPython on this terminal, or JupyterLab on loopback: `python -m interactive --help`."""

from __future__ import annotations

import argparse
import os
import shutil
import signal
import sys
import threading
from collections.abc import Sequence
from pathlib import Path

from interactive.environment import JOB, environment

STARTER = Path(__file__).parent / "starter.ipynb"


def main(argv: Sequence[str]) -> None:
    """Runs until the user, or the command that started it, ends it."""
    parser = argparse.ArgumentParser(prog="python -m interactive", description=__doc__)
    parser.add_argument("kind", choices=("shell", "notebook"))
    parser.add_argument("--tools", type=Path, required=True, help="Python prefix of the tools")
    parser.add_argument("--folder", type=Path, required=True, help="keeps the tools' settings")
    parser.add_argument("--session", type=Path, required=True, help="what ends with the session")
    parser.add_argument("--endpoint", required=True, help="of the local platform")
    parser.add_argument("--job", required=True, help="deployed job whose transform samples take")
    parser.add_argument("--notebooks", type=Path, help="the user's folder")
    asked = parser.parse_args(argv)
    variables = environment(asked.tools, asked.folder, asked.session, asked.endpoint)
    variables[JOB] = asked.job
    if asked.kind == "shell":
        os.execve(sys.executable, [sys.executable, "-m", "IPython"], variables)
    os.environ.clear()
    os.environ.update(variables)
    _serve_notebooks(asked.notebooks)


def _serve_notebooks(folder: Path) -> None:
    """JupyterLab, which ends, with its kernels, when standard input does: none is left behind."""
    from jupyterlab.labapp import LabApp

    folder.mkdir(parents=True, exist_ok=True)
    starter = folder / STARTER.name
    if not starter.exists():
        shutil.copyfile(STARTER, starter)
    threading.Thread(target=_end_with_the_command, daemon=True).start()
    LabApp.launch_instance(
        [
            "--ServerApp.ip=127.0.0.1",
            f"--ServerApp.root_dir={folder}",
            f"--LabApp.default_url=/lab/tree/{STARTER.name}",
            "--ServerApp.open_browser=False",
            # Dev containers run as root.
            "--ServerApp.allow_root=True",
            "--Application.log_level=WARN",
            # It looks nothing up elsewhere.
            "--LabApp.news_url=None",
            "--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate",
            "--LabApp.extension_manager=readonly",
        ]
    )


def _end_with_the_command() -> None:
    while os.read(0, 1):
        pass
    os.kill(os.getpid(), signal.SIGTERM)


if __name__ == "__main__":
    main(sys.argv[1:])
