"""The events of a chat run, one constructor a kind."""

from collections.abc import Sequence
from typing import Any

import msgspec

from ai_pod.contracts.chat import Fact, RunEvent, RunEventKind
from ai_pod.contracts.intents import Wanted
from ai_pod.memory.shipped import Passage

EXCERPT = 400


def step(name: str, **about: str | bool) -> RunEvent:
    """`restart: true` takes back the tokens sent so far."""
    return RunEvent(kind=RunEventKind.STEP, data={"name": name, **about})


def token(text: str) -> RunEvent:
    return RunEvent(kind=RunEventKind.TOKEN, data={"text": text})


def tool(name: str, facts: Sequence[Fact]) -> RunEvent:
    data = {"name": name, "facts": msgspec.to_builtins(facts)}
    return RunEvent(kind=RunEventKind.TOOL, data=data)


def citation(name: str, passage: Passage) -> RunEvent:
    return RunEvent(
        kind=RunEventKind.CITATION,
        data={
            "id": name,
            "title": passage.title,
            "source": f"{passage.source}#{passage.id}",
            "excerpt": passage.text[:EXCERPT],
        },
    )


def confirm(wanted: Wanted) -> RunEvent:
    """The back end makes an intent of it."""
    return RunEvent(kind=RunEventKind.CONFIRM, data={"wanted": msgspec.to_builtins(wanted)})


def usage(model: str, tokens: tuple[int, int], cpu_seconds: float) -> RunEvent:
    return RunEvent(
        kind=RunEventKind.USAGE,
        data={
            "model": model,
            "input_tokens": tokens[0],
            "output_tokens": tokens[1],
            "cpu_seconds": round(cpu_seconds, 4),
        },
    )


def error(code: str, detail: str) -> RunEvent:
    return RunEvent(kind=RunEventKind.ERROR, data={"code": code, "detail": detail})


def done(
    *,
    text: str,
    instructions: int,
    grounded: bool,
    citations: Sequence[dict[str, Any]],
    policy: int,
    notice: str = "",
) -> RunEvent:
    """`policy` is the version of the advice policy that the answer was held to; `notice` is for the
    reader, beside the answer.
    """
    data = {
        "text": text,
        "instructions": instructions,
        "grounded": grounded,
        "citations": list(citations),
        "policy": policy,
    }
    return RunEvent(kind=RunEventKind.DONE, data=data | ({"notice": notice} if notice else {}))
