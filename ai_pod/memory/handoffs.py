"""Hand-offs of the trading agent: what it leaves in Redis for the next agent, or the next pod.

Sealed with schema version, size and sha256, read back after writing, verified on every reading.
"""

import hashlib
from collections.abc import Iterable
from datetime import datetime

import msgspec
import structlog
from redis.asyncio import Redis

from ai_pod.contracts import keys
from ai_pod.errors import HandOffFailed
from market.words import Word

SCHEMA = 1
LIFE_SECONDS = 24 * 3600

logger = structlog.get_logger()


class DeskHandoff(Word, frozen=True, kw_only=True):
    """A desk after its last decision: the bar's end, and the target weights by instrument."""

    desk: str
    bar_end: datetime
    weights: dict[str, float]
    lease_epoch: int
    phase_epoch: int


class Sealed(Word, frozen=True, kw_only=True):
    """The stored form."""

    schema_version: int
    size: int
    sha256: str
    lease_epoch: int
    phase_epoch: int
    state: bytes


def seal(handoff: DeskHandoff) -> bytes:
    state = msgspec.json.encode(handoff)
    return msgspec.json.encode(
        Sealed(
            schema_version=SCHEMA,
            size=len(state),
            sha256=hashlib.sha256(state).hexdigest(),
            lease_epoch=handoff.lease_epoch,
            phase_epoch=handoff.phase_epoch,
            state=state,
        )
    )


def unseal(data: bytes | str) -> DeskHandoff:
    """Raises HandOffFailed if the seal does not fit."""
    try:
        sealed = msgspec.json.decode(data, type=Sealed)
        if sealed.schema_version != SCHEMA:
            raise HandOffFailed(
                f"hand-off of schema {sealed.schema_version}; this pod reads {SCHEMA}"
            )
        if len(sealed.state) != sealed.size:
            raise HandOffFailed(f"{len(sealed.state)} bytes where the seal says {sealed.size}")
        if hashlib.sha256(sealed.state).hexdigest() != sealed.sha256:
            raise HandOffFailed("the hand-off's content does not fit its sha256")
        handoff = msgspec.json.decode(sealed.state, type=DeskHandoff)
    except msgspec.DecodeError as error:
        raise HandOffFailed(f"the hand-off cannot be read: {error}") from error
    epochs = (sealed.lease_epoch, sealed.phase_epoch)
    if (handoff.lease_epoch, handoff.phase_epoch) != epochs:
        raise HandOffFailed(f"the hand-off is not of the epochs {epochs} that its seal names")
    return handoff


class Handoffs:
    """Writes and reads hand-offs. Both raise redis' errors when Redis is away."""

    def __init__(self, redis: Redis) -> None:
        self._redis = redis

    async def write(self, handoffs: Iterable[DeskHandoff]) -> None:
        """Write, read back, compare. Raises HandOffFailed."""
        sealed = {keys.handoff(handoff.desk): seal(handoff) for handoff in handoffs}
        if not sealed:
            return
        async with self._redis.pipeline(transaction=False) as pipe:
            for key, data in sealed.items():
                pipe.set(key, data, ex=LIFE_SECONDS)
            pipe.mget(list(sealed))
            *_, read = await pipe.execute()
        if read != list(sealed.values()):
            raise HandOffFailed(f"{len(sealed)} hand-offs were written and came back different")

    async def read(self, desks: Iterable[str]) -> dict[str, DeskHandoff]:
        """Hand-offs by desk; one that is absent, damaged or another desk's is left out."""
        names = list(desks)
        if not names:
            return {}
        found: dict[str, DeskHandoff] = {}
        values = await self._redis.mget([keys.handoff(desk) for desk in names])
        for desk, data in zip(names, values, strict=True):
            if data is None:
                continue
            try:
                handoff = unseal(data)
                if handoff.desk != desk:
                    raise HandOffFailed(f"the hand-off is that of {handoff.desk}")
            except HandOffFailed as error:
                logger.warning("handoff_refused", desk=desk, error=str(error))
            else:
                found[desk] = handoff
        return found
