"""A language model's standing, as it is shown."""

from backend.schemas import Money, Schema


class LanguageModelView(Schema):
    """Over all pods. `failed` and `ungrounded` answers are bad ones; `first_token_seconds` and
    `usd` are means over those that it gave; `rolled_back` says why a canary was taken back.
    """

    model: str
    asked: int
    answered: int
    failed: int
    ungrounded: int
    first_token_seconds: float
    usd: Money
    up: int
    down: int
    rolled_back: str | None
