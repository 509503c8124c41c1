"""Changes of state that EventBridge hears of, with source `aws.glue`.

Fields: AWS Glue guide, "Automating AWS Glue with EventBridge", and EventBridge guide, "Events from
AWS services". All values of a detail are strings. A crawl that is stopped has no event.

Seam, an internal of the pinned ministack 1.5.33: `services.eventbridge._put_events`.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping, Sequence
from datetime import datetime, timezone
from typing import Any

from emulator.account import ACCOUNT_ID
from emulator.glue.catalog_events import CatalogEvent
from emulator.glue.runs import Crawl, JobRun

JOB = "Glue Job State Change"
JOB_STATUS = "Glue Job Run Status"
CRAWLER = "Glue Crawler State Change"
JOB_SEVERITY = {"SUCCEEDED": "INFO", "STOPPED": "INFO", "TIMEOUT": "WARN", "FAILED": "ERROR"}
JOB_MESSAGE = {
    "SUCCEEDED": "Job run succeeded",
    "STOPPED": "Job run stopped",
    "TIMEOUT": "Job run timed out",
}


class Events:
    """Publishes the events of one region, in order, without waiting for their targets.

    The event loop delivers them, as it does those of PutEvents, so that a target which calls Glue
    never meets a lock that its own event is sent under. To be made in the event loop's thread.
    """

    def __init__(self, region: str) -> None:
        self._region = region
        self._loop = asyncio.get_running_loop()

    def job_run_ended(self, run: JobRun) -> None:
        """Tell of the end of one attempt of a job, also if another attempt follows."""
        failed = (
            f"JobName:{run.job} and JobRunId:{run.id} failed to execute with exception {run.error}"
        )
        self._publish(
            JOB,
            {
                "jobName": run.job,
                "severity": JOB_SEVERITY[run.state],
                "state": run.state,
                "jobRunId": run.id,
                "message": JOB_MESSAGE.get(run.state, failed),
            },
        )

    def job_run_is_late(self, run: JobRun, minutes: float) -> None:
        """Tell of a run that goes on after its delay for notices."""
        detail = {
            "jobName": run.job,
            "severity": "INFO",
            "notificationCondition": {"NotifyDelayAfter": float(minutes)},
            "state": run.state,
            "jobRunId": run.id,
            "message": f"Job is in {run.state} state",
            "startedOn": _iso(run.started),
        }
        self._publish(JOB_STATUS, detail)

    def catalog_changed(self, event: CatalogEvent) -> None:
        arn = f"arn:aws:glue:{self._region}:{ACCOUNT_ID}:{event.resource}"
        self._publish(event.detail_type, event.detail, [arn])

    def crawl_started(self, crawl: Crawl) -> None:
        self._publish_crawl(
            crawl, "Started", {"startTime": _iso(crawl.started), "message": "Crawler Started"}
        )

    def crawl_ended(self, crawl: Crawl) -> None:
        """Tell of a crawl that succeeded or failed, with the numbers of what it changed."""
        if crawl.state == "SUCCEEDED":
            self._publish_crawl(crawl, "Succeeded", self._outcome(crawl))
        elif crawl.state == "FAILED":
            failed = {
                "errorMessage": crawl.error or "",
                "cloudWatchLogLink": self._log_link(crawl),
                "message": "Crawler Failed",
            }
            self._publish_crawl(crawl, "Failed", failed)

    def _outcome(self, crawl: Crawl) -> dict[str, str]:
        counts = {
            f"{entity.lower()}s{past}": str(len(crawl.changes.get(entity, {}).get(change, [])))
            for entity in ("TABLE", "PARTITION")
            for change, past in (("ADD", "Created"), ("UPDATE", "Updated"), ("DELETE", "Deleted"))
        }
        return {
            **counts,
            "runningTime (sec)": str(round(crawl.seconds)),
            "completionDate": _iso(crawl.completed or crawl.started),
            "cloudWatchLogLink": self._log_link(crawl),
            "warningMessage": "N/A",
            "message": "Crawler Succeeded",
        }

    def _log_link(self, crawl: Crawl) -> str:
        console = f"https://console.aws.amazon.com/cloudwatch/home?region={self._region}"
        return f"{console}#logEventViewer:group={crawl.log_group};stream={crawl.crawler}"

    def _publish_crawl(self, crawl: Crawl, state: str, detail: Mapping[str, str]) -> None:
        common = {"accountId": ACCOUNT_ID, "crawlerName": crawl.crawler, "state": state}
        self._publish(CRAWLER, {**common, **detail})

    def _publish(
        self, detail_type: str, detail: Mapping[str, Any], resources: Sequence[str] = ()
    ) -> None:
        entry = {
            "Source": "aws.glue",
            "DetailType": detail_type,
            "Detail": json.dumps(detail),
            "Resources": list(resources),
        }
        self._loop.call_soon_threadsafe(self._deliver, entry)

    def _deliver(self, entry: Mapping[str, Any]) -> None:
        from ministack.core.responses import request_scope
        from ministack.services.eventbridge import _put_events

        with request_scope(ACCOUNT_ID, self._region):
            _put_events({"Entries": [entry]}, allow_aws_source=True)


def _iso(seconds: float) -> str:
    return datetime.fromtimestamp(seconds, timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")
