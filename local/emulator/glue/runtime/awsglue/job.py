"""The job as its script sees it."""

from __future__ import annotations

from collections.abc import Mapping

from awsglue.context import GlueContext


class Job:
    """`init` before the work and `commit` after it. Bookmarks aren't kept, so none may be asked."""

    def __init__(self, glue_context: GlueContext) -> None:
        self.glue_context = glue_context
        self._name: str | None = None

    def init(self, job_name: str, args: Mapping[str, str] | None = None) -> None:
        """Raises RuntimeError if the run has `--job-bookmark-option job-bookmark-enable`."""
        if (args or {}).get("job_bookmark_option") == "job-bookmark-enable":
            raise RuntimeError(
                "job bookmarks need AWS Glue's own library, which can't be had locally"
            )
        self._name = job_name

    def isInitialized(self) -> bool:  # noqa: N802
        return self._name is not None

    def commit(self) -> None:
        """Raises RuntimeError if the job wasn't initialized."""
        if self._name is None:
            raise RuntimeError("Job.commit was called before Job.init")
