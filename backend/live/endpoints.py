"""`/live`: the socket; and its frames in the API's description."""

import structlog
from fastapi import APIRouter, WebSocket
from starlette.websockets import WebSocketDisconnect

from backend.errors import NotFound
from backend.live.admission import Refused, admit
from backend.live.connection import Connection, close
from backend.live.schemas import ClientMessage, LiveFrame
from backend.live.service import get_live

router = APIRouter(tags=["live"])

logger = structlog.get_logger()


@router.websocket("/live")
async def live(socket: WebSocket) -> None:
    """Frames of the caller's desk and of the market, until one side ends it."""
    its = get_live(socket)
    await socket.accept()
    try:
        caller, desk = await admit(socket, its.state, its.turns)
        await Connection(its, socket, caller, desk).run()
    except Refused as refused:
        await close(socket, refused)
    except WebSocketDisconnect:
        return
    except Exception:
        logger.exception("live_socket_failed")
        await close(socket, Refused(1011, "something failed here: come back"))


@router.post("/live/frames", include_in_schema=True)
async def describe_frames(_message: ClientMessage) -> LiveFrame:
    """Not to be called: it is here so that the API's description holds the live socket's frames
    (the answer) and what a client may send (the body).
    """
    raise NotFound("frames come over the WebSocket GET /api/v1/live", code="not_for_calling")
