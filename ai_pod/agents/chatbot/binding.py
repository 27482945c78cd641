"""A turn keeps the instructions that it began with: they are chosen once, told in its first event,
and a request that names a version gets that one.
"""

import msgspec

from ai_pod.contracts.chat import ReplyRequest, RunEvent, RunEventKind
from ai_pod.memory.instructions import Chosen, CurrentInstructions


async def bind(request: ReplyRequest, current: CurrentInstructions) -> Chosen:
    """The version that the request is bound to, else the one that answers its user now. Raises
    UnknownVersion.
    """
    if request.instructions:
        bound = await current.version(request.instructions)
        return Chosen(label=request.label, instructions=bound)
    return current.choose(request.organisation, request.user)


def told(event: RunEvent, chosen: Chosen) -> RunEvent:
    """The event, which names version and label if it is a step or the last: whoever asks again
    elsewhere binds the turn by them.
    """
    if event.kind not in (RunEventKind.STEP, RunEventKind.DONE):
        return event
    bound = {"instructions": chosen.instructions.version, "label": chosen.label}
    return msgspec.structs.replace(event, data=event.data | bound)
