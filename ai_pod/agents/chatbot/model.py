"""The language model behind SHIFTDESK_LLM, as one seam: a stream of text that ends whole or fails.

`provider:model` goes through LangChain's `init_chat_model`, a URL to an OpenAI-compatible server
(`http://host/v1#model`), `local` to the local model.
"""

import asyncio
import importlib.util
import os
import time
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Sequence
from typing import Any, Protocol

import httpx
import structlog
from langchain_core.language_models import BaseChatModel
from langchain_core.messages import AIMessageChunk, BaseMessage

from ai_pod.agents.chatbot.local_model import LocalModel
from ai_pod.agents.chatbot.model_names import name_of
from market.tasks import in_time
from market.words import Word

FIRST_TOKEN_SECONDS = 30.0
NEXT_TOKEN_SECONDS = 15.0
ANSWER_SECONDS = 45.0
MAX_TOKENS = 320

logger = structlog.get_logger()


class ModelFailed(Exception):
    """The model did not give a whole answer; the message says what happened."""


class ModelRefused(ModelFailed):
    """The model was not reached, or answered with an error: nothing was written."""


class Ended(Word, frozen=True, kw_only=True):
    """The end of a stream: `stop`, or `length` when it was cut at the most tokens allowed."""

    reason: str = "stop"
    input_tokens: int = 0
    output_tokens: int = 0


class Wording(Protocol):
    """A model, or several as one: pieces of text, and their end. Raises ModelFailed."""

    @property
    def name(self) -> str: ...

    def stream(self, messages: Sequence[BaseMessage]) -> AsyncGenerator[str | Ended, None]: ...


class Model:
    """One configured model. Connects at the first use; a failure to connect is a ModelFailed."""

    def __init__(self, name: str, connect: Callable[[], BaseChatModel]) -> None:
        self.name = name
        self._connect = connect
        self._chat: BaseChatModel | None = None
        self._connecting = asyncio.Lock()

    async def stream(self, messages: Sequence[BaseMessage]) -> AsyncGenerator[str | Ended, None]:
        """Pieces of text, and its end. Raises ModelFailed when the answer
        stalls, breaks off, or cannot be read.
        """
        chat = await self._connected()
        chunks = chat.astream(list(messages))
        ends = time.monotonic() + ANSWER_SECONDS
        limit, finished, tokens = FIRST_TOKEN_SECONDS, "", (0, 0)
        while (piece := await self._next(chunks, limit)) is not None:
            text, chunk = piece
            limit = min(NEXT_TOKEN_SECONDS, ends - time.monotonic())
            finished = str(chunk.response_metadata.get("finish_reason") or finished)
            if text:
                yield text
            if usage := chunk.usage_metadata:
                tokens = (usage["input_tokens"], usage["output_tokens"])
        if not finished:
            raise ModelFailed(f"{self.name} broke off in the middle of its answer")
        yield Ended(reason=finished, input_tokens=tokens[0], output_tokens=tokens[1])

    async def _next(
        self, chunks: AsyncIterator[AIMessageChunk], limit: float
    ) -> tuple[str, AIMessageChunk] | None:
        """The next chunk and its text; of one that comes in blocks, without what was thought."""
        try:
            chunk = await in_time(anext(chunks), limit)
            return str(chunk.text), chunk
        except StopAsyncIteration:
            return None
        except TimeoutError as error:
            raise ModelFailed(f"{self.name} did not go on in time") from error
        # The boundary to providers' libraries, which raise whatever they like.
        except Exception as error:
            logger.warning("model_failed", model=self.name, error=repr(error))
            what = "sent what cannot be read" if isinstance(error, ValueError) else "failed"
            raise _failure(error)(f"{self.name} {what}: {_short(error)}") from error

    async def _connected(self) -> BaseChatModel:
        async with self._connecting:
            if self._chat is None:
                try:
                    self._chat = await asyncio.to_thread(self._connect)
                # The same boundary: no key, no such provider, no weights, no server.
                except Exception as error:
                    logger.exception("model_not_connected", model=self.name)
                    raise ModelRefused(f"{self.name} cannot be reached: {_short(error)}") from error
            return self._chat


def configured_model(setting: str) -> Model | None:
    """The model that SHIFTDESK_LLM names; None when it is empty."""
    if not setting:
        return None
    if setting == "local":
        return Model("local", _Local())
    if setting.startswith(("http://", "https://")):
        url, _, name = setting.partition("#")
        return Model(name_of(setting), lambda: _openai(url, name or _first_model(url)))
    return Model(name_of(setting), lambda: _provider(setting))


def import_ahead(setting: str) -> None:
    """Import what connecting to SHIFTDESK_LLM would, which takes a second or two. Of a provider,
    the package that bears its name; where that is not installed, connecting says so.
    """
    if setting == "local" or setting.startswith(("http://", "https://")):
        importlib.import_module("langchain_openai")
    elif setting:
        importlib.import_module("langchain.chat_models")
        package = f"langchain_{setting.partition(':')[0]}"
        if importlib.util.find_spec(package):
            importlib.import_module(package)


class _Local:
    """Starts the local model, and keeps it for as long as it is referred to."""

    def __init__(self) -> None:
        self._served: LocalModel | None = None

    def __call__(self) -> BaseChatModel:
        self._served = self._served or LocalModel()
        return _openai(self._served.url, "local")


def _openai(url: str, name: str) -> BaseChatModel:
    from langchain_openai import ChatOpenAI

    settings: dict[str, Any] = {"stream_usage": True, "max_retries": 0, "temperature": 0.0}
    return ChatOpenAI(
        base_url=url,
        model=name,
        api_key=lambda: os.environ.get("OPENAI_API_KEY") or "none",
        timeout=FIRST_TOKEN_SECONDS,
        max_completion_tokens=MAX_TOKENS,
        **settings,
    )


def _first_model(url: str) -> str:
    """The first model that the server lists."""
    response = httpx.get(f"{url.rstrip('/')}/models", timeout=5.0)
    response.raise_for_status()
    return str(response.json()["data"][0]["id"])


def _provider(setting: str) -> BaseChatModel:
    from langchain.chat_models import init_chat_model

    chat: BaseChatModel = init_chat_model(
        setting, temperature=0.0, max_tokens=MAX_TOKENS, timeout=FIRST_TOKEN_SECONDS
    )
    return chat


def _failure(error: Exception) -> type[ModelFailed]:
    """Refused, where the server said so by its status, or where there was none."""
    refused = isinstance(getattr(error, "status_code", None), int)
    return ModelRefused if refused or _unconnected(error) else ModelFailed


def _unconnected(error: BaseException | None) -> bool:
    return error is not None and (
        isinstance(error, httpx.ConnectError) or _unconnected(error.__cause__)
    )


def _short(error: Exception) -> str:
    return (str(error) or repr(error)).splitlines()[0][:300]
