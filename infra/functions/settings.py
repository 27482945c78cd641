"""The jobs' settings, read from the environment (`SHIFTDESK_…`); stores are fsspec URLs."""

from pydantic_settings import SettingsConfigDict

from market.vendors import VendorSettings


class JobSettings(VendorSettings):
    """One field per environment variable."""

    model_config = SettingsConfigDict(
        env_prefix="SHIFTDESK_", extra="ignore", hide_input_in_errors=True
    )

    name: str = "shiftdesk"
    """The environment's, in the metrics."""
    history: str = "history"
    incoming: str = ""
    """Where files arrive, in its folder `incoming`; empty: none do."""
    reports: str = "reports"
    feed: str = ""
    """Whose bars are fetched: `alpaca` or `ccxt:EXCHANGE`; empty: nobody's."""
    vendor_secret: str = ""
    """Name of the secret with the vendor's keys; empty: they are in the environment."""
    admin_secret: str = ""
    """Name of the secret with the database owner's URL."""
