"""Schedules of triggers and crawlers, by ministack's own reader of AWS cron expressions."""

from __future__ import annotations

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


def _in_range(fields: tuple[Any, ...]) -> bool:
    """ministack's reader takes any number: hold each field to the numbers that it can have."""
    minutes, hours, days, months, weekdays, _, days_text, weekdays_text = fields
    ranges = (
        (minutes, range(60)),
        (hours, range(24)),
        (days["days"], range(1, 32)),
        (months, range(1, 13)),
        (weekdays["days"], range(1, 8)),
    )
    in_range = all(set(found) <= set(allowed) for found, allowed in ranges)
    return in_range and [days_text, weekdays_text].count("?") == 1
