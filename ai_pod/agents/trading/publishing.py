"""Publishing a decision: one script per decision, atomic, that compares phase and lease epochs and
refuses what is stale or done already.
"""

import time
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

import msgspec
from redis.asyncio import Redis
from redis.exceptions import NoScriptError

from ai_pod.agents.trading.windows import micros
from ai_pod.contracts import keys
from ai_pod.contracts.live import FrameKind
from ai_pod.contracts.signals import Decision
from market.clock import Anchor
from market.words import Word

LIVE_LENGTH = 2000

_EMIT = """
local held = redis.call('GET', KEYS[1])
if not held then return {'behind'} end
local phase = cjson.decode(held)
local epoch, lease = tonumber(ARGV[1]), tonumber(ARGV[2])
if phase['phase_epoch'] < epoch then return {'behind'} end
if phase['phase_epoch'] > epoch or phase['phase'] ~= 'trading' then return {'phase over'} end
local last = redis.call('HMGET', KEYS[2], 'lease_epoch', 'bar_end', 'entry')
if last[1] then
  if tonumber(last[1]) > lease then return {'fenced'} end
  if tonumber(last[1]) == lease and tonumber(last[2]) >= tonumber(ARGV[3]) then
    return {'duplicate', last[2] == ARGV[3] and last[3] or ''}
  end
end
local entry = redis.call('XADD', KEYS[3], '*', 'j', ARGV[4])
redis.call('HSET', KEYS[2], 'lease_epoch', ARGV[2], 'bar_end', ARGV[3], 'entry', entry,
           'weights', ARGV[6])
if ARGV[5] == '' then return {'published', entry} end
local before = redis.call('XREVRANGE', KEYS[4], '+', '-', 'COUNT', 1)
local seq = redis.call('XADD', KEYS[4], 'MAXLEN', '~', ARGV[8], '*', 'j', ARGV[5])
local life = redis.call('SET', KEYS[5], ARGV[7], 'NX', 'GET') or ARGV[7]
return {'published', entry, seq, before[1] and before[1][1] or '', life}
"""


class Outcome(StrEnum):
    """What the script says. BEHIND: the pod's phase record is not in Redis yet; try again."""

    PUBLISHED = "published"
    DUPLICATE = "duplicate"
    FENCED = "fenced"
    PHASE_OVER = "phase over"
    BEHIND = "behind"


class SignalFrame(Word, frozen=True, kw_only=True):
    """A `Frame` of kind signal whose data is the decision's JSON, encoded once."""

    kind: FrameKind
    data: msgspec.Raw
    desk: str
    ts_source: datetime
    ts_sent: float
    clock: Anchor | None
    seq: str | None = None
    prev: str | None = None
    epoch: str | None = None
    v: int = 1


@dataclass(frozen=True, slots=True)
class Published:
    """The script's answer for one decision. `frame` is ready to be sent, if there are signals."""

    decision: Decision
    outcome: Outcome
    entry: str
    frame: bytes | None


@dataclass(frozen=True, slots=True)
class _Draft:
    decision: Decision
    data: bytes
    frame: SignalFrame | None


class Publisher:
    """Publishes the decisions of a pod, as many as there are in one round trip."""

    def __init__(self, redis: Redis, pod: str, anchor: Anchor | None) -> None:
        self._redis = redis
        self.pod = pod
        self._phase = keys.phase(pod)
        self._anchor = anchor
        self._sha = ""
        self._life = uuid.uuid4().hex

    async def publish(self, decisions: Sequence[Decision]) -> list[Published]:
        """Raises redis' errors; then some may have been published, and are duplicates next time."""
        if not self._sha:
            self._sha = str(await self._redis.script_load(_EMIT))
        drafts = [self._draft(decision) for decision in decisions]
        try:
            answers = await self._emit(drafts)
        except NoScriptError:
            self._sha = ""
            raise
        return [self._read(*pair) for pair in zip(drafts, answers, strict=True)]

    async def _emit(self, drafts: list[_Draft]) -> list[list[bytes]]:
        async with self._redis.pipeline(transaction=False) as pipe:
            for draft in drafts:
                pipe.evalsha(self._sha, 5, *self._arguments(draft))
            answers: list[list[bytes]] = await pipe.execute()
        return answers

    def _draft(self, decision: Decision) -> _Draft:
        data = msgspec.json.encode(decision)
        if not decision.signals:
            return _Draft(decision, data, None)
        frame = SignalFrame(
            kind=FrameKind.SIGNAL,
            data=msgspec.Raw(data),
            desk=decision.desk,
            ts_source=decision.bar_end,
            ts_sent=time.time(),
            clock=self._anchor,
        )
        return _Draft(decision, data, frame)

    def _arguments(self, draft: _Draft) -> tuple[str | bytes | int, ...]:
        decision = draft.decision
        return (
            self._phase,
            keys.decided(decision.desk),
            keys.decisions(),
            keys.live(decision.desk),
            keys.live_epoch(),
            decision.phase_epoch,
            decision.lease_epoch,
            micros(decision.bar_end),
            draft.data,
            msgspec.json.encode(draft.frame) if draft.frame else b"",
            msgspec.json.encode(decision.weights),
            self._life,
            LIVE_LENGTH,
        )

    def _read(self, draft: _Draft, answer: list[bytes]) -> Published:
        outcome, entry, seq, prev, epoch = [part.decode() for part in answer] + [""] * (
            5 - len(answer)
        )
        frame = None
        if draft.frame is not None and seq:
            sent = msgspec.structs.replace(draft.frame, seq=seq, prev=prev or None, epoch=epoch)
            frame = msgspec.json.encode(sent)
        return Published(draft.decision, Outcome(outcome), entry, frame)
