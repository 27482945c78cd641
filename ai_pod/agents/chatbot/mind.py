"""What the chatbot knows before it is connected to anything: the same for every desk, and most of
its memory.
"""

from dataclasses import dataclass
from typing import Self

from ai_pod.agents.chatbot.intents import Classifier
from ai_pod.agents.chatbot.likeness import shipped
from ai_pod.agents.chatbot.vocabulary import Vocabulary
from ai_pod.memory.embeddings import Embedder
from ai_pod.memory.shipped import Passage, shipped_passages


@dataclass(frozen=True)
class Mind:
    """Examples, passages, words, and the embedding model."""

    embedder: Embedder
    passages: tuple[Passage, ...]
    vocabulary: Vocabulary
    classifier: Classifier

    @classmethod
    def load(cls) -> Self:
        """Blocks for a second."""
        embedder = Embedder()
        embedder.load()
        passages = shipped_passages()
        vocabulary = Vocabulary(embedder, passages)
        return cls(embedder, passages, vocabulary, Classifier(embedder, shipped(), vocabulary))
