"""The door between what people and notes say and a language model: what passes, and as what."""

import msgspec

from ai_pod.agents.chatbot.facts import WORD, FactBook
from ai_pod.agents.chatbot.freshness import Freshness
from ai_pod.agents.chatbot.letters import seen
from ai_pod.agents.chatbot.safety.advice import POLICY
from ai_pod.agents.chatbot.safety.attempts import attempted
from ai_pod.agents.chatbot.safety.canary import Secrets
from ai_pod.agents.chatbot.safety.caps import PROMPT_FACTS
from ai_pod.agents.chatbot.safety.inspection import Inspector
from ai_pod.agents.chatbot.sources import Sources
from ai_pod.contracts.chat import ReplyRequest


def cleaned(request: ReplyRequest) -> ReplyRequest:
    """The request with its texts as people see them."""
    history = tuple(msgspec.structs.replace(one, text=seen(one.text)) for one in request.history)
    return msgspec.structs.replace(request, text=seen(request.text), history=history)


async def acquaint(book: FactBook, sources: Sources) -> None:
    """What a text may name, when a fact is stale, and in which zone it tells times."""
    book.zone = sources.caller.zone
    book.instruments = tuple(await sources.instruments())
    book.freshness = Freshness.of(sources.clock, sources.now, await sources.desk())


def tried(request: ReplyRequest, book: FactBook) -> str | None:
    """What speaks against giving this turn to a model: the attempt that its question, its thread or
    a text from its tools makes, or that it has too many facts.
    """
    said = (request.text, *(one.text for one in request.history))
    quoted = (f"{passage.title}. {passage.text}" for passage in book.passages.values())
    told = (fact.value for fact in book.facts.values() if fact.unit == WORD)
    for text in (*said, *quoted, *told):
        if attempt := attempted(text):
            return str(attempt)
    return "long" if len(book.facts) > PROMPT_FACTS else None


def inspector_of(book: FactBook, instructions: str, canary: str) -> Inspector:
    """What looks at the turn's answer. Passages, facts and the disclaimers may be quoted."""
    passages = [passage.text for passage in book.passages.values()]
    words = [fact.value for fact in book.facts.values() if fact.unit == WORD]
    known = [*passages, *words, POLICY.disclaimer, POLICY.instead]
    return Inspector(book, POLICY, Secrets(canary, instructions, known))
