"""What a decision tells of its policy: one that could not decide holds its desk in REDUCING, until
it decides again.
"""

from ai_pod.contracts.signals import Decision, Fault
from backend.trading import condition_rows, conditions, settling
from backend.trading.conditions import Claim
from backend.trading.desk_states import Cause, Standing
from backend.trading.ledger import Ledger
from market.clock import Clock

SOURCE = "trading_agent"
CAUSES: dict[Fault, Cause] = {
    Fault.REFUSED: Cause.POLICY_EXPIRED,
    Fault.MISFIT: Cause.POLICY_FAULTED,
    Fault.RAISED: Cause.POLICY_FAULTED,
    Fault.OVERDUE: Cause.POLICY_FAULTED,
}


async def note(ledger: Ledger, clock: Clock, decision: Decision, standing: Standing) -> Standing:
    """Begin or end the desk's condition, in the ledger's transaction; what holds the desk then."""
    wanted = CAUSES.get(decision.fault) if decision.fault else None
    known = {cause for cause in set(CAUSES.values()) if cause in standing.causes}
    if wanted is None and not known:
        return standing
    session, scope = ledger.session, conditions.desk_scope(decision.desk)
    for cause in known - {wanted}:
        await conditions.ended(session, clock, Claim(scope, cause, SOURCE))
    if wanted is not None:
        context = {
            "fault": str(decision.fault),
            "policy": decision.policy_version,
            "detail": decision.fault_detail,
        }
        await conditions.begun(session, clock, Claim(scope, wanted, SOURCE, context))
    now = await condition_rows.standing(session, ledger.desk)
    settling.move(ledger, now, clock.now())
    return now
