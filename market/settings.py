"""The market process's settings, read once from the environment (`SHIFTDESK_…`)."""

from functools import cached_property
from pathlib import Path
from typing import Self

from pydantic import Field, field_validator, model_validator
from pydantic_settings import SettingsConfigDict

from market.clock import Clock
from market.observed import ObservedSettings
from market.secret import Secret
from market.stores import is_redis_url
from market.vendors import VendorSettings


class Settings(VendorSettings, ObservedSettings):
    """One field per environment variable."""

    model_config = SettingsConfigDict(
        env_prefix="SHIFTDESK_", extra="ignore", hide_input_in_errors=True
    )

    redis_url: str = "redis://127.0.0.1:6379/0"
    redis_url_file: Path | None = None
    """Instead of the URL, a file that holds it and is followed when it changes."""
    feed: str = "replay:demo"
    clock: str = "wall"
    history: str = "history"
    events: Path | None = None
    host: str = "127.0.0.1"
    port: int = 0
    linger_seconds: float = Field(default=0.0, ge=0, le=30)
    """How long it serves on, not ready, after it has been told to end."""

    @field_validator("clock")
    @classmethod
    def _clock_is_understood(cls, text: str) -> str:
        Clock.parse(text)
        return text

    @model_validator(mode="after")
    def _secrets_are_fit(self) -> Self:
        _found = self.redis
        return self

    @cached_property
    def redis(self) -> Secret:
        return Secret(self.redis_url, self.redis_url_file, is_redis_url)
