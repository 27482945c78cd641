"""What a question may want to know, and how people ask for it: `asked/*.txt`, a heading for each
intent and a question a line. Instruments stand as IBM. A file is a theme, or a voice that asks for
everything: leaving out a voice shows best how a stranger will be understood.
"""

from enum import StrEnum
from importlib.resources import files


class Intent(StrEnum):
    """What a question wants to know; one tool answers each."""

    POSITIONS = "positions"
    CASH = "cash"
    EQUITY = "equity"
    FEES = "fees"
    RESULT = "result"
    MODE = "mode"
    LIMITS = "limits"
    HALTED = "halted"
    INSTRUMENTS = "instruments"
    ORDERS = "orders"
    FILLS = "fills"
    SIGNALS = "signals"
    WHY = "why"
    WEIGHTS = "weights"
    POLICY = "policy"
    VERDICT = "verdict"
    TRIALS = "trials"
    PHASE = "phase"
    OPENS = "opens"
    CLOSES = "closes"
    OVERRIDES = "overrides"
    PRICE = "price"
    STATISTICS = "statistics"
    TIME = "time"
    HELP = "help"
    ADVICE = "advice"
    NOTES = "notes"
    OUTSIDE = "outside"


def examples() -> tuple[tuple[Intent, str], ...]:
    """All examples. Raises ValueError on a heading that is no intent."""
    folder = files(__package__).joinpath("asked")
    found = []
    texts = (one for one in folder.iterdir() if one.name.endswith(".txt"))
    for file in sorted(texts, key=lambda one: one.name):
        for line in filter(None, file.read_text("utf-8").splitlines()):
            if line.startswith("## "):
                intent = Intent(line.removeprefix("## "))
            else:
                found.append((intent, line))
    return tuple(found)
