"""`python -m ai_pod.drain`: empty this machine's pod before it is told to end: Kubernetes' preStop.

It returns when the pod's desks sit elsewhere and nobody is answered any more, when the pod has
ended, or at the deadline.
"""

import argparse
import sys
import time
from collections.abc import Generator

import httpx

from ai_pod.contracts import tokens
from ai_pod.settings import PodSettings

POLL_SECONDS = 0.5
ANSWER_SECONDS = 3.0


class Signed(httpx.Auth):
    """A token a request: they live for a minute, a drain for longer."""

    def __init__(self, secret: tokens.Key) -> None:
        self._secret = secret

    def auth_flow(self, request: httpx.Request) -> Generator[httpx.Request, httpx.Response, None]:
        token = tokens.issue(self._secret, issuer="preStop", audience="ai-pod")
        request.headers["Authorization"] = f"Bearer {token}"
        yield request


def drain(http: httpx.Client, seconds: float) -> bool:
    """Order the pod behind `http` to leave, and wait so long; whether it is empty by then."""
    until = time.monotonic() + seconds
    told = False
    while time.monotonic() < until:
        try:
            if not told:
                http.post("/v1/drain", params={"deadline_s": seconds}).raise_for_status()
                told = True
            status = http.get("/v1/status").raise_for_status().json()
            if not status["pod"]["desks"] and not status["answers"]:
                return True
        except httpx.ConnectError:
            return True  # it has ended
        except httpx.HTTPError as error:
            sys.stderr.write(f"the pod is asked again: {error!r}\n")
        time.sleep(POLL_SECONDS)
    return False


def main() -> None:
    parser = argparse.ArgumentParser(description="Empty the pod on this machine.")
    parser.add_argument("--seconds", type=float, default=60.0, help="wait at most so long")
    seconds = parser.parse_args().seconds
    settings = PodSettings()
    http = httpx.Client(
        base_url=f"http://127.0.0.1:{settings.port}",
        auth=Signed(settings.key),
        timeout=ANSWER_SECONDS,
    )
    with http:
        empty = drain(http, seconds)
    sys.exit(0 if empty else 1)


if __name__ == "__main__":
    main()
