"""An answer that begins anew: whoever reads a stream ends with the last one whole, or is told."""

from hypothesis import given
from hypothesis import strategies as st

from ai_pod.contracts.chat import RunEvent, RunEventKind
from backend.doors.openai.transcript import ANEW, Transcript

WORDS = st.lists(st.sampled_from(["You ", "hold ", "31 ", "shares. ", "Cash "]), max_size=6)


def token(text: str) -> RunEvent:
    return RunEvent(kind=RunEventKind.TOKEN, data={"text": text})


def restart(pod: bool = True) -> RunEvent:
    data = {"name": "restarted"} if pod else {"name": "fallback", "restart": True}
    return RunEvent(kind=RunEventKind.STEP, data=data)


def read(*attempts: list[str]) -> str:
    """What a reader has after several attempts, the last of them whole."""
    transcript, shown = Transcript(), ""
    for number, words in enumerate(attempts):
        if number:
            shown += transcript.take(restart(pod=number % 2 == 0))
        for word in words:
            shown += transcript.take(token(word))
    done = RunEvent(kind=RunEventKind.DONE, data={"text": "".join(attempts[-1])})
    return shown + transcript.take(done)


def test_an_answer_that_goes_on_with_the_same_words_is_not_doubled() -> None:
    assert read(["You ", "hold "], ["You ", "hold ", "31 ", "shares."]) == "You hold 31 shares."
    assert read(["You ", "hold "], ["You hold 31", " shares."]) == "You hold 31 shares."


def test_another_answer_is_sent_whole_after_a_line_that_says_so() -> None:
    assert read(["You ", "hold "], ["You ", "have ", "cash."]) == f"You hold {ANEW}You have cash."
    assert read(["You ", "hold "], ["You "]) == f"You hold {ANEW}You "


def test_an_answer_without_tokens_is_sent_at_its_end() -> None:
    done = RunEvent(kind=RunEventKind.DONE, data={"text": "You hold 31 shares."})
    assert Transcript().take(done) == "You hold 31 shares."


@given(st.lists(WORDS, min_size=1, max_size=4))
def test_the_last_answer_is_always_there_whole(attempts: list[list[str]]) -> None:
    shown, last = read(*attempts), "".join(attempts[-1])
    assert shown.split(ANEW)[-1].strip() == last.strip()


@given(WORDS, st.data())
def test_cutting_an_answer_anywhere_changes_nothing_of_it(
    words: list[str], data: st.DataObject
) -> None:
    cuts = data.draw(st.lists(st.integers(0, len(words)), max_size=3))
    attempts = [words[:cut] for cut in cuts] + [words]
    assert read(*attempts) == "".join(words)
