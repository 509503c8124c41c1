"""Arguments of a job, by the rules of `awsglue.utils` (github.com/awslabs/aws-glue-libs)."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from typing import NoReturn

RESERVED = (
    "job-bookmark-option",
    "continuation-option",
    "job-bookmark-from",
    "job-bookmark-to",
    "JOB_ID",
    "JOB_RUN_ID",
    "SECURITY_CONFIGURATION",
    "encryption-type",
)
BOOKMARKS = ("job-bookmark-enable", "job-bookmark-pause", "job-bookmark-disable")
TEMPORARY = ("RedshiftTempDir", "TempDir")


class GlueArgumentError(Exception):
    """An argument is missing or not valid."""


class GlueArgumentParser(argparse.ArgumentParser):
    """Raises in place of ending the process."""

    def error(self, message: str) -> NoReturn:
        raise GlueArgumentError(message)


def getResolvedOptions(args: Sequence[str], options: Sequence[str]) -> dict[str, str]:  # noqa: N802
    """Values of `options` in `args` (`sys.argv`), as `--name value`; others are passed over.

    Every option is required, except TempDir, which may be None. Raises GlueArgumentError when one
    is missing, RuntimeError when one is reserved for Glue (JOB_RUN_ID for instance: it is in the
    answer anyway). JOB_NAME isn't reserved: it is in the answer when it was asked for.
    """
    for reserved in RESERVED:
        if reserved in options:
            raise RuntimeError(f"Using reserved arguments {reserved}")
    parser = GlueArgumentParser()
    for reserved in RESERVED:
        choices = BOOKMARKS if reserved == "job-bookmark-option" else None
        parser.add_argument(f"--{reserved}", choices=choices)
    for option in TEMPORARY:
        parser.add_argument(f"--{option}")
    for option in options:
        if option not in TEMPORARY:
            parser.add_argument(f"--{option}", required=True)
    resolved = vars(parser.parse_known_args(args[1:])[0])
    resolved.pop("continuation_option")
    resolved["job_bookmark_option"] = resolved["job_bookmark_option"] or BOOKMARKS[-1]
    temporary = resolved["TempDir"] or resolved["RedshiftTempDir"]
    return {**resolved, "TempDir": temporary, "RedshiftTempDir": temporary}
