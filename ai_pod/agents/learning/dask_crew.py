"""The crew of a cluster: trials run on whichever learning agents there are, this one among them.

Keeps this agent a member: of the configured scheduler, or of one that the machine's pods host.
"""

import asyncio
import contextlib
from collections.abc import AsyncGenerator, Sequence
from dataclasses import dataclass
from typing import Any, Self

import structlog
from redis.exceptions import RedisError

from ai_pod.agents.learning import cluster
from ai_pod.agents.learning.crew import Heard
from ai_pod.agents.learning.meeting import Meeting
from ai_pod.agents.learning.trial import Place, TrialResult, TrialSpec
from market.tasks import end_if_told, in_time

RETRY_SECONDS = 0.5

UNSAID_MOST = 5
"""How many renewals of a host's word may be missing before its scheduler counts as lost."""

logger = structlog.get_logger()


@dataclass(frozen=True)
class Camp:
    """Where an agent looks for the cluster: `scheduler` is its address, or empty to `meet` the
    machine's other pods; Dask's own files go under `folder`.
    """

    name: str
    folder: str
    meeting: Meeting
    scheduler: str = ""


class DaskCrew:
    """Use as a context; `leave` first where the time to stop in is short."""

    def __init__(self, place: Place, camp: Camp) -> None:
        self._place, self._camp = place, camp
        self._membership: asyncio.Future[cluster.Membership]
        self._member: cluster.Membership | None = None
        self._scheduler: cluster.QuietScheduler | None = None
        self._stack = contextlib.ExitStack()
        self._left = False

    async def __aenter__(self) -> Self:
        self._stack.enter_context(cluster.configured(self._camp.folder))
        self._membership = asyncio.get_running_loop().create_future()
        self._staying = asyncio.create_task(self._stay(), name="dask-stay")
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.leave(cluster.CLOSE_SECONDS)

    async def run(self, specs: Sequence[TrialSpec]) -> AsyncGenerator[Heard, None]:
        """Implements the port. A scheduler that is lost is replaced; what is stored stays so."""
        left = {spec.key: spec for spec in specs}
        while left:
            membership = await self._joined()
            async with contextlib.aclosing(membership.run(list(left.values()))) as heard:
                async for what in heard:
                    if isinstance(what, TrialResult):
                        del left[what.key]
                    yield what

    async def leave(self, seconds: float) -> None:
        """Give back the trial that runs here, and go, within about so many seconds."""
        if self._left:
            return
        self._left = True
        self._staying.cancel()
        await asyncio.wait({self._staying}, timeout=cluster.CLOSE_SECONDS)
        failed = self._staying.done() and not self._staying.cancelled()
        if failed and (error := self._staying.exception()):
            logger.error("dask_stay_failed", error=repr(error))
        if self._member is not None:
            await self._member.leave(seconds)
        await self._stop_hosting()
        self._stack.close()

    async def _joined(self) -> cluster.Membership:
        """The membership that holds; one that was lost is waited out."""
        while True:
            joining = self._membership
            waiting: set[asyncio.Future[Any]] = {joining, self._staying}
            await asyncio.wait(waiting, return_when=asyncio.FIRST_COMPLETED)
            if self._staying.done():
                self._staying.result()
            membership = joining.result()
            if not membership.lost.is_set():
                return membership
            await asyncio.sleep(RETRY_SECONDS)

    async def _stay(self) -> None:
        """Join; whenever the scheduler is lost, join again."""
        while True:
            self._member = membership = await self._join()
            end_if_told()
            self._membership.set_result(membership)
            await self._keep(membership)
            logger.warning("dask_scheduler_lost", address=membership.address)
            self._membership = asyncio.get_running_loop().create_future()
            await membership.leave(cluster.CLOSE_SECONDS)
            end_if_told()

    async def _join(self) -> cluster.Membership:
        while True:
            try:
                address = self._camp.scheduler or await self._meet()
                name, folder = self._camp.name, self._camp.folder
                return await cluster.Membership.join(address, name, folder, self._place)
            except (OSError, TimeoutError, RedisError) as error:
                logger.warning("dask_not_joined", error=repr(error))
            end_if_told()
            await asyncio.sleep(RETRY_SECONDS)

    async def _meet(self) -> str:
        """The address that another pod says, or our own scheduler's, now said."""
        if self._scheduler is None:
            found = await self._camp.meeting.address()
            if found is not None:
                return found
            self._scheduler = await cluster.start_scheduler()
        address: str = self._scheduler.address
        if await self._camp.meeting.host(address):
            return address
        await self._stop_hosting()
        return await self._meet()

    async def _keep(self, membership: cluster.Membership) -> None:
        """Until the scheduler is lost, or no longer the one that the machine's pods meet at: a host
        that was stopped, or is cut off, still holds its connections.
        """
        meeting, unsaid = self._camp.meeting, 0
        while not membership.lost.is_set():
            with contextlib.suppress(TimeoutError):
                await in_time(membership.lost.wait(), meeting.renew_seconds)
            end_if_told()
            if self._camp.scheduler or membership.lost.is_set():
                continue
            try:
                unsaid = await self._unsaid(membership.address, unsaid)
            except RedisError as error:
                logger.warning("dask_address_not_renewed", error=str(error))
            if unsaid > UNSAID_MOST:
                return

    async def _unsaid(self, address: str, before: int) -> int:
        """How often in a row nobody said the address; more than UNSAID_MOST when another is."""
        if self._scheduler is not None:
            if await self._camp.meeting.host(address):
                return 0
            await self._stop_hosting()
            return UNSAID_MOST + 1
        said = await self._camp.meeting.said()
        if said is None:
            return before + 1
        return 0 if said == address else UNSAID_MOST + 1

    async def _stop_hosting(self) -> None:
        scheduler, self._scheduler = self._scheduler, None
        if scheduler is None:
            return
        with contextlib.suppress(RedisError):
            await self._camp.meeting.withdraw(scheduler.address)
        await cluster.close(scheduler.close())
