"""The work of a Glue crawler: S3 folders become tables and partitions of the catalog."""

from emulator.crawl.crawl import run_crawl
from emulator.crawl.summary import CrawlSummary

__all__ = ["CrawlSummary", "run_crawl"]
