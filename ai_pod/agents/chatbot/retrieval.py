"""Which passages answer a question: found by meaning and words, and only if they speak of it."""

import asyncio
import re

import msgspec

from ai_pod.agents.chatbot.examples import Intent
from ai_pod.agents.chatbot.question import Question, normalised
from ai_pod.agents.chatbot.vocabulary import Vocabulary, stem
from ai_pod.memory.embeddings import Embedder
from ai_pod.memory.notes import OwnNotes
from ai_pod.memory.shipped import Passage, shipped_passages
from ai_pod.memory.vectors import STOP_WORDS, Found, PassageIndex, Scope

LIKE = 0.45
"""From this likeness on a passage needs no word in common with the question."""

LEAST = 0.15
VERY_LIKE = 0.5

TOPICS = {
    Intent.HELP: "product/what-the-chatbot-can-answer",
    Intent.ADVICE: "product/no-advice",
}
"""Intents that one shipped passage answers."""

_WORDS = re.compile(r"[a-z0-9]+")


class Retrieval:
    """Passages for questions, within a scope; `notes` are those of organisations."""

    def __init__(
        self, index: PassageIndex, notes: OwnNotes, embedder: Embedder, vocabulary: Vocabulary
    ) -> None:
        self._index = index
        self._notes = notes
        self._embedder = embedder
        self._vocabulary = vocabulary
        self._topics = {one.id: one for one in shipped_passages() if one.id in TOPICS.values()}

    def topic(self, intent: Intent) -> Passage:
        """The passage that answers one of TOPICS."""
        return self._topics[TOPICS[intent]]

    async def best(self, question: Question, scope: Scope, limit: int = 1) -> list[Passage]:
        """Up to `limit` passages that answer the question, the best first; empty if none does."""
        await self._notes.sync(scope.organisation)
        return await self._best(question, scope, limit)

    async def noted(self, question: Question, scope: Scope, limit: int = 2) -> list[Passage]:
        """Like `best`, of the organisation's own notes alone."""
        if not await self._notes.any(scope.organisation):
            return []
        await self._notes.sync(scope.organisation)
        return await self._best(question, msgspec.structs.replace(scope, shipped=False), limit)

    async def _best(self, question: Question, scope: Scope, limit: int) -> list[Passage]:
        text = question.text
        vectors = await asyncio.to_thread(self._embedder.embed, [normalised(text)])
        found = await self._index.search(text, vectors[0], scope)
        return [one.passage for one in found if self._speaks_of(one, text)][:limit]

    def _speaks_of(self, found: Found, text: str) -> bool:
        asked = [word for word in _WORDS.findall(text.lower()) if word not in STOP_WORDS]
        own = {stem(word) for word in _WORDS.findall(found.passage.searched.lower())}
        strange = self._vocabulary.unknown(text.lower())
        if any(stem(word) not in own for word in strange) and found.similarity < VERY_LIKE:
            return False
        named = f"{found.passage.title} {found.passage.also}".lower()
        title = {stem(word) for word in _WORDS.findall(named)}
        shared = any(stem(word) in title for word in asked)
        return found.similarity >= (LEAST if shared else LIKE)
