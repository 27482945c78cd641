"""The back end's own Redis keys, spelled here only."""


def presence(desk: str) -> str:
    """Set while somebody is connected to the desk; a short life, renewed by the live socket."""
    return f"backend:presence:{desk}"


def ticket(digest: str) -> str:
    """A one-time ticket for the live socket, by its sha256; 30 s life."""
    return f"backend:ticket:{digest}"


def throttle(what: str, who: str) -> str:
    """Counter by `what`: of sign-in attempts (`login`, `address`, `pair`), or of requests with an
    API key (`key-SCOPE`).
    """
    return f"backend:throttle:{what}:{who}"


def stopped_runs() -> str:
    """Pub/sub channel: the id of a chat run that was ended by somebody who does not work on it."""
    return "backend:runs:stopped"
