"""Stage, then publish: what a kill leaves behind is finished or removed by the next run.

A run writes below `_staging/<run id>/`, where no reader looks. When all is checked it writes its
journal there: what to copy, which documents to write, what to remove. From then on the run can be
finished by anyone; before that it has changed nothing.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from mobile_events.stage.attempt import OPEN
from mobile_events.storage import Store

log = logging.getLogger(__name__)


@dataclass
class Journal:
    """All that publishing does: staged key to final key, key to the JSON that it gets, and the keys
    of the files that these replace."""

    copies: dict[str, str] = field(default_factory=dict)
    documents: dict[str, Any] = field(default_factory=dict)
    removals: list[str] = field(default_factory=list)


class Publisher:
    """The curated side of one run: `root` is the output path's prefix in `bucket`."""

    def __init__(self, store: Store, bucket: str, root: str, run_id: str) -> None:
        self._store = store
        self._bucket = bucket
        self._root = root
        self._run_id = run_id
        self.staging = f"{root}_staging/{run_id}/"

    def recover(self) -> list[str]:
        """Finish or remove what dead runs left; a line for each of them."""
        lines = []
        for staging in self._store.folders(self._bucket, f"{self._root}_staging/"):
            journal = self._store.get_json(self._bucket, f"{staging}journal.json")
            if journal is not None:
                self._apply(Journal(**journal))
            self._clear(staging)
            run = staging.rstrip("/").rsplit("/", 1)[-1]
            if journal is None and self._store.get_json(self._bucket, self._report_key(run)):
                log.info("removed what an executor staged after run %s had ended", run)
                continue
            done = "removed the staged files of" if journal is None else "finished publishing"
            lines.append(f"{done} run {run}, which had been cut off")
        return lines

    def open_staging(self) -> None:
        """Let attempts at the run's tasks put files into its staging."""
        self._store.put_json(self._bucket, f"{self.staging}{OPEN}", {"run_id": self._run_id})

    def publish(self, journal: Journal) -> None:
        """Write the journal, do what it says, and clear the staging."""
        self._store.put_json(self._bucket, f"{self.staging}journal.json", asdict(journal))
        self._apply(journal)
        self._clear(self.staging)

    def write_report(self, report: Mapping[str, Any]) -> None:
        """Keep the run's report."""
        self._store.put_json(self._bucket, self._report_key(self._run_id), report)

    def _report_key(self, run_id: str) -> str:
        return f"{self._root}_reports/{run_id}.json"

    def _apply(self, journal: Journal) -> None:
        # Staging is cleared only after all of this, so a copy's source is there each time.
        self._store.copy(self._bucket, journal.copies.items())
        for key, document in journal.documents.items():
            self._store.put_json(self._bucket, key, document)
        self._store.delete(self._bucket, journal.removals)

    def _clear(self, staging: str) -> None:
        # The journal goes first: without it the rest is only rubbish, with it the rest is needed.
        # And the staging is closed before it is listed, so that no attempt's files are missed.
        self._store.delete(self._bucket, [f"{staging}journal.json", f"{staging}{OPEN}"])
        left = [entry["Key"] for entry in self._store.entries(self._bucket, staging)]
        self._store.delete(self._bucket, left)


class FinalNames:
    """Keys of published files: `<received day>-<run id>-<n>.<extension>`, each once."""

    def __init__(self, run_id: str) -> None:
        self._run_id = run_id
        self._numbers: dict[str, int] = {}

    def next(self, folder: str, day: str, extension: str) -> str:
        """The key of the next file in a folder, which has its final slash."""
        number = self._numbers[day] = self._numbers.get(day, 0) + 1
        return f"{folder}{day}-{self._run_id}-{number}.{extension}"
