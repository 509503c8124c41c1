"""From what a run has ready to what publishing does: names, ledger entries, the journal."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date

from mobile_events.curated.publish import FinalNames, Journal
from mobile_events.processing import Outcome
from mobile_events.selection import Selection
from mobile_events.settings import Settings
from mobile_events.stage.staged import Staged
from mobile_events.state.ledger import Counts, Day, Ledger, PublishedFile, ReadObject
from mobile_events.state.schema import Schema


class AccountError(RuntimeError):
    """Records that were read aren't the rows, duplicates and quarantined records that are ready."""


@dataclass
class Posting:
    """What each received day gets in the ledger by this run, and staged keys to final ones."""

    days: dict[date, Day] = field(default_factory=dict)
    copies: dict[str, str] = field(default_factory=dict)

    def sources(self, names: Iterable[str]) -> dict[str, Counts]:
        """Each source's account over all days."""
        total = {name: Counts() for name in names}
        for day in self.days.values():
            for name, counts in day.sources.items():
                total[name].add(counts)
        return total


def post(settings: Settings, outcome: Outcome) -> Posting:
    """Raises AccountError unless every source's records of every day are accounted for."""
    posting = Posting()
    names = FinalNames(settings.run_id)
    for staged in outcome.staged:
        entry = posting.days.setdefault(staged.task.day, Day())
        _count(entry, staged)
        if staged.quarantine is not None:
            final = names.next(f"{settings.prefix}quarantine/", str(staged.task.day), "json.gz")
            posting.copies[staged.quarantine] = final
            entry.quarantine.append(PublishedFile(final, staged.quarantined))
    for day, entry in posting.days.items():
        _add_files(day, entry, outcome, settings, names, posting.copies)
    for (day, source), rows in outcome.duplicates.items():
        posting.days[day].sources[source].duplicates += rows
    for day, entry in posting.days.items():
        _check_account(day, entry)
    return posting


def journal_of(
    posting: Posting, settings: Settings, ledger: Ledger, selection: Selection, schema: Schema
) -> Journal:
    """The journal that publishes a posting: days that are replaced lose all they gave before."""
    documents = {Schema.key(settings): schema.to_json()}
    removals: list[str] = []
    for day, entry in sorted(posting.days.items()):
        before = selection.ledger.get(day)
        if before is not None and day in selection.replaced:
            removals += before.files
        elif before is not None:
            before.add(entry)
            entry = before
        documents[ledger.key(day)] = entry.to_json()
    return Journal(posting.copies, documents, removals)


def _count(entry: Day, staged: Staged) -> None:
    for place, raw in staged.task.objects:
        counts = staged.objects[place]
        source = entry.sources.setdefault(raw.source, Counts())
        source.records_read += counts.records
        source.quarantined += counts.reasons.total()
        entry.objects.append(ReadObject(raw.source, raw.bucket, raw.key, raw.etag, counts.records))


def _add_files(
    day: date,
    entry: Day,
    outcome: Outcome,
    settings: Settings,
    names: FinalNames,
    copies: dict[str, str],
) -> None:
    """Count the rows of the day's files, and give rows and ids their final names."""
    root, received = settings.prefix, day.isoformat()
    for partition, file in outcome.files.get(day, []):
        extension = file.key.rsplit("/", 1)[1].split(".", 1)[1]
        final = names.next(f"{root}{settings.table}/{partition}/", received, extension)
        copies[file.key] = final
        entry.data.append(PublishedFile(final, file.rows, file.bytes))
        for source, rows in file.platforms.items():
            entry.sources[source].rows_written += rows
    for ids in outcome.ids.get(day, []):
        final = names.next(f"{root}_ids/{received}/", received, "parquet")
        copies[ids.key] = final
        entry.ids.append(PublishedFile(final, ids.ids, ids.bytes))


def _check_account(day: date, entry: Day) -> None:
    for name, counts in entry.sources.items():
        found = counts.rows_written + counts.duplicates + counts.quarantined
        if counts.records_read != found:
            raise AccountError(
                f"source {name}, received day {day}: {counts.records_read} records were read, but "
                f"{found} are accounted for ({vars(counts)}); nothing was published"
            )


def rows_by_day(posting: Posting, selection: Selection) -> Mapping[date, int]:
    """Rows that each day of the run has once it is published."""
    kept = {
        day: entry.rows for day, entry in selection.ledger.items() if day not in selection.replaced
    }
    return {day: entry.rows + kept.get(day, 0) for day, entry in posting.days.items()}
