"""The back end's settings, read once from the environment (`SHIFTDESK_…`)."""

from decimal import Decimal
from functools import cached_property
from pathlib import Path
from typing import Literal, Self

from pydantic import Field, model_validator
from pydantic_settings import SettingsConfigDict

from ai_pod.contracts.tokens import DEFAULT_SECRET, SHORTEST_SECRET, service_key
from market.observed import ObservedSettings
from market.postgres import is_postgres_url
from market.secret import Secret
from market.stores import is_redis_url
from market.vendors import VendorSettings


class Settings(VendorSettings, ObservedSettings):
    """One field per environment variable. Seconds are real time."""

    model_config = SettingsConfigDict(
        env_prefix="SHIFTDESK_", extra="ignore", hide_input_in_errors=True
    )

    environment: Literal["local", "production"] = "local"
    database_url: str = Field(default="postgresql://127.0.0.1/shiftdesk", repr=False)
    redis_url: str = Field(default="redis://127.0.0.1:6379/0", repr=False)
    scheduler_url: str = ""
    secret: str = Field(default=DEFAULT_SECRET, repr=False)
    database_url_file: Path | None = None
    """Instead of the URL, a file that holds it and is followed when it changes; so the next two."""
    redis_url_file: Path | None = None
    secret_file: Path | None = None
    """Its first line signs, and all its lines are accepted."""
    pool: str = "XNYS"
    clock: str = "wall"
    history: str = "history"
    broker: str = "paper"
    """The venue of desks in the mode live: `alpaca` or `ccxt:EXCHANGE`; `paper` is none."""
    shadow_sessions: int = Field(default=5, ge=0)
    """Market sessions that a challenger is in shadow for, where its line does not say."""
    promotion: Literal["approval", "automatic"] = "approval"
    """Who promotes what passed gate and shadow, where its line does not say."""
    paper_volume_share: float = Field(default=0.0, ge=0, le=1)
    """The most of a minute's volume that one desk's paper orders may take; 0 for no cap."""
    live: bool = False
    """The flag without which no desk can be, and no order is, live."""
    venue_sandbox: bool = True
    """The venue's own paper account or test net instead of real money."""
    venue_unknown: Literal["refuse", "claim"] = "refuse"
    """What of a venue's account is not in our books: a difference, or held beside them."""
    venue_cash_tolerance: Decimal = Decimal("0.01")
    venue_doubt_seconds: float = 0.0
    """How long an order without an answer is in doubt; 0: as the venue itself bounds it."""
    venue_currency: str = ""
    """Of the account's cash; empty: USD at Alpaca, USDT at a crypto exchange."""
    alpaca_url: str = ""
    alpaca_stream_url: str = ""
    events: Path | None = None
    web: Path | None = None
    host: str = "127.0.0.1"
    port: int = 0
    keep_alive_seconds: int = Field(default=5, ge=1, le=600)
    """How long a connection may be idle between two requests; behind a load balancer longer than
    its own, or it sends into one that is being closed."""
    viewer_header: str = ""
    """The header in which a content network before the load balancer tells its viewer's address
    (ADDRESS:PORT), such as `CloudFront-Viewer-Address`; believed from FORWARDED_ALLOW_IPS alone,
    and only right where nobody reaches the load balancer past that network. Empty: none stands
    there."""
    linger_seconds: float = Field(default=0.0, ge=0, le=30)
    """How long it serves on, not ready, after it has been told to end."""
    origins: tuple[str, ...] = ()
    """Origins besides the service's own whose pages may open the live socket."""

    database_connections: int = 10
    hold_down_seconds: float = 60.0
    """How long demand must have been lower before fewer pods are wanted."""
    prewarm_seconds: float = 1800.0
    """How long before an opening, and after it, seats are ready for as many desks as the last
    openings had; 0: never. The longer, the more pods run early; a pod takes a minute or two.
    """
    fleet: Literal["local", "kubernetes"] = "local"
    """What runs the pods, and is told which ones to end."""
    fleet_namespace: str = ""
    """Of the pods on Kubernetes; empty: our own."""
    fleet_selector: str = "app.kubernetes.io/name=ai-pod"
    release_seconds: float = 900.0
    """How long a desk that does not trade automatically keeps its seat with nobody connected."""
    seating_period_seconds: float = 1.0
    scaling_tokens: str = Field(default="", repr=False)
    """What an autoscaler that cannot sign may send to `/scaling`, and nowhere else; several, a line
    each, while one is being replaced."""
    scaling_tokens_file: Path | None = None
    completions_days: float = Field(default=30.0, ge=0)
    """How long what a program has asked with a desk's key is kept; 0: for ever."""
    policy_max_days: float = 365.0
    """How old a champion may be before its desks may only reduce; 0: for ever."""

    @model_validator(mode="after")
    def _secrets_are_fit(self) -> Self:
        _found = (self.key, self.database, self.redis, self.autoscalers)
        return self

    @cached_property
    def key(self) -> Secret:
        """What tokens are signed with. Raises ValueError for what production must not have."""
        return service_key(self.secret, self.secret_file, self.environment)

    @cached_property
    def database(self) -> Secret:
        return Secret(self.database_url, self.database_url_file, is_postgres_url)

    @cached_property
    def redis(self) -> Secret:
        return Secret(self.redis_url, self.redis_url_file, is_redis_url)

    @cached_property
    def autoscalers(self) -> Secret:
        """What opens `/scaling`. Raises ValueError for what production must not have."""
        if self.scaling_tokens_file is None:
            self._are_long(tuple(self.scaling_tokens.split()))
        return Secret(self.scaling_tokens, self.scaling_tokens_file, self._are_long)

    def _are_long(self, lines: tuple[str, ...]) -> None:
        shortest = min(map(len, lines), default=SHORTEST_SECRET)
        if self.environment == "production" and shortest < SHORTEST_SECRET:
            raise ValueError(
                f"SHIFTDESK_SCALING_TOKENS needs at least {SHORTEST_SECRET} characters a token"
            )
