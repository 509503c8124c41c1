"""Stage, then publish: what a kill leaves behind is finished or removed by the next run.

A run writes below `_staging/<run id>/`, where no reader looks. When all is checked it writes its
journal there: what to copy, which manifests to write, what to remove. From then on the run can be
finished by anyone; before that it has changed nothing. Runs must not overlap (the Glue job's
maximum of concurrent runs is 1).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from mobile_events.lines import RawObject
from mobile_events.storage import Store

DAY_FOLDER = "_received_day="
"""Staged files lie below a folder of their received day, in Spark's `key=value` form."""

NO_DAY = "__HIVE_DEFAULT_PARTITION__"
"""What Spark puts for a null there: rows that aren't to be published."""


@dataclass(frozen=True)
class Journal:
    """All that publishing does: staged key to final key, manifest key to its content, and the keys
    of the files that these replace."""

    copies: Mapping[str, str]
    manifests: Mapping[str, Any]
    removals: list[str]


class MissingObjectsError(RuntimeError):
    """Raw objects that published rows came from are gone, so replacing them would lose rows."""

    def __init__(self, day: date, keys: Iterable[str]) -> None:
        gone = sorted(keys)
        super().__init__(
            f"received day {day}: {len(gone)} raw objects that gave published rows are gone, such "
            f"as {gone[0]}; run with rebuild=true to drop their rows, or leave the day out"
        )


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
                self._apply(Journal(**journal), staging)
            self._clear(staging)
            run = staging.rstrip("/").rsplit("/", 1)[-1]
            done = "removed the staged files of" if journal is None else "finished publishing"
            lines.append(f"{done} run {run}, which had been cut off")
        return lines

    def manifests(self, days: Iterable[date]) -> dict[date, Any]:
        """What each of these received days gave before; days that gave nothing are left out."""
        found = {day: self._store.get_json(self._bucket, self._manifest_key(day)) for day in days}
        return {day: manifest for day, manifest in found.items() if manifest is not None}

    def plan(
        self,
        table: str,
        objects: Iterable[tuple[RawObject, int]],
        previous: Mapping[date, Any],
        rebuild: bool,
    ) -> Journal:
        """The journal that replaces, for each day of `objects`, all that the day gave before.

        `objects` come with their numbers of records. Staged table files are found below
        `<staging>data/`, quarantined records below `<staging>quarantine/`. Raises
        MissingObjectsError where objects of the previous manifest are gone, unless it's a rebuild.
        """
        read: dict[date, list[dict[str, Any]]] = defaultdict(list)
        for raw, records in objects:
            entry = {**asdict(raw), "records": records}
            del entry["received_day"]
            read[raw.received_day].append(entry)
        for day, manifest in previous.items():
            gone = {o["key"] for o in manifest["objects"]} - {o["key"] for o in read[day]}
            if gone and not rebuild:
                raise MissingObjectsError(day, gone)
        copies = {
            **self._final_keys("data", f"{self._root}{table}/"),
            **self._final_keys("quarantine", f"{self._root}quarantine/"),
        }
        files: dict[str, list[str]] = defaultdict(list)
        for final in copies.values():
            files[final.rsplit("/", 1)[-1][:10]].append(final)
        manifests = {
            self._manifest_key(day): {
                "run_id": self._run_id,
                "files": sorted(files[day.isoformat()]),
                "objects": entries,
            }
            for day, entries in read.items()
        }
        kept = set(copies.values())
        removals = [f for m in previous.values() for f in m["files"] if f not in kept]
        return Journal(copies, manifests, sorted(removals))

    def publish(self, journal: Journal) -> None:
        """Write the journal, do what it says, and clear the staging."""
        self._store.put_json(self._bucket, f"{self.staging}journal.json", asdict(journal))
        self._apply(journal, self.staging)
        self._clear(self.staging)

    def write_report(self, report: Mapping[str, Any]) -> None:
        """Keep the run's report."""
        self._store.put_json(self._bucket, f"{self._root}_reports/{self._run_id}.json", report)

    def staged(self, part: str) -> list[str]:
        """Keys of the files that hold rows below a part of the staging."""
        listed = self._store.entries(self._bucket, f"{self.staging}{part}/")
        keys = [entry["Key"] for entry in listed if entry["Size"]]
        rows = (key for key in keys if key.rsplit("/", 1)[-1].startswith("part-"))
        return sorted(key for key in rows if f"{DAY_FOLDER}{NO_DAY}" not in key)

    def _apply(self, journal: Journal, staging: str) -> None:
        # Staging is cleared only after all of this, so a copy's source is there each time.
        self._store.copy(self._bucket, journal.copies.items())
        for key, manifest in journal.manifests.items():
            self._store.put_json(self._bucket, key, manifest)
        self._store.delete(self._bucket, journal.removals)

    def _clear(self, staging: str) -> None:
        keys = {entry["Key"] for entry in self._store.entries(self._bucket, staging)}
        journal = f"{staging}journal.json"
        # The journal goes first: without it the rest is only rubbish, with it the rest is needed.
        self._store.delete(self._bucket, keys & {journal})
        self._store.delete(self._bucket, keys - {journal})

    def _final_keys(self, part: str, root: str) -> dict[str, str]:
        """Staged key to `<root><partition folders>/<received day>-<run id>-<n>.<extension>`."""
        numbers: dict[str, int] = defaultdict(int)
        final = {}
        for key in self.staged(part):
            day, *folders, name = key.split(f"/{DAY_FOLDER}", 1)[1].split("/")
            numbers[day] += 1
            extension = "parquet" if name.endswith(".parquet") else ".".join(name.split(".")[1:])
            file = f"{day}-{self._run_id}-{numbers[day]}.{extension}"
            final[key] = root + "/".join([*folders, file])
        return final

    def _manifest_key(self, day: date) -> str:
        return f"{self._root}_ledger/{day}.json"
