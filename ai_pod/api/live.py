"""The pod's live socket toward the backends: frames of all desks on this pod, as they come."""

import asyncio
import contextlib
import time

import msgspec
from fastapi import APIRouter, WebSocket
from starlette.websockets import WebSocketDisconnect

from ai_pod.api.doors import AUDIENCE, BEARER, Parts, parts
from ai_pod.api.outbox import Consumer
from ai_pod.contracts import tokens
from ai_pod.contracts.live import CloseCode, Frame, FrameKind

HEARTBEAT_SECONDS = 5.0
CLOSE_SECONDS = 10.0

router = APIRouter(prefix="/v1")


@router.websocket("/live")
async def live(socket: WebSocket) -> None:
    pod = parts(socket)
    if not _may_enter(socket, pod):
        await socket.close(CloseCode.FORBIDDEN)
        return
    consumer = pod.outbox.join()
    await socket.accept()
    try:
        await _serve(socket, pod, consumer)
    except WebSocketDisconnect:
        return
    finally:
        pod.outbox.leave(consumer)
    pod.telemetry.slow_consumers.inc()
    with contextlib.suppress(TimeoutError, WebSocketDisconnect):
        async with asyncio.timeout(CLOSE_SECONDS):
            await socket.close(CloseCode.TOO_SLOW, "too slow")


async def _serve(socket: WebSocket, pod: Parts, consumer: Consumer) -> None:
    """Until the consumer is behind, also where it reads nothing at all and a frame is stuck in
    between. Raises WebSocketDisconnect when it has gone.
    """
    sending = asyncio.create_task(_send_frames(socket, pod, consumer), name="live-send")
    fallen = asyncio.create_task(consumer.fallen.wait(), name="live-fallen")
    try:
        await asyncio.wait({sending, fallen}, return_when=asyncio.FIRST_COMPLETED)
        if sending.done():
            sending.result()
    finally:
        for task in (sending, fallen):
            task.cancel()
        await asyncio.gather(sending, fallen, return_exceptions=True)


async def _send_frames(socket: WebSocket, pod: Parts, consumer: Consumer) -> None:
    await socket.send_text(_heartbeat(pod))
    last = time.monotonic()
    while not consumer.behind:
        frame = await consumer.next(max(0.0, last + HEARTBEAT_SECONDS - time.monotonic()))
        if frame is not None:
            await socket.send_text(frame.decode())
        if time.monotonic() - last >= HEARTBEAT_SECONDS:
            last = time.monotonic()
            await socket.send_text(_heartbeat(pod))


def _may_enter(socket: WebSocket, pod: Parts) -> bool:
    header = socket.headers.get("authorization", "")
    if not header.lower().startswith(BEARER):
        return False
    try:
        tokens.verify(pod.secret, header[len(BEARER) :], audience=AUDIENCE)
    except tokens.TokenRefused:
        return False
    return True


def _heartbeat(pod: Parts) -> str:
    clock = pod.orchestrator.clock
    record = pod.orchestrator.records.record
    data = {"pod": record.pod, "phase": record.phase, "phase_epoch": record.phase_epoch}
    frame = Frame(
        kind=FrameKind.HEARTBEAT,
        data=data,
        ts_source=clock.now(),
        ts_sent=time.time(),
        clock=clock.anchor,
    )
    return msgspec.json.encode(frame).decode()
