"""A learner that costs a thousandth of PPO's time, and overfits as a learner does.

Ridge regression of the next bar's return on the features (one coefficient per feature, one
constant) over two thirds of the rows, which the seed draws; and of a few policies that follow the
forecast the one with the best Sharpe ratio where it learned, after costs. It exports the policy
that PPO exports.
"""

import numpy as np
from numpy.typing import NDArray

from ai_pod.agents.learning.statistics import sharpe
from ai_pod.agents.learning.stretches import Stretches
from ai_pod.policies.backtest import Terms, World, replay
from ai_pod.policies.features import FEATURES, MARKET_FEATURES, Array, observe
from ai_pod.policies.learned import LearnedPolicy, Provenance
from market.words import Interval

BLOCK = 21
RIDGE = 20.0
KEENNESS = (20.0, 40.0)
"""Logits per forecast standard deviation of the next bar."""

CASH = (-2.0, 0.0)
"""Logits that all instruments share against cash's zero."""


def train(world: World, stretches: Stretches, terms: Terms, seed: int) -> LearnedPolicy:
    """The policy learned from the stretches' rows alone (a `Trainer`)."""
    random = np.random.default_rng(seed)
    rows = _drawn(stretches, random)
    forecast = _fit(world, rows)
    first, last = max(stretches, key=lambda stretch: stretch[1] - stretch[0])
    learned_from = world.part(first, last)
    held = np.zeros((learned_from.bars, len(world.instruments)))
    seen = observe(learned_from.features, held)
    policies = [_policy(world, forecast, (keen, cash)) for keen in KEENNESS for cash in CASH]
    runs = replay(learned_from, np.stack([policy.act(seen) for policy in policies]), terms)
    return policies[int(np.argmax([sharpe(run.growth) for run in runs]))]


def _drawn(stretches: Stretches, random: np.random.Generator) -> NDArray[np.int64]:
    """Two thirds of the rows, in blocks; none is a stretch's last one, which nothing follows."""
    rows = np.concatenate([np.arange(first, last - 1) for first, last in stretches])
    blocks = np.array_split(rows, max(len(rows) // BLOCK, 3))
    chosen = random.permutation(len(blocks))[: -(len(blocks) // 3)]
    drawn: NDArray[np.int64] = np.concatenate([blocks[number] for number in chosen])
    return drawn


def _fit(world: World, rows: NDArray[np.int64]) -> tuple[Array, float]:
    """The forecast of the next return in standard deviations: coefficients (5,) and a constant."""
    moves = np.log(world.close[rows + 1] / world.close[rows])
    moves /= moves.std(axis=0)
    seen = world.features[rows].astype(np.float64).reshape(-1, len(MARKET_FEATURES))
    centred = seen - seen.mean(axis=0)
    gram = centred.T @ centred + RIDGE * np.eye(len(MARKET_FEATURES))
    coefficients = np.linalg.solve(gram, centred.T @ (moves - moves.mean()).ravel())
    return coefficients, float(moves.mean() - seen.mean(axis=0) @ coefficients)


def _policy(
    world: World, forecast: tuple[Array, float], follows: tuple[float, float]
) -> LearnedPolicy:
    coefficients, constant = forecast
    keen, cash = follows
    k, width = len(world.instruments), len(FEATURES)
    weights = np.zeros((k, width, k))
    for number in range(k):
        weights[number, : len(MARKET_FEATURES), number] = keen * coefficients
    layer = (weights.reshape(k * width, k), np.full(k, keen * constant + cash))
    return LearnedPolicy(
        "cheap", (layer,), Provenance(instruments=world.instruments, interval=Interval.DAY)
    )
