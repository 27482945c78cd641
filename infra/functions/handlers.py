"""The jobs that Lambda calls. A queue wakes them: a message whose job failed is told by its id, and
comes again until it goes to the dead letters.
"""

import asyncio
import json
import logging
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from infra.functions.analysis import Report
from infra.functions.analysis import analyse as analyse_history
from infra.functions.arrivals import Arrival, import_arrivals
from infra.functions.fetching import Fetched, fetch_sessions
from infra.functions.settings import JobSettings
from infra.functions.vault import secrets_manager
from market.feed.choice import open_source
from market.files import Files
from market.history import History

Event = dict[str, Any]
NAMESPACE = "Shiftdesk"

logger = logging.getLogger(__name__)


def prepare(event: Event, _context: object = None) -> Event:
    """Price history: files that arrived are imported, sessions that ended are fetched."""
    return _each(event, lambda: prepare_history(JobSettings(), datetime.now(UTC)))


def analyse(event: Event, _context: object = None) -> Event:
    """A report on each session, and the metric that the alarm watches."""
    return _each(event, lambda: report_history(JobSettings(), datetime.now(UTC)))


def prepare_history(settings: JobSettings, now: datetime) -> tuple[list[Arrival], list[Fetched]]:
    """Arrived files first: what they bring is not asked of the vendor."""
    history = History(settings.history)
    arrivals = import_arrivals(settings.incoming, history) if settings.incoming else []
    for one in arrivals:
        logger.info("arrival %s", one)
    fetched = asyncio.run(_fetch(settings, history, now)) if settings.feed else []
    for session in fetched:
        logger.info("fetched %s", session)
    return arrivals, fetched


def report_history(settings: JobSettings, now: datetime) -> list[Report]:
    """The newest report of each calendar; its problems become a metric, 0 included: silence means
    that nobody looked.
    """
    reports = analyse_history(History(settings.history), Files(settings.reports), now)
    problems = sum(report.problems for report in reports)
    sys.stdout.write(metric(settings.name, "history_problems", problems, now) + "\n")
    return reports


def metric(environment: str, name: str, value: float, now: datetime) -> str:
    """A line that CloudWatch reads as a metric out of the logs (its embedded metric format)."""
    described = {
        "Namespace": NAMESPACE,
        "Dimensions": [["environment"]],
        "Metrics": [{"Name": name}],
    }
    return json.dumps(
        {
            "_aws": {"Timestamp": int(now.timestamp() * 1000), "CloudWatchMetrics": [described]},
            "environment": environment,
            name: value,
        }
    )


async def _fetch(settings: JobSettings, history: History, now: datetime) -> list[Fetched]:
    source = open_source(settings.feed, _with_keys(settings))
    try:
        return await fetch_sessions(history, source, now)
    finally:
        await source.close()


def _with_keys(settings: JobSettings) -> JobSettings:
    """The settings with the vendor's keys from their secret. Its JSON may name no other setting."""
    if not settings.vendor_secret:
        return settings
    keys = secrets_manager().read(settings.vendor_secret) or {}
    told = {name: keys[name] for name in keys if name.startswith(("alpaca_", "ccxt_"))}
    return JobSettings(**told)  # type: ignore[arg-type]  # pydantic makes secrets of texts


def _each(event: Event, work: Callable[[], object]) -> Event:
    """Work once for each message; as SQS wants it, the messages that failed."""
    failed = []
    for record in event["Records"]:
        try:
            work()
        except Exception:
            logger.exception("job_failed %s", record["messageId"])
            failed.append({"itemIdentifier": record["messageId"]})
    return {"batchItemFailures": failed}
