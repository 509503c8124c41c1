"""The schedules of crawlers, as they are started, stopped and changed by themselves."""

from __future__ import annotations

from moto.glue.models import FakeCrawler

from emulator.glue.errors import GlueError, entity_not_found
from emulator.glue.region import Operation, Region, required
from emulator.glue.schedule import check_schedule
from emulator.moto_api import Payload

STOPPED = "schedule_stopped"
"""Name of the attribute that a crawler of moto's has while its schedule is stopped."""


def is_scheduled(crawler: FakeCrawler) -> bool:
    """Whether the crawler has a schedule that isn't stopped."""
    return bool(crawler.schedule) and not hasattr(crawler, STOPPED)


class CrawlerSchedules:
    """Operations on the schedule of a crawler."""

    def __init__(self, region: Region) -> None:
        self._region = region

    def operations(self) -> dict[str, Operation]:
        return {
            "StartCrawlerSchedule": self._start,
            "StopCrawlerSchedule": self._stop,
            "UpdateCrawlerSchedule": self._update,
        }

    def _start(self, payload: Payload) -> Payload:
        crawler = self._crawler(payload)
        if not crawler.schedule:
            raise GlueError("NoScheduleException", f"Crawler {crawler.name} has no schedule")
        if is_scheduled(crawler):
            raise GlueError(
                "SchedulerRunningException", f"The schedule of crawler {crawler.name} is running"
            )
        delattr(crawler, STOPPED)
        return {}

    def _stop(self, payload: Payload) -> Payload:
        crawler = self._crawler(payload)
        if not is_scheduled(crawler):
            raise GlueError(
                "SchedulerNotRunningException",
                f"The schedule of crawler {crawler.name} isn't running",
            )
        setattr(crawler, STOPPED, True)
        return {}

    def _update(self, payload: Payload) -> Payload:
        """Set the schedule; none takes it away. One that was stopped stays stopped."""
        crawler = self._crawler(payload)
        schedule = payload.get("Schedule") or ""
        if schedule:
            check_schedule(schedule)
        crawler.schedule = schedule
        return {}

    def _crawler(self, payload: Payload) -> FakeCrawler:
        name = required(payload, "CrawlerName")
        crawler = self._region.records.backend.crawlers.get(name)
        if crawler is None:
            raise entity_not_found(f"Crawler with name {name} not found.")
        return crawler
