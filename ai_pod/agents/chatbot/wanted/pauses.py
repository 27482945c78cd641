"""Pauses in words: `pause my desk until tomorrow's open`, `halt my desk`, `stop trading
automatically`.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo

from ai_pod.agents.chatbot.wanted.endings import ending
from ai_pod.agents.chatbot.wanted.said import Said, Unclear
from ai_pod.contracts.intents import DESK_SCOPE, WantedAutomatic, WantedHalt, WantedOverride
from ai_pod.contracts.plan import Phase, Segment

ASKED = "asked for in chat"

_HALT = (
    r"^(?:halt|kill)(?: (?:my|our|the))? desk$|^(?:pull|hit|press|use|activate)(?: (?:my|our|the))?"
    r" kill switch$|^emergency stop$|^halt$|^stop everything$"
)
_OFF = (
    r"^(?:stop|pause|disable|end|(?:turn|switch) off)(?: (?:my|our|the))?(?: desk's)? "
    r"(?:auto(?:matic)?(?:ally)? )?trading(?: automatically)?(?: (?:on|for) (?:my|our|the) desk)?$|"
    r"^(?:turn|switch)(?: (?:my|our|the))? (?:auto(?:matic)? )?trading off$|"
    r"^(?:pause|stop)(?: (?:my|our|the))? desk$"
)
_ON = (
    r"^(?:resume|restart|start|enable|(?:turn|switch) on)(?: (?:my|our|the))? "
    r"(?:auto(?:matic)?(?:ally)? )?trading(?: automatically)?(?: (?:on|for) (?:my|our|the) desk)?$|"
    r"^(?:turn|switch)(?: (?:my|our|the))? (?:auto(?:matic)? )?trading on$|"
    r"^(?:resume|unpause)(?: (?:my|our|the))? desk$"
)
_REASON = r"(?:,? because(?: of)?|,? due to|,? reason:?) (.+)$"
_END = r"\b(until|till?|for) (.+)$"
_SCOPES = (
    (r"\bpod ([a-z0-9][a-z0-9-]*-[a-z0-9-]*\d)\b", "pod:{}"),
    (r"\b(?:everything|all(?: the)? pods|all desks)\b", "all"),
    (r"\b(?:the|my|our|this)? ?pool\b", "pool:{pool}"),
    (r"\b(?:(?:the|my|our|this) )?(?:desk|pod|trading)\b", DESK_SCOPE),
)
_PAUSES = r"^(?:pause|suspend|freeze|stop|hold)\b"
_HOLDS = r"^(?:keep|hold|switch|put|set)\b"
_PHASES = {
    Phase.PAUSED: r"\b(?:to|in|into|on)? ?(?:a )?paused?\b",
    Phase.LEARNING: r"\b(?:to|in|into|on)? ?learning\b",
    Phase.TRADING: r"\b(?:to|in|into|on)? ?trading\b",
}

Paused = WantedOverride | WantedAutomatic | WantedHalt


@dataclass(frozen=True)
class Moment:
    """When and where it is asked for: the pool and its plan, the market's time, and the zone that
    the asker tells times in.
    """

    pool: str
    segments: Sequence[Segment]
    now: datetime
    zone: tzinfo = UTC


def read_pause(said: Said, moment: Moment) -> Paused | None:
    """What is asked for; None when nothing is. Raises Unclear."""
    plain = " ".join(said.rest.split())
    if re.search(_HALT, plain):
        return WantedHalt(reason=ASKED)
    if re.search(_OFF, plain):
        return WantedAutomatic(automatic=False)
    if re.search(_ON, plain):
        return WantedAutomatic(automatic=True)
    return _override(said, moment)


def _override(said: Said, moment: Moment) -> WantedOverride | None:
    reason = said.take(_REASON)
    until = said.take(_END)
    phase = Phase.PAUSED if said.take(_PAUSES) else None
    if phase is None:
        holds = said.take(_HOLDS)
        phase = next((one for one, form in _PHASES.items() if holds and said.take(form)), None)
    scope = _scope(said, moment.pool) if phase else None
    if phase is None or scope is None or said.left():
        return None
    if until is None:
        raise Unclear("An override needs an end: say until when, such as the next open.")
    return WantedOverride(
        scope=scope,
        phase=phase,
        ends=ending(until.group(2), moment.segments, moment.now, moment.zone),
        reason=reason.group(1).strip() if reason else ASKED,
    )


def _scope(said: Said, pool: str) -> str | None:
    for form, scope in _SCOPES:
        if found := said.take(form):
            return scope.format(*found.groups(), pool=pool)
    return None
