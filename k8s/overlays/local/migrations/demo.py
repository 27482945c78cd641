"""Fills the local cluster with the demo's prices and people; what is there already stays."""

import asyncio
import os
from datetime import date

from backend.desks.demo import provision_demo
from market.prepare import prepare_demo
from market.words import Interval

FIRST_DAY, LAST_DAY = date(2011, 1, 3), date(2013, 3, 1)


def main() -> None:
    prepare_demo(os.environ["SHIFTDESK_HISTORY"], FIRST_DAY, LAST_DAY)
    password = os.environ["DEMO_PASSWORD"]
    asyncio.run(provision_demo(os.environ["SHIFTDESK_DATABASE_URL"], password, Interval.QUARTER))


if __name__ == "__main__":
    main()
