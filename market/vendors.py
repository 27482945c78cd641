"""How vendors are reached, for data and for orders: keys and addresses, read from the environment
(`SHIFTDESK_…`). Keys are masked wherever settings are shown.
"""

from pydantic import SecretStr
from pydantic_settings import BaseSettings

from market.errors import MissingKeys


class VendorSettings(BaseSettings):
    """An address that is empty is the vendor's own."""

    feed_instruments: str = ""
    """What a live feed serves, as the vendor names it: `AAPL,MSFT` or `BTC/USDT,ETH/USDT`."""

    alpaca_key: SecretStr = SecretStr("")
    alpaca_secret: SecretStr = SecretStr("")
    alpaca_data_url: str = ""
    alpaca_data_stream_url: str = ""
    alpaca_data_plan: str = "iex"
    """Which tape: `iex` comes with every account, `sip` is the consolidated one."""

    ccxt_key: SecretStr = SecretStr("")
    ccxt_secret: SecretStr = SecretStr("")
    ccxt_password: SecretStr = SecretStr("")
    ccxt_url: str = ""
    """Instead of the exchange's own addresses, REST; `ccxt_stream_url` for its sockets."""
    ccxt_stream_url: str = ""

    def feed_symbols(self) -> tuple[str, ...]:
        return tuple(one.strip() for one in self.feed_instruments.split(",") if one.strip())

    def alpaca_keys(self) -> tuple[str, str]:
        """(key, secret). Raises MissingKeys."""
        pair = self.alpaca_key.get_secret_value(), self.alpaca_secret.get_secret_value()
        if not all(pair):
            raise MissingKeys("alpaca", "SHIFTDESK_ALPACA_KEY and SHIFTDESK_ALPACA_SECRET")
        return pair

    def ccxt_keys(self) -> dict[str, str]:
        """As ccxt's constructor takes them. Raises MissingKeys."""
        key, secret = self.ccxt_key.get_secret_value(), self.ccxt_secret.get_secret_value()
        if not key or not secret:
            raise MissingKeys("ccxt", "SHIFTDESK_CCXT_KEY and SHIFTDESK_CCXT_SECRET")
        keys = {"apiKey": key, "secret": secret}
        password = self.ccxt_password.get_secret_value()
        return keys | {"password": password} if password else keys
