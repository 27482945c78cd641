"""The most that one turn may take, whatever a question asks or a model does."""

from collections.abc import Sequence

from ai_pod.contracts.chat import Turn

TOOL_CALLS = 8
"""Tools that one question may call; a question with more parts is answered in its first ones."""

HISTORY_TURNS = 6
TURN_CHARACTERS = 2_000
"""Of each turn of the thread that a model is shown."""

PROMPT_FACTS = 150
"""A turn with more facts is composed: a model's context is not the place for them."""

ANSWER_CHARACTERS = 4_000
SENTENCE_CHARACTERS = 800
"""What a model may write in all, and before its sentence ends."""

WRITING_SECONDS = 60.0
"""For one model's answer with its repair."""


def shortened(history: Sequence[Turn]) -> list[Turn]:
    """The last turns of a thread, each cut to what a prompt may hold."""
    return [
        Turn(role=one.role, text=one.text[:TURN_CHARACTERS]) for one in history[-HISTORY_TURNS:]
    ]
