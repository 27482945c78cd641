"""The back end's own Redis keys, spelled here only."""


def presence(desk: str) -> str:
    """Set while somebody is connected to the desk; a short life, renewed by the live socket."""
    return f"backend:presence:{desk}"


def ticket(digest: str) -> str:
    """A one-time ticket for the live socket, by its sha256; 30 s life."""
    return f"backend:ticket:{digest}"


def throttle(what: str, who: str) -> str:
    """Counter of sign-in attempts by `what` (`login`, `address`, `pair`)."""
    return f"backend:throttle:{what}:{who}"


def run_alive(run: str) -> str:
    """Set while a back end works on the chat run; whoever finds it gone ends the run."""
    return f"backend:run:{run}"
