"""The chatbot's tools, for programs that call them one by one: read only, on the caller's desk."""

from datetime import date, datetime

from market.words import Word


class Argument(Word, frozen=True, kw_only=True):
    """`schema` is its JSON schema."""

    name: str
    schema: dict[str, object]
    required: bool = False


class ToolSpec(Word, frozen=True, kw_only=True):
    """What a tool is called and tells, and which arguments it takes."""

    name: str
    title: str
    tells: str
    arguments: tuple[Argument, ...] = ()


class ToolCall(Word, frozen=True, kw_only=True):
    """One call. What a tool does not take stays as it is here.

    Instruments go by their id or symbol; `side` is buy, sell or empty; `day` is a date of the
    market's clock, in UTC.
    """

    name: str
    instruments: tuple[str, ...] = ()
    side: str = ""
    day: date | None = None
    query: str = ""


class Statement(Word, frozen=True, kw_only=True):
    """A sentence, and the ids of the facts and passages that it rests on."""

    text: str
    sources: tuple[str, ...] = ()


class ToldFact(Word, frozen=True, kw_only=True):
    """`value` is a decimal string, an instant in ISO or a word; `shown` is how people read it;
    `stale`: its source should have told it anew.
    """

    id: str
    label: str
    value: str
    unit: str
    as_of: datetime
    source: str
    shown: str = ""
    stale: bool = False


class ToldPassage(Word, frozen=True, kw_only=True):
    id: str
    title: str
    source: str
    excerpt: str


class ToolAnswer(Word, frozen=True, kw_only=True):
    """Nothing in it: the tool has nothing to tell."""

    statements: tuple[Statement, ...] = ()
    facts: tuple[ToldFact, ...] = ()
    passages: tuple[ToldPassage, ...] = ()


_INSTRUMENTS = Argument(
    name="instruments",
    schema={
        "type": "array",
        "items": {"type": "string", "maxLength": 40},
        "maxItems": 10,
        "description": "Ids or symbols, such as XNYS:IBM or IBM; without: all of the desk's",
    },
)
_NAMED = Argument(name="instruments", schema=_INSTRUMENTS.schema | {"minItems": 1}, required=True)
_SIDE = Argument(name="side", schema={"type": "string", "enum": ["buy", "sell"]})
_DAY = Argument(
    name="day",
    schema={"type": "string", "format": "date", "description": "A date of the market, in UTC"},
)
_QUERY = Argument(
    name="query",
    schema={"type": "string", "minLength": 1, "maxLength": 400},
    required=True,
)

_PERIOD = Argument(
    name="query",
    schema={
        "type": "string",
        "maxLength": 200,
        "description": "What, over which period: volatility over the last 20 days; else of today",
    },
)

TOOLS: tuple[ToolSpec, ...] = (
    ToolSpec(
        name="positions",
        title="Positions",
        tells="What the desk holds: quantity, average price, market value, unrealised result.",
        arguments=(_INSTRUMENTS,),
    ),
    ToolSpec(name="cash", title="Cash", tells="The desk's cash."),
    ToolSpec(name="equity", title="Equity", tells="The desk's equity, in cash and positions."),
    ToolSpec(name="fees", title="Fees", tells="The fees that the desk has paid so far."),
    ToolSpec(
        name="result",
        title="Result",
        tells="Gain or loss since the start, or of today where `day` is today's date (no other day "
        "is known); by instrument the realised and unrealised result.",
        arguments=(_INSTRUMENTS, _DAY),
    ),
    ToolSpec(
        name="mode", title="Mode", tells="Whether the desk is paper or live, automatic or not."
    ),
    ToolSpec(name="limits", title="Risk limits", tells="The desk's risk limits."),
    ToolSpec(
        name="halted", title="Kill switch", tells="Whether the desk is halted or reducing, and why."
    ),
    ToolSpec(name="instruments", title="Instruments", tells="What the desk trades or holds."),
    ToolSpec(
        name="orders",
        title="Open orders",
        tells="Orders that are not done yet.",
        arguments=(_INSTRUMENTS, _SIDE, _DAY),
    ),
    ToolSpec(
        name="fills",
        title="Recent fills",
        tells="What was bought and sold last, with price, fee and time.",
        arguments=(_INSTRUMENTS, _SIDE, _DAY),
    ),
    ToolSpec(
        name="signals",
        title="Signals",
        tells="The last decision's signals, or the last signal of each instrument named.",
        arguments=(_INSTRUMENTS, _SIDE, _DAY),
    ),
    ToolSpec(
        name="why",
        title="Why a signal",
        tells="The stored contributions to the last signal's score; they add up to it.",
        arguments=(_INSTRUMENTS, _SIDE, _DAY),
    ),
    ToolSpec(
        name="weights",
        title="Target weights",
        tells="The target weights of the last decision.",
        arguments=(_INSTRUMENTS,),
    ),
    ToolSpec(name="policy", title="Policy", tells="The desk's policy line and its champion."),
    ToolSpec(
        name="verdict",
        title="Last verdict",
        tells="The gate's last verdict, and the numbers behind it.",
    ),
    ToolSpec(name="trials", title="Trials", tells="What the latest night's learning has tried."),
    ToolSpec(
        name="phase",
        title="Phase",
        tells="What holds the desk's pod now, why, until when, and what comes next.",
        arguments=(_DAY,),
    ),
    ToolSpec(
        name="opens",
        title="Opening",
        tells="When trading begins, next or on a day.",
        arguments=(_DAY,),
    ),
    ToolSpec(
        name="closes",
        title="Close",
        tells="When trading ends, next or on a day.",
        arguments=(_DAY,),
    ),
    ToolSpec(
        name="overrides", title="Overrides", tells="Overrides of the plan, in force or ahead."
    ),
    ToolSpec(
        name="price",
        title="Last price",
        tells="The last trade of each instrument named.",
        arguments=(_NAMED,),
    ),
    ToolSpec(
        name="statistics",
        title="Market statistics",
        tells="Return, high, low, open, close, volume, average or volatility over closed bars.",
        arguments=(_NAMED, _PERIOD),
    ),
    ToolSpec(name="time", title="Market time", tells="The market's clock, and its speed."),
    ToolSpec(
        name="notes",
        title="Notes and glossary",
        tells="Passages of the notes and the glossary that answer a question, with their source.",
        arguments=(_QUERY, _INSTRUMENTS),
    ),
)
"""All of them read; none writes."""
