"""The language model behind SHIFTDESK_LLM, as one seam: a stream of text that ends whole or fails.

`provider:model` goes through LangChain's `init_chat_model`, a URL to an OpenAI-compatible server
(`http://host/v1#model`), `local` to the local model.
"""

import asyncio
import importlib
import os
import time
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Sequence
from typing import Any

import httpx
import structlog
from langchain_core.language_models import BaseChatModel
from langchain_core.messages import AIMessageChunk, BaseMessage

from ai_pod.agents.chatbot.local_model import LocalModel
from market.words import Word

FIRST_TOKEN_SECONDS = 30.0
NEXT_TOKEN_SECONDS = 15.0
ANSWER_SECONDS = 45.0
MAX_TOKENS = 320

logger = structlog.get_logger()


class ModelFailed(Exception):
    """The model did not give a whole answer; the message says what happened."""


class Ended(Word, frozen=True, kw_only=True):
    """The end of a stream: `stop`, or `length` when it was cut at the most tokens allowed."""

    reason: str = "stop"
    input_tokens: int = 0
    output_tokens: int = 0


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
        while (chunk := await self._next(chunks, limit)) is not None:
            limit = min(NEXT_TOKEN_SECONDS, ends - time.monotonic())
            finished = str(chunk.response_metadata.get("finish_reason") or finished)
            if isinstance(chunk.content, str) and chunk.content:
                yield chunk.content
            if usage := chunk.usage_metadata:
                tokens = (usage["input_tokens"], usage["output_tokens"])
        if not finished:
            raise ModelFailed(f"{self.name} broke off in the middle of its answer")
        yield Ended(reason=finished, input_tokens=tokens[0], output_tokens=tokens[1])

    async def _next(
        self, chunks: AsyncIterator[AIMessageChunk], limit: float
    ) -> AIMessageChunk | None:
        try:
            return await asyncio.wait_for(anext(chunks), limit)
        except StopAsyncIteration:
            return None
        except TimeoutError as error:
            raise ModelFailed(f"{self.name} did not go on in time") from error
        # The boundary to providers' libraries, which raise whatever they like.
        except Exception as error:
            logger.warning("model_failed", model=self.name, error=repr(error))
            raise ModelFailed(f"{self.name} failed: {_short(error)}") from error

    async def _connected(self) -> BaseChatModel:
        async with self._connecting:
            if self._chat is None:
                try:
                    self._chat = await asyncio.to_thread(self._connect)
                # The same boundary: no key, no such provider, no weights, no server.
                except Exception as error:
                    logger.exception("model_not_connected", model=self.name)
                    raise ModelFailed(f"{self.name} cannot be reached: {_short(error)}") from error
            return self._chat


def configured_model(setting: str) -> Model | None:
    """The model that SHIFTDESK_LLM names; None when it is empty."""
    if not setting:
        return None
    if setting == "local":
        return Model("local", _Local())
    if setting.startswith(("http://", "https://")):
        url, _, name = setting.partition("#")
        return Model(name or url, lambda: _openai(url, name or _first_model(url)))
    return Model(setting, lambda: _provider(setting))


def import_ahead(setting: str) -> None:
    """Import what connecting to SHIFTDESK_LLM would, which takes a second or two."""
    if setting == "local" or setting.startswith(("http://", "https://")):
        importlib.import_module("langchain_openai")
    elif setting:
        importlib.import_module("langchain.chat_models")


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

    chat: BaseChatModel = init_chat_model(setting, temperature=0.0, max_tokens=MAX_TOKENS)
    return chat


def _short(error: Exception) -> str:
    return (str(error) or repr(error)).splitlines()[0][:300]
