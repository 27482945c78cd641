"""What the web client suggests to ask is answered, in both languages, of what is on screen."""

import re
from pathlib import Path

import pytest

from ai_pod.contracts.screen import Screen
from tests.ai_pod.chatbot.test_screen import ON_CHART, ON_SIGNAL, ON_VERDICT
from tests.support.chat import Chat

WORDS = Path(__file__).parents[3] / "frontend" / "src" / "features" / "chat" / "suggestionWords.ts"
SUGGESTED = re.findall(r'^ +"?([\w-]+)"?: "(.+)",$', WORDS.read_text(), re.MULTILINE)
ANSWERED: dict[str, tuple[Screen | None, str]] = {
    "signal-why": (ON_SIGNAL, "why"),
    "signal-how": (ON_SIGNAL, "signals"),
    "verdict-why": (ON_VERDICT, "verdict"),
    "verdict-what": (ON_VERDICT, "verdict"),
    "chart-how": (ON_CHART, "statistics"),
    "chart-signal": (ON_CHART, "signals"),
    "last-signal": (None, "why"),
    "holdings": (None, "positions"),
    "who-holds": (None, "phase"),
    "last-verdict": (None, "verdict"),
}


def test_every_suggestion_is_known_in_both_languages() -> None:
    assert sorted(key for key, _ in SUGGESTED) == sorted([*ANSWERED, *ANSWERED])


@pytest.mark.parametrize(("key", "text"), SUGGESTED)
async def test_a_suggestion_is_answered(chat: Chat, key: str, text: str) -> None:
    screen, tool = ANSWERED[key]
    answer = await chat.ask(text, screen=screen)
    assert answer.tools == [tool], answer.text
