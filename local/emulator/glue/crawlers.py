"""Crawlers: what Glue refuses, and crawls that run with the crawler's own role."""

from __future__ import annotations

import threading
from typing import Any

from moto.core.utils import utcnow

from emulator.account import client
from emulator.glue.classifiers import check_classifiers
from emulator.glue.crawl_history import changes_of, last_crawl, list_crawls, metrics
from emulator.glue.crawler_rules import EVENT_MODE, check_crawler
from emulator.glue.crawler_schedules import is_scheduled
from emulator.glue.errors import GlueError, entity_not_found
from emulator.glue.monitoring.crawl_log import CrawlLog
from emulator.glue.monitoring.log_groups import crawler_stream
from emulator.glue.region import Finished, Operation, Region, page, required
from emulator.glue.roles import assume_for_glue
from emulator.glue.runs import Crawl, Origin
from emulator.moto_api import Payload

DEFAULTS: Payload = {
    "Classifiers": [],
    "LineageConfiguration": {"CrawlerLineageSettings": "DISABLE"},
    "RecrawlPolicy": {"RecrawlBehavior": "CRAWL_EVERYTHING"},
    "SchemaChangePolicy": {
        "UpdateBehavior": "UPDATE_IN_DATABASE",
        "DeleteBehavior": "DEPRECATE_IN_DATABASE",
    },
}
ATTRIBUTES = {
    "Role": "role",
    "DatabaseName": "database_name",
    "Description": "description",
    "Targets": "targets",
    "Schedule": "schedule",
    "Classifiers": "classifiers",
    "TablePrefix": "table_prefix",
    "SchemaChangePolicy": "schema_change_policy",
    "RecrawlPolicy": "recrawl_policy",
    "LineageConfiguration": "lineage_configuration",
    "Configuration": "configuration",
    "CrawlerSecurityConfiguration": "crawler_security_configuration",
}


class CrawlStoppedError(Exception):
    """The crawl was stopped by StopCrawler."""


class Crawlers:
    """Operations on crawlers, and the threads that crawl. `finished` hears of each crawl's end."""

    def __init__(self, region: Region) -> None:
        self._region = region
        self._call = region.records.call
        self.finished: Finished = lambda crawl: None

    def operations(self) -> dict[str, Operation]:
        return {
            "CreateCrawler": self._create,
            "UpdateCrawler": self._update,
            "DeleteCrawler": self._delete,
            "GetCrawler": self._get,
            "GetCrawlers": self._get_all,
            "BatchGetCrawlers": self._batch_get,
            "StartCrawler": self._start,
            "StopCrawler": self._stop,
            "ListCrawls": self._list_crawls,
            "GetCrawlerMetrics": self._metrics,
        }

    def start(self, name: str, origin: Origin) -> Crawl:
        """Crawl in a thread. Raises GlueError if the crawler is missing or busy.

        In event mode, the first good crawl of each version of the crawler lists everything.
        """
        record = self._call("GetCrawler", {"Name": name})["Crawler"]
        if self._active(name):
            raise GlueError(
                "CrawlerRunningException", f"Crawler with name {name} has already started"
            )
        crawl = Crawl(name, origin, version=record["Version"])
        crawl.log_group = crawler_stream(record, self._region).group
        by_events = record["RecrawlPolicy"].get("RecrawlBehavior") == EVENT_MODE and any(
            (earlier.state, earlier.version) == ("SUCCEEDED", crawl.version)
            for earlier in self._crawls(name)
        )
        self._region.runs.crawls.setdefault(name, []).append(crawl)
        self._region.events.crawl_started(crawl)
        threading.Thread(target=self._crawl, args=(crawl, record, by_events), daemon=True).start()
        return crawl

    def fail(self, name: str, origin: Origin, error: str) -> None:
        """Record a crawl that couldn't be started, as Glue does for the actions of a trigger."""
        crawl = Crawl(name, origin)
        crawl.move("FAILED", error)
        self._region.runs.crawls.setdefault(name, []).append(crawl)

    def stop(self, crawl: Crawl) -> None:
        """Have a running crawl end before its next call to AWS."""
        crawl.move("CANCELLING")

    def _crawl(self, crawl: Crawl, record: Payload, by_events: bool) -> None:
        from emulator.crawl import run_crawl  # its libraries would slow down each start

        end, error = "SUCCEEDED", None
        changes: dict[str, dict[str, list[str]]] = {}
        log: CrawlLog | None = None
        try:
            log = self._log(crawl, record)
            log.started()
            services = ("glue", "s3", "sqs") if by_events else ("glue", "s3")
            clients = {service: self._client(service, crawl, record) for service in services}
            with self._region.lock:
                classifiers = check_classifiers(self._region, record.get("Classifiers") or [])
            changes = changes_of(run_crawl(record, classifiers=classifiers, **clients))
        except CrawlStoppedError:
            end = "CANCELLED"
        except Exception as problem:  # whatever it is, the crawl is recorded as failed by it
            end, error = "FAILED", str(problem)
        if log is not None:
            log.ended(changes, error)
        with self._region.lock:
            if crawl.active:
                crawl.changes = changes
                crawl.move(end, error)
                self._region.events.crawl_ended(crawl)
                self.finished(crawl)
                self._region.save()

    def _log(self, crawl: Crawl, record: Payload) -> CrawlLog:
        with self._region.lock:
            stream = crawler_stream(record, self._region)
        return CrawlLog(self._role_client("logs", record), stream, crawl.id, record)

    def _role_client(self, service: str, record: Payload) -> Any:
        credentials = assume_for_glue(
            record["Role"],
            "AWS-Crawler",
            self._region.arn("crawler", record["Name"]),
            self._region.endpoint,
            self._region.name,
            43_200,
        )
        return client(service, self._region.endpoint, self._region.name, credentials)

    def _client(self, service: str, crawl: Crawl, record: Payload) -> Any:
        aws = self._role_client(service, record)

        def refuse_when_stopped(**_: Any) -> None:
            if crawl.state != "RUNNING":
                raise CrawlStoppedError

        aws.meta.events.register("before-call", refuse_when_stopped)
        return aws

    def _crawls(self, name: str) -> list[Crawl]:
        return self._region.runs.crawls.get(name, [])

    def _active(self, name: str) -> Crawl | None:
        return next((crawl for crawl in self._crawls(name) if crawl.active), None)

    def _create(self, payload: Payload) -> Payload:
        crawler = {**DEFAULTS, **payload}
        required(crawler, "Name")
        self._check(crawler)
        return self._call("CreateCrawler", crawler)

    def _update(self, payload: Payload) -> Payload:
        """Change the fields that are given, as UpdateCrawler does; moto has no such operation."""
        name = required(payload, "Name")
        record = self._call("GetCrawler", {"Name": name})["Crawler"]
        if self._active(name):
            raise GlueError("CrawlerRunningException", f"Crawler with name {name} is running")
        schedule = record.pop("Schedule", {}).get("ScheduleExpression")
        wanted = {**record, "Schedule": schedule, **payload}
        self._check(wanted)
        crawler = self._region.records.backend.crawlers[name]
        for field, attribute in ATTRIBUTES.items():
            if field in payload:
                setattr(crawler, attribute, payload[field])
        crawler.version += 1
        crawler.last_updated = utcnow()
        return {}

    def _check(self, crawler: Payload) -> None:
        check_classifiers(self._region, crawler.get("Classifiers") or [])
        check_crawler(crawler, self._region)

    def _delete(self, payload: Payload) -> Payload:
        name = required(payload, "Name")
        if self._active(name):
            raise GlueError(
                "CrawlerRunningException", f"Cannot delete crawler {name} while it's running"
            )
        answer = self._call("DeleteCrawler", payload)
        self._region.forget_tags("crawler", name)
        self._region.runs.crawls.pop(name, None)
        return answer

    def _get(self, payload: Payload) -> Payload:
        return {"Crawler": self._described(self._call("GetCrawler", payload)["Crawler"])}

    def _get_all(self, payload: Payload) -> Payload:
        records = self._call("GetCrawlers", {})["Crawlers"]
        return page([self._described(record) for record in records], payload, "Crawlers")

    def _batch_get(self, payload: Payload) -> Payload:
        answer = self._call("BatchGetCrawlers", payload)
        return {**answer, "Crawlers": [self._described(found) for found in answer["Crawlers"]]}

    def _described(self, record: Payload) -> Payload:
        """moto's record with the state and last crawl of what ran here."""
        active = self._active(record["Name"])
        ended = [crawl for crawl in self._crawls(record["Name"]) if not crawl.active]
        described = {**record, "State": "READY", "CrawlElapsedTime": 0}
        if described.get("Schedule") and not is_scheduled(
            self._region.records.backend.crawlers[record["Name"]]
        ):
            described["Schedule"] = {**described["Schedule"], "State": "NOT_SCHEDULED"}
        if active:
            described["State"] = "RUNNING" if active.state == "RUNNING" else "STOPPING"
            described["CrawlElapsedTime"] = round(active.seconds * 1000)
        if ended:
            described["LastCrawl"] = last_crawl(ended[-1])
        return described

    def _start(self, payload: Payload) -> Payload:
        self.start(required(payload, "Name"), Origin())
        return {}

    def _stop(self, payload: Payload) -> Payload:
        name = required(payload, "Name")
        self._call("GetCrawler", payload)
        active = self._active(name)
        if active is None:
            raise GlueError("CrawlerNotRunningException", f"Crawler with name {name} isn't running")
        if active.state == "CANCELLING":
            raise GlueError("CrawlerStoppingException", f"Crawler with name {name} is stopping")
        self.stop(active)
        return {}

    def _list_crawls(self, payload: Payload) -> Payload:
        name = required(payload, "CrawlerName")
        if name not in self._region.records.backend.crawlers:
            raise entity_not_found(f"Crawler entry with name {name} does not exist")
        return list_crawls(self._crawls(name), payload)

    def _metrics(self, payload: Payload) -> Payload:
        names = payload.get("CrawlerNameList") or list(self._region.records.backend.crawlers)
        found = [metrics(name, self._crawls(name)) for name in names]
        return page(found, payload, "CrawlerMetricsList")
