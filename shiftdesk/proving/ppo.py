"""The night's own learner as the gate's trainer."""

from ai_pod.agents.learning.stretches import Stretches
from ai_pod.agents.learning.training import Hooks, Training
from ai_pod.policies.backtest import Terms, World
from ai_pod.policies.learned import LearnedPolicy, Provenance
from market.words import Interval


def ppo(world: World, stretches: Stretches, terms: Terms, seed: int) -> LearnedPolicy | None:
    """SB3's PPO with the night's settings."""
    # torch is for those who train; the cheap learner's processes do without.
    from ai_pod.agents.learning.train import train

    layers = train(world, terms, Training(), seed, Hooks(), stretches)
    if layers is None:
        return None
    provenance = Provenance(instruments=world.instruments, interval=Interval.DAY, seed=seed)
    return LearnedPolicy("ppo", layers, provenance)
