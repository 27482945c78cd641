"""The AI pod: an orchestrator that gives one pod to the trading and the learning agent by the plan,
and chat at any hour.
"""

import market as _market  # noqa: F401  # before redis, see there
