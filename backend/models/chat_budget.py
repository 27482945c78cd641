"""What language models may cost an organisation, each of its users, or one of them."""

from decimal import Decimal

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Numeric
from sqlalchemy.orm import Mapped, mapped_column

from backend.models.base import SCHEMA, Base, Instant


class ChatBudget(Base):
    """`subject` is `organisation`, `everyone` (each user without a budget of its own) or a user's
    id. Null is no limit; days and months are in UTC and real time.
    """

    __tablename__ = "chat_budget"
    __table_args__ = (
        CheckConstraint("least(day_tokens, month_tokens) >= 0", name="tokens"),
        CheckConstraint("least(day_usd, month_usd) >= 0", name="usd"),
    )

    organisation_id: Mapped[str] = mapped_column(
        ForeignKey(f"{SCHEMA}.organisation.id"), primary_key=True
    )
    subject: Mapped[str] = mapped_column(primary_key=True)
    day_tokens: Mapped[int | None] = mapped_column(BigInteger)
    month_tokens: Mapped[int | None] = mapped_column(BigInteger)
    day_usd: Mapped[Decimal | None] = mapped_column(Numeric(20, 6))
    month_usd: Mapped[Decimal | None] = mapped_column(Numeric(20, 6))
    set_by: Mapped[str]
    set_at: Mapped[Instant]
