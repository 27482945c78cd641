"""All tables, so that the metadata is complete wherever one is used."""

from backend.models.api_key import ApiKey, KeyScope
from backend.models.audit_row import AuditRow
from backend.models.base import PLATFORM, SCHEMA, Base, Owned, first_id, made_at, new_id
from backend.models.broker_cursor import BrokerCursor
from backend.models.chat_budget import ChatBudget
from backend.models.condition import Condition
from backend.models.decision import Decision
from backend.models.desk import Desk, RiskState
from backend.models.desk_usage import DeskUsage
from backend.models.equity_point import EquityPoint
from backend.models.fill import Fill
from backend.models.idempotency import IdempotentAnswer
from backend.models.instruction_label import InstructionLabel
from backend.models.instruction_move import InstructionMove, MoveKind
from backend.models.instruction_serving import InstructionServing
from backend.models.instruction_version import InstructionVersion
from backend.models.intent import Intent, IntentState
from backend.models.loop_lease import LoopLease
from backend.models.message import Message
from backend.models.message_feedback import MessageFeedback
from backend.models.model_request import ModelRequest
from backend.models.note import Note, note_revisions
from backend.models.order import Order
from backend.models.organisation import Organisation
from backend.models.pod import Pod
from backend.models.policy import Policy
from backend.models.policy_line import PolicyLine
from backend.models.pool import Pool
from backend.models.position import Position
from backend.models.refresh_token import RefreshToken
from backend.models.run import Run, RunState
from backend.models.saved_question import SavedQuestion
from backend.models.seat import Seat, lease_epochs
from backend.models.seat_history import SeatHistory
from backend.models.shadow_report import ShadowReport
from backend.models.signal import Signal
from backend.models.thread import Thread
from backend.models.trial import Trial
from backend.models.user import Role, User
from backend.models.venue_difference import VenueDifference
from backend.models.venue_holding import VenueHolding
from backend.models.verdict import Verdict

__all__ = [
    "PLATFORM",
    "SCHEMA",
    "ApiKey",
    "AuditRow",
    "Base",
    "BrokerCursor",
    "ChatBudget",
    "Condition",
    "Decision",
    "Desk",
    "DeskUsage",
    "EquityPoint",
    "Fill",
    "IdempotentAnswer",
    "InstructionLabel",
    "InstructionMove",
    "InstructionServing",
    "InstructionVersion",
    "Intent",
    "IntentState",
    "KeyScope",
    "LoopLease",
    "Message",
    "MessageFeedback",
    "ModelRequest",
    "MoveKind",
    "Note",
    "Order",
    "Organisation",
    "Owned",
    "Pod",
    "Policy",
    "PolicyLine",
    "Pool",
    "Position",
    "RefreshToken",
    "RiskState",
    "Role",
    "Run",
    "RunState",
    "SavedQuestion",
    "Seat",
    "SeatHistory",
    "ShadowReport",
    "Signal",
    "Thread",
    "Trial",
    "User",
    "VenueDifference",
    "VenueHolding",
    "Verdict",
    "first_id",
    "lease_epochs",
    "made_at",
    "new_id",
    "note_revisions",
]
