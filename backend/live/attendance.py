"""Who attends: rounds over all live sockets, once for all of them, so that a socket that is merely
open costs next to nothing.
"""

import asyncio
import time
from collections.abc import Sequence
from typing import Protocol

import structlog

from ai_pod.contracts.live import CloseCode
from backend.auth.dependencies import Caller
from backend.database import transaction
from backend.errors import STORE_AWAY
from backend.live import repository
from backend.live.admission import Refused
from backend.live.viewer import Viewer
from backend.pods import presence
from backend.pods import service as pods
from backend.state import State

ROUND_SECONDS = 0.5
LOOK_SECONDS = 0.1
HEARTBEAT_SECONDS = 5.0
AT_ONCE = 500

logger = structlog.get_logger()


class Attendee(Protocol):
    """One admitted socket. `own`: it is the desk of the caller, whose presence keeps it seated."""

    viewer: Viewer
    caller: Caller
    own: bool
    beaten: float
    renewed: float | None

    def end(self, refused: Refused) -> None: ...

    def beat(self) -> None: ...

    async def tell_lost(self) -> None: ...


class Attendance:
    """All admitted sockets, from `join` to `leave`."""

    def __init__(self, state: State) -> None:
        self._state = state
        self._attendees: set[Attendee] = set()

    def join(self, attendee: Attendee) -> None:
        self._attendees.add(attendee)

    def leave(self, attendee: Attendee) -> None:
        self._attendees.discard(attendee)

    def end_all(self, refused: Refused) -> None:
        for attendee in self._attendees:
            attendee.end(refused)

    async def make_rounds(self) -> None:
        """Heartbeats; and the reasons for which the server closes a socket; for ever."""
        while True:
            now = time.monotonic()
            for attendee in list(self._attendees):
                if attendee.viewer.outbox.behind:
                    reason = "too slow: come back and resume"
                    attendee.end(Refused(CloseCode.TOO_SLOW, reason))
                elif attendee.viewer.lost:
                    await attendee.tell_lost()
                    attendee.viewer.lost = False
                elif now - attendee.beaten >= HEARTBEAT_SECONDS:
                    attendee.beaten = now
                    attendee.beat()
            await asyncio.sleep(ROUND_SECONDS)

    async def renew(self) -> None:
        """Again and again: may the callers still look? Whose desk it is keeps it seated. For ever.

        Its queries do not end with a socket: one that is cancelled costs its connection.
        """
        tasks = self._state.tasks
        while not tasks.stopping.is_set():
            long_ago = time.monotonic() - presence.RENEW_SECONDS
            due = [
                one for one in self._attendees if one.renewed is None or one.renewed <= long_ago
            ][:AT_ONCE]
            if due:
                with tasks.step():
                    await self._renew(due)
            await asyncio.sleep(LOOK_SECONDS)

    async def _renew(self, due: Sequence[Attendee]) -> None:
        now = time.monotonic()
        for attendee in due:
            attendee.renewed = now
        try:
            await self._show_out(due)
            await self._keep_seated({one.viewer.desk for one in due if one.own})
        except STORE_AWAY as error:
            logger.warning("presence_not_noted", sockets=len(due), error=repr(error))

    async def _show_out(self, due: Sequence[Attendee]) -> None:
        """Those whose account is gone, disabled, or has another role."""
        async with transaction(self._state.sessions) as session:
            roles = await repository.roles(session, {one.caller.id for one in due})
        for attendee in due:
            if roles.get(attendee.caller.id) != attendee.caller.role:
                attendee.end(Refused(CloseCode.RENEW, "sign in again"))

    async def _keep_seated(self, named: set[str | None]) -> None:
        desks = sorted(desk for desk in named if desk is not None)
        if not desks:
            return
        await presence.note(self._state.redis, desks)
        async with transaction(self._state.sessions) as session:
            new = await repository.without_seat(session, desks)
        for desk in new:
            await pods.connect(self._state, desk)
