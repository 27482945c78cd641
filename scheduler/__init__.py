"""The scheduler: calendars, patches and overrides → plan, days ahead. It never drives a pod; pods
follow their copy.
"""

import market as _market  # noqa: F401  # before redis, see there
