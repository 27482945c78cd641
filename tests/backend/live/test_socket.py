"""The live socket of a real back end process: admission, order, resume, limits, and its end."""

import asyncio
import contextlib
import signal
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass

import msgspec
import pytest
import websockets
from redis.asyncio import Redis
from sqlalchemy import func, update
from websockets.asyncio.server import ServerConnection, serve

from ai_pod.contracts import keys, tokens
from ai_pod.contracts.live import Frame, FrameKind
from ai_pod.contracts.tokens import DEFAULT_SECRET
from backend.auth import passwords
from backend.auth.provision import create_organisation, create_user
from backend.database import transaction
from backend.desks.provision import NewDesk, create_desk
from backend.models import Role, User
from backend.pods import presence
from backend.state import State, open_state
from market.clock import Anchor
from market.words import Interval
from tests.support.build_backend import PASSWORD
from tests.support.build_live import Server, add_frame, backend_process, closed_with, numbers
from tests.support.build_trading import AAPL, IBM, T0, bar, publish_bars, seat, serve_instruments
from tests.support.fake_pod import beat
from tests.support.loitering import loitering
from tests.support.on_stores import settings_on
from tests.support.people import until
from tests.support.stores import Running

LINGER_SECONDS = 15
"""In which a busy machine too finds the moment to look."""


@dataclass
class House:
    """One back end process for all tests of this module; ann and ben have desks."""

    server: Server
    state: State
    desks: dict[str, str]

    @property
    def redis(self) -> Redis:
        return self.state.redis


@pytest.fixture(scope="module")
async def house(stores: tuple[Running, Running]) -> AsyncIterator[House]:
    settings = settings_on(stores)
    async with open_state(settings) as state:
        await state.redis.flushall()
        await serve_instruments(state.redis)
        hashed = await passwords.hash_password(PASSWORD)
        desks = {}
        for number, login in enumerate(("ann", "ben", "cid")):
            async with transaction(state.sessions) as session:
                owner = await create_organisation(session, "Test")
                user = await create_user(session, owner.id, login, Role.TRADER, hashed)
                desks[login] = (await create_desk(session, user, NewDesk("XNYS", (AAPL, IBM)))).id
            await seat(state, desks[login], number=number, lease_epoch=number + 1)
        told = {
            "SHIFTDESK_CLOCK": str(Anchor(market=T0, wall=time.time(), speed=1.0)),
            "SHIFTDESK_LINGER_SECONDS": str(LINGER_SECONDS),
        }
        with backend_process(settings.database_url, settings.redis_url, **told) as server:
            await until(server.healthy, seconds=30)
            yield House(server, state, desks)


async def test_a_ticket_admits_once(house: House) -> None:
    ticket = await house.server.ticket("ann")
    first = await house.server.connect(f"?ticket={ticket}")
    assert msgspec.json.decode(await first.recv())["kind"] == "snapshot"
    await first.close()
    assert await closed_with(await house.server.connect(f"?ticket={ticket}")) == 4401
    assert await closed_with(await house.server.connect("?ticket=made-up")) == 4401


async def test_the_ticket_may_be_the_first_message(house: House) -> None:
    socket = await house.server.connect("")
    await socket.send(msgspec.json.encode({"op": "ticket", "ticket": "made-up"}).decode())
    assert await closed_with(socket) == 4401
    socket = await house.server.connect("")
    ticket = {"op": "ticket", "ticket": await house.server.ticket("ann")}
    await socket.send(msgspec.json.encode(ticket).decode())
    assert msgspec.json.decode(await socket.recv())["kind"] == "snapshot"
    await socket.close()


async def test_a_foreign_page_is_turned_away(house: House) -> None:
    ticket = await house.server.ticket("ann")
    foreign = websockets.Origin("https://elsewhere.test")
    socket = await house.server.connect(f"?ticket={ticket}", origin=foreign)
    assert await closed_with(socket) == 4403
    own = websockets.Origin(house.server.url)
    socket = await house.server.connect(f"?ticket={ticket}", origin=own)
    assert msgspec.json.decode(await socket.recv())["kind"] == "snapshot"
    await socket.close()


async def test_the_snapshot_holds_desk_clock_and_place(house: House) -> None:
    async def has_snapshot() -> bool:
        return await house.redis.exists(keys.desk(house.desks["ann"])) == 1

    await until(has_snapshot, seconds=15)
    async with house.server.live("ann") as live:
        (snapshot,) = live.of("snapshot")
        assert snapshot["data"]["desk"]["desk"] == house.desks["ann"]
        assert snapshot["data"]["desk"]["cash"] == "100000.00"
        assert snapshot["clock"]["speed"] == 1.0
        assert snapshot["data"]["recovered"] is None
        assert snapshot["epoch"]
        heartbeat = await live.wait_for(lambda frame: frame["kind"] == "heartbeat")
        assert heartbeat["seq"] == snapshot["seq"]


async def test_desks_frames_come_in_order_and_to_nobody_else(house: House) -> None:
    async with house.server.live("ann") as ann, house.server.live("ben") as ben:
        for number in range(20):
            await add_frame(house.redis, house.desks["ann"], number)
        await add_frame(house.redis, house.desks["ben"], 99)
        await ann.wait_for(lambda frame: frame["data"].get("n") == 19)
        await ben.wait_for(lambda frame: frame["data"].get("n") == 99)
        assert (numbers(ann), numbers(ben)) == (list(range(20)), [99])
        frames = ann.of("notice")
        assert [one["prev"] for one in frames[1:]] == [one["seq"] for one in frames[:-1]]


async def test_a_resume_brings_exactly_what_was_missed(house: House) -> None:
    desk = house.desks["ann"]
    async with house.server.live("ann") as live:
        for number in range(3):
            await add_frame(house.redis, desk, number)
        last = await live.wait_for(lambda frame: frame["data"].get("n") == 2)
    for number in range(3, 8):
        await add_frame(house.redis, desk, number)
    async with house.server.live("ann") as live:
        await live.send(op="resume", epoch=last["epoch"], seq=last["seq"])
        await live.wait_for(
            lambda frame: frame["kind"] == "snapshot" and frame["data"]["recovered"] is True
        )
        for number in range(8, 12):
            await add_frame(house.redis, desk, number)
        await live.wait_for(lambda frame: frame["data"].get("n") == 11)
        assert numbers(live) == list(range(3, 12))


@pytest.mark.parametrize("change", [{"epoch": "another life"}, {"seq": "1-0"}])
async def test_what_cannot_be_recovered_is_said(house: House, change: dict[str, str]) -> None:
    async with house.server.live("ann") as live:
        (snapshot,) = live.of("snapshot")
        asked = {"epoch": snapshot["epoch"], "seq": snapshot["seq"]} | change
        await live.send(op="resume", **asked)
        answer = await live.wait_for(
            lambda frame: frame["kind"] == "snapshot" and frame["data"]["recovered"] is not None
        )
        assert answer["data"]["recovered"] is False


async def test_bars_and_ticks_come_as_subscribed(house: House) -> None:
    async with house.server.live("ann") as live:
        await live.send(op="subscribe", instruments=[IBM], intervals=["1m"])
        await live.send(op="unsubscribe", instruments=[AAPL])

        async def bars() -> bool:
            await publish_bars(house.redis, bar(IBM, T0), bar(AAPL, T0))
            return bool(live.of("bar"))

        await until(bars, seconds=10)
        await serve_instruments(house.redis, {IBM: 123.0, AAPL: 5.0})
        tick = await live.wait_for(lambda frame: frame["data"].get("price") == 123.0)
        assert tick["data"]["instrument"] == IBM
        assert {frame["data"]["instrument"] for frame in live.of("bar")} == {IBM}
        assert {frame["data"]["interval"] for frame in live.of("bar")} == {Interval.MINUTE}


async def test_nonsense_is_answered_and_too_much_of_it_ends_the_socket(house: House) -> None:
    async with house.server.live("ann") as live:
        await live.send(op="dance")
        notice = await live.wait_for(lambda frame: frame["kind"] == "notice")
        assert notice["data"]["code"] == "invalid_message"
    socket = await house.server.connect(f"?ticket={await house.server.ticket('ann')}")
    for _ in range(150):
        await socket.send('{"op":"subscribe"}')
    assert await closed_with(socket) == 4429


async def test_a_frame_of_ten_megabytes_is_too_large_and_disturbs_nobody(house: House) -> None:
    async with house.server.live("ben") as ben:
        socket = await house.server.connect(f"?ticket={await house.server.ticket('ann')}")
        await socket.recv()
        with contextlib.suppress(websockets.ConnectionClosed):
            await socket.send("x" * 10_000_000)
        assert await closed_with(socket) == 1009
        await add_frame(house.redis, house.desks["ben"], 7)
        await ben.wait_for(lambda frame: frame["data"].get("n") == 7)


async def test_who_reads_nothing_is_closed_and_disturbs_nobody(house: House) -> None:
    desk = house.desks["ann"]
    async with house.server.live("ben") as ben:
        slow = await house.server.connect(
            f"?ticket={await house.server.ticket('ann')}", max_queue=1, ping_interval=None
        )
        for number in range(1_500):
            await add_frame(house.redis, desk, number, filler=16_000)
        await add_frame(house.redis, house.desks["ben"], 8)
        await ben.wait_for(lambda frame: frame["data"].get("n") == 8)
        assert await closed_with(slow) == 1013
    await house.redis.xtrim(keys.live(desk), maxlen=10)


async def test_pod_and_stream_arrive_as_one(house: House) -> None:
    """The relay dials the pod of the desk's seat; a frame that comes both ways comes once."""
    desk = house.desks["ann"]
    dialled: asyncio.Future[ServerConnection] = asyncio.get_running_loop().create_future()

    async def pod(socket: ServerConnection) -> None:
        assert socket.request is not None
        assert socket.request.path == "/v1/live"
        token = socket.request.headers["Authorization"].removeprefix("Bearer ")
        tokens.verify(DEFAULT_SECRET, token, audience="ai-pod")
        if not dialled.done():
            dialled.set_result(socket)
        await socket.wait_closed()

    async with serve(pod, "127.0.0.1", 0) as server, house.server.live("ann") as live:
        port = server.sockets[0].getsockname()[1]
        await beat(house.redis, "pod-a", address=f"http://127.0.0.1:{port}", desks=(desk,))
        connected = await asyncio.wait_for(dialled, 15)
        seen = await live.wait_for(lambda frame: frame["kind"] == "phase")
        assert (seen["data"]["pod"], seen["data"]["phase"]) == ("pod-a", "trading")
        previous = live.of("snapshot")[0]["seq"]
        epoch = live.of("snapshot")[0]["epoch"]
        for number in range(10):
            seq = await add_frame(house.redis, desk, number)
            frame = Frame(
                kind=FrameKind.NOTICE,
                data={"n": number},
                ts_source=T0,
                ts_sent=time.time(),
                desk=desk,
                seq=seq,
                prev=previous,
                epoch=epoch,
            )
            await connected.send(msgspec.json.encode(frame).decode())
            previous = seq
        await live.wait_for(lambda frame: frame["data"].get("n") == 9)
        assert numbers(live) == list(range(10))


async def test_redis_emptied_begins_a_new_life_and_says_so(house: House) -> None:
    async with house.server.live("ann") as live:
        before = live.of("snapshot")[0]["epoch"]
        await house.redis.flushall()
        answer = await live.wait_for(
            lambda frame: frame["kind"] == "snapshot" and frame["data"]["recovered"] is False
        )
        assert answer["epoch"] != before
        await add_frame(house.redis, house.desks["ann"], 1)
        frame = await live.wait_for(lambda frame: frame["data"].get("n") == 1)
        assert frame["epoch"] == answer["epoch"]


async def test_who_is_disabled_is_shown_out(house: House) -> None:
    socket = await house.server.connect(f"?ticket={await house.server.ticket('cid')}")
    assert msgspec.json.decode(await socket.recv())["kind"] == "snapshot"
    async with transaction(house.state.sessions) as session:
        change = update(User).where(User.login == "cid").values(disabled_at=func.now())
        await session.execute(change)
    assert await closed_with(socket, presence.RENEW_SECONDS + 20.0) == 4401


async def test_on_sigterm_it_is_not_ready_first_and_then_sends_every_socket_away(
    house: House,
) -> None:
    one = await house.server.connect(f"?ticket={await house.server.ticket('ann')}")
    other = await house.server.connect(f"?ticket={await house.server.ticket('ben')}")
    with loitering(house.server.url, "/api/v1/auth/login"):
        house.server.process.send_signal(signal.SIGTERM)
        await until(lambda: house.server.says("/readyz", 503), seconds=LINGER_SECONDS)
        assert await house.server.says("/livez", 200)
        assert [await closed_with(socket) for socket in (one, other)] == [1012, 1012]
        assert await asyncio.to_thread(house.server.process.wait, 20) == 0
