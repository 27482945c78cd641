"""What has been learned of the examples, and that it is learned once."""

from collections.abc import Sequence

from redis.asyncio import Redis

from ai_pod.agents.chatbot.examples import Intent, examples
from ai_pod.agents.chatbot.likeness import Likeness, learn
from ai_pod.memory.embeddings import Embedder, Vectors


class _Unused(Embedder):
    def embed(self, texts: Sequence[str]) -> Vectors:
        raise AssertionError(f"{len(texts)} texts are embedded again")


async def test_a_later_start_finds_the_embeddings(redis: Redis, embedder: Embedder) -> None:
    first = await learn(redis, embedder)
    again = await learn(redis, _Unused())
    asked = embedder.embed(["how much cash is there"])
    assert again.scores(asked) == first.scores(asked)


def test_examples_of_two_intents_weigh_against_each_other(embedder: Embedder) -> None:
    asked = ["how much cash do i have", "what is my cash", "how much cash does another desk have"]
    kinds = [Intent.CASH, Intent.CASH, Intent.OUTSIDE]
    likeness = Likeness(kinds, embedder.embed(asked))
    mine, foreign = likeness.scores(embedder.embed(["my cash", "how much cash has another desk"]))
    assert mine[Intent.CASH] > mine[Intent.OUTSIDE]
    assert foreign[Intent.OUTSIDE] > foreign[Intent.CASH]


def test_every_intent_has_examples_and_none_is_given_twice() -> None:
    known = examples()
    assert {intent for intent, _ in known} == set(Intent)
    assert len({text for _, text in known}) == len(known)
