"""Several models as one: the first that may be asked answers, the next one when it fails before its
first token; each request is reserved against the budgets before it is made.
"""

import time
from collections.abc import AsyncGenerator, Callable, Sequence
from contextlib import aclosing
from random import Random

import structlog
from langchain_core.messages import BaseMessage
from redis.asyncio import Redis
from redis.exceptions import RedisError

from ai_pod.agents.chatbot.model import (
    MAX_TOKENS,
    Ended,
    ModelFailed,
    ModelRefused,
    Wording,
    configured_model,
)
from ai_pod.agents.chatbot.model_names import name_of
from ai_pod.agents.chatbot.routing.bandit import choose
from ai_pod.agents.chatbot.routing.breaker import Breaker
from ai_pod.agents.chatbot.routing.canary import takes_part, worse
from ai_pod.agents.chatbot.routing.choices import Canary, Choices
from ai_pod.agents.chatbot.routing.prices import Prices
from ai_pod.contracts.budgets import (
    BudgetSpent,
    Cost,
    Purse,
    Reservation,
    Spender,
    Whose,
    nano,
)
from ai_pod.contracts.chat import ReplyRequest
from ai_pod.contracts.standings import Standings

REROUTED = "chat_models_rerouted_total"
OPENED = "chat_circuits_opened_total"
REFUSED = "chat_budget_refusals_total"
REFUSED_ALL = "chat_organisation_budget_refusals_total"
ROLLED_BACK = "chat_canaries_rolled_back_total"

Tell = Callable[[str, str], None]
"""Is told that another model takes over: its name, and why."""

logger = structlog.get_logger()


class OutOfBudget(ModelFailed):
    """No budget for this answer; the message is for the reader."""


class Routes:
    """The models of one process, and what is known of each."""

    def __init__(
        self,
        redis: Redis,
        models: Sequence[Wording],
        *,
        choices: Choices | None = None,
        chance: Random | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.models = {model.name: model for model in models}
        self.choices = choices or Choices(models=tuple(self.models))
        self.prices = Prices(self.choices.prices)
        self.purse = Purse(redis)
        self.standings = Standings(redis)
        self.breakers = {name: Breaker(clock) for name in self.models}
        self.clock = clock
        self._chance = chance or Random()
        self.counts = dict.fromkeys((REROUTED, REFUSED, REFUSED_ALL, ROLLED_BACK), 0)

    @classmethod
    def configured(cls, redis: Redis, choices: Choices) -> "Routes | None":
        """None when no model is configured."""
        models = {setting: configured_model(setting) for setting in choices.settings}
        found = {setting: model for setting, model in models.items() if model is not None}
        if not found:
            return None
        canary = choices.canary
        named = Choices(
            models=tuple(map(name_of, choices.models)),
            canary=canary and Canary(model=name_of(canary.model), share=canary.share),
            explore=choices.explore,
            prices=choices.prices,
        )
        return cls(redis, list(found.values()), choices=named)

    def totals(self) -> dict[str, int]:
        """What is counted, by the metric's name."""
        return {**self.counts, OPENED: sum(one.opened for one in self.breakers.values())}

    async def turn(self, request: ReplyRequest, tell: Tell) -> "RoutedTurn":
        """The models for one turn, the preferred first; those whose circuit is open are out."""
        order = [one for one in await self._order(request.user) if self.breakers[one].allows]
        return RoutedTurn(self, request, [self.models[name] for name in order], tell)

    async def _order(self, user: str) -> list[str]:
        """Without Redis, the setting's order."""
        models, canary = list(self.choices.models), self.choices.canary
        try:
            part = canary is not None and takes_part(user, canary.model, canary.share)
            if canary and part and not await self.standings.rolled_back(canary.model):
                return [canary.model, *models]
            if self.choices.explore > 0 and len(models) > 1:
                known = await self.standings.of(models)
                first = choose(models, known, self.choices.explore, self._chance)
                models.sort(key=lambda model: model != first)
        except (RedisError, OSError) as error:
            logger.warning("models_in_their_order", error=str(error))
        return models

    async def note(self, model: str, **counts: int) -> None:
        """Add to a model's standing, and judge the canary by it."""
        try:
            await self.standings.add(model, **counts)
            canary = self.choices.canary
            if canary is not None and canary.model == model:
                await self._judge(canary.model)
        except (RedisError, OSError) as error:
            logger.warning("model_standing_not_kept", model=model, error=str(error))

    async def _judge(self, canary: str) -> None:
        stable = self.choices.models[0]
        known = await self.standings.of([canary, stable])
        why = worse(known[canary], known[stable])
        if why and await self.standings.roll_back(canary, why):
            self.counts[ROLLED_BACK] += 1
            logger.error("canary_rolled_back", model=canary, why=why)


class RoutedTurn:
    """Has the face of a Model for one turn: `name` is who is asked next, `wrote` who has begun the
    last answer. Who has begun it goes on with the repair; one that fails is not asked again.
    """

    def __init__(
        self, routes: Routes, request: ReplyRequest, models: Sequence[Wording], tell: Tell
    ) -> None:
        self._routes = routes
        self._allowance = request.allowance
        self._spender = Spender(
            organisation=request.organisation,
            user=request.user,
            desk=request.desk,
            run=request.run,
        )
        self._left = list(models)
        self._tell = tell
        self._within = False
        self.wrote = ""
        self.broke_off = False
        """Whether the last request failed in the middle of its answer."""

    @property
    def name(self) -> str:
        return self._left[0].name if self._left else ""

    @property
    def left(self) -> bool:
        """Whether there is a model that has not failed in this turn."""
        return bool(self._left)

    async def judged(self, *, ungrounded: bool) -> None:
        """Tell how the last answer was, of whoever wrote it."""
        if ungrounded and self.wrote:
            await self._routes.note(self.wrote, ungrounded=1)

    async def stream(self, messages: Sequence[BaseMessage]) -> AsyncGenerator[str | Ended, None]:
        """Pieces of text, and their end. Raises ModelFailed: after the first piece when the model
        fails, before it when no other is left; OutOfBudget when none can be paid. A stream within
        another is the repair of what that one writes.
        """
        repairs, self._within = self._within, True
        try:
            async with aclosing(self._streamed(messages, repairs)) as pieces:
                async for piece in pieces:
                    yield piece
        finally:
            self._within = repairs

    async def _streamed(
        self, messages: Sequence[BaseMessage], repairs: bool
    ) -> AsyncGenerator[str | Ended, None]:
        self.broke_off = False
        while self._left:
            if self._left[1:] and self._rests():
                self._left.pop(0)
                continue
            begun, model = False, self._left[0]
            try:
                async with aclosing(self._asked(model, messages)) as pieces:
                    async for piece in pieces:
                        begun = True
                        self.wrote = self.wrote if repairs else model.name
                        yield piece
                return
            except ModelFailed as error:
                self._left = [one for one in self._left if one is not model]
                self.broke_off = begun
                if begun or not self._left:
                    raise
                self._routes.counts[REROUTED] += 1
                self._tell(self.name, str(error))
        raise ModelFailed("no model can be asked now: all have failed lately")

    def _rests(self) -> bool:
        """Whether the next model has begun to be left alone, or to be tried by another turn, since
        this one began. Who answers is asked for the repair as well.
        """
        return self.name != self.wrote and not self._routes.breakers[self.name].allows

    async def _asked(
        self, model: Wording, messages: Sequence[BaseMessage]
    ) -> AsyncGenerator[str | Ended, None]:
        """One request to one model, paid for whatever becomes of it."""
        reservation = await self._reserved(model.name, messages)
        request = _Request(self._routes, model.name, reservation)
        try:
            async with aclosing(model.stream(messages)) as pieces:
                async for piece in pieces:
                    request.take(piece)
                    yield piece
        except ModelFailed as error:
            request.failed(error)
            raise
        finally:
            await request.end()

    async def _reserved(self, model: str, messages: Sequence[BaseMessage]) -> Reservation:
        """Raises OutOfBudget; ModelFailed while the budgets cannot be asked."""
        bounds = self._routes.prices.bounds(model, messages, MAX_TOKENS)
        try:
            return await self._routes.purse.reserve(self._spender, self._allowance, model, bounds)
        except BudgetSpent as error:
            self._routes.counts[REFUSED] += 1
            if error.account.whose is Whose.ORGANISATION:
                self._routes.counts[REFUSED_ALL] += 1
            raise OutOfBudget(str(error)) from error
        except (RedisError, OSError) as error:
            raise ModelFailed("the budgets cannot be read, so no model is asked") from error


class _Request:
    """What becomes of one request: for the purse, the circuit and the model's standing."""

    def __init__(self, routes: Routes, model: str, reservation: Reservation) -> None:
        self._routes = routes
        self._model = model
        self._reservation = reservation
        self._cost = reservation.asked.cost
        self._breaker = routes.breakers[model]
        self._number = self._breaker.begin()
        self._started = routes.clock()
        self._first_ms: int | None = None
        self._ended = self._failed = False

    def take(self, piece: str | Ended) -> None:
        """Without a count of tokens, a request costs what was reserved."""
        if isinstance(piece, Ended):
            self._ended = True
            if piece.input_tokens or piece.output_tokens:
                self._cost = self._routes.prices.cost(
                    self._model, piece.input_tokens, piece.output_tokens
                )
        elif self._first_ms is None:
            self._first_ms = round(1000 * (self._routes.clock() - self._started))

    def failed(self, error: ModelFailed) -> None:
        """One that was refused outright has cost nothing."""
        self._failed = True
        if isinstance(error, ModelRefused) and self._first_ms is None:
            self._cost = Cost()

    async def end(self) -> None:
        """One that was called off is neither good nor bad."""
        counts = {"asked": 1}
        if self._failed:
            self._breaker.failed(self._number)
            counts["failed"] = 1
        elif self._ended:
            self._breaker.succeeded()
            counts |= {"answered": 1, "first_token_ms": self._first_ms or 0}
            counts["nano_usd"] = nano(self._cost.usd)
        else:
            self._breaker.left(self._number)
            counts = {}
        try:
            await self._routes.purse.settle(self._reservation, self._cost)
        except (RedisError, OSError) as error:
            logger.warning("request_not_settled", model=self._model, error=str(error))
        if counts:
            await self._routes.note(self._model, **counts)
