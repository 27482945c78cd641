"""The hub: frames in at one side, from pods, streams and the market; out at every socket that wants
them. In one back end, on one event loop, without locks.
"""

import asyncio
import time
from collections.abc import Iterator

import structlog

from ai_pod.contracts.live import DURABLE, Frame
from backend import telemetry
from backend.live.frames import Framer
from backend.live.viewer import Viewer
from backend.streams import FIRST, place
from market.words import Bar, Tick

logger = structlog.get_logger()


class Channel:
    """One desk's sockets. `position` is the last durable frame delivered, by whichever way."""

    def __init__(self, position: str) -> None:
        self.position = position
        self.viewers: set[Viewer] = set()
        self.phase: dict[str, object] | None = None
        self.pod: dict[str, object] | None = None


class Hub:
    """Channels by desk, and all viewers; `empty` is set when the last one has left."""

    def __init__(self, framer: Framer) -> None:
        self.channels: dict[str, Channel] = {}
        self.viewers: set[Viewer] = set()
        self.epoch = ""
        self.empty = asyncio.Event()
        self._framer = framer

    def join(self, viewer: Viewer, position: str) -> Channel | None:
        """From now on the viewer is offered what comes; `position` counts for a new channel."""
        self.viewers.add(viewer)
        self.empty.clear()
        if viewer.desk is None:
            return None
        channel = self.channels.setdefault(viewer.desk, Channel(position))
        channel.viewers.add(viewer)
        viewer.start(channel.position)
        return channel

    def leave(self, viewer: Viewer) -> None:
        self.viewers.discard(viewer)
        if not self.viewers:
            self.empty.set()
        channel = self.channels.get(viewer.desk or "")
        if channel is not None:
            channel.viewers.discard(viewer)
            if not channel.viewers:
                del self.channels[viewer.desk or ""]

    def on_pod_frame(self, frame: Frame) -> bool:
        """A frame straight from a pod. Delivered at once when it is the next; else the stream,
        which holds it too, brings it in its order.
        """
        channel = self.channels.get(frame.desk or "")
        if channel is None or frame.seq is None or frame.kind not in DURABLE:
            return False
        if frame.epoch != self.epoch or (frame.prev or FIRST) != channel.position:
            return False
        return self.deliver(channel, frame.seq, frame)

    def on_entry(self, desk: str, seq: str, frame: Frame) -> bool:
        """An entry of the desk's stream; False when it was delivered already."""
        channel = self.channels.get(desk)
        return channel is not None and self.deliver(channel, seq, frame)

    def deliver(self, channel: Channel, seq: str, frame: Frame) -> bool:
        if place(seq) <= place(channel.position):
            return False
        text = self._framer.durable(frame, seq=seq, prev=channel.position, epoch=self.epoch)
        channel.position = seq
        for viewer in channel.viewers:
            viewer.offer(seq, text)
        telemetry.live_delivery_seconds.observe(max(0.0, time.time() - frame.ts_sent))
        return True

    def on_tick(self, tick: Tick) -> None:
        text: str | None = None
        key = ("tick", tick.instrument)
        for viewer in self.viewers:
            if tick.instrument in viewer.instruments:
                text = text or self._framer.tick(tick)
                viewer.outbox.put_latest(key, text)

    def on_bar(self, bar: Bar) -> None:
        text: str | None = None
        key = ("bar", bar.instrument, bar.interval, bar.end.isoformat())
        for viewer in self.viewers:
            if bar.interval in viewer.intervals and bar.instrument in viewer.instruments:
                text = text or self._framer.bar(bar)
                viewer.outbox.put_latest(key, text)

    def send(self, desk: str, frame: str) -> None:
        """A frame of the moment, to all sockets of a desk."""
        for viewer in self._of(desk):
            viewer.outbox.put(frame)

    def on_lost_stream(self, epoch: str, positions: dict[str, str]) -> None:
        """Redis has lost the streams: they begin anew, with another epoch."""
        self.epoch = epoch
        for desk, channel in self.channels.items():
            channel.position = positions.get(desk, FIRST)
            for viewer in channel.viewers:
                viewer.start(channel.position)
                viewer.lost = True

    def instruments(self) -> set[str]:
        """All that any socket wants."""
        return {name for viewer in self.viewers for name in viewer.instruments}

    def intervals(self) -> set[str]:
        return {interval for viewer in self.viewers for interval in viewer.intervals}

    def _of(self, desk: str) -> Iterator[Viewer]:
        channel = self.channels.get(desk)
        return iter(list(channel.viewers) if channel else [])
