"""OpenAI's chat completions as a door to the chatbot: the `openai` client enters unchanged."""

from backend.chat.turn import LONGEST_SECONDS
from backend.doors.openai.endpoints import router
from backend.doors.openai.errors import PATHS, answer_of

ANSWERED_IN = {"/v1/chat/completions": LONGEST_SECONDS + 10.0}
"""Real seconds: a completion that is not streamed begins when it is whole."""

__all__ = ["ANSWERED_IN", "PATHS", "answer_of", "router"]
