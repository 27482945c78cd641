"""`python -m ai_pod`: run one pod until it is told to stop, or has been drained."""

import asyncio
import sys

from pydantic import ValidationError

from ai_pod.api.doors import Parts
from ai_pod.app import create_app
from ai_pod.settings import PodSettings
from market import serving
from market.observing import observe

MARGIN_SECONDS = 15.0
"""Beside the wait for the desks: quiescing, and the end of the agents."""


async def main(settings: PodSettings) -> None:
    listener = serving.listen(settings.host, settings.port)
    app = create_app(settings, serving.address(listener))
    parts: Parts = app.state.parts
    async with asyncio.TaskGroup() as tasks:
        work = tasks.create_task(parts.orchestrator.run(), name="orchestrator")
        await serving.serve(
            app,
            listener,
            serving.Ending(
                settings.linger_seconds,
                parts.leaving.leave,
                settings.leave_seconds + MARGIN_SECONDS,
            ),
        )
        work.cancel()


if __name__ == "__main__":
    try:
        configured = PodSettings()
    except ValidationError as error:
        sys.exit(f"the pod cannot start: {error}")
    observe("ai_pod", pod=configured.pod)
    asyncio.run(main(configured))
