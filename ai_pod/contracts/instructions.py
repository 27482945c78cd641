"""The instructions of an agent in Redis: immutable versions, and labels that point at one.

The backend writes, agents read; both through this client. Nothing is cached here.
"""

from datetime import UTC, datetime

import msgspec
from redis.asyncio import Redis

from ai_pod.contracts import keys
from market.words import Word

PRODUCTION = "production"
"""The label whose version answers people."""


class InstructionsError(Exception):
    """The instructions cannot be read or changed as asked."""


class UnknownVersion(InstructionsError):
    """No such version of the instructions."""

    def __init__(self, agent: str, version: int) -> None:
        super().__init__(f"the {agent} has no instructions version {version}")


class LabelConflict(InstructionsError):
    """The label pointed elsewhere than the caller had seen; read again and decide again."""

    def __init__(self, label: str, expected: int | None, found: int | None) -> None:
        super().__init__(f"label {label!r} is at version {found}, not at {expected}")
        self.found = found


class Instructions(Word, frozen=True, kw_only=True):
    """One immutable version."""

    version: int
    text: str
    created_by: str
    created_at: datetime


class _Stored(Word, frozen=True, kw_only=True):
    text: str
    created_by: str
    created_at: datetime


class LabelMoved(Word, frozen=True, kw_only=True):
    """What the `announce` channel says."""

    label: str
    version: int
    previous: int | None


# KEYS versions; ARGV the JSON, the version or 0 for the next. An existing version never changes.
_ADD = """
local version = tonumber(ARGV[2])
if version == 0 then
  for _, known in ipairs(redis.call('HKEYS', KEYS[1])) do
    version = math.max(version, tonumber(known))
  end
  version = version + 1
end
redis.call('HSETNX', KEYS[1], version, ARGV[1])
return version
"""

# KEYS labels, versions; ARGV label, version, expected ('' for none), channel, announcement.
_MOVE = """
if redis.call('HEXISTS', KEYS[2], ARGV[2]) == 0 then return {'unknown', ''} end
local found = redis.call('HGET', KEYS[1], ARGV[1]) or ''
if found ~= ARGV[3] then return {'conflict', found} end
redis.call('HSET', KEYS[1], ARGV[1], ARGV[2])
redis.call('PUBLISH', ARGV[4], ARGV[5])
return {'moved', found}
"""


class InstructionsClient:
    """Reads and writes the instructions of `agent`. Redis' errors pass through."""

    def __init__(self, redis: Redis, agent: str = "chatbot") -> None:
        self._redis = redis
        self.agent = agent
        self._versions = keys.instructions(agent, "versions")
        self._labels = keys.instructions(agent, "labels")
        self.channel = keys.instructions(agent, "announce")

    async def add(self, text: str, created_by: str, version: int | None = None) -> Instructions:
        """Store the next version. With `version` given (a mirror that restores) that one, unless
        it exists: a version never changes.
        """
        stored = _Stored(text=text, created_by=created_by, created_at=datetime.now(UTC))
        number = await self._redis.eval(
            _ADD, 1, self._versions, msgspec.json.encode(stored), version or 0
        )
        return await self.get(int(number))

    async def get(self, version: int) -> Instructions:
        """Raises UnknownVersion."""
        data = await self._redis.hget(self._versions, str(version))
        if data is None:
            raise UnknownVersion(self.agent, version)
        return _decode(version, data)

    async def versions(self) -> list[Instructions]:
        """All versions, oldest first."""
        stored = await self._redis.hgetall(self._versions)
        found = [_decode(int(version), data) for version, data in stored.items()]
        return sorted(found, key=lambda one: one.version)

    async def labels(self) -> dict[str, int]:
        """Label → version."""
        stored = await self._redis.hgetall(self._labels)
        return {_text(label): int(version) for label, version in stored.items()}

    async def current(self, label: str = PRODUCTION) -> Instructions | None:
        """The version that the label points at; None when there is no such label."""
        version = await self._redis.hget(self._labels, label)
        return None if version is None else await self.get(int(version))

    async def move(self, label: str, version: int, expected: int | None) -> LabelMoved:
        """Point `label` at `version` if it is still at `expected` (None: does not exist yet), and
        announce it. Raises UnknownVersion, LabelConflict.
        """
        moved = LabelMoved(label=label, version=version, previous=expected)
        outcome, found = await self._redis.eval(
            _MOVE,
            2,
            self._labels,
            self._versions,
            label,
            version,
            "" if expected is None else expected,
            self.channel,
            msgspec.json.encode(moved),
        )
        if outcome == b"unknown":
            raise UnknownVersion(self.agent, version)
        if outcome == b"conflict":
            raise LabelConflict(label, expected, int(found) if found else None)
        return moved


def _decode(version: int, data: bytes | str) -> Instructions:
    stored = msgspec.json.decode(data, type=_Stored)
    return Instructions(
        version=version,
        text=stored.text,
        created_by=stored.created_by,
        created_at=stored.created_at,
    )


def _text(value: bytes | str) -> str:
    return value.decode() if isinstance(value, bytes) else value
