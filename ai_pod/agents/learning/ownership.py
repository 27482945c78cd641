"""Who works for a line: one owner, fenced. What it announces goes out only while it owns.

The claim lives 15 s and is renewed; work that is done, such as a night, is marked so that nobody
begins it again.
"""

from dataclasses import dataclass
from enum import StrEnum

import msgspec
from redis.asyncio import Redis

from ai_pod.contracts import keys
from ai_pod.contracts.learning import LearningEvent

DONE_SECONDS = 7 * 86_400
STREAM_LENGTH = 10_000

_CLAIM = """
if redis.call('EXISTS', KEYS[2]) == 1 then return 'done' end
local owner = redis.call('GET', KEYS[1])
if owner and owner ~= ARGV[1] then return 'taken' end
redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2])
return 'ours'
"""

_ANNOUNCE = """
if redis.call('EXISTS', KEYS[2]) == 1 then return 0 end
local owner = redis.call('GET', KEYS[1])
if owner and owner ~= ARGV[1] then return 0 end
redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2])
redis.call('XADD', KEYS[3], 'MAXLEN', '~', ARGV[3], '*', ARGV[4], ARGV[5])
return 1
"""

_LEAVE = """
if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 0 end
redis.call('DEL', KEYS[1])
if ARGV[2] ~= '' then redis.call('SET', KEYS[2], ARGV[1], 'EX', ARGV[2]) end
return 1
"""


@dataclass(frozen=True)
class Lives:
    """How long, in real seconds, what is said in Redis outlives a pod that renews it no more."""

    claim_seconds: float = 15.0
    meeting_seconds: float = 6.0

    @property
    def renew_seconds(self) -> float:
        """Between two renewals of a claim."""
        return self.claim_seconds / 3


class Claim(StrEnum):
    OURS = "ours"
    TAKEN = "taken"
    DONE = "done"


class OwnershipLost(Exception):
    """Another pod owns the line by now; what this one found out is void."""


class Ownership:
    """A line's piece of work (a night, say), claimed in the name of a pod and its phase epoch. An
    owner owns the line, whatever it works at.
    """

    def __init__(
        self, redis: Redis, line: str, work: str, owner: str, lives: Lives | None = None
    ) -> None:
        self._line = line
        self._keys = [keys.learning_owner(line), keys.learning_done(line, work)]
        self._owner = owner
        self._life_ms = int((lives or Lives()).claim_seconds * 1000)
        self._claim = redis.register_script(_CLAIM)
        self._announce = redis.register_script(_ANNOUNCE)
        self._leave = redis.register_script(_LEAVE)

    async def claim(self) -> Claim:
        """Take the line, or renew the claim."""
        found = await self._claim(keys=self._keys, args=[self._owner, self._life_ms])
        return Claim(found.decode() if isinstance(found, bytes) else found)

    async def announce(self, event: LearningEvent) -> None:
        """Publish the event, atomically with the check of the owner. Raises OwnershipLost."""
        out = await self._announce(
            keys=[*self._keys, keys.learning()],
            args=[
                self._owner,
                self._life_ms,
                STREAM_LENGTH,
                keys.FIELD,
                msgspec.json.encode(event),
            ],
        )
        if not out:
            raise OwnershipLost(f"another pod owns {self._line} by now")

    async def finish(self) -> None:
        """Mark the work as done, and let go of the line, if it is still ours."""
        await self._leave(keys=self._keys, args=[self._owner, DONE_SECONDS])

    async def release(self) -> None:
        """Let another take it, if it is still ours."""
        await self._leave(keys=self._keys, args=[self._owner, ""])
