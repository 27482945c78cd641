"""A model's answer, looked at sentence by sentence before anybody sees it."""

import re
from enum import StrEnum

from ai_pod.agents.chatbot.facts import REFERENCE, WORD, FactBook
from ai_pod.agents.chatbot.guard import REFUSAL, ungrounded
from ai_pod.agents.chatbot.letters import skeleton
from ai_pod.agents.chatbot.numbers import numbers
from ai_pod.agents.chatbot.safety.advice import AdvicePolicy
from ai_pod.agents.chatbot.safety.canary import Secrets
from market.redaction import redacted
from market.words import Word

NOTHING_DONE = "I only answer: nothing was changed."


class Fault(StrEnum):
    """What is wrong with a sentence."""

    UNGROUNDED = "ungrounded"
    ADVICE = "advice"
    CLAIM = "claim"
    LEAK = "leak"
    LINK = "link"
    PERSONAL = "personal"


class Found(Word, frozen=True, kw_only=True):
    """`wrong` are the numbers that nothing entails."""

    fault: Fault
    wrong: tuple[str, ...] = ()


_DID = (
    r"sold|bought|purchased|placed|cancell?ed|submitted|executed|changed|paused|resumed|halted|"
    r"stopped|closed|transferred|sent|updated|set|raised|lowered|increased|reduced|deleted|removed|"
    r"moved|scheduled|confirmed|approved|promoted|withdrawn|deposited"
)
_CLAIM = re.compile(
    rf"\bi(?:\s?['’]?ve| have|'ll| will| am going to)?(?: just| now| already|"
    rf" successfully)? (?:{_DID})\b"
    r"|\bi(?:'ll| will| am going to| can now)(?: now)? (?:sell|buy|place|cancel|submit|execute|"
    r"change|"
    r"pause|halt|transfer|send|delete)\b"
    rf"|\b(?:your|the) (?:order|trade|transfer|limit|override|position|sale|purchase)s? "
    rf"(?:has|have) been (?:successfully )?(?:{_DID})\b[^.!?]*\b(?:request|instruct|asked|now|"
    r"for you)"
    rf"|^(?:done|ok|okay|success|executed|completed|confirmed|order (?:placed|executed|"
    r"sent))\b\s*[:!.,-]"
    r"|\bich (?:habe|werde)\b[^.!?]{0,60}\b(?:verkauft?|gekauft|kaufen|verkaufen|storniert|"
    r"geandert|"
    r"gesetzt|ausgefuhrt|pausiert|aufgegeben|geloscht|uberwiesen)\b"
    r"|\bhe (?:vendido|comprado|cancelado|cambiado|ejecutado|puesto|pausado|borrado|transferido)\b"
    r"|\bj['’ ]?ai (?:vendu|achete|annule|modifie|execute|passe|suspendu|supprime|transfere)\b"
    r"|(?:我|已)(?:已经|已|经)?(?:为你|为您|帮你)?(?:卖出|买入|取消|下单|修改|执行|暂停|删除|转账)了?"
)
_LINK = re.compile(
    r"\b(?:https?|ftp|file|javascript|data|mailto)\s?:|\bwww\.|!?\[[^\]]*\]\s?\(|"
    r"<\s*/?\s*[a-z!][^>]*>"
    r"|&#?\w{1,8};"
    r"|\b[a-z0-9-]+\.(?:com|net|org|io|ai|app|dev|xyz|ru|cn|info|biz|co|me|link|site|online)\b"
)


class Inspector:
    """Of one turn. `inspect` takes a sentence with references, and what was shown before it."""

    def __init__(self, book: FactBook, policy: AdvicePolicy, hidden: Secrets) -> None:
        self._book = book
        self._hidden = hidden
        self._quotable = " ".join(passage.text for passage in book.passages.values())
        self.policy = policy
        self._own = (REFUSAL, NOTHING_DONE, policy.instead)

    def inspect(self, sentence: str, shown: str) -> Found | None:
        """What is wrong; None if nothing is. A leak is looked for in all that would be shown."""
        if self._hidden.leaked(f"{shown} {sentence}"):
            return Found(fault=Fault.LEAK)
        if wrong := ungrounded(sentence, self._book) + self._unreadable(sentence):
            return Found(fault=Fault.UNGROUNDED, wrong=tuple(wrong))
        if redacted(sentence) != sentence:
            return Found(fault=Fault.PERSONAL)
        plain = skeleton(sentence).lstrip(" -*>\"'“”")
        if _LINK.search(plain):
            return Found(fault=Fault.LINK)
        if _CLAIM.search(plain):
            return Found(fault=Fault.CLAIM)
        if self.policy.advises(sentence) and sentence not in self._quotable:
            return Found(fault=Fault.ADVICE)
        return None

    def instead(self, found: Found) -> str:
        """What is shown in place of a sentence."""
        instead = {Fault.ADVICE: self.policy.instead, Fault.CLAIM: NOTHING_DONE}
        return instead.get(found.fault, REFUSAL)

    def tells(self, sentence: str) -> bool:
        """Whether a sentence tells anything of the facts; where there are none, of the passages."""
        if sentence in self._own:
            return False
        words = (fact.value for fact in self._book.facts.values() if fact.unit == WORD)
        return (
            not self._book.facts
            or bool(REFERENCE.search(sentence))
            or any(True for _ in numbers(sentence))
            or any(word.lower() in sentence.lower() for word in words if word)
        )

    def _unreadable(self, sentence: str) -> list[str]:
        """Words in scripts whose number words are not known here, unless a source holds them."""
        facts = " ".join(f"{one.label} {one.value}" for one in self._book.facts.values())
        known = f"{self._quotable} {facts}"
        return [word for word in _FOREIGN_WORD.findall(sentence) if word not in known]


_FOREIGN_WORD = re.compile(
    r"[\u0370-\u058f\u0590-\u08ff\u0900-\u1cff\u3040-\u30ff\uac00-\ud7af\u1100-\u11ff]{2,}"
)
"""Greek, Cyrillic, Armenian, Hebrew, Arabic, the scripts of India and its east, kana, Hangul."""
