"""The instructions of an agent in Redis: immutable versions, and what answers whom.

The back end writes what Postgres says, agents read; both through this client. Nothing is cached
here.
"""

import hashlib
from collections.abc import Iterable
from datetime import UTC, datetime
from importlib.resources import files

import msgspec
from redis.asyncio import Redis

from ai_pod.contracts import keys
from market.words import Word

PRODUCTION = "production"
"""The label whose version answers everybody who has none of their own."""

CANARY = "canary"
"""The label whose version answers a share of users in place of production's."""

UNNUMBERED = 0
"""The version of the shipped text before any has been read."""

SHIPPED = "shiftdesk"
"""Author of the shipped version."""


def tenant(organisation: str) -> str:
    """The label whose version answers the organisation's people."""
    return f"tenant-{organisation}"


class InstructionsError(Exception):
    """The instructions cannot be read as asked."""


class UnknownVersion(InstructionsError):
    """No such version of the instructions."""

    def __init__(self, agent: str, version: int) -> None:
        super().__init__(f"the {agent} has no instructions version {version}")


class Instructions(Word, frozen=True, kw_only=True):
    """One immutable version."""

    version: int
    text: str
    created_by: str
    created_at: datetime


class Serving(Word, frozen=True, kw_only=True):
    """What answers whom: label → version, and the canary's share of users in per cent.

    `revision` grows with every change; an older one never replaces a newer. The `announce` channel
    says it, too.
    """

    revision: int = 0
    labels: dict[str, int] = msgspec.field(default_factory=dict)
    canary_percent: int = 0


class _Stored(Word, frozen=True, kw_only=True):
    text: str
    created_by: str
    created_at: datetime


def shipped() -> Instructions:
    """The instructions that a fresh installation begins with."""
    text = files("ai_pod.contracts").joinpath("instructions.md").read_text(encoding="utf-8")
    began = datetime.fromtimestamp(0, UTC)
    return Instructions(version=UNNUMBERED, text=text, created_by=SHIPPED, created_at=began)


def label_for(serving: Serving, organisation: str, user: str) -> str:
    """The label that answers a user: the organisation's own, else the canary for those in its
    share, else production.
    """
    own = tenant(organisation)
    if own in serving.labels:
        return own
    canary = serving.labels.get(CANARY)
    if canary is not None and place(f"{CANARY}:{canary}", user) < serving.canary_percent:
        return CANARY
    return PRODUCTION


def place(experiment: str, user: str) -> float:
    """Where a user stands in an experiment, from 0 up to 100: always the same, even over users,
    and independent of other experiments.

    Who is in a share stays in it while the share grows.
    """
    digest = hashlib.sha256(f"{experiment}\n{user}".encode()).digest()
    return int.from_bytes(digest[:7]) / 2**56 * 100


# KEYS labels, settings; ARGV revision, canary's per cent, channel, announcement, then labels and
# versions by turns. An older revision than the stored one changes nothing.
_PUBLISH = """
local known = tonumber(redis.call('HGET', KEYS[2], 'revision') or '0')
if tonumber(ARGV[1]) < known then return 0 end
redis.call('DEL', KEYS[1])
for at = 5, #ARGV, 2 do redis.call('HSET', KEYS[1], ARGV[at], ARGV[at + 1]) end
redis.call('HSET', KEYS[2], 'revision', ARGV[1], 'canary_percent', ARGV[2])
redis.call('PUBLISH', ARGV[3], ARGV[4])
return 1
"""


class InstructionsClient:
    """Reads and writes the instructions of `agent`. Redis' errors pass through."""

    def __init__(self, redis: Redis, agent: str = "chatbot") -> None:
        self._redis = redis
        self.agent = agent
        self._versions = keys.instructions(agent, "versions")
        self._labels = keys.instructions(agent, "labels")
        self._settings = keys.instructions(agent, "settings")
        self.channel = keys.instructions(agent, "announce")

    async def put(self, versions: Iterable[Instructions]) -> None:
        """Store versions under their numbers."""
        stored = {
            str(one.version): msgspec.json.encode(
                _Stored(text=one.text, created_by=one.created_by, created_at=one.created_at)
            )
            for one in versions
        }
        if stored:
            await self._redis.hset(self._versions, mapping=stored)  # type: ignore[arg-type]  # bytes are fine

    async def publish(self, serving: Serving) -> bool:
        """Let `serving` answer from now on, and announce it; False when a newer one does."""
        pairs = [word for pair in serving.labels.items() for word in pair]
        outcome = await self._redis.eval(
            _PUBLISH,
            2,
            self._labels,
            self._settings,
            serving.revision,
            serving.canary_percent,
            self.channel,
            msgspec.json.encode(serving),
            *pairs,
        )
        return int(outcome) == 1

    async def serving(self) -> Serving:
        """What answers whom at one moment; no label at all where nothing was published yet."""
        async with self._redis.pipeline(transaction=True) as pipe:
            pipe.hgetall(self._labels)
            pipe.hgetall(self._settings)
            labels, settings = await pipe.execute()
        return Serving(
            revision=int(settings.get(b"revision", 0)),
            labels={label.decode(): int(version) for label, version in labels.items()},
            canary_percent=int(settings.get(b"canary_percent", 0)),
        )

    async def numbers(self) -> set[int]:
        """The versions that are stored."""
        return {int(number) for number in await self._redis.hkeys(self._versions)}

    async def versions(self, numbers: Iterable[int]) -> dict[int, Instructions]:
        """Those of the versions that are stored."""
        asked = sorted(numbers)
        if not asked:
            return {}
        stored = await self._redis.hmget(self._versions, [str(number) for number in asked])
        pairs = zip(asked, stored, strict=True)
        return {number: _decode(number, data) for number, data in pairs if data is not None}

    async def get(self, version: int) -> Instructions:
        """Raises UnknownVersion."""
        found = await self.versions([version])
        if version not in found:
            raise UnknownVersion(self.agent, version)
        return found[version]


def _decode(version: int, data: bytes | str) -> Instructions:
    stored = msgspec.json.decode(data, type=_Stored)
    return Instructions(
        version=version,
        text=stored.text,
        created_by=stored.created_by,
        created_at=stored.created_at,
    )
