"""A client of Redis connects as its secret says now; nobody is cut off by a change."""

from pathlib import Path

import pytest
from redis.asyncio import Redis

from market import secret as secrets
from market.secret import Secret
from market.stores import open_redis


async def test_a_changed_url_is_followed_and_what_is_open_goes_on(
    redis_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(secrets, "LOOK_SECONDS", 0.0)
    path = tmp_path / "redis-url"
    async with Redis.from_url(redis_url) as admin:
        for user in ("old", "new"):
            rights = {"keys": ["*"], "channels": ["*"], "commands": ["+@all"]}
            await admin.acl_setuser(
                user, enabled=True, passwords=[f"+{user} password/1"], reset=True, **rights
            )
        place = redis_url.removeprefix("redis://")
        path.write_text(f"redis://old:old%20password%2F1@{place}")
        async with open_redis(Secret("", path), seconds=5) as client:
            subscription = client.pubsub()
            await subscription.subscribe("news")
            assert await client.acl_whoami() in (b"old", "old")
            path.write_text(f"redis://new:new%20password%2F1@{place}")
            assert await client.acl_whoami() in (b"new", "new")
            await admin.publish("news", b"still here")
            messages = [await subscription.get_message(timeout=2) for _ in range(2)]
            assert messages[1] is not None
            assert messages[1]["data"] == b"still here"
            clients = [one["user"] for one in await admin.client_list()]
            assert clients.count("old") == 1, "the subscription alone"
            await subscription.aclose()
        for user in ("old", "new"):
            await admin.acl_deluser(user)
