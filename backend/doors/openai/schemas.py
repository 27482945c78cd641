"""Requests as OpenAI's clients send them: what is understood, what has no effect, what is refused.

Answers are written where they are made: their form is OpenAI's, not ours.
"""

from typing import Annotated, Any, Literal, TypeAlias

from pydantic import BaseModel, ConfigDict, Field

MOST_MESSAGES = 1000
MOST_CHARACTERS = 4000
"""Of a question, as in the chat."""


class Part(BaseModel):
    """Of a message that has several."""

    model_config = ConfigDict(extra="ignore")

    type: str
    text: str = ""


Content: TypeAlias = str | list[Part] | None


class Message(BaseModel):
    """`name` and whatever else a client adds is passed over."""

    model_config = ConfigDict(extra="ignore")

    role: Literal["system", "developer", "user", "assistant", "tool", "function"]
    content: Content = None


class StreamOptions(BaseModel):
    model_config = ConfigDict(extra="ignore")

    include_usage: bool = False


class CompletionRequest(BaseModel):
    """Its fields are those that count; what is said of others stands below."""

    model_config = ConfigDict(extra="allow")

    model: str
    messages: Annotated[list[Message], Field(min_length=1, max_length=MOST_MESSAGES)]
    stream: bool = False
    stream_options: StreamOptions | None = None

    @property
    def others(self) -> dict[str, Any]:
        """What else was sent and is not empty."""
        return {name: one for name, one in (self.model_extra or {}).items() if one is not None}


WITHOUT_EFFECT = frozenset(
    {
        "temperature",
        "top_p",
        "seed",
        "presence_penalty",
        "frequency_penalty",
        "max_tokens",
        "max_completion_tokens",
        "logit_bias",
        "user",
        "safety_identifier",
        "prompt_cache_key",
        "prompt_cache_retention",
        "metadata",
        "store",
        "service_tier",
        "reasoning_effort",
        "verbosity",
        "parallel_tool_calls",
    }
)
"""Taken and passed over: the desk's instructions and models are not the caller's to set."""

NEUTRAL: dict[str, tuple[object, ...]] = {
    "n": (1,),
    "tools": ([],),
    "tool_choice": ("none", "auto"),
    "functions": ([],),
    "function_call": ("none", "auto"),
    "logprobs": (False,),
    "top_logprobs": (0,),
    "stop": ([], ""),
    "response_format": ({"type": "text"},),
    "modalities": (["text"],),
}
"""Parameters that would ask for something which is not given, and their values that ask nothing."""

WHY_NOT = {
    "n": "one answer is given",
    "tools": "the desk's own tools are used, and no others; they are at /mcp",
    "tool_choice": "the desk's own tools are used, and no others",
    "functions": "the desk's own tools are used, and no others; they are at /mcp",
    "function_call": "the desk's own tools are used, and no others",
    "logprobs": "an answer has none: its numbers come from facts",
    "top_logprobs": "an answer has none: its numbers come from facts",
    "stop": "an answer is given whole, so that no sentence loses its source",
    "response_format": "an answer is text; facts come beside it in `shiftdesk.facts`",
    "modalities": "an answer is text",
}
