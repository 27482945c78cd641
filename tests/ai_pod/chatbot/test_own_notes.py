"""An organisation's own notes in answers: found when asked for, and never another's."""

import asyncio

import msgspec
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from redis.asyncio import Redis

from ai_pod.agents.chatbot.guard import REFUSAL
from ai_pod.contracts import keys
from ai_pod.contracts.chat import RunEventKind
from ai_pod.contracts.notes import Note
from ai_pod.memory.embeddings import Embedder
from ai_pod.memory.notes import OwnNotes
from ai_pod.memory.vectors import PassageIndex, Scope
from tests.support.build_chat import ORGANISATION, write_note
from tests.support.chat import Chat

COPPER = Note(
    id="note-1",
    title="Copper hedge",
    text="The copper hedge lies with the broker in Rotterdam, 250 tonnes of it.",
    author="ann",
    date="2012-10-16",
    revision=3,
)
QUESTION = "Where is our copper hedge?"


async def test_a_note_answers_what_nothing_else_does(chat: Chat, redis: Redis) -> None:
    assert (await chat.ask(QUESTION)).text == REFUSAL
    await write_note(redis, ORGANISATION, COPPER)
    answer = await chat.ask(QUESTION)
    assert answer.text.startswith(COPPER.text)
    assert [data["title"] for data in answer.data(RunEventKind.CITATION)] == ["Copper hedge"]
    assert answer.done["grounded"] is True
    assert answer.strange_numbers() == []
    assert (await chat.ask(QUESTION, organisation="org-other")).text == REFUSAL
    assert (await chat.ask("Who won the world cup?")).text == REFUSAL


async def test_a_changed_or_deleted_note_is_followed(chat: Chat, redis: Redis) -> None:
    await write_note(redis, ORGANISATION, COPPER)
    assert "Rotterdam" in (await chat.ask(QUESTION)).text
    moved = msgspec.structs.replace(COPPER, text="The copper hedge is in Antwerp.", revision=4)
    await write_note(redis, ORGANISATION, moved)
    assert "Antwerp" in (await chat.ask(QUESTION)).text
    await redis.delete(keys.notes(ORGANISATION), keys.note_revisions(ORGANISATION))
    assert (await chat.ask(QUESTION)).text == REFUSAL


async def test_a_note_of_tomorrow_or_of_another_instrument_is_not_quoted(
    chat: Chat, redis: Redis
) -> None:
    late = msgspec.structs.replace(COPPER, date="2012-10-17")
    await write_note(redis, ORGANISATION, late)
    assert (await chat.ask(QUESTION)).text == REFUSAL
    of_ibm = msgspec.structs.replace(COPPER, instrument="XNYS:IBM", revision=5)
    await write_note(redis, ORGANISATION, of_ibm)
    assert "Rotterdam" in (await chat.ask("What hedge of copper is there against IBM?")).text
    assert "Rotterdam" not in (await chat.ask("What hedge of copper is there for MSFT?")).text


_NAMES = st.text(st.characters(exclude_categories=("Cs", "Cc")), min_size=1, max_size=12)


@settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)
@given(st.lists(_NAMES, min_size=2, max_size=4, unique=True))
async def test_organisations_search_their_own_alone(
    redis: Redis, embedder: Embedder, organisations: list[str]
) -> None:
    index = PassageIndex(redis, embedder)
    await index.ensure()
    notes = OwnNotes(redis, index)
    vectors = await asyncio.to_thread(embedder.embed, [QUESTION])
    for number, organisation in enumerate(organisations):
        note = msgspec.structs.replace(COPPER, author=organisation, revision=number)
        await write_note(redis, organisation, note)
        assert await notes.sync(organisation) == 1
    for organisation in organisations:
        scope = Scope(organisation=organisation, shipped=False)
        found = await index.search(QUESTION, vectors[0], scope, 100)
        assert [one.passage.organisation for one in found] == [organisation]
        await redis.delete(keys.notes(organisation), keys.note_revisions(organisation))
        assert await notes.sync(organisation) == 0
