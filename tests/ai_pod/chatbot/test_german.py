"""German is understood by the same rules as English, or refused; times are in the asker's zone."""

import sys

import pytest

from ai_pod.agents.chatbot.german.amounts import in_english
from ai_pod.agents.chatbot.guard import REFUSAL
from ai_pod.agents.chatbot.intents import Classifier
from ai_pod.contracts.chat import Role, RunEventKind, Turn
from ai_pod.contracts.screen import Screen
from tests.support.build_chat import at
from tests.support.chat import Chat
from tests.support.chat_german import PREPARED, QUESTIONS, REFUSED, UNCLEAR
from tests.support.chat_questions import CALCULATIONS, PARAPHRASES, STATISTICS
from tests.support.chat_questions import PREPARED as IN_ENGLISH
from tests.support.chat_questions import QUESTIONS as ENGLISH


async def test_german_questions_are_answered_or_refused(chat: Chat) -> None:
    wrong = []
    for asked in (*QUESTIONS, *PREPARED):
        answer = await chat.ask(asked.text)
        assert answer.strange_numbers() == [], answer.text
        missing = [said for said in asked.says if said not in answer.text]
        if asked.tool not in answer.tools or missing:
            wrong.append(f"{asked.text} → {answer.tools} {answer.text!r}")
            assert answer.text == REFUSAL, wrong[-1]
    sys.stdout.write(f"{len(wrong)} of {len(QUESTIONS) + len(PREPARED)} German texts refused\n")
    assert wrong == []


async def test_what_nobody_here_knows_is_refused_in_german_too(chat: Chat) -> None:
    answers = {text: (await chat.ask(text)).text for text in REFUSED}
    assert {text: said for text, said in answers.items() if said != REFUSAL} == {}


async def test_a_german_request_that_is_not_understood_says_so(chat: Chat) -> None:
    for text, says in UNCLEAR:
        answer = await chat.ask(text)
        assert says in answer.text, answer.text
        assert answer.data(RunEventKind.CONFIRM) == []


async def test_a_german_thread_and_screen_are_followed(chat: Chat) -> None:
    before = (Turn(role=Role.USER, text="Wie viele Aktien von IBM habe ich?"),)
    assert "400 shares" in (await chat.ask("und MSFT?", before)).text
    shown = Screen(route="/", instrument="XNYS:IBM", since=at(15, 1), until=at(15, 5))
    answer = await chat.ask("Was war hier das Hoch?", screen=shown)
    assert "211.60 USD" in answer.text
    assert (await chat.ask("Wie ist das gelaufen?", screen=shown)).tools == ["statistics"]


async def test_times_are_in_the_zone_of_who_asks(chat: Chat) -> None:
    text = "Pausiere den Pool bis 18 Uhr wegen einer feuerübung"
    answer = await chat.ask(text, zone="Europe/Berlin")
    (wanted,) = answer.data(RunEventKind.CONFIRM)
    assert wanted["wanted"]["ends"] == "2012-10-16T16:00:00Z"
    assert wanted["wanted"]["reason"] == "einer feuerübung"
    assert "2012-10-16 18:00 Europe/Berlin, 2012-10-16 16:00 UTC" in answer.text


async def test_every_time_is_told_in_the_zone_of_who_asks(chat: Chat) -> None:
    for text, says in (
        ("What time is it?", "It is 2012-10-16 11:07 America/New_York"),
        ("When does the market close?", "ends at 2012-10-16 16:00 America/New_York"),
        ("Show me the last fills", "on 2012-10-16 10:46 America/New_York"),
        ("Wie lief mein Desk heute?", "at 2012-10-15 16:00 America/New_York"),
    ):
        answer = await chat.ask(text, zone="America/New_York")
        assert says in answer.text, answer.text
        assert "UTC" not in answer.text
        assert answer.strange_numbers() == []


@pytest.mark.parametrize(
    ("german", "english"),
    [
        ("1.000,5", "1000.5"),
        ("1.234.567", "1234567"),
        ("1.000", "1000"),
        ("0,5 %", "0.5 %"),
        ("210.50", "210.50"),
        ("zu 0.125", "zu 0.125"),
        ("um 9 uhr", "um 09:00"),
        ("bis 15.30 uhr", "bis 15:30"),
        ("bis 15 uhr 30", "bis 15:30"),
        ("am 7.10.2012 um 15 uhr", "am 2012-10-07 um 15:00"),
        ("1.00.000", "1.00.000"),
        ("2,500", "2 , 500"),
        ("12.500,125", "12500.125"),
        ("1,234.50", "1,234.50"),
    ],
)
def test_german_numbers(german: str, english: str) -> None:
    assert in_english(german) == english


def test_english_stays_as_it_is(classifier: Classifier) -> None:
    said = [one.text for one in (*ENGLISH, *PARAPHRASES, *STATISTICS, *CALCULATIONS, *IN_ENGLISH)]
    said += ["was AAPL sold?", "hold my IBM", "will it rise?", "what's the plan for the gate"]
    assert [text for text in said if classifier.heard(text, {}).text != text] == []
