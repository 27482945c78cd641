"""A model that keeps failing is left alone, tried once, and forgiven."""

from ai_pod.agents.chatbot.routing.breaker import FAILURES, FIRST_SECONDS, LONGEST_SECONDS, Breaker


class Hand:
    """A clock that is moved by hand."""

    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


def opened(clock: Hand) -> Breaker:
    breaker = Breaker(clock)
    for _ in range(FAILURES):
        breaker.failed(breaker.begin())
    return breaker


def test_it_opens_after_failures_in_a_row_and_not_before() -> None:
    breaker = Breaker(Hand())
    for _ in range(5):
        for _ in range(FAILURES - 1):
            breaker.failed(breaker.begin())
        assert breaker.allows
        breaker.succeeded()
    assert breaker.opened == 0
    assert not opened(Hand()).allows


def test_after_a_while_one_request_is_tried_and_no_other_beside_it() -> None:
    clock = Hand()
    breaker = opened(clock)
    clock.now += FIRST_SECONDS - 0.001
    assert not breaker.allows
    clock.now += 0.001
    assert breaker.allows
    breaker.begin()
    assert not breaker.allows
    breaker.succeeded()
    assert breaker.allows
    assert breaker.opened == 1


def test_a_try_that_fails_opens_it_for_twice_as_long_up_to_a_bound() -> None:
    clock = Hand()
    breaker, seconds = opened(clock), FIRST_SECONDS
    for _ in range(8):
        clock.now += seconds
        assert breaker.allows
        breaker.failed(breaker.begin())
        seconds = min(2 * seconds, LONGEST_SECONDS)
        clock.now += seconds - 0.001
        assert not breaker.allows
        clock.now += 0.001
        assert breaker.allows
        clock.now -= seconds
    assert seconds == LONGEST_SECONDS


def test_a_try_that_is_called_off_leaves_room_for_the_next() -> None:
    clock = Hand()
    breaker = opened(clock)
    clock.now += FIRST_SECONDS
    breaker.left(breaker.begin())
    assert breaker.allows


def test_requests_that_were_on_their_way_when_it_opened_change_nothing() -> None:
    clock = Hand()
    breaker = Breaker(clock)
    for request in [breaker.begin() for _ in range(FAILURES + 20)]:
        breaker.failed(request)
    beside = breaker.begin()
    breaker.failed(beside)
    assert breaker.opened == 1
    clock.now += FIRST_SECONDS
    assert breaker.allows
    breaker.begin()
    breaker.left(beside)
    assert not breaker.allows


def test_a_try_that_is_never_heard_of_again_blocks_nobody_for_ever() -> None:
    clock = Hand()
    breaker = opened(clock)
    clock.now += FIRST_SECONDS
    breaker.begin()
    clock.now += FIRST_SECONDS
    assert breaker.allows
