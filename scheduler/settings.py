"""The scheduler's settings, read once from the environment (`SHIFTDESK_…`)."""

from functools import cached_property
from pathlib import Path
from typing import Literal, Self

from pydantic import Field, field_validator, model_validator
from pydantic_settings import SettingsConfigDict

from ai_pod.contracts.tokens import DEFAULT_SECRET, service_key
from market.clock import Clock
from market.observed import ObservedSettings
from market.postgres import is_postgres_url
from market.secret import Secret
from market.stores import is_redis_url
from scheduler.pools import parse_pools


class Settings(ObservedSettings):
    """One field per environment variable. Seconds are real time."""

    model_config = SettingsConfigDict(
        env_prefix="SHIFTDESK_", extra="ignore", hide_input_in_errors=True
    )

    environment: Literal["local", "production"] = "local"
    database_url: str = "postgresql://127.0.0.1/shiftdesk"
    redis_url: str = "redis://127.0.0.1:6379/0"
    secret: str = DEFAULT_SECRET
    database_url_file: Path | None = None
    """Instead of the URL, a file that holds it and is followed when it changes; so the next two."""
    redis_url_file: Path | None = None
    secret_file: Path | None = None
    """Its first line signs, and all its lines are accepted."""
    clock: str = "wall"
    pools: str = "XNYS"
    events: Path | None = None
    host: str = "127.0.0.1"
    port: int = 0
    linger_seconds: float = Field(default=0.0, ge=0, le=30)
    """How long it serves on, not ready, after it has been told to end."""

    reconcile_seconds: float = 5.0
    """How often wanted and published plans are compared."""
    late_after_seconds: float = 15.0
    """A pod that disagrees with the plan for longer counts as late."""

    @field_validator("pools")
    @classmethod
    def _pools_are_known(cls, text: str) -> str:
        parse_pools(text)
        return text

    @field_validator("clock")
    @classmethod
    def _clock_is_understood(cls, text: str) -> str:
        Clock.parse(text)
        return text

    @model_validator(mode="after")
    def _secrets_are_fit(self) -> Self:
        _found = (self.key, self.database, self.redis)
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
