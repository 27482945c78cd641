"""The pod's error family. Those with a status are answered as problem+json.

PodError
├── Unauthorised        401  no token, or one that is refused
├── Draining            503  the pod takes nothing new
├── ChatbotUnavailable  503  the chatbot does not start, or ended during a run
├── BadRequest          422  a body that does not decode
├── CallRefused         422  a tool's call that makes no sense
├── AgentError               an agent's process did not do what it was told
│   ├── AgentEnded           … because it is gone
│   └── AgentLate            … within its budget
├── IllegalTransition        a state and a trigger that the table does not hold
├── HandOffFailed            a hand-off was not written, or came back different
└── Superseded               another process runs under this pod's name with a higher epoch
"""


class PodError(Exception):
    """Anything the pod refuses; the message says what and why."""

    status = 500
    code = "pod_error"


class Unauthorised(PodError):
    status = 401
    code = "unauthorised"


class Draining(PodError):
    status = 503
    code = "draining"


class ChatbotUnavailable(PodError):
    status = 503
    code = "chatbot_unavailable"


class BadRequest(PodError):
    status = 422
    code = "bad_request"


class CallRefused(PodError):
    status = 422
    code = "call_refused"


class AgentError(PodError):
    """An agent's process did not do what it was told."""


class AgentEnded(AgentError):
    """The process is gone."""


class AgentLate(AgentError):
    """No answer within the budget."""


class IllegalTransition(PodError):
    """The table of states does not hold this pair."""


class HandOffFailed(PodError):
    """A hand-off was not written, or came back different."""


class Superseded(PodError):
    """Another process runs under this pod's name, with a higher phase epoch: this one must end."""
