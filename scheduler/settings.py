"""The scheduler's settings, read once from the environment (`SHIFTDESK_…`)."""

from pathlib import Path
from typing import Literal, Self

from pydantic import field_validator, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from ai_pod.contracts.tokens import DEFAULT_SECRET, check_secret
from market.clock import Clock
from scheduler.pools import parse_pools


class Settings(BaseSettings):
    """One field per environment variable. Seconds are real time."""

    model_config = SettingsConfigDict(
        env_prefix="SHIFTDESK_", extra="ignore", hide_input_in_errors=True
    )

    environment: Literal["local", "production"] = "local"
    database_url: str = "postgresql://127.0.0.1/shiftdesk"
    redis_url: str = "redis://127.0.0.1:6379/0"
    secret: str = DEFAULT_SECRET
    clock: str = "wall"
    pools: str = "XNYS"
    events: Path | None = None
    host: str = "127.0.0.1"
    port: int = 0

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
    def _production_is_safe(self) -> Self:
        check_secret(self.secret, self.environment)
        return self
