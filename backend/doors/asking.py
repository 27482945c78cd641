"""Which pod is asked for a desk's tools, and what it says."""

import structlog

from ai_pod.contracts.chat import ReplyRequest
from ai_pod.contracts.client import PodUnavailable, ToolRefused
from ai_pod.contracts.tools import ToolAnswer, ToolCall
from backend.chat.pods import able_pods
from backend.doors.service import Holder
from backend.errors import Invalid, Unavailable
from backend.models import new_id
from backend.pods.service import pod_client
from backend.state import State

MOST_ASKED = 2

logger = structlog.get_logger()


async def ask_tool(state: State, holder: Holder, call: ToolCall) -> ToolAnswer:
    """What the tool tells of the holder's desk. Raises Invalid, Unavailable."""
    desk = holder.desk
    request = ReplyRequest(
        run=new_id("call"),
        thread="",
        desk=desk.id,
        organisation=desk.organisation_id,
        user=holder.caller.id,
        pool=desk.pool,
        text="",
        tool=call,
    )
    for pod in (await able_pods(state, desk.id, desk.pool))[:MOST_ASKED]:
        try:
            return await pod_client(state, pod).call_tool(request)
        except ToolRefused as error:
            raise Invalid(str(error), code="call_refused") from error
        except PodUnavailable as error:
            logger.warning("pod_failed_in_call", pod=pod.pod, tool=call.name, error=str(error))
    raise Unavailable("no pod answers for this desk now; try again in a moment", code="no_pod")
