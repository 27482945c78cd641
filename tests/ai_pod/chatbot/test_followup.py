"""Questions that lean on those before them in their thread."""

import pytest

from ai_pod.agents.chatbot.guard import REFUSAL
from ai_pod.contracts.chat import Role, Turn
from tests.support.chat import Answer, Chat


async def _last(chat: Chat, *asked: str) -> Answer:
    *before, text = asked
    history = [
        Turn(role=role, text=said)
        for one in before
        for role, said in ((Role.USER, one), (Role.ASSISTANT, "…"))
    ]
    return await chat.ask(text, tuple(history))


@pytest.mark.parametrize(
    ("asked", "tool", "says"),
    [
        (("do we hold ibm?", "and msft?", "fb?"), "positions", "0 shares of XNYS:FB"),
        (("any signal on apple?", "and google?", "why?"), "why", "0.07 from momentum"),
        (("what did we sell today?", "and yesterday?"), "fills", "0 fills to sell yesterday"),
        (("what did we buy yesterday?", "and ibm"), "fills", "0 fills to buy in XNYS:IBM yest"),
        (("do we own facebook?", "whats it trading at"), "price", "19.48 USD"),
        (("what is my cash?", "and the fees?"), "fees", "17.42 USD"),
        (("did we buy ibm?", "when?"), "fills", "14:46 UTC"),
        (("do we hold ibm?", "when does it close?"), "closes", "20:00 UTC"),
        (("when do we close?", "ibm?"), "price", "210.95 USD"),
        (("position in ibm?", "what is my total pnl?"), "result", "100,000.00 USD"),
    ],
)
async def test_what_is_left_unsaid_was_said_before(
    chat: Chat, asked: tuple[str, ...], tool: str, says: str
) -> None:
    answer = await _last(chat, *asked)
    assert answer.tools == [tool]
    assert says in answer.text


@pytest.mark.parametrize(
    "asked",
    [
        ("do we hold ibm?", "and tesla?"),
        ("do we hold ibm?", "and TSLA?"),
        ("how much cash do i have?", "and yesterday?"),
        ("who won the world cup?", "why?"),
        ("when do we close?", "and next year?"),
    ],
)
async def test_what_nobody_knows_is_refused_in_a_thread_too(
    chat: Chat, asked: tuple[str, ...]
) -> None:
    assert (await _last(chat, *asked)).text == REFUSAL
