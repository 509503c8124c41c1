"""From what a run has ready to what publishing does: names, ledger entries, the journal."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date

from mobile_events.ledger import Counts, Day, Ledger, PublishedFile, ReadObject
from mobile_events.processing import Outcome
from mobile_events.publish import FinalNames, Journal
from mobile_events.schema import Schema
from mobile_events.selection import Selection
from mobile_events.settings import Settings
from mobile_events.staged import Staged


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
        _count(entry, staged, outcome)
        _name(entry, staged, outcome, settings, names, posting.copies)
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


def _count(entry: Day, staged: Staged, outcome: Outcome) -> None:
    for place, raw in staged.task.objects:
        counts = staged.objects[place]
        source = entry.sources.setdefault(raw.source, Counts())
        source.records_read += counts.records
        source.quarantined += counts.reasons.total()
        entry.objects.append(ReadObject(raw.source, raw.bucket, raw.key, raw.etag, counts.records))
    for file in outcome.files[staged.task.number]:
        for name, rows in file.platforms.items():
            entry.sources[name].rows_written += rows
    for name, source in entry.sources.items():
        source.duplicates += outcome.duplicates[staged.task.number, name]


def _name(
    entry: Day,
    staged: Staged,
    outcome: Outcome,
    settings: Settings,
    names: FinalNames,
    copies: dict[str, str],
) -> None:
    """Give the task's files their final names."""
    day, root = staged.task.day.isoformat(), settings.prefix
    extension = "csv.gz" if settings.output_format == "csv" else "parquet"
    for file in outcome.files[staged.task.number]:
        final = names.next(f"{root}{settings.table}/{file.partition}/", day, extension)
        copies[file.key] = final
        entry.data.append(PublishedFile(final, file.rows, file.bytes))
    if staged.quarantine is not None:
        final = names.next(f"{root}quarantine/", day, "json.gz")
        copies[staged.quarantine] = final
        entry.quarantine.append(PublishedFile(final, staged.quarantined))
    if staged.task.number in outcome.ids:
        key, count = outcome.ids[staged.task.number]
        final = names.next(f"{root}_ids/{day}/", day, "parquet")
        copies[key] = final
        entry.ids.append(PublishedFile(final, count))


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
