"""An order before it is one: the risk check's answer, and what it would do to the desk. Pure."""

from decimal import Context, Decimal

from backend.trading.denials import sentence
from backend.trading.money import tidy_quantity
from backend.trading.risk import ZERO, Limits, OrderRequest, RiskBook, check
from backend.trading.schemas import FigureName, OrderPreview, RiskFigure
from backend.trading.terms import Standing

SHARE = Decimal("0.0001")
CENT = Decimal("0.01")
WIDE = Context(prec=60)
"""For the largest quantity at the largest price, of the smallest equity."""


def previewed(
    request: OrderRequest, book: RiskBook, limits: Limits, stands: Standing
) -> OrderPreview:
    """By the same check and the same book as the order itself."""
    denial = check(request, book, limits)
    price = request.price or request.terms.stop_price or book.prices.get(request.instrument)
    return OrderPreview(
        allowed=denial is None,
        reason=None if denial is None else denial.reason,
        detail="" if denial is None else sentence(denial.reason, denial.context),
        price=price,
        value=None if price is None else _rounded(request.quantity * price, CENT),
        equity=_rounded(book.equity, CENT),
        held=tidy_quantity(book.of(request.instrument).held),
        figures=[] if price is None else _figures(request, book, limits),
        expires_at=stands.expires_at,
    )


def _figures(request: OrderRequest, book: RiskBook, limits: Limits) -> list[RiskFigure]:
    """Of the limits that an order's size meets, before it and with it; shares of equity."""
    after = book.after(request)
    name = request.instrument
    found: dict[FigureName, tuple[Decimal | None, Decimal | None]] = {
        "position_weight": (_share(book.value(name), book), _share(after.value(name), book)),
        "gross_exposure": (_share(book.gross(), book), _share(after.gross(), book)),
        "concentration": (_finite(book.concentration()), _finite(after.concentration())),
    }
    return [
        RiskFigure(name=one, before=before, after=then, limit=getattr(limits, f"max_{one}"))
        for one, (before, then) in found.items()
    ]


def _share(value: Decimal, book: RiskBook) -> Decimal | None:
    return _rounded(value / book.equity, SHARE) if book.equity > ZERO else None


def _finite(value: Decimal) -> Decimal | None:
    return _rounded(value, SHARE) if value.is_finite() else None


def _rounded(value: Decimal, step: Decimal) -> Decimal:
    return value.quantize(step, context=WIDE)
