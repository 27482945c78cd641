"""`bench policy`: how long the trading agent needs from market features and holdings to targets.

The functions of its decision in their order: `observe`, a learned policy's `act`, `apply_profile`.
Features, explanations and messages are made once a bar or when a signal is told; `bench live` times
the whole.
"""

import time
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from itertools import pairwise

import numpy as np

from ai_pod.contracts.seats import RiskProfile
from ai_pod.policies.features import FEATURES, Array, observe
from ai_pod.policies.learned import LearnedPolicy, Provenance
from ai_pod.policies.policy import apply_profile
from market.words import Interval
from shiftdesk.options import chosen

TOGETHER = 10
"""Calls between two readings of the clock."""


@dataclass(frozen=True)
class Settings:
    instruments: int = 20
    hidden: int = 64
    desks: int = 10
    calls: int = 10_000


def run(options: Mapping[str, str]) -> tuple[dict[str, object], dict[str, float]]:
    """Settings and figures, in microseconds of CPU time a call."""
    size = chosen(Settings, options)
    policy = _policy(size.instruments, size.hidden)
    one, many = (_times(_call(policy, desks), size.calls) for desks in (1, size.desks))
    settings: dict[str, object] = {
        **asdict(size),
        "hidden": f"{size.hidden}, {size.hidden} (tanh)",
        "observation": size.instruments * len(FEATURES),
        "timed": "observe, act, apply_profile",
        "clock": f"CPU time of the thread, {TOGETHER} calls at a time",
    }
    return settings, {
        "one_desk_us_p50": float(np.quantile(one, 0.5)),
        "ten_desks_us_p50": float(np.quantile(many, 0.5)),
        "one_desk_us_p99": float(np.quantile(one, 0.99)),
        "ten_desks_us_p99": float(np.quantile(many, 0.99)),
    }


def _policy(instruments: int, hidden: int) -> LearnedPolicy:
    """Random layers, with torch's float32 values, as training exports them."""
    random = np.random.default_rng(0)
    sizes = (instruments * len(FEATURES), hidden, hidden, instruments)
    layers = tuple(
        (random.normal(0, 0.3, (one, two)).astype(np.float32).astype(np.float64), np.zeros(two))
        for one, two in pairwise(sizes)
    )
    names = tuple(f"BENCH:{number}" for number in range(instruments))
    provenance = Provenance(instruments=names, interval=Interval.QUARTER, synthetic=True)
    return LearnedPolicy("bench", layers, provenance)


def _call(policy: LearnedPolicy, desks: int) -> Callable[[], Array]:
    random = np.random.default_rng(1)
    k = len(policy.provenance.instruments)
    features = random.normal(0, 1, (k, len(FEATURES) - 1)).astype(np.float32)
    held = np.full((desks, k), 0.8 / k)
    return lambda: apply_profile(policy.act(observe(features, held)), RiskProfile.BALANCED)


def _times(call: Callable[[], Array], calls: int) -> Array:
    """Microseconds a call, of `calls` calls."""
    for _ in range(TOGETHER):
        call()
    times = np.empty(max(1, calls // TOGETHER))
    for i in range(len(times)):
        began = time.thread_time_ns()
        for _ in range(TOGETHER):
            call()
        times[i] = (time.thread_time_ns() - began) / 1e3 / TOGETHER
    return times
