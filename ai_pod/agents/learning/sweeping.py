"""What a judged round leaves behind, and nobody needs any more: a full one trains 248 policies.

What was announced stays: a later night, a replay or an explanation may ask for it.
"""

from collections.abc import Collection

from ai_pod.agents.learning.rounds import Trials
from ai_pod.agents.learning.trial import policy_of
from ai_pod.agents.learning.worlds import Worlds
from ai_pod.policies.artifacts import PolicyStore


def sweep(url: str, line: str, kept: Collection[str]) -> None:
    """Delete the line's worlds, checkpoints, results, and the policies of these but for `kept`.
    May be interrupted, and done again.
    """
    trials, policies = Trials(url, line), PolicyStore(url)
    for policy in map(policy_of, trials.results()):
        if policy is not None and policy not in kept:
            policies.remove(policy)
    trials.drop_all()
    Worlds(url).drop_all(line)
