"""Chat on a running desk: answers from facts, refusals, instructions changed while it runs, and a
chatbot that is killed.
"""

import asyncio
import os
import re
import signal
from datetime import datetime
from zoneinfo import ZoneInfo

import httpx
import pytest

from ai_pod.contracts import tokens
from tests.support.chat_held_out import THIRD_UNKNOWN
from tests.support.chat_questions import QUESTIONS, UNKNOWN
from tests.support.demo import Demo
from tests.support.people import Frame, until

pytestmark = [pytest.mark.system, pytest.mark.timeout(400)]

NUMBER = re.compile(r"\d+(?:[.,]\d+)*")
EXCHANGE = ZoneInfo("America/New_York")
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

        async def answered_by_them() -> bool:
            _, after = await trader.ask("What is my cash?", thread)
            return bool(after[-1]["data"]["instructions"] == made["version"])

        assert made["version"] != before[-1]["data"]["instructions"]
        await until(answered_by_them, what="an answer by the new instructions")


async def test_an_answer_outlives_the_process_that_gives_it(shift: Demo) -> None:
    """A chatbot that stands still in the middle of an answer, and is killed: that of another pod
    answers.
    """
    question = "What is a drawdown?"
    async with shift.person("trader1") as trader, shift.person("operator") as operator:
        whole, _ = await trader.ask(question)
        pods = [pod["heartbeat"]["address"] for pod in (await operator.get("/pods"))["items"]]
        chatbots = _chatbots(await _status(shift, pods))
        for pid in chatbots.values():
            os.kill(pid, signal.SIGSTOP)
        asking = asyncio.create_task(trader.ask(question))
        at = await until(lambda: _answering(shift, pods), every=0.02, what="a pod that answers")
        for pod, pid in chatbots.items():
            os.kill(pid, signal.SIGKILL if pod == at else signal.SIGCONT)
        answer, events = await asking
    assert at in chatbots
    assert NO_SOURCE not in whole
    assert [e["data"]["name"] for e in events if e["kind"] == "step"].count("restarted") == 1
    assert answer == whole


async def _answering(shift: Demo, pods: list[str]) -> str | None:
    """The address of a pod that has a question on its way."""
    told = await _status(shift, pods)
    return next((pod for pod in pods if told[pod]["answers"]), None)


async def _status(shift: Demo, pods: list[str]) -> dict[str, Frame]:
    """What each pod tells of itself at this moment, by its address."""
    token = tokens.issue(shift.cluster.secrets.service, issuer="tests", audience="ai-pod")
    headers = {"Authorization": f"Bearer {token}"}
    async with httpx.AsyncClient(headers=headers, timeout=60.0) as http:
        return {pod: (await http.get(f"{pod}/v1/status")).json() for pod in pods}


def _chatbots(told: dict[str, Frame]) -> dict[str, int]:
    """By the pod's address: the chatbot's process, where one is awake."""
    agents = ((pod, agent) for pod, one in told.items() for agent in one["pod"]["agents"])
    return {pod: one["pid"] for pod, one in agents if one["name"] == "chatbot" and one["pid"]}


def _tools(events: list[Frame]) -> list[str]:
    return [event["data"]["name"] for event in events if event["kind"] == "tool"]


def _unsupported(answer: str, events: list[Frame]) -> list[str]:
    """Numbers of the answer that stand in no fact, passage or citation of the run."""
    known = " ".join(str(e["data"]) for e in events if e["kind"] in ("tool", "citation"))
    facts = [fact for e in events if e["kind"] == "tool" for fact in e["data"]["facts"]]
    known += " ".join(_there(fact["value"]) for fact in facts if fact["unit"] == "instant")
    known += " ".join(_there(fact["as_of"]) for fact in facts)
    numbers = {_plain(number) for number in NUMBER.findall(known)}
    return [n for n in NUMBER.findall(answer) if not _entailed(_plain(n), numbers)]


def _there(moment: str) -> str:
    """In the exchange's zone, in which answers tell times to whoever sends none."""
    return f" {datetime.fromisoformat(moment).astimezone(EXCHANGE):%Y-%m-%d %H:%M} "


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
