"""What may be chosen about language models: which, in which order, for whom, at what price."""

from collections.abc import Mapping, Sequence
from decimal import Decimal, InvalidOperation
from typing import Self

import msgspec

from ai_pod.agents.chatbot.model_names import name_of
from ai_pod.agents.messages import AgentContext
from market.words import Word


class Price(Word, frozen=True, kw_only=True):
    """US dollars for a million tokens read, and for a million written."""

    read: Decimal = Decimal(0)
    written: Decimal = Decimal(0)


class Canary(Word, frozen=True, kw_only=True):
    """A model that answers a share (0 to 1) of the users, until it does worse."""

    model: str
    share: float


class Choices(Word, frozen=True, kw_only=True):
    """`models` in the order in which they are tried; `explore` is the largest share of turns that
    may go to another model than the best so far, 0 to keep the order.
    """

    models: tuple[str, ...] = ()
    canary: Canary | None = None
    explore: float = 0.0
    prices: dict[str, Price] = msgspec.field(default_factory=dict)

    @property
    def settings(self) -> tuple[str, ...]:
        """All models, the canary among them."""
        return (*self.models, *([self.canary.model] if self.canary else []))

    @classmethod
    def of(cls, context: AgentContext) -> Self:
        """Raises ValueError, as `read` does."""
        return cls.read(
            context.llm, context.llm_canary, context.llm_prices, explore=context.llm_explore
        )

    @classmethod
    def read(cls, models: str, canary: str, prices: str, *, explore: float = 0.0) -> Self:
        """From the settings. Raises ValueError, which says what is wrong with which of them and how
        it is written.
        """
        named = named_models(models)
        other = read_canary(canary, named)
        known = (*named, *([other.model] if other else []))
        return cls(
            models=named,
            canary=other,
            explore=explore,
            prices=_by_name(read_prices(prices), known),
        )


def named_models(setting: str) -> tuple[str, ...]:
    """The models of SHIFTDESK_LLM: one, or several with a comma between. Raises ValueError."""
    models = tuple(dict.fromkeys(filter(None, (one.strip() for one in setting.split(",")))))
    _check_names(models)
    return models


def _check_names(models: Sequence[str]) -> None:
    """Raises ValueError for two models that nobody could tell apart."""
    of_name: dict[str, str] = {}
    for model in models:
        other = of_name.setdefault(name_of(model), model)
        if other != model:
            raise ValueError(
                f"{other!r} and {model!r} would both be named {name_of(model)!r}: give them "
                "different names, for a URL after its #"
            )


def _by_name(prices: Mapping[str, Price], models: Sequence[str]) -> dict[str, Price]:
    """By the models' names, which a setting may spell with a server's address. Raises ValueError
    for a price of none of them, since the model that it was meant for would cost nothing.
    """
    names = {spelled: name_of(one) for one in models for spelled in (one, name_of(one))}
    for strange in prices.keys() - names.keys():
        raise ValueError(
            f"SHIFTDESK_LLM_PRICES names {strange!r}, which is no model of SHIFTDESK_LLM or "
            f"SHIFTDESK_LLM_CANARY; known are {', '.join(map(repr, models)) or 'none'}"
        )
    return {names[spelled]: price for spelled, price in prices.items()}


def read_canary(setting: str, models: tuple[str, ...]) -> Canary | None:
    """`MODEL@PERCENT`, as in SHIFTDESK_LLM_CANARY. Raises ValueError."""
    if not setting:
        return None
    model, at, percent = setting.rpartition("@")
    try:
        share = float(percent) / 100
    except ValueError:
        at = ""
    if not model or not at or not 0 < share <= 1:
        raise ValueError(
            f"SHIFTDESK_LLM_CANARY is {setting!r}; write MODEL@PERCENT, above 0 and at most 100, "
            "as in openai:gpt-5-mini@10"
        )
    if model in models or not models:
        raise ValueError(
            f"SHIFTDESK_LLM_CANARY names {model!r}: a canary is another model beside at least one "
            "of SHIFTDESK_LLM"
        )
    _check_names((*models, model))
    return Canary(model=model, share=share)


def read_prices(setting: str) -> dict[str, Price]:
    """`MODEL=READ/WRITTEN`, a comma between, as in SHIFTDESK_LLM_PRICES. Raises ValueError."""
    found = {}
    for one in filter(None, (part.strip() for part in setting.split(","))):
        name, equals, amounts = one.rpartition("=")
        read, slash, written = amounts.partition("/")
        if not (name and equals and slash):
            raise ValueError(_form(one))
        found[name] = Price(read=_amount(read, one), written=_amount(written, one))
    return found


def _amount(text: str, whole: str) -> Decimal:
    try:
        amount = Decimal(text.strip())
    except InvalidOperation as error:
        raise ValueError(_form(whole)) from error
    if not amount.is_finite() or amount < 0:
        raise ValueError(_form(whole))
    return amount


def _form(found: str) -> str:
    return (
        f"SHIFTDESK_LLM_PRICES holds {found!r}; write MODEL=READ/WRITTEN in US dollars for a "
        "million tokens, a comma between, as in openai:gpt-5-mini=0.25/2"
    )
