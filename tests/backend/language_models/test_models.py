"""How models do is shown to operators; thumbs reach those who choose; a canary begins anew."""

from datetime import UTC, datetime, timedelta

import pytest

from ai_pod.contracts import keys
from ai_pod.contracts.standings import Standing, Standings
from backend.database import transaction
from backend.language_models import service
from backend.models import Message, MessageFeedback, Thread, User
from tests.support.build_backend import Backend
from tests.support.one_backend import People

MODELS = "/api/v1/models"


@pytest.fixture(autouse=True)
async def nothing_known(backend: Backend) -> None:
    """No model has been asked yet."""
    redis = backend.state.redis
    standings = [keys.model_standing(name) for name in await Standings(redis).models()]
    await redis.delete(keys.models(), keys.models_rolled_back(), *standings)


async def rated(backend: Backend, user: User, model: str, *thumbs: str, days: int = 0) -> None:
    """Answers of the model, each with a thumb."""
    owner, at = user.organisation_id, datetime.now(UTC) - timedelta(days=days)
    key = f"{model}_{days}"
    async with transaction(backend.state.sessions) as session:
        thread = Thread(
            id=f"thread_{key}", organisation_id=owner, user_id=user.id, title="x", updated_at=at
        )
        session.add(thread)
        await session.flush()
        for number, thumb in enumerate(thumbs):
            message = Message(
                id=f"message_{key}_{number}",
                organisation_id=owner,
                thread_id=thread.id,
                run_id="run",
                role="assistant",
                text="x",
                data={},
            )
            session.add(message)
            await session.flush()
            session.add(
                MessageFeedback(
                    message_id=message.id,
                    user_id=user.id,
                    organisation_id=owner,
                    rating=thumb,
                    model=model,
                    changed_at=at,
                )
            )


async def test_thumbs_reach_those_who_choose(backend: Backend, people: People) -> None:
    standings = Standings(backend.state.redis)
    await standings.add("small", asked=5, answered=5)
    await standings.add("big", asked=1, answered=1)
    await rated(backend, people["ann"], "small", "up", "up", "down")
    await rated(backend, people["ann"], "small", "down", days=service.RATED_DAYS + 1)
    await rated(backend, people["ann"], "composer", "up")
    await service.rate(backend.state)
    assert await standings.of(["small", "big"]) == {
        "small": Standing(asked=5, answered=5, up=2, down=1),
        "big": Standing(asked=1, answered=1),
    }
    assert await backend.state.redis.exists(keys.model_standing("composer")) == 0


async def test_operators_see_how_models_do_in_pages(backend: Backend, people: People) -> None:
    standings = Standings(backend.state.redis)
    await standings.add(
        "small", asked=4, answered=2, failed=2, first_token_ms=900, nano_usd=3_000_000
    )
    await standings.add("big", asked=1)
    await standings.roll_back("small", "it failed")
    headers = await backend.sign_in(people["otto"].login)
    first = (await backend.client.get(f"{MODELS}?limit=1", headers=headers)).json()
    path = f"{MODELS}?limit=1&cursor={first['next_cursor']}"
    rest = (await backend.client.get(path, headers=headers)).json()
    assert [one["model"] for one in (*first["items"], *rest["items"])] == ["big", "small"]
    assert rest["next_cursor"] is None
    small = rest["items"][0]
    assert (small["first_token_seconds"], small["usd"]) == (0.45, "0.001500000")
    assert (small["failed"], small["rolled_back"]) == (2, "it failed")
    denied = await backend.client.get(MODELS, headers=await backend.sign_in(people["ann"].login))
    assert denied.status_code == 403


async def test_a_canary_begins_anew(backend: Backend, people: People) -> None:
    standings = Standings(backend.state.redis)
    await standings.add("http://host/v1#new", asked=5, failed=5)
    await standings.roll_back("http://host/v1#new", "it failed")
    headers = await backend.sign_in(people["otto"].login)
    params = {"model": "http://host/v1#new"}
    path = f"{MODELS}/rollback"
    trader = await backend.sign_in(people["ann"].login)
    assert (await backend.client.delete(path, params=params, headers=trader)).status_code == 403
    assert (await backend.client.delete(path, params=params, headers=headers)).status_code == 204
    assert await standings.rolled_back("http://host/v1#new") is None
    assert (await standings.of(["http://host/v1#new"]))["http://host/v1#new"] == Standing()
    assert (await backend.client.delete(path, params=params, headers=headers)).status_code == 404
