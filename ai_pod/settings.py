"""The pod's settings, read once from the environment (`SHIFTDESK_…`)."""

from functools import cached_property
from pathlib import Path
from typing import Literal, Self

from pydantic import Field, model_validator
from pydantic_settings import SettingsConfigDict

from ai_pod.agents.chatbot.routing.choices import Choices
from ai_pod.agents.messages import AgentContext
from ai_pod.contracts.tokens import DEFAULT_SECRET, service_key
from market.observed import ObservedSettings
from market.secret import Secret
from market.stores import is_redis_url


class PodSettings(ObservedSettings):
    """One field per environment variable. Seconds are real time."""

    model_config = SettingsConfigDict(
        env_prefix="SHIFTDESK_", extra="ignore", hide_input_in_errors=True
    )

    environment: Literal["local", "production"] = "local"
    pod: str = "pod-0"
    pool: str = "XNYS"
    redis_url: str = "redis://127.0.0.1:6379/0"
    vectors_url: str = ""
    artifacts: str = "artifacts"
    history: str = "history"
    clock: str = "wall"
    llm: str = ""
    """The language models in the order in which they are tried, a comma between."""
    llm_canary: str = ""
    """`MODEL@PERCENT`: another model for so many of a hundred users, until it does worse."""
    llm_explore: float = Field(default=0.0, ge=0, le=0.5)
    """The largest share of turns that may go to another model than the best so far; 0 keeps the
    order."""
    llm_prices: str = ""
    """`MODEL=READ/WRITTEN`, a comma between: US dollars for a million tokens."""
    secret: str = DEFAULT_SECRET
    redis_url_file: Path | None = None
    """Instead of the URL, a file that holds it and is followed when it changes; so the next one."""
    secret_file: Path | None = None
    """Its first line signs, and all its lines are accepted."""
    events: Path | None = None
    state: Path = Path("state")
    host: str = "127.0.0.1"
    port: int = 0
    address: str = ""
    """The base URL that others dial; without it, where the pod listens."""

    chat_warm: bool = True
    """While desks are seated, keep a template from which a dormant chatbot is forked in
    milliseconds, rather than start it anew in seconds."""
    chat_idle_seconds: float = 300.0
    dask: str = ""
    """Address of the Dask scheduler that trials go through; without one the pods of a machine host
    it themselves, on the loopback."""
    protocol: Literal["full", "small"] = "full"
    """How much evidence a night gathers; small is for accelerated clocks, and never promotes."""
    learning_algorithm: Literal["ppo", "a2c"] = "ppo"
    learning_device: Literal["cpu", "cuda", "auto"] = "cpu"
    """Where networks learn; trials fail where it is missing, rather than be slow."""
    linger_seconds: float = Field(default=0.0, ge=0, le=5)
    """How long it serves on, not ready, after it has been told to end."""
    leave_seconds: float = Field(default=10.0, ge=0, le=60)
    """How long it then waits for its desks to be moved, and its answers to be given."""

    @model_validator(mode="after")
    def _production_is_safe(self) -> Self:
        _found = (self.key, self.redis)
        if self.environment == "production" and self.dask and not self.dask.startswith("tls://"):
            # Dask's messages are pickles: who can send one can run code on every pod.
            raise ValueError("SHIFTDESK_DASK must be a tls:// address in production")
        return self

    @model_validator(mode="after")
    def _models_can_be_read(self) -> Self:
        Choices.of(self.context())
        return self

    @cached_property
    def key(self) -> Secret:
        """What tokens are signed with. Raises ValueError for what production must not have."""
        return service_key(self.secret, self.secret_file, self.environment)

    @cached_property
    def redis(self) -> Secret:
        return Secret(self.redis_url, self.redis_url_file, is_redis_url)

    def context(self) -> AgentContext:
        """What an agent of this pod is told."""
        return AgentContext(
            pod=self.pod,
            pool=self.pool,
            redis_url=self.redis.reference,
            vectors_url=self.vectors_url or self.redis.reference,
            artifacts=self.artifacts,
            history=self.history,
            clock=self.clock,
            llm=self.llm,
            llm_canary=self.llm_canary,
            llm_explore=self.llm_explore,
            llm_prices=self.llm_prices,
            events=str(self.events) if self.events else "",
            state=str(self.state),
            environment=self.environment,
            dask=self.dask,
            protocol=self.protocol,
            algorithm=self.learning_algorithm,
            device=self.learning_device,
        )
