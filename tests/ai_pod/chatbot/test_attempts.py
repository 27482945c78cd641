"""Attempts to order the chatbot about are seen in any language and disguise; questions are not."""

import pytest

from ai_pod.agents.chatbot.letters import seen, skeleton
from ai_pod.agents.chatbot.safety.attempts import attempted
from ai_pod.memory.shipped import shipped_passages
from tests.support import chat_fifth, chat_fourth, chat_held_out, chat_seventh, chat_sixth
from tests.support.chat_attempts import DISGUISED, HARMLESS, PLAIN
from tests.support.chat_questions import PARAPHRASES, QUESTIONS

ASKED = (
    *QUESTIONS,
    *PARAPHRASES,
    *chat_held_out.FIRST,
    *chat_held_out.SECOND,
    *chat_held_out.THIRD,
    *chat_fourth.FOURTH,
    *chat_fifth.FIFTH,
    *chat_sixth.SIXTH,
    *chat_seventh.SEVENTH,
)


@pytest.mark.parametrize("text", PLAIN)
def test_an_attempt_is_seen(text: str) -> None:
    assert attempted(text)


@pytest.mark.parametrize("text", DISGUISED)
def test_no_disguise_hides_it(text: str) -> None:
    assert attempted(text)


def test_questions_and_notes_are_none() -> None:
    texts = [*(one.text for one in ASKED), *HARMLESS]
    texts += [f"{one.title}. {one.text}" for one in shipped_passages()]
    assert len(texts) > 300
    assert [text for text in texts if attempted(text)] == []


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("a\u200bb\u2060c\ufeff", "abc"),
        ("\u202edlos\u202c", "dlos"),
        ("ﬁne ｗｏｒｄｓ", "fine words"),
        ("раураl", "paypal"),
        ("Москва и СПб", "Москва и СПб"),
        ("٣١٢ ½ ² Ⅻ", "312 ½ ² Ⅻ"),
        ("e\u0301te\u0301 Z\u0321\u0336x", "été Zx"),
        ("two\u00a0\u2003words\nand a line", "two words\nand a line"),
    ],
)
def test_text_is_what_people_see(text: str, shown: str) -> None:
    assert seen(text) == shown
    assert seen(shown) == shown


def test_what_looks_alike_compares_alike() -> None:
    assert skeleton("ІGNОRЕ") == skeleton("ignore") == "ignore"
