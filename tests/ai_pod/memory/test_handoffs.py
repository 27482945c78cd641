"""Hand-offs: what comes back is what was left, or it is refused with its reason."""

import hashlib
from datetime import UTC, datetime

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from redis.asyncio import Redis

from ai_pod.contracts import keys
from ai_pod.errors import HandOffFailed
from ai_pod.memory.handoffs import LIFE_SECONDS, DeskHandoff, Handoffs, Sealed, seal, unseal

LEFT = DeskHandoff(
    desk="desk-1",
    bar_end=datetime(2012, 10, 15, 14, tzinfo=UTC),
    weights={"XNYS:IBM": 0.25, "XNYS:FB": 0.0},
    lease_epoch=7,
    phase_epoch=3,
)
OTHER = msgspec.structs.replace(LEFT, desk="desk-2", weights={})


def sealed(**changed: object) -> bytes:
    """The seal with some fields changed."""
    stored = msgspec.json.decode(seal(LEFT), type=Sealed)
    return msgspec.json.encode(msgspec.structs.replace(stored, **changed))


@given(
    st.dictionaries(st.text(max_size=12), st.floats(-2, 2), max_size=5),
    st.integers(0, 2**53),
    st.integers(0, 2**53),
)
def test_any_hand_off_comes_out_as_it_went_in(
    weights: dict[str, float], lease: int, phase: int
) -> None:
    left = msgspec.structs.replace(LEFT, weights=weights, lease_epoch=lease, phase_epoch=phase)
    assert unseal(seal(left)) == left


REFUSED = {
    "a later schema": (sealed(schema_version=2), "of schema 2; this pod reads 1"),
    "cut short": (sealed(state=msgspec.json.encode(LEFT)[:-1]), "bytes where the seal says"),
    "another size": (sealed(size=3), "bytes where the seal says 3"),
    "another content": (
        sealed(state=msgspec.json.encode(LEFT).replace(b"0.25", b"0.75")),
        "does not fit its sha256",
    ),
    "another lease": (sealed(lease_epoch=8), r"not of the epochs \(8, 3\)"),
    "another phase": (sealed(phase_epoch=2), r"not of the epochs \(7, 2\)"),
    "no hand-off inside": (
        sealed(state=b"{}", size=2, sha256=hashlib.sha256(b"{}").hexdigest()),
        "cannot be read",
    ),
    "no seal": (b"{}", "cannot be read"),
    "no JSON": (b"\x00\x01", "cannot be read"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_what_does_not_fit_its_seal_is_refused(case: str) -> None:
    data, reason = REFUSED[case]
    with pytest.raises(HandOffFailed, match=reason):
        unseal(data)


async def test_what_is_written_is_read_and_lives_a_day(redis: Redis) -> None:
    store = Handoffs(redis)
    await store.write([LEFT, OTHER])
    assert await store.read(["desk-1", "desk-2", "desk-3"]) == {"desk-1": LEFT, "desk-2": OTHER}
    assert 0 < await redis.ttl(keys.handoff("desk-1")) <= LIFE_SECONDS
    assert await store.read([]) == {}


async def test_a_damaged_or_foreign_hand_off_is_left_out_and_the_others_are_read(
    redis: Redis,
) -> None:
    store = Handoffs(redis)
    await store.write([LEFT])
    await redis.set(keys.handoff("desk-2"), seal(LEFT)[:-9])
    await redis.set(keys.handoff("desk-3"), seal(LEFT))
    assert await store.read(["desk-1", "desk-2", "desk-3"]) == {"desk-1": LEFT}
