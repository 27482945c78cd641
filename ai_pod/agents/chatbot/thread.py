"""The questions of a thread, each with what was to be seen when it was asked, and what the last of
them wants to know.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime

from ai_pod.agents.chatbot.followup import Understood, follow, leans
from ai_pod.agents.chatbot.intents import Classifier
from ai_pod.agents.chatbot.screen import on_screen, points, served
from ai_pod.contracts.chat import ReplyRequest, Role
from ai_pod.contracts.screen import Screen
from market.words import Instrument

REMEMBERED = 8
"""So many questions back a thread is followed."""

Said = tuple[str, Screen | None]


def said(request: ReplyRequest) -> list[Said]:
    """The thread's last questions, the new one at the end."""
    before = [(one.text, one.screen) for one in request.history if one.role is Role.USER]
    return [*before[-REMEMBERED:], (request.text, request.screen)]


def understood(
    classifier: Classifier,
    thread: Sequence[Said],
    instruments: Mapping[str, Instrument],
    now: datetime,
) -> Understood:
    """The last question, which may lean on those before it, or point at its screen."""
    questions = [classifier.read(text, instruments, now) for text, _ in thread]
    pointed: dict[int, Screen] = {}
    for at, (_, seen) in enumerate(thread):
        screen = served(seen, instruments)
        if screen is not None and points(questions[at], screen, questions[:at]):
            pointed[at] = screen
    firm = [at for at, one in enumerate(questions) if at in pointed or not leans(one)]
    understand = classifier.understand
    found: Understood | None = None
    for at in range(max(firm, default=0), len(questions)):
        if at in pointed:
            found = on_screen(questions[at], pointed[at], questions[:at], understand)
        elif found is None:
            found = questions[at], understand(questions[at])
        else:
            found = follow(questions[at], found, understand)
    assert found is not None
    return found
