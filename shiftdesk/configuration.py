"""Configuration: flags > environment > `.env` > `shiftdesk.toml` > default, and where each value
came from.
"""

import os
import tomllib
from contextvars import ContextVar
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, TypeAlias

import typer

from shiftdesk.errors import UsageProblem

STATE = Path(".shiftdesk")
"""The local cluster's folder, in the folder that a command is run in."""


HistoryStore: TypeAlias = Annotated[
    str | None,
    typer.Option(
        "--history", metavar="STORE", help="a folder or an s3:// URL; default .shiftdesk/history"
    ),
]


@dataclass(frozen=True)
class Setting:
    """One setting: its name in `shiftdesk.toml`; the environment's is `SHIFTDESK_` and the name in
    capitals.
    """

    name: str
    default: str
    secret: bool = False

    @property
    def variable(self) -> str:
        return f"SHIFTDESK_{self.name.upper()}"


@dataclass(frozen=True)
class Value:
    setting: Setting
    value: str
    origin: str

    @property
    def shown(self) -> str:
        """The value as it may be printed."""
        if not self.setting.secret or not self.value:
            return self.value
        return "•" * 8


SETTINGS = (
    Setting("database_url", "", secret=True),
    Setting("redis_url", "", secret=True),
    Setting("vectors_url", "", secret=True),
    Setting("pools", "XNYS"),
    Setting("artifacts", ""),
    Setting("history", ""),
    Setting("clock", "wall"),
    Setting("feed", "replay:demo"),
    Setting("broker", "paper"),
    Setting("llm", ""),
    Setting("llm_canary", ""),
    Setting("llm_explore", "0"),
    Setting("llm_prices", ""),
    Setting("events", ""),
    Setting("web", ""),
    Setting("log_format", "console"),
    Setting("otlp_endpoint", ""),
    Setting("api_url", ""),
    Setting("api_login", ""),
    Setting("api_password_file", ""),
    Setting("api_token", "", secret=True),
    Setting("port", "0"),
    Setting("hold_down_seconds", "60"),
    Setting("paper_volume_share", "0"),
    Setting("shadow_sessions", "5"),
    Setting("promotion", "approval"),
    Setting("live", "false"),
    Setting("venue_sandbox", "true"),
    Setting("venue_unknown", "refuse"),
    Setting("venue_cash_tolerance", "0.01"),
    Setting("venue_currency", ""),
    Setting("feed_instruments", ""),
    Setting("alpaca_key", "", secret=True),
    Setting("alpaca_secret", "", secret=True),
    Setting("alpaca_data_plan", "iex"),
    Setting("alpaca_url", ""),
    Setting("alpaca_stream_url", ""),
    Setting("alpaca_data_url", ""),
    Setting("alpaca_data_stream_url", ""),
    Setting("ccxt_key", "", secret=True),
    Setting("ccxt_secret", "", secret=True),
    Setting("ccxt_password", "", secret=True),
    Setting("ccxt_url", ""),
    Setting("ccxt_stream_url", ""),
)


_VENDORS = ("live", "venue_", "feed_", "alpaca_", "ccxt_")
VENDOR_SETTINGS = tuple(one.name for one in SETTINGS if one.name.startswith(_VENDORS))
"""Those that say how vendors are reached."""

WHOLE_COMMAND: ContextVar[tuple[tuple[str, str], ...]] = ContextVar("whole_command", default=())
"""Flags that stand before the verb, and hold wherever it asks."""


class Configuration:
    """The settings as they hold in `folder` (where `.env` and `shiftdesk.toml` lie)."""

    def __init__(self, folder: Path, flags: dict[str, str] | None = None) -> None:
        self._flags = dict(WHOLE_COMMAND.get()) | (flags or {})
        self._dotenv = _read_dotenv(folder / ".env")
        self._toml = _read_toml(folder / "shiftdesk.toml")

    def values(self) -> list[Value]:
        return [self._resolve(setting) for setting in SETTINGS]

    def get(self, name: str) -> str:
        return next(value.value for value in self.values() if value.setting.name == name)

    def given(self, *names: str) -> dict[str, str]:
        """Environment variables for services: those of these settings that somebody set."""
        return {
            value.setting.variable: value.value
            for value in self.values()
            if value.setting.name in names and value.origin != "default"
        }

    def _resolve(self, setting: Setting) -> Value:
        sources = (
            ("flag", self._flags.get(setting.name)),
            ("environment", os.environ.get(setting.variable)),
            (".env", self._dotenv.get(setting.variable)),
            ("shiftdesk.toml", self._toml.get(setting.name)),
        )
        for origin, value in sources:
            if value is not None:
                return Value(setting, value, origin)
        return Value(setting, setting.default, "default")


def store(name: str, flag: str | None = None) -> str:
    """Where `history` or `artifacts` lie, a path or any fsspec URL: the flag, the setting, or the
    local cluster's folder.
    """
    return str(flag or Configuration(Path.cwd()).get(name) or STATE / name)


def _read_dotenv(path: Path) -> dict[str, str]:
    if not path.exists():
        return {}
    pairs: dict[str, str] = {}
    for number, line in enumerate(path.read_text().splitlines(), 1):
        text = line.strip()
        if not text or text.startswith("#"):
            continue
        name, equals, value = text.removeprefix("export ").partition("=")
        if not equals:
            raise UsageProblem(f".env line {number}: {text!r} is no NAME=VALUE", "write NAME=VALUE")
        pairs[name.strip()] = value.strip().strip("\"'")
    return pairs


def _read_toml(path: Path) -> dict[str, str]:
    if not path.exists():
        return {}
    try:
        read = tomllib.loads(path.read_text())
    except tomllib.TOMLDecodeError as error:
        raise UsageProblem(f"shiftdesk.toml: {error}", "mend the file, or remove it") from error
    known = {setting.name for setting in SETTINGS}
    if unknown := sorted(set(read) - known):
        raise UsageProblem(
            f"shiftdesk.toml: unknown setting {unknown[0]!r}", f"known: {', '.join(sorted(known))}"
        )
    return {name: str(value) for name, value in read.items()}
