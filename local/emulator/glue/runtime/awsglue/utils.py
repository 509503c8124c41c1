"""Arguments of a job, by the rules of AWS's library (PyPI's AWSGlueDataplanePython 5.1.0, 6.0.0).

That library can't stand here: its `awsglue.context` and `awsglue.job` need Glue's Scala library,
and its licence (Amazon Software License, 3.3) allows its use with AWS's services alone. A test
holds this module against it.
"""

from __future__ import annotations

import argparse
import os
from collections.abc import Sequence
from typing import Any, NoReturn

BOOKMARKS = ("job-bookmark-enable", "job-bookmark-pause", "job-bookmark-disable")
CONTINUATIONS = ("continuation-enabled", "continuation-readonly", "continuation-ignore")
RANGE = ("--job-bookmark-from", "--job-bookmark-to")
# Argparse refuses these where a script asks for one: they are options already.
TAKEN = ("JOB_ID", "JOB_RUN_ID", "SECURITY_CONFIGURATION")
TEMPORARY = ("RedshiftTempDir", "TempDir")


class GlueArgumentError(Exception):
    """An argument is missing, not valid or ambiguous."""


class GlueArgumentParser(argparse.ArgumentParser):
    """Raises in place of ending the process."""

    def error(self, message: str) -> NoReturn:
        raise GlueArgumentError(message)


def getResolvedOptions(  # noqa: N802
    args: Sequence[str], options: Sequence[str], **more: bool
) -> dict[str, Any]:
    """Values of `options` in `args` (`sys.argv`), as `--name value` or `--name=value`.

    Every option is required, except TempDir, which may be None. Of one given twice, the last value
    counts. An argument that was not asked for is passed over, unless it's the beginning of the name
    of one that was: before Glue 6.0 it stands for that, and from 6.0 on only with
    `allow_abbrev=True`, which earlier versions don't have.

    What Glue itself passes is in the answer unasked: `job_bookmark_option` (default:
    job-bookmark-disable), JOB_ID, JOB_RUN_ID and others, None where they weren't given. JOB_NAME is
    there when it was asked for.

    Raises GlueArgumentError when an option is missing; RuntimeError when a bookmark's is asked for,
    or its range is given in part, or without pausing; argparse.ArgumentError when another option of
    Glue's is asked for (`JOB_RUN_ID`), or one is asked for twice.
    """
    return _resolve(args, options, **_abbreviations(more))


def _abbreviations(more: dict[str, bool]) -> dict[str, bool]:
    """Raises TypeError for a parameter that this Glue version doesn't have."""
    newer = float(os.environ.get("GLUE_VERSION", "5.1")) >= 6
    for name in more:
        if name != "allow_abbrev" or not newer:
            raise TypeError(f"getResolvedOptions() got an unexpected keyword argument '{name}'")
    return {"allow_abbrev": more.get("allow_abbrev", not newer)}


def _resolve(args: Sequence[str], options: Sequence[str], allow_abbrev: bool) -> dict[str, Any]:
    for reserved in ("continuation-option", "job-bookmark-option"):
        if reserved in options:
            raise RuntimeError(f"Using reserved arguments {reserved}")
    for reserved in RANGE:
        if reserved[2:] in options:
            raise RuntimeError(f"Using reserved arguments {reserved}")
    parser = GlueArgumentParser(allow_abbrev=allow_abbrev)
    parser.add_argument("--job-bookmark-option", choices=BOOKMARKS)
    parser.add_argument("--continuation-option", choices=CONTINUATIONS)
    parser.add_argument("--encryption-type", choices=("sse-s3",))
    optional = (*RANGE, "--enable-data-lineage", *(f"--{name}" for name in (*TAKEN, *TEMPORARY)))
    for option in optional:
        parser.add_argument(option)
    for option in options:
        if option not in TEMPORARY:
            parser.add_argument(f"--{option}", required=True)
    resolved = vars(parser.parse_known_args(args[1:])[0])
    return _with_bookmark(_with_temporary(resolved))


def _with_temporary(resolved: dict[str, Any]) -> dict[str, Any]:
    """One temporary folder under its two names."""
    new, old = resolved["TempDir"], resolved["RedshiftTempDir"]
    folder = old if new is None else new
    return {**resolved, "TempDir": folder, "RedshiftTempDir": folder}


def _with_bookmark(resolved: dict[str, Any]) -> dict[str, Any]:
    """The bookmark's option by its newer name, and its range checked."""
    older = resolved.pop("continuation_option")
    if resolved["job_bookmark_option"] is None:
        at = -1 if older is None else CONTINUATIONS.index(older)
        resolved["job_bookmark_option"] = BOOKMARKS[at]
    absent = [name for name in RANGE if resolved[name[2:].replace("-", "_")] is None]
    if resolved["job_bookmark_option"] == "job-bookmark-pause":
        if len(absent) == 1:
            raise RuntimeError(f"Missing option or value for {absent[0]}")
    elif not absent:
        raise RuntimeError(f"Invalid option(s){' '.join(RANGE)}")
    return resolved
