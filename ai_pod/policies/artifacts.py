"""The policy store: immutable artifacts by content hash, on any fsspec URL.

An artifact is one `.npz` with the layers and their provenance; its sha256 is its name. The `.json`
beside it is for people.
"""

import hashlib
import io
from zipfile import BadZipFile

import msgspec
import numpy as np

from ai_pod.policies import features
from ai_pod.policies.errors import PolicyRefused, UnknownPolicy
from ai_pod.policies.learned import Layer, LearnedPolicy, Provenance
from ai_pod.policies.policy import Policy
from ai_pod.policies.rules import rule
from market.files import Files

PREFIX = "sha256:"
_UNREADABLE = (
    ValueError,
    TypeError,
    KeyError,
    EOFError,
    OSError,
    BadZipFile,
    msgspec.MsgspecError,
)
"""What numpy and msgspec raise for bytes that are no artifact."""


class PolicyStore:
    """Policies under `{url}/policies`. Loading checks hash, shapes, instruments and features."""

    def __init__(self, url: str) -> None:
        self.root = f"{url.rstrip('/')}/policies"
        self._files = Files(self.root)

    def save(self, layers: tuple[Layer, ...], provenance: Provenance) -> str:
        """Store a policy, and return its id. Storing the same one twice changes nothing."""
        data = _pack(layers, provenance)
        digest = hashlib.sha256(data).hexdigest()
        LearnedPolicy(PREFIX + digest, layers, provenance)
        if self._files.read_if_there(f"{digest}.npz") != data:
            note = msgspec.json.format(msgspec.json.encode(provenance))
            self._files.replace(f"{digest}.json", note)
            self._files.replace(f"{digest}.npz", data)
        return PREFIX + digest

    def remove(self, policy_id: str) -> None:
        """Forget an artifact that nobody was told of; one that is not there is no error."""
        for ending in ("npz", "json"):
            self._files.remove(f"{policy_id.removeprefix(PREFIX)}.{ending}")

    def load(self, policy_id: str, instruments: tuple[str, ...]) -> Policy:
        """The policy of that id, for those instruments in that order.

        Raises UnknownPolicy, or PolicyRefused with the reason.
        """
        if not policy_id.startswith(PREFIX):
            return rule(policy_id)
        policy = self.learned(policy_id)
        if policy.provenance.instruments != instruments:
            raise PolicyRefused(
                f"{policy_id} trades {' '.join(policy.provenance.instruments)}, "
                f"not {' '.join(instruments)}"
            )
        return policy

    def learned(self, policy_id: str) -> LearnedPolicy:
        """An artifact, whatever its instruments. Raises as `load` does."""
        digest = policy_id.removeprefix(PREFIX)
        if len(digest) != 64 or not set(digest) <= set("0123456789abcdef"):
            raise UnknownPolicy(f"{policy_id!r} is no artifact id: sha256: and 64 hex digits")
        data = self._files.read_if_there(f"{digest}.npz")
        if data is None:
            raise UnknownPolicy(f"no artifact {policy_id} under {self.root}")
        if hashlib.sha256(data).hexdigest() != digest:
            raise PolicyRefused(f"{policy_id}: the file's content has another hash; it is damaged")
        return _unpack(policy_id, data)


def _pack(layers: tuple[Layer, ...], provenance: Provenance) -> bytes:
    arrays: dict[str, np.ndarray] = {
        "provenance": np.frombuffer(msgspec.json.encode(provenance), np.uint8)
    }
    for number, (weights, bias) in enumerate(layers):
        arrays[f"weights_{number}"], arrays[f"bias_{number}"] = weights, bias
    buffer = io.BytesIO()
    np.savez(buffer, allow_pickle=False, **arrays)
    return buffer.getvalue()


def _unpack(policy_id: str, data: bytes) -> LearnedPolicy:
    try:
        with np.load(io.BytesIO(data), allow_pickle=False) as arrays:
            count = sum(name.startswith("weights_") for name in arrays.files)
            layers = tuple((arrays[f"weights_{n}"], arrays[f"bias_{n}"]) for n in range(count))
            written = arrays["provenance"].tobytes()
        provenance = msgspec.json.decode(written, type=Provenance)
    except _UNREADABLE as error:
        raise PolicyRefused(f"{policy_id}: no policy artifact ({error})") from error
    expected = (features.FEATURES, features.VERSION)
    if (provenance.features, provenance.features_version) != expected:
        raise PolicyRefused(
            f"{policy_id} was trained on features version {provenance.features_version}; "
            f"this pod observes version {features.VERSION}"
        )
    return LearnedPolicy(policy_id, layers, provenance)
