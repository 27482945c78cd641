"""The demo: a recorded market threaded with synthetic minutes, an accelerated clock, and people to
log in as.
"""

import asyncio
from datetime import date
from pathlib import Path

from backend.desks.demo import provision_demo
from market.prepare import prepare_demo as prepare_history
from market.words import Interval
from shiftdesk.local.cluster import Cluster

DEMO_CLOCK = "2012-10-15T14:00:00Z@600"
HISTORY_FROM = date(2011, 1, 3)
HISTORY_TO = date(2013, 3, 1)


async def nothing(_cluster: Cluster) -> None:
    """No preparation."""


async def prepare_demo(cluster: Cluster, interval: Interval = Interval.QUARTER) -> None:
    """Price history and demo users; both keep what is there already."""
    with cluster.progress.step("price history (daily bars recorded, minutes synthetic)"):
        await asyncio.to_thread(prepare_history, cluster.history, HISTORY_FROM, HISTORY_TO)
    with cluster.progress.step("demo users and desks"):
        url, password = cluster.urls.backend_database, cluster.secrets.demo_password
        await provision_demo(url, password, interval)


async def greet(cluster: Cluster) -> None:
    """Say where the page is and who can log in."""
    say = cluster.progress.say
    now = f"{cluster.clock.now():%Y-%m-%d %H:%M} UTC, {cluster.clock.speed:g}×"
    say(f"\n  [bold]{cluster.addresses.backend}[/]   market time {now}")
    if cluster.options.demo:
        password = cluster.secrets.demo_password
        say(f"  logins: trader1 … trader12, operator, risk, viewer   password: [bold]{password}[/]")
    home = cluster.state.root.parent
    if home == Path.cwd():
        say("  Ctrl-C ends everything; state stays in .shiftdesk/\n")
    else:
        say(f"  to ask it: cd {home}; shiftdesk status   Ctrl-C ends and deletes everything\n")
