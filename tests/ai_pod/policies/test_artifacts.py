"""Learned policies as artifacts: immutable, checked when loaded, explained."""

import hashlib
from pathlib import Path

import msgspec
import numpy as np
import pytest

from ai_pod.policies.artifacts import PolicyStore, _pack
from ai_pod.policies.errors import PolicyRefused, UnknownPolicy
from ai_pod.policies.explain import explain
from ai_pod.policies.features import FEATURES
from ai_pod.policies.learned import LearnedPolicy
from ai_pod.policies.rules import MOMENTUM
from tests.support.build_learning import instruments, layers, panel, provenance, seen_by

WIDTH = 3 * len(FEATURES)
LAYERS = layers((WIDTH, 8, 8, 3))
SEEN = seen_by(panel(80, 3).close, np.array([[0.1, 0.2, 0.3], [0.0, 0.0, 0.0]]))


@pytest.fixture
def store(tmp_path: Path) -> PolicyStore:
    return PolicyStore(str(tmp_path / "artifacts"))


def test_what_was_saved_is_what_acts(store: PolicyStore) -> None:
    policy_id = store.save(LAYERS, provenance())
    assert policy_id == store.save(LAYERS, provenance())
    policy = store.load(policy_id, instruments(3))
    assert policy.version == policy_id
    before = LearnedPolicy("x", LAYERS, provenance())
    np.testing.assert_array_equal(policy.act(SEEN), before.act(SEEN))
    assert store.load("rule:momentum@1", instruments(3)) is MOMENTUM


def test_a_store_may_be_any_file_system() -> None:
    store = PolicyStore("memory://somewhere")
    policy_id = store.save(LAYERS, provenance())
    assert store.load(policy_id, instruments(3)).version == policy_id


def test_another_seed_is_another_policy(store: PolicyStore) -> None:
    other = msgspec.structs.replace(provenance(), seed=1)
    assert store.save(LAYERS, provenance()) != store.save(LAYERS, other)


def test_what_does_not_fit_is_refused_with_its_reason(store: PolicyStore) -> None:
    policy_id = store.save(LAYERS, provenance())
    with pytest.raises(PolicyRefused, match="trades XNYS:S0 XNYS:S1 XNYS:S2, not XNYS:S0"):
        store.load(policy_id, instruments(1))
    with pytest.raises(UnknownPolicy, match="no artifact sha256:0000"):
        store.load("sha256:" + 64 * "0", instruments(3))
    with pytest.raises(UnknownPolicy, match="no artifact id"):
        store.load("sha256:../../etc/passwd", instruments(3))
    with pytest.raises(PolicyRefused, match=r"a layer of \(18, 8\) where \(12, 8\) fits"):
        store.save(LAYERS, provenance(2))
    with pytest.raises(PolicyRefused, match="4 outputs for 3 instruments"):
        store.save(layers((WIDTH, 8, 4)), provenance())


def test_a_damaged_artifact_is_refused(store: PolicyStore) -> None:
    policy_id = store.save(LAYERS, provenance())
    path = Path(store.root) / f"{policy_id.removeprefix('sha256:')}.npz"
    path.write_bytes(path.read_bytes()[:-1] + b"x")
    with pytest.raises(PolicyRefused, match="another hash; it is damaged"):
        store.load(policy_id, instruments(3))


def test_a_file_with_the_right_hash_and_the_wrong_content_is_refused(store: PolicyStore) -> None:
    older = msgspec.structs.replace(provenance(), features_version=0)
    policy_id = store.save(LAYERS, older)
    with pytest.raises(PolicyRefused, match="features version 0; this pod observes version 1"):
        store.load(policy_id, instruments(3))
    assert b"provenance" in _pack(LAYERS, older)


@pytest.mark.parametrize(
    "content", [b"PK\x03\x04 cut short", b"\x93NUMPY\x01\x00", b"no archive", b""]
)
def test_a_file_that_is_no_policy_is_refused_though_its_hash_fits(
    content: bytes, store: PolicyStore
) -> None:
    digest = hashlib.sha256(content).hexdigest()
    path = Path(store.root) / f"{digest}.npz"
    path.parent.mkdir(parents=True)
    path.write_bytes(content)
    with pytest.raises(PolicyRefused, match="no policy artifact"):
        store.load(f"sha256:{digest}", instruments(3))


@pytest.mark.parametrize("bad", [np.nan, np.inf])
@pytest.mark.parametrize("part", [0, 1])
def test_weights_that_are_no_numbers_are_no_policy(
    bad: float, part: int, store: PolicyStore
) -> None:
    diverged = layers((WIDTH, 8, 3))
    diverged[1][part].flat[0] = bad
    with pytest.raises(PolicyRefused, match="no numbers"):
        store.save(diverged, provenance())


@pytest.mark.parametrize("hidden", [(), (8,), (8, 8), (16, 8, 4)])
def test_contributions_add_up_to_the_score(hidden: tuple[int, ...]) -> None:
    policy = LearnedPolicy("x", layers((WIDTH, *hidden, 3)), provenance())
    found = policy.attribute(SEEN)
    raw = found.base + found.contributions.sum(axis=2)
    np.testing.assert_allclose(raw, found.scores, atol=1e-3)
    why = explain(policy, SEEN)
    settled = why.base + why.contributions.sum(axis=2)
    np.testing.assert_allclose(settled, policy.logits(SEEN), atol=1e-12)
    for row in range(len(SEEN)):
        alone = explain(policy, SEEN[row : row + 1])
        np.testing.assert_allclose(alone.contributions[0], why.contributions[row], atol=1e-12)


def test_a_feature_without_effect_has_no_share() -> None:
    (first, bias), last = layers((WIDTH, 8, 3))
    first = first.copy()
    first[FEATURES.index("momentum_8") :: len(FEATURES)] = 0.0
    why = explain(LearnedPolicy("x", ((first, bias), last), provenance()), SEEN[:1])
    assert all(why.of(0, i)["momentum_8"] == 0.0 for i in range(3))
    assert all(abs(why.of(0, i)["momentum_32"]) > 0.0 for i in range(3))
