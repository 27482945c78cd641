"""Who learns a line this night: one owner, fenced. What it announces goes out only while it owns.

The lock lives 15 s and is renewed; a finished night is marked so that nobody begins it again.
"""

from enum import StrEnum

import msgspec
from redis.asyncio import Redis

from ai_pod.contracts import keys
from ai_pod.contracts.learning import LearningEvent

LIFE_SECONDS = 15.0
RENEW_SECONDS = 5.0
DONE = b"done"
DONE_SECONDS = 7 * 86_400
STREAM_LENGTH = 10_000

_CLAIM = """
local owner = redis.call('GET', KEYS[1])
if owner and owner ~= ARGV[1] then return owner end
redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2])
return ARGV[1]
"""

_ANNOUNCE = """
local owner = redis.call('GET', KEYS[1])
if owner and owner ~= ARGV[1] then return 0 end
redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2])
redis.call('XADD', KEYS[2], 'MAXLEN', '~', ARGV[3], '*', ARGV[4], ARGV[5])
return 1
"""

_LEAVE = """
if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 0 end
if ARGV[2] == '' then return redis.call('DEL', KEYS[1]) end
redis.call('SET', KEYS[1], ARGV[2], 'EX', ARGV[3])
return 1
"""


class Claim(StrEnum):
    OURS = "ours"
    TAKEN = "taken"
    DONE = "done"


class OwnershipLost(Exception):
    """Another pod owns the line's night by now; what this one found out is void."""


class Ownership:
    """One line's night, claimed in the name of a pod and its phase epoch."""

    def __init__(self, redis: Redis, line: str, night: str, owner: str) -> None:
        self._key = keys.learning_owner(line, night)
        self._owner = owner.encode()
        self._life_ms = int(LIFE_SECONDS * 1000)
        self._claim = redis.register_script(_CLAIM)
        self._announce = redis.register_script(_ANNOUNCE)
        self._leave = redis.register_script(_LEAVE)

    async def claim(self) -> Claim:
        """Take the night, or renew it."""
        owner = await self._claim(keys=[self._key], args=[self._owner, self._life_ms])
        if owner == DONE:
            return Claim.DONE
        return Claim.OURS if owner == self._owner else Claim.TAKEN

    async def announce(self, event: LearningEvent) -> None:
        """Publish the event, atomically with the check of the owner. Raises OwnershipLost."""
        out = await self._announce(
            keys=[self._key, keys.learning()],
            args=[
                self._owner,
                self._life_ms,
                STREAM_LENGTH,
                keys.FIELD,
                msgspec.json.encode(event),
            ],
        )
        if not out:
            raise OwnershipLost(self._key)

    async def finish(self) -> None:
        """Mark the night as done, if it is still ours."""
        await self._leave(keys=[self._key], args=[self._owner, DONE, DONE_SECONDS])

    async def release(self) -> None:
        """Let another take it, if it is still ours."""
        await self._leave(keys=[self._key], args=[self._owner, b"", 0])
