"""What a request for a completion asks, once it is seen that all of it can be given."""

from collections.abc import Iterable
from typing import Any

from ai_pod.contracts.chat import Role, Turn
from backend.chat.service import HISTORY_MESSAGES, Asked
from backend.doors.openai.errors import BadParameter, NoSuchModel
from backend.doors.openai.schemas import (
    MOST_CHARACTERS,
    NEUTRAL,
    WHY_NOT,
    WITHOUT_EFFECT,
    CompletionRequest,
    Content,
    Message,
)

MODEL = "shiftdesk"
"""The one model: which language models word its answers is the installation's to choose."""

_TURNS = {"user": Role.USER, "assistant": Role.ASSISTANT}


def read(request: CompletionRequest) -> Asked:
    """Raises BadParameter for what cannot be obeyed, and says which it is."""
    check_model(request.model)
    _refuse_others(request.others)
    texts = [(one, _text(one, at)) for at, one in enumerate(request.messages)]
    *before, (last, question) = texts
    at = f"messages.{len(before)}"
    if last.role != "user":
        raise BadParameter(f"the last message is the {last.role}'s; it must be the user's", at)
    if not question.strip():
        raise BadParameter("the last message is empty; ask something", at)
    _within(question, "a question", at)
    said = [(one, text) for one, text in before if _said(one, text)][-HISTORY_MESSAGES:]
    turns = (Turn(role=_TURNS[one.role], text=text[:MOST_CHARACTERS]) for one, text in said)
    return Asked(question, tuple(turns), by_person=False)


def check_model(model: str) -> None:
    if model != MODEL:
        raise NoSuchModel(f"there is no model {model!r}; the one here is {MODEL!r}", "model")


def _said(message: Message, text: str) -> bool:
    return message.role in _TURNS and bool(text.strip())


def _within(text: str, what: str, field: str) -> None:
    if len(text) > MOST_CHARACTERS:
        said = f"{what} has {len(text)} characters; {MOST_CHARACTERS} at most are read"
        raise BadParameter(said, field, code="string_above_max_length")


def _refuse_others(others: dict[str, Any]) -> None:
    for name, value in others.items():
        if name in WITHOUT_EFFECT or value in NEUTRAL.get(name, ()):
            continue
        why = WHY_NOT.get(name, "nothing here goes by that name")
        code = "unsupported_parameter" if name in WHY_NOT else "unknown_parameter"
        raise BadParameter(f"{name} is not supported: {why}; leave it out", name, code=code)


def _text(message: Message, at: int) -> str:
    field = f"messages.{at}"
    if message.role in ("tool", "function"):
        raise BadParameter("the desk's own tools are used, and no others", f"{field}.role")
    return "\n".join(_parts(message.content, f"{field}.content"))


def _parts(content: Content, field: str) -> Iterable[str]:
    if not isinstance(content, list):
        return [content or ""]
    strange = next((one.type for one in content if one.type not in ("text", "refusal")), None)
    if strange is not None:
        raise BadParameter(f"a part of type {strange!r} cannot be read; send text", field)
    return [one.text for one in content]
