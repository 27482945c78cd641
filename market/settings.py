"""The market process's settings, read once from the environment (`SHIFTDESK_…`)."""

from pathlib import Path

from pydantic import field_validator
from pydantic_settings import SettingsConfigDict

from market.clock import Clock
from market.vendors import VendorSettings


class Settings(VendorSettings):
    """One field per environment variable."""

    model_config = SettingsConfigDict(env_prefix="SHIFTDESK_", extra="ignore")

    redis_url: str = "redis://127.0.0.1:6379/0"
    feed: str = "replay:demo"
    clock: str = "wall"
    history: str = "history"
    events: Path | None = None
    host: str = "127.0.0.1"
    port: int = 0

    @field_validator("clock")
    @classmethod
    def _clock_is_understood(cls, text: str) -> str:
        Clock.parse(text)
        return text
