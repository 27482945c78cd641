"""What the plan says now, in a sentence."""

from typing import Any

from shiftdesk.output import minute


def now_and_next(plan: dict[str, Any], now: str) -> dict[str, Any]:
    """The API's plan of a pool at `now`: the pool, a sentence, and the segment if there is one."""
    held = next((s for s in plan["segments"] if s["starts"] <= now < s["ends"]), None)
    if held is None:
        return {"pool": plan["pool"], "sentence": f"{plan['pool']}: outside of the plan"}
    sentence = (
        f"{plan['pool']}: {held['phase']} until {minute(held['ends'])} UTC ({held['reason']})"
    )
    return {"pool": plan["pool"], "sentence": sentence, "segment": held}
