"""All tables, so that the metadata is complete wherever one is used."""

from backend.models.audit_row import AuditRow
from backend.models.base import PLATFORM, SCHEMA, Base, Owned, new_id
from backend.models.desk import Desk
from backend.models.idempotency import IdempotentAnswer
from backend.models.instruction_label import InstructionLabel
from backend.models.instruction_version import InstructionVersion
from backend.models.loop_lease import LoopLease
from backend.models.message import Message
from backend.models.organisation import Organisation
from backend.models.pod import Pod
from backend.models.pool import Pool
from backend.models.refresh_token import RefreshToken
from backend.models.run import Run, RunState
from backend.models.seat import Seat, lease_epochs
from backend.models.seat_history import SeatHistory
from backend.models.thread import Thread
from backend.models.user import Role, User

__all__ = [
    "PLATFORM",
    "SCHEMA",
    "AuditRow",
    "Base",
    "Desk",
    "IdempotentAnswer",
    "InstructionLabel",
    "InstructionVersion",
    "LoopLease",
    "Message",
    "Organisation",
    "Owned",
    "Pod",
    "Pool",
    "RefreshToken",
    "Role",
    "Run",
    "RunState",
    "Seat",
    "SeatHistory",
    "Thread",
    "User",
    "lease_epochs",
    "new_id",
]
