"""Two loops of every back end: runs whose holder is gone are gone on with, and runs that somebody
has ended are worked on no more.
"""

import asyncio

import structlog

from backend import keys, telemetry
from backend.chat import runs, turn
from backend.database import transaction
from backend.state import BLOCK_MS, State

TAKE_SECONDS = 1.0
MOST_AT_ONCE = 10
"""What one back end takes in a step; others take the rest."""

logger = structlog.get_logger()


async def recover(state: State) -> None:
    """Look for runs without a holder, for ever."""
    while not state.tasks.stopping.is_set():
        with state.tasks.step():
            await take(state)
        await asyncio.sleep(TAKE_SECONDS)


async def take(state: State) -> None:
    """Go on with some, if there are any."""
    async with transaction(state.sessions) as session:
        found = await runs.take(session, state.name, most=MOST_AT_ONCE)
    for held in found:
        logger.warning("chat_run_taken", run=held.run, epoch=held.epoch)
        telemetry.chat_runs_taken.inc()
        turn.start(state, held)


async def follow_stops(state: State) -> None:
    """Stop what others say has ended, for ever. A word that is missed is made good when the run's
    lease is renewed.
    """
    async with state.redis.pubsub() as subscription:
        await subscription.subscribe(keys.stopped_runs())
        while not state.tasks.stopping.is_set():
            message = await subscription.get_message(
                ignore_subscribe_messages=True, timeout=BLOCK_MS / 1000
            )
            if message is not None:
                state.stops.stop(message["data"].decode())
