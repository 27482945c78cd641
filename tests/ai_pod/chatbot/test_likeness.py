"""What has been learned of the examples, and that what is shipped was learned of them."""

import numpy as np
import pytest

from ai_pod.agents.chatbot import likeness as likeness_module
from ai_pod.agents.chatbot.examples import Intent, examples
from ai_pod.agents.chatbot.likeness import (
    FITTED,
    RIDGE,
    Likeness,
    StaleExamples,
    asked,
    fitted,
    kernel,
    shipped,
)
from ai_pod.memory.embeddings import Embedder

SOME = slice(None, None, 40)


def test_the_shipped_embeddings_are_those_of_the_examples(embedder: Embedder) -> None:
    intents, texts = asked()
    with np.load(FITTED) as stored:
        rows, weights = stored["rows"].astype(np.float32), stored["weights"]
    assert len(rows) == len(weights) == len(intents)
    unit = rows[SOME] / np.linalg.norm(rows[SOME], axis=1, keepdims=True)
    cosines = (unit * embedder.embed(texts[SOME])).sum(axis=1)
    assert cosines.min() > 0.995


def test_the_shipped_weights_solve_the_examples(embedder: Embedder) -> None:
    intents, texts = asked()
    scored = shipped().scores(texts[SOME], embedder.embed(texts[SOME]))
    with np.load(FITTED) as stored:
        weights = stored["weights"][SOME].astype(float)
    order = tuple(dict.fromkeys(intents))
    for intent, scores, weight in zip(intents[SOME], scored, weights, strict=True):
        solved = (np.array(order) == intent) - RIDGE * weight
        np.testing.assert_allclose([scores[one] for one in order], solved, atol=0.05)


def test_examples_that_have_changed_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    intents, texts = asked()
    monkeypatch.setattr(likeness_module, "asked", lambda: (intents[1:], texts[1:]))
    with pytest.raises(StaleExamples, match="python -m"):
        shipped()


def test_examples_of_two_intents_weigh_against_each_other(embedder: Embedder) -> None:
    texts = ["how much cash do i have", "what is my cash", "how much cash does another desk have"]
    kinds = [Intent.CASH, Intent.CASH, Intent.OUTSIDE]
    vectors = embedder.embed(texts)
    likeness = Likeness(kinds, texts, vectors, fitted(kinds, texts, vectors))
    new = ["my cash", "how much cash has another desk"]
    mine, foreign = likeness.scores(new, embedder.embed(new))
    assert mine[Intent.CASH] > mine[Intent.OUTSIDE]
    assert foreign[Intent.OUTSIDE] > foreign[Intent.CASH]


def test_a_text_is_most_like_itself(embedder: Embedder) -> None:
    texts = ["why was ibm sold", "why was it sold", "open orders"]
    alike = kernel(texts, embedder.embed(texts))
    np.testing.assert_allclose(np.diag(alike), 1, atol=1e-5)
    assert alike[0, 1] > alike[0, 2]


def test_every_intent_has_examples_and_none_is_given_twice() -> None:
    known = examples()
    assert {intent for intent, _ in known} == set(Intent)
    _, texts = asked()
    assert len(set(texts)) == len(texts)
