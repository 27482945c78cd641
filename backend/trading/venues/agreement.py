"""What a desk's state owes to reconciliation: the one place where the two meet."""

from collections.abc import Sequence

from backend.state import State
from backend.trading import conditions
from backend.trading.desk_states import Cause
from backend.trading.venues.differences import Difference


async def tell(state: State, venue: str, desks: Sequence[str], left: Sequence[Difference]) -> None:
    """The desks of a venue whose books differ only reduce, until they agree."""
    found = {}
    if left:
        context = {one.subject: f"{one.ours} here, {one.theirs} there" for one in left[:5]}
        found = {conditions.desk_scope(desk): context for desk in desks}
    await conditions.keep(state, Cause.RECONCILIATION_FAILED, f"venue:{venue}", found)
