"""Schedules of triggers and crawlers, by ministack's own reader of AWS cron expressions.

It takes all of AWS's dialect (lists, ranges, steps, names, years, `?`, `L`, `LW`, `W`, `#`), and
its scheduled rules of EventBridge go by it, too. Times are UTC.

Seams, internals of the pinned ministack 1.5.33: `services.eventbridge._parse_cron_fields` and
`_cron_next_fire`.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from emulator.glue.errors import invalid_input


def check_schedule(schedule: str) -> None:
    """Refuse what isn't `cron(minutes hours day-of-month month day-of-week year)` with one `?`.

    Source: AWS Glue guide, "Time-based schedules for jobs and crawlers".
    """
    from ministack.services.eventbridge import _parse_cron_fields

    fields = _parse_cron_fields(schedule)
    if fields is None or not _in_range(fields):
        raise invalid_input(f"The schedule expression {schedule!r} is not valid")


def next_time(schedule: str, after: datetime) -> datetime | None:
    """The first minute after `after` (UTC) that the schedule names; None in the next four years."""
    from ministack.services.eventbridge import _cron_next_fire, _parse_cron_fields

    found: datetime | None = _cron_next_fire(_parse_cron_fields(schedule), after)
    return found


def _in_range(fields: tuple[Any, ...]) -> bool:
    """ministack's reader takes any number: hold each field to the numbers that it can have.

    A range that goes down (FRI-MON) is empty for it, and a schedule without a minute, an hour, a
    month or a day never comes.
    """
    minutes, hours, days, months, weekdays, _, days_text, weekdays_text = fields
    ranges = (
        (minutes, range(60)),
        (hours, range(24)),
        (days["days"], range(1, 32)),
        (months, range(1, 13)),
        (weekdays["days"], range(1, 8)),
    )
    in_range = all(set(found) <= set(allowed) for found, allowed in ranges)
    any_day = all(any(found.values()) for found in (days, weekdays))
    never = not (minutes and hours and months and any_day)
    return in_range and not never and [days_text, weekdays_text].count("?") == 1
