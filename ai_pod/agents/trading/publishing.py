"""Publishing decisions: one script, atomic, that compares phase and lease epochs and refuses what
is stale or done already. A bar's decisions go in one call.
"""

import hashlib
import time
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import cast

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
local function emit(decided, live, lease, bar_end, decision, frame, weights)
  local last = redis.call('HMGET', decided, 'lease_epoch', 'bar_end', 'entry')
  if last[1] then
    if tonumber(last[1]) > tonumber(lease) then return {'fenced'} end
    if tonumber(last[1]) == tonumber(lease) and tonumber(last[2]) >= tonumber(bar_end) then
      return {'duplicate', last[2] == bar_end and last[3] or ''}
    end
  end
  local entry = redis.call('XADD', KEYS[2], '*', 'j', decision)
  redis.call('HSET', decided, 'lease_epoch', lease, 'bar_end', bar_end, 'entry', entry,
             'weights', weights)
  if frame == '' then return {'published', entry} end
  local before = redis.call('XREVRANGE', live, '+', '-', 'COUNT', 1)
  local seq = redis.call('XADD', live, 'MAXLEN', '~', ARGV[3], '*', 'j', frame)
  local life = redis.call('SET', KEYS[3], ARGV[2], 'NX', 'GET') or ARGV[2]
  return {'published', entry, seq, before[1] and before[1][1] or '', life}
end

local held = redis.call('GET', KEYS[1])
local phase = held and cjson.decode(held) or {phase_epoch = 0}
local epoch, refused = tonumber(ARGV[1]), nil
if phase['phase_epoch'] < epoch then refused = 'behind'
elseif phase['phase_epoch'] > epoch or phase['phase'] ~= 'trading' then refused = 'phase over' end
local answers = {}
for i = 1, (#KEYS - 3) / 2 do
  local at = 3 + 5 * (i - 1)
  answers[i] = refused and {refused} or emit(KEYS[2 + 2 * i], KEYS[3 + 2 * i],
    ARGV[at + 1], ARGV[at + 2], ARGV[at + 3], ARGV[at + 4], ARGV[at + 5])
end
return answers
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
    """Publishes the decisions of a pod, those of a bar in one round trip."""

    def __init__(self, redis: Redis, pod: str, anchor: Anchor | None) -> None:
        self._redis = redis
        self.pod = pod
        self._phase = keys.phase(pod)
        self._anchor = anchor
        self._sha = hashlib.sha1(_EMIT.encode()).hexdigest()
        self._life = uuid.uuid4().hex

    async def prepare(self) -> None:
        """Open the connection and load the script, ahead of the first decision."""
        self._sha = str(await self._redis.script_load(_EMIT))

    async def publish(self, decisions: Sequence[Decision]) -> list[Published]:
        """Publish decisions of one phase epoch, each of another desk. Raises redis' errors; then
        they may have been published, and are duplicates next time.
        """
        if not decisions:
            return []
        drafts = [self._draft(decision) for decision in decisions]
        arguments = self._arguments(drafts)
        try:
            answers = await self._emit(arguments)
        except NoScriptError:
            await self.prepare()
            answers = await self._emit(arguments)
        return [self._read(*pair) for pair in zip(drafts, answers, strict=True)]

    async def _emit(self, arguments: tuple[int, list[str | bytes | int]]) -> list[list[bytes]]:
        count, rest = arguments
        answer = await self._redis.evalsha(self._sha, count, *rest)
        return cast("list[list[bytes]]", answer)

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

    def _arguments(self, drafts: list[_Draft]) -> tuple[int, list[str | bytes | int]]:
        """How many keys, then keys and values as the script reads them."""
        names: list[str | bytes | int] = [self._phase, keys.decisions(), keys.live_epoch()]
        values: list[str | bytes | int] = [
            drafts[0].decision.phase_epoch,
            self._life,
            LIVE_LENGTH,
        ]
        for draft in drafts:
            decision = draft.decision
            names += (keys.decided(decision.desk), keys.live(decision.desk))
            values += (
                decision.lease_epoch,
                micros(decision.bar_end),
                draft.data,
                msgspec.json.encode(draft.frame) if draft.frame else b"",
                msgspec.json.encode(decision.weights),
            )
        return len(names), names + values

    def _read(self, draft: _Draft, answer: list[bytes]) -> Published:
        outcome, entry, seq, prev, epoch = [part.decode() for part in answer] + [""] * (
            5 - len(answer)
        )
        frame = None
        if draft.frame is not None and seq:
            sent = msgspec.structs.replace(draft.frame, seq=seq, prev=prev or None, epoch=epoch)
            frame = msgspec.json.encode(sent)
        return Published(draft.decision, Outcome(outcome), entry, frame)
