"""Which pods may answer for a desk."""

from ai_pod.contracts.agents import PodHeartbeat, PodState
from backend.chat import repository
from backend.database import transaction
from backend.look import look
from backend.state import State


async def able_pods(state: State, desk: str, pool: str) -> list[PodHeartbeat]:
    """The pod on which the desk sits, unless it is only starting, then those of its pool that are
    ready.
    """
    async with transaction(state.sessions) as session:
        seated = await repository.pod_of(session, desk)
    pods = (await look(state.redis)).of_pool(pool)
    own = [pod for pod in pods if pod.pod == seated and pod.state is not PodState.STARTING]
    return own + [pod for pod in pods if pod.pod != seated and pod.state is PodState.READY]
