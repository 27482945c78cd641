"""A chat graph over real Redis, and a way to ask it."""

from collections.abc import AsyncIterator, Awaitable, Callable

import pytest
from redis.asyncio import Redis

from ai_pod.agents.chatbot.graph import ChatGraph
from ai_pod.agents.chatbot.intents import Classifier
from ai_pod.agents.chatbot.likeness import shipped
from ai_pod.agents.chatbot.model import Model
from ai_pod.agents.chatbot.retrieval import Retrieval
from ai_pod.agents.chatbot.routing.routes import Routes
from ai_pod.agents.chatbot.routing.writing import Writing
from ai_pod.agents.chatbot.sources import Stores
from ai_pod.agents.chatbot.vocabulary import Vocabulary
from ai_pod.memory.embeddings import Embedder
from ai_pod.memory.instructions import CurrentInstructions
from ai_pod.memory.notes import OwnNotes
from ai_pod.memory.shipped import shipped_passages
from ai_pod.memory.vectors import PassageIndex
from tests.support.build_chat import still_clock, write_demo
from tests.support.chat import Chat


@pytest.fixture(scope="session")
def embedder() -> Embedder:
    return Embedder()


@pytest.fixture(scope="session")
def vocabulary(embedder: Embedder) -> Vocabulary:
    return Vocabulary(embedder, shipped_passages())


@pytest.fixture(scope="session")
def classifier(embedder: Embedder, vocabulary: Vocabulary) -> Classifier:
    return Classifier(embedder, shipped(), vocabulary)


@pytest.fixture
async def redis(redis_url: str) -> AsyncIterator[Redis]:
    async with Redis.from_url(redis_url) as client:
        yield client


@pytest.fixture
async def chat_with(
    redis: Redis, embedder: Embedder, classifier: Classifier, vocabulary: Vocabulary
) -> Callable[[Model | None], Awaitable[Chat]]:
    """Makes a chat on the demo desk, with the model given."""
    index = PassageIndex(redis, embedder)

    async def make(model: Model | None) -> Chat:
        await write_demo(redis)
        await index.ensure()
        instructions = CurrentInstructions(redis)
        await instructions.refresh()
        retrieval = Retrieval(index, OwnNotes(redis, index), embedder, vocabulary)
        writing = Writing(redis, Routes(redis, [model]), embedder) if model else None
        stores = Stores(redis, still_clock())
        graph = ChatGraph(stores, classifier, retrieval, writing)
        return Chat(graph, instructions)

    return make


@pytest.fixture
async def chat(chat_with: Callable[[Model | None], Awaitable[Chat]]) -> Chat:
    """A chat without a language model."""
    return await chat_with(None)
