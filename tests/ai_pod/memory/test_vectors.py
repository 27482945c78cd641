"""The index of passages in real Redis: who may see what, and what is found."""

import asyncio
import sys
from datetime import UTC, datetime

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from redis.asyncio import Redis

from ai_pod.memory.embeddings import Embedder
from ai_pod.memory.shipped import PUBLIC, Passage, shipped_passages
from ai_pod.memory.vectors import Found, PassageIndex, Scope
from tests.support.chat_recall import LABELLED

SECRET = "The hedge against copper lies with the broker in Rotterdam."


def note(organisation: str, text: str = SECRET, **fields: str) -> Passage:
    return Passage(
        id=fields.pop("id", "own/hedge"),
        title=fields.pop("title", "Copper hedge"),
        text=text,
        source="own",
        organisation=organisation,
        **fields,
    )


@pytest.fixture
async def index(redis: Redis, embedder: Embedder) -> PassageIndex:
    made = PassageIndex(redis, embedder)
    await made.ensure()
    return made


async def search(
    index: PassageIndex, embedder: Embedder, text: str, scope: Scope, limit: int = 5
) -> list[Found]:
    vectors = await asyncio.to_thread(embedder.embed, [text])
    return await index.search(text, vectors[0], scope, limit)


async def test_another_organisations_note_is_never_returned(
    index: PassageIndex, embedder: Embedder
) -> None:
    await index.add([note("acme"), note("umbrella", "Umbrella hedges copper in Antwerp.")])
    for own, other in (("acme", "umbrella"), ("umbrella", "acme")):
        found = await search(index, embedder, "copper hedge", Scope(organisation=own), 100)
        seen = {one.passage.organisation for one in found}
        assert found[0].passage.organisation == own
        assert other not in seen
    found = await search(index, embedder, "copper hedge", Scope(organisation="nobody"), 100)
    assert {one.passage.organisation for one in found} == {PUBLIC}


@settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)
@given(st.text(st.characters(exclude_categories=("Cs", "Cc")), min_size=1, max_size=24))
async def test_no_organisations_name_opens_anothers_notes(
    index: PassageIndex, embedder: Embedder, organisation: str
) -> None:
    await index.add([note("acme")])
    if organisation == "acme":
        return
    found = await search(index, embedder, "copper hedge", Scope(organisation=organisation), 100)
    assert {one.passage.organisation for one in found} == {PUBLIC}


async def test_an_instruments_notes(index: PassageIndex, embedder: Embedder) -> None:
    scope = Scope(organisation="acme", instruments=("XNYS:IBM",))
    found = await search(index, embedder, "a company and its share", scope, 100)
    assert {one.passage.instrument for one in found} == {"", "XNYS:IBM"}


async def test_nothing_dated_later_is_found(index: PassageIndex, embedder: Embedder) -> None:
    await index.add([note("acme", date="2012-10-20")])
    for day, seen in ((19, False), (20, True)):
        until = datetime(2012, 10, day, 12, tzinfo=UTC)
        scope = Scope(organisation="acme", until=until)
        found = await search(index, embedder, "copper hedge", scope)
        assert any(one.passage.organisation == "acme" for one in found) is seen


async def test_loading_again_writes_only_what_changed(
    index: PassageIndex, redis: Redis, embedder: Embedder
) -> None:
    assert await index.ensure() == 0
    changed = [note(PUBLIC, "One text."), note(PUBLIC, "Other text.", id="own/other")]
    assert await index.ensure(changed) == 2
    assert await index.ensure([changed[0], note(PUBLIC, "New.", id="own/other")]) == 1


async def test_two_pods_may_load_at_once(redis: Redis, embedder: Embedder) -> None:
    both = PassageIndex(redis, embedder), PassageIndex(redis, embedder)
    await asyncio.gather(*(one.ensure() for one in both))
    found = await search(both[0], embedder, "What is a lease epoch?", Scope(organisation="acme"))
    assert found[0].passage.id == "glossary/epoch"


async def test_a_flushed_redis_is_filled_again(
    index: PassageIndex, redis: Redis, embedder: Embedder
) -> None:
    await redis.flushall()
    found = await search(index, embedder, "What is a lease epoch?", Scope(organisation="acme"))
    assert found[0].passage.id == "glossary/epoch"


async def test_recall_on_the_shipped_notes(index: PassageIndex, embedder: Embedder) -> None:
    missed = []
    for text, wanted in LABELLED:
        found = await search(index, embedder, text, Scope(organisation="acme"))
        if wanted not in [one.passage.id for one in found]:
            missed.append((text, wanted, [one.passage.id for one in found]))
    recall = 1 - len(missed) / len(LABELLED)
    sys.stdout.write(f"recall@5 {recall:.3f} over {len(LABELLED)} questions\n")
    assert recall >= 0.95, missed
    assert {wanted for _, wanted in LABELLED} == {one.id for one in shipped_passages()}


def test_the_shipped_notes_are_whole() -> None:
    passages = shipped_passages()
    assert len({passage.id for passage in passages}) == len(passages) >= 40
    assert all(40 <= len(passage.text) <= 600 for passage in passages)
    assert all(passage.organisation == PUBLIC for passage in passages)
