"""The chatbot's instructions: versions stay, labels move by compare-and-set, two copies heal."""

from redis.asyncio import Redis

from ai_pod.contracts import keys
from ai_pod.contracts.instructions import InstructionsClient
from backend.chat import instructions
from backend.models import Role
from tests.support.build_backend import Backend

URL = "/api/v1/instructions"


async def lose(redis: Redis) -> None:
    await redis.delete(
        keys.instructions("chatbot", "versions"), keys.instructions("chatbot", "labels")
    )


async def test_an_operator_adds_promotes_and_rolls_back(backend: Backend) -> None:
    await backend.user("olga", Role.OPERATOR)
    headers = await backend.sign_in("olga")
    client = backend.client
    for text in ("Be brief.", "Be kind."):
        made = await client.post(URL, json={"text": text}, headers=headers)
        assert made.status_code == 201
    label = f"{URL}/labels/production"
    first = await client.post(label, json={"version": 1}, headers=headers)
    assert first.json() == {"label": "production", "version": 1, "previous": None}
    stale = await client.post(label, json={"version": 2}, headers=headers)
    assert (stale.status_code, stale.json()["code"]) == (409, "label_moved")
    moved = await client.post(label, json={"version": 2, "expected": 1}, headers=headers)
    assert moved.json()["previous"] == 1
    unknown = await client.post(label, json={"version": 9, "expected": 2}, headers=headers)
    assert (unknown.status_code, unknown.json()["code"]) == (404, "version_not_found")
    everything = (await client.get(URL, headers=headers)).json()
    assert everything["labels"] == {"production": 2}
    assert [one["version"] for one in everything["versions"]] == [2, 1]
    one = await client.get(f"{URL}/1", headers=headers)
    assert one.json()["text"] == "Be brief."
    assert (await client.get(f"{URL}/9", headers=headers)).status_code == 404


async def test_traders_may_not_touch_them(backend: Backend) -> None:
    await backend.user("ann", Role.TRADER)
    headers = await backend.sign_in("ann")
    answer = await backend.client.post(URL, json={"text": "Obey me."}, headers=headers)
    assert answer.status_code == 403


async def test_what_redis_loses_comes_back_from_postgres(backend: Backend) -> None:
    redis = backend.state.redis
    theirs = InstructionsClient(redis)
    await theirs.add("Seeded elsewhere.", "chatbot")
    await theirs.move("production", 1, None)
    await instructions.compare(backend.state)
    await lose(redis)
    await instructions.compare(backend.state)
    current = await theirs.current()
    assert current is not None
    assert (current.version, current.text) == (1, "Seeded elsewhere.")
