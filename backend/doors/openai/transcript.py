"""What a reader of a stream has been sent of an answer that may begin anew.

OpenAI's protocol cannot take words back. An answer that begins anew with the same words goes on
where it was; one that differs is sent whole, after a line that says so.
"""

from ai_pod.contracts.chat import RunEvent, RunEventKind

ANEW = "\n\n[The answer begins anew:]\n\n"


class Transcript:
    """Takes a run's events in order; gives the text that is still to be sent."""

    def __init__(self) -> None:
        self._sent = ""
        self._now = ""
        self._again = False

    def take(self, event: RunEvent) -> str:
        """What to send for the event; often nothing."""
        if event.kind is RunEventKind.TOKEN:
            return self._token(str(event.data["text"]))
        if event.kind is RunEventKind.STEP and _restarts(event):
            self._now, self._again = "", bool(self._sent)
        elif event.kind is RunEventKind.DONE:
            return self._end(str(event.data.get("text", "")))
        return ""

    def _token(self, text: str) -> str:
        self._now += text
        if not self._again:
            self._sent += text
            return text
        if self._sent.startswith(self._now):
            return ""
        return self._differs(self._now)

    def _differs(self, whole: str) -> str:
        """The first that was not said before: the rest of what goes on, or all of it."""
        self._again = False
        said, self._sent = self._sent, whole
        return whole[len(said) :] if whole.startswith(said) else ANEW + whole

    def _end(self, text: str) -> str:
        """An answer that is shorter than what was sent is another one; one without tokens is sent
        now.
        """
        if self._again and self._now.strip() != self._sent.strip():
            return self._differs(text)
        return "" if self._sent else self._token(text)


def _restarts(event: RunEvent) -> bool:
    return bool(event.data.get("restart")) or event.data.get("name") == "restarted"
