"""Chat on a running desk: answers from facts, refusals, and instructions changed while it runs."""

import re

import pytest

from tests.support.chat_held_out import THIRD_UNKNOWN
from tests.support.chat_questions import QUESTIONS, UNKNOWN
from tests.support.demo import Demo
from tests.support.people import Frame

pytestmark = [pytest.mark.system, pytest.mark.timeout(400)]

NUMBER = re.compile(r"\d+(?:[.,]\d+)*")
NO_SOURCE = "I have no source for this."
NEVER_KNOWN = [one for one in UNKNOWN if "Sunday" not in one] + list(THIRD_UNKNOWN)
"""What no desk knows, whatever day its plan has reached."""


async def test_thirty_questions_are_answered_from_facts(shift: Demo) -> None:
    refused, astray, ungrounded = [], [], []
    async with shift.person("trader1") as trader:
        thread = (await trader.post("/threads", {"title": "thirty"}))["id"]
        for question in QUESTIONS:
            answer, events = await trader.ask(question.text, thread)
            if NO_SOURCE in answer:
                refused.append((question.text, answer))
            if question.tool not in _tools(events):
                astray.append((question.text, _tools(events)))
            ungrounded += [(question.text, n) for n in _unsupported(answer, events)]
    assert len(QUESTIONS) >= 30
    assert ungrounded == []
    assert len(refused) <= 0.05 * len(QUESTIONS), refused
    assert len(astray) <= 0.05 * len(QUESTIONS), astray


async def test_an_unknown_question_is_not_answered(shift: Demo) -> None:
    answered = []
    async with shift.person("trader1") as trader:
        for text in NEVER_KNOWN:
            answer, _ = await trader.ask(text)
            if answer.strip() != NO_SOURCE:
                answered.append((text, answer))
    assert len(NEVER_KNOWN) >= 10
    assert answered == []


async def test_instructions_change_under_a_running_chat(shift: Demo) -> None:
    async with shift.person("trader1") as trader, shift.person("operator") as operator:
        thread = (await trader.post("/threads", {"title": "instructions"}))["id"]
        _, before = await trader.ask("What is my cash?", thread)
        made = await operator.post("/instructions", {"text": "Answer in one short sentence."})
        label = {"version": made["version"], "expected": before[-1]["data"]["instructions"]}
        await operator.post("/instructions/labels/production", label)
        _, after = await trader.ask("What is my cash?", thread)
        assert after[-1]["data"]["instructions"] == made["version"]
        assert after[-1]["data"]["instructions"] != before[-1]["data"]["instructions"]


def _tools(events: list[Frame]) -> list[str]:
    return [event["data"]["name"] for event in events if event["kind"] == "tool"]


def _unsupported(answer: str, events: list[Frame]) -> list[str]:
    """Numbers of the answer that stand in no fact, passage or citation of the run."""
    known = " ".join(str(e["data"]) for e in events if e["kind"] in ("tool", "citation"))
    numbers = {_plain(number) for number in NUMBER.findall(known)}
    return [n for n in NUMBER.findall(answer) if not _entailed(_plain(n), numbers)]


def _plain(number: str) -> str:
    return number.replace(",", "").rstrip(".")


def _entailed(number: str, known: set[str]) -> bool:
    if number in known or number.lstrip("0") in {k.lstrip("0") for k in known}:
        return True
    places = len(number.partition(".")[2])
    values = [float(k) for k in known if re.fullmatch(r"\d+(\.\d+)?", k)]
    shown = float(number) if re.fullmatch(r"\d+(\.\d+)?", number) else None
    if shown is None:
        return False
    return any(abs(v * scale - shown) <= 0.5001 * 10**-places for v in values for scale in (1, 100))
