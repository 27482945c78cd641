"""How well questions that stand in no example are understood, without a language model.

When they were first asked, 39 of 58, 32 of 40 and 29 of 33 of the first three sets were answered by
the right tool; the later ones, which are asked more strictly, tell their first figures themselves.
A set has shown, once asked, what kinds of examples were missing; the last one has not. Questions
that turned out to stand in examples have been taken out.
"""

import pytest

from ai_pod.agents.chatbot.examples import examples
from ai_pod.agents.chatbot.guard import REFUSAL
from ai_pod.agents.chatbot.question import normalised, read
from ai_pod.contracts.chat import Role, Turn
from market.words import Instrument
from tests.support import (
    chat_fifth,
    chat_fourth,
    chat_held_out,
    chat_seventh,
    chat_sixth,
    chat_today,
)
from tests.support.build_chat import NAMES, NOW
from tests.support.chat import Answer, Chat
from tests.support.chat_held_out import HeldOut

NO_ADVICE = "notes:product/no-advice"
SETS = {
    "first": (chat_held_out.FIRST, 1.0),
    "second": (chat_held_out.SECOND, 0.95),
    "third": (chat_held_out.THIRD, 1.0),
    "fourth": (chat_fourth.FOURTH, 0.95),
    "fifth": (chat_fifth.FIFTH, 0.95),
    "sixth": (chat_sixth.SIXTH, 0.95),
    "seventh": (chat_seventh.SEVENTH, 0.95),
    "today": (chat_today.TODAY, 1.0),
    "not today": (chat_today.OTHERWISE, 1.0),
}
UNKNOWN = (
    *chat_held_out.FIRST_UNKNOWN,
    *chat_held_out.SECOND_UNKNOWN,
    *chat_held_out.THIRD_UNKNOWN,
    *chat_fourth.FOURTH_UNKNOWN,
    *chat_fifth.FIFTH_UNKNOWN,
    *chat_sixth.SIXTH_UNKNOWN,
    *chat_seventh.SEVENTH_UNKNOWN,
    *chat_today.UNKNOWN,
)
ADVICE = (
    *chat_held_out.FIRST_ADVICE,
    *chat_held_out.SECOND_ADVICE,
    *chat_held_out.THIRD_ADVICE,
    *chat_fourth.FOURTH_ADVICE,
    *chat_fifth.FIFTH_ADVICE,
    *chat_sixth.SIXTH_ADVICE,
    *chat_seventh.SEVENTH_ADVICE,
)


def _used(answer: Answer) -> set[str]:
    cited = (data["source"].partition("#")[2] for data in answer.done["citations"])
    return {*answer.tools, *(f"notes:{name}" for name in cited)}


async def _wrong(chat: Chat, asked: HeldOut) -> str | None:
    history: tuple[Turn, ...] = ()
    for text in asked.after:
        said = (await chat.ask(text, history)).text
        history += (Turn(role=Role.USER, text=text), Turn(role=Role.ASSISTANT, text=said))
    answer = await chat.ask(asked.text, history)
    assert answer.strange_numbers() == [], answer.text
    missing = [said for said in asked.says if said not in answer.text]
    if missing or REFUSAL in answer.text or not _used(answer).intersection(asked.tools):
        return f"{asked.text} → {_used(answer)} {answer.text!r}; missing {missing}"
    return None


@pytest.mark.parametrize(("asked", "least"), SETS.values(), ids=SETS.keys())
async def test_the_right_tool_answers(chat: Chat, asked: tuple[HeldOut, ...], least: float) -> None:
    wrong = [found for one in asked if (found := await _wrong(chat, one))]
    assert len(asked) - len(wrong) >= least * len(asked), "\n".join(wrong)


async def test_what_nobody_here_knows_is_refused(chat: Chat) -> None:
    answers = {text: (await chat.ask(text)).text for text in UNKNOWN}
    assert {text: said for text, said in answers.items() if said != REFUSAL} == {}


async def test_no_advice_is_given(chat: Chat) -> None:
    for text in ADVICE:
        answer = await chat.ask(text)
        assert answer.text == REFUSAL or _used(answer) == {NO_ADVICE}, answer.text


def test_none_of_them_is_an_example() -> None:
    known = {normalised(text) for _, text in examples()}
    served = {
        f"XNYS:{symbol}": Instrument(venue="XNYS", symbol=symbol, name=name, synthetic=True)
        for symbol, name in NAMES.items()
    }
    alone = [one.text for asked, _ in SETS.values() for one in asked if not one.after]
    held_out = (*alone, *UNKNOWN, *ADVICE)
    assert [text for text in held_out if read(text, served, NOW).words in known] == []
