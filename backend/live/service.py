"""The live part of a running back end: hub, its readers, and an end that tells every socket."""

import asyncio
import contextlib
from collections.abc import Awaitable, Callable

import structlog
from fastapi import FastAPI
from fastapi.requests import HTTPConnection

from ai_pod.contracts.live import CloseCode
from backend.errors import STORE_AWAY
from backend.live import desk_streams, market_feed
from backend.live.admission import Refused
from backend.live.attendance import Attendance
from backend.live.frames import Framer
from backend.live.hub import Hub
from backend.live.phases import Phases
from backend.live.relay import Relay
from backend.state import State
from market.tasks import in_time

AGAIN_SECONDS = 0.5
DRAIN_SECONDS = 5.0
ADMITTED_AT_ONCE = 4
CHAT_SECONDS = 10.0

logger = structlog.get_logger()


class Live:
    """Made with the first live socket."""

    def __init__(self, state: State) -> None:
        self.state = state
        self.framer = Framer(state.clock)
        self.hub = Hub(self.framer)
        self.phases = Phases(state, self.hub, self.framer)
        self.relay = Relay(state, self.hub, self.phases)
        self.attendance = Attendance(state)
        self.turns = asyncio.Semaphore(ADMITTED_AT_ONCE)

    def start(self) -> None:
        """Start the readers."""
        redis = self.state.redis
        loops: tuple[tuple[str, Callable[[], Awaitable[None]]], ...] = (
            ("live-desks", lambda: desk_streams.follow(redis, self.hub)),
            ("live-ticks", lambda: market_feed.follow_ticks(redis, self.hub)),
            ("live-bars", lambda: market_feed.follow_bars(redis, self.hub)),
            ("live-phases", self.phases.run),
            ("live-relay", self.relay.run),
            ("live-rounds", self.attendance.make_rounds),
            ("live-presence", self.attendance.renew),
        )
        for name, loop in loops:
            self.state.tasks.start(_keep_running(self.state, name, loop), name=name)

    async def drain(self) -> None:
        """Close every socket with 1012, bounded."""
        self.attendance.end_all(Refused(CloseCode.RESTART, "the server restarts"))
        if self.hub.viewers:
            with contextlib.suppress(TimeoutError):
                await in_time(self.hub.empty.wait(), DRAIN_SECONDS)


def get_live(connection: HTTPConnection) -> Live:
    """The app's live part, started when it is asked for first."""
    live: Live | None = getattr(connection.app.state, "live", None)
    if live is None:
        live = Live(connection.app.state.backend)
        live.start()
        connection.app.state.live = live
    return live


async def drain(app: FastAPI) -> None:
    """For the server's drain: every live socket is told to come back, and chat answers in full what
    it has begun to answer.
    """
    state: State = app.state.backend
    live: Live | None = getattr(app.state, "live", None)
    if live is not None:
        await live.drain()
    await state.tasks.done("chat-", CHAT_SECONDS)


async def _keep_running(state: State, name: str, loop: Callable[[], Awaitable[None]]) -> None:
    while not state.tasks.stopping.is_set():
        try:
            await loop()
        except STORE_AWAY as error:
            logger.warning("live_reader_waits", loop=name, error=repr(error))
        except Exception:
            logger.exception("live_reader_failed", loop=name)
        await asyncio.sleep(AGAIN_SECONDS)
