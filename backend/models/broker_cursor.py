"""How far a broker has read the bars: where it goes on after an end of any kind."""

from sqlalchemy.orm import Mapped, mapped_column

from backend.models.base import Base, Instant, Owned


class BrokerCursor(Base, Owned):
    """`entry` is the last stream entry whose fills are committed. The platform's own row."""

    __tablename__ = "broker_cursor"

    name: Mapped[str] = mapped_column(primary_key=True)
    entry: Mapped[str]
    bar_end: Mapped[Instant]
