"""How a service is observed, among its settings: they are checked here, and read from the same
variables by `market.observing`, also in agents, which have no settings.
"""

from typing import Literal

from pydantic import Field
from pydantic_settings import BaseSettings


class ObservedSettings(BaseSettings):
    """What every service has."""

    log_format: Literal["console", "json"] = "console"
    otlp_endpoint: str = Field(default="", pattern=r"^(https?://.+)?$")
    """Base URL of an OpenTelemetry collector; empty: no traces."""
