"""A client of Redis connects as its secret says now; nobody is cut off by a change."""

import asyncio
import datetime
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from redis.asyncio import Redis
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from redis.exceptions import ConnectionError as RedisAway
from structlog.testing import capture_logs

from market import secret as secrets
from market.secret import Secret
from market.stores import is_redis_url, open_redis


@pytest.fixture(autouse=True)
def _look_every_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(secrets, "LOOK_SECONDS", 0.0)


@asynccontextmanager
async def users(redis_url: str) -> AsyncIterator[Redis]:
    """`old` and `new`, who may do everything, within the block."""
    async with Redis.from_url(redis_url) as admin:
        for user in ("old", "new"):
            rights = {"keys": ["*"], "channels": ["*"], "commands": ["+@all"]}
            await admin.acl_setuser(
                user, enabled=True, passwords=[f"+{user} password/1"], reset=True, **rights
            )
        yield admin
        for user in ("old", "new"):
            await admin.acl_deluser(user)


async def who(client: Redis) -> str:
    said = await client.acl_whoami()
    return said.decode() if isinstance(said, bytes) else str(said)


async def test_a_changed_url_is_followed_and_what_is_open_goes_on(
    redis_url: str, tmp_path: Path
) -> None:
    path, place = tmp_path / "redis-url", f"127.0.0.1:{urlsplit(redis_url).port}"
    async with users(redis_url) as admin:
        path.write_text(f"redis://old:old%20password%2F1@{place}/0")
        async with open_redis(Secret("", path), seconds=5) as client:
            subscription = client.pubsub()
            await subscription.subscribe("news")
            assert await who(client) == "old"
            path.write_text(f"redis://new:new%20password%2F1@{place}/1")
            assert await who(client) == "new"
            assert (await client.client_info())["db"] == 1
            await admin.publish("news", b"still here")
            messages = [await subscription.get_message(timeout=20) for _ in range(2)]
            assert messages[1] is not None
            assert messages[1]["data"] == b"still here"
            clients = [one["user"] for one in await admin.client_list()]
            assert clients.count("old") == 1, "the subscription alone"
            await subscription.aclose()


@pytest.mark.parametrize(
    "unfit", ["nonsense", "redis:", "redis://old:pass/word@127.0.0.1/0", "redis://[::1/0", ""]
)
async def test_what_is_no_url_cuts_nobody_off(redis_url: str, tmp_path: Path, unfit: str) -> None:
    path = tmp_path / "redis-url"
    path.write_text(redis_url)
    async with open_redis(f"file:{path}", seconds=5) as client:
        before = await client.client_id()
        path.write_text(unfit)
        with capture_logs() as logged:
            assert await client.client_id() == before
    assert {line["event"] for line in logged} == {"secret_not_taken"}
    assert "word" not in str(logged)


async def test_a_connection_that_the_server_closed_fails_nobody(redis_url: str) -> None:
    never = Retry(NoBackoff(), 0)
    async with (
        Redis.from_url(redis_url) as admin,
        open_redis(redis_url, seconds=5, retry=never) as client,
    ):
        ids = await asyncio.gather(client.client_id(), client.client_id(), client.client_id())
        assert len(set(ids)) > 1
        for one in set(ids):
            assert await admin.client_kill_filter(_id=str(one)) == 1
        async with asyncio.timeout(30):
            while {str(one) for one in ids} & {one["id"] for one in await admin.client_list()}:
                pass
        assert {await client.client_id(), await client.client_id()}.isdisjoint(ids)
        async with client.pipeline(transaction=False) as pipe:
            assert await pipe.client_id().execute()


async def test_tls_follows_its_url_and_looks_who_is_there(redis_url: str, tmp_path: Path) -> None:
    path, authority = tmp_path / "redis-url", tmp_path / "authority.pem"
    async with users(redis_url), behind_tls(redis_url, authority) as port:

        def become(user: str, host: str) -> None:
            path.write_text(
                f"rediss://{user}:{user}%20password%2F1@{host}:{port}/0?ssl_ca_certs={authority}"
            )

        become("old", "localhost")
        secret, never = Secret("", path, is_redis_url), Retry(NoBackoff(), 0)
        async with open_redis(secret, seconds=5, retry=never) as client:
            assert await who(client) == "old"
            become("new", "127.0.0.1")
            with pytest.raises(RedisAway, match="certificate verify failed"):
                await client.ping()
            become("new", "localhost")
            assert await who(client) == "new"


@asynccontextmanager
async def behind_tls(redis_url: str, authority: Path) -> AsyncIterator[int]:
    """A port on which Redis answers over TLS, as `localhost` and under no other name."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(_certificate(authority))
    place = urlsplit(redis_url)
    forwarding: set[asyncio.Task[None]] = set()

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        up, down = await asyncio.open_connection(place.hostname, place.port)
        for task in (_copy(reader, down), _copy(up, writer)):
            forwarding.add(asyncio.create_task(task))

    server = await asyncio.start_server(answer, "127.0.0.1", 0, ssl=context)
    async with server:
        yield server.sockets[0].getsockname()[1]
        await asyncio.wait(forwarding, timeout=5)


async def _copy(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with closing(writer):
        while data := await reader.read(65_536):
            writer.write(data)


def _certificate(path: Path) -> Path:
    """Self-signed, with its key, in one file."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "localhost")])
    now = datetime.datetime.now(datetime.UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - datetime.timedelta(hours=1))
        .not_valid_after(now + datetime.timedelta(hours=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .sign(key, hashes.SHA256())
    )
    secret = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    path.write_bytes(secret + certificate.public_bytes(serialization.Encoding.PEM))
    return path


async def test_who_is_cancelled_while_a_command_is_sent_does_not_wait_for_its_answer(
    redis_url: str,
) -> None:
    """Whenever it comes: redis-py alone misses a cancellation in one of these turns."""
    async with open_redis(redis_url, seconds=20) as client:
        await client.ping()
        for turns in range(12):
            waiting = asyncio.create_task(client.blpop(["nothing"], timeout=4))
            for _ in range(turns):
                await asyncio.sleep(0)
            waiting.cancel()
            await asyncio.wait({waiting}, timeout=2)
            assert waiting.cancelled(), f"went on after {turns} turns"
            await client.set("said", turns)
            assert await client.get("said") == str(turns).encode()
