"""What has been learned of the examples, and that what is shipped was learned of them."""

import numpy as np
import pytest

from ai_pod.agents.chatbot import likeness as likeness_module
from ai_pod.agents.chatbot.examples import Intent, examples
from ai_pod.agents.chatbot.likeness import Likeness, StaleEmbeddings, asked, shipped
from ai_pod.memory.embeddings import Embedder


def test_the_shipped_embeddings_are_those_of_the_examples(embedder: Embedder) -> None:
    intents, texts = asked()
    some = slice(None, None, 40)
    with np.load(likeness_module.EMBEDDINGS) as stored:
        rows = stored["rows"].astype(np.float32)
    assert len(rows) == len(intents)
    unit = rows[some] / np.linalg.norm(rows[some], axis=1, keepdims=True)
    cosines = (unit * embedder.embed(texts[some])).sum(axis=1)
    assert cosines.min() > 0.995


def test_embeddings_of_other_examples_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(likeness_module, "examples", lambda: examples()[1:])
    with pytest.raises(StaleEmbeddings, match="python -m"):
        shipped()


def test_examples_of_two_intents_weigh_against_each_other(embedder: Embedder) -> None:
    asked = ["how much cash do i have", "what is my cash", "how much cash does another desk have"]
    kinds = [Intent.CASH, Intent.CASH, Intent.OUTSIDE]
    likeness = Likeness(kinds, embedder.embed(asked))
    mine, foreign = likeness.scores(embedder.embed(["my cash", "how much cash has another desk"]))
    assert mine[Intent.CASH] > mine[Intent.OUTSIDE]
    assert foreign[Intent.OUTSIDE] > foreign[Intent.CASH]


def test_every_intent_has_examples_and_none_is_given_twice() -> None:
    known = examples()
    assert {intent for intent, _ in known} == set(Intent)
    assert len({text for _, text in known}) == len(known)
