"""Fills the local cluster with the demo's prices and people; what is there already stays."""

import asyncio
import os
from datetime import date

from backend.desks.demo import provision_demo
from backend.settings import Settings
from market.prepare import prepare_demo
from market.words import Interval

FIRST_DAY, LAST_DAY = date(2011, 1, 3), date(2013, 3, 1)


def main() -> None:
    settings = Settings()
    prepare_demo(settings.history, FIRST_DAY, LAST_DAY)
    people = provision_demo(settings.database.text, os.environ["DEMO_PASSWORD"], Interval.QUARTER)
    asyncio.run(people)


if __name__ == "__main__":
    main()
