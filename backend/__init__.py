"""The back end: people, desks, seats, orders and the live socket; the only service that the outside
talks to.
"""

import market as _market  # noqa: F401  # before redis, see there
