"""What an account at a venue holds beside the desks' books: money and positions of nobody here."""

from sqlalchemy.orm import Mapped, mapped_column

from backend.models.base import Base, Instant, Owned, Quantity

CASH = "cash"


class VenueHolding(Base, Owned):
    """`subject` is an instrument, or `cash`. The desks' books and this together are the account.

    The platform's own row; `claimed_at` is wall time.
    """

    __tablename__ = "venue_holding"

    venue: Mapped[str] = mapped_column(primary_key=True)
    subject: Mapped[str] = mapped_column(primary_key=True)
    quantity: Mapped[Quantity]
    claimed_at: Mapped[Instant]
