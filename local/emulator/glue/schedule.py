"""Schedules of triggers and crawlers, by ministack's own reader of AWS cron expressions."""

from __future__ import annotations

from emulator.glue.errors import invalid_input


def check_schedule(schedule: str) -> None:
    """Refuse what isn't `cron(minutes hours day-of-month month day-of-week year)` with one `?`."""
    from ministack.services.eventbridge import _parse_cron_fields

    if _parse_cron_fields(schedule) is None:
        raise invalid_input(f"The schedule expression {schedule!r} is not valid")
