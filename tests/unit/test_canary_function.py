"""When the canary's function writes, judges, fails, and goes on failing."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from io import BytesIO
from itertools import pairwise
from types import SimpleNamespace
from typing import Any

import pytest
from urllib3 import HTTPResponse, Retry

from tanggap.adapters import canary as adapter
from tanggap.application.canary import Missed, Sung, Unanswered, Unreached
from tanggap.domain import canary
from tanggap.domain.canary import Fault, Round, Way, Written
from tanggap.entrypoints import observe
from tests.support.canary import Aviary
from tests.support.lambdas import function, lines
from tests.support.portal import Context
from tests.support.world import World

AT = datetime(2026, 11, 23, 4, tzinfo=UTC)
EVERY, TICK = timedelta(hours=3), timedelta(minutes=5)


def tick(aviary: Aviary, minutes: float = 5, answered: bool = True) -> Sung:
    aviary.world.later(minutes=minutes)
    sung = aviary.canary(EVERY)
    if answered:
        aviary.settle()
    return sung


def test_a_round_is_judged_by_the_first_call_after_five_minutes_and_once() -> None:
    aviary = Aviary(World())
    assert len(tick(aviary).written) == 2
    assert tick(aviary, 4) == Sung(), "it is on its way"
    judged = tick(aviary, 2)
    assert len(judged.judged) == 2
    assert not judged.written
    assert not judged.missed
    assert tick(aviary) == Sung()
    sung = [tick(aviary) for _ in range(36)]
    assert sum(bool(one.written) for one in sung) == 1, "the next after three hours"


def test_one_that_was_not_answered_is_followed_at_once_and_an_answer_ends_it() -> None:
    aviary = Aviary(World())
    tick(aviary, answered=False)
    second = tick(aviary, 6)
    assert {one.fault for one in second.missed} == {Fault.NOT_FILED}
    assert len(second.written) == 2
    third = tick(aviary, 6)
    assert not third.missed
    assert third.still == 0
    assert tick(aviary) == Sung()


def test_while_nobody_answers_it_goes_on_saying_so_and_writes_each_hour() -> None:
    aviary = Aviary(World())
    sung = [tick(aviary, answered=False) for _ in range(60)]
    assert not sung[0].missed
    assert all(one.missed or one.still for one in sung[2:])
    assert 4 <= sum(bool(one.written) for one in sung) <= 8


def test_a_mail_that_could_not_be_written_is_written_again_at_once_and_then_each_hour() -> None:
    aviary = Aviary(World())
    aviary.ses.down = True
    sung = [tick(aviary, answered=False) for _ in range(40)]
    tried = [n for n, one in enumerate(sung) if any(missed.fault is Fault.NOT_WRITTEN for missed in one.missed)]
    assert tried[:2] in ([0, 1], [0, 2])
    assert all(later - earlier >= 11 for earlier, later in pairwise(tried[1:]))


def test_a_round_that_a_run_left_unwritten_is_not_waited_for_until_the_next() -> None:
    aviary = Aviary(World())

    def ends(sender: str, subject: str, text: str) -> None:
        raise RuntimeError("out of time")

    write, aviary.canary.mail.write = aviary.canary.mail.write, ends  # type: ignore[method-assign]
    aviary.world.later(minutes=5)
    with pytest.raises(RuntimeError):
        aviary.canary(EVERY)
    aviary.canary.mail.write = write  # type: ignore[method-assign]
    assert tick(aviary, 2) == Sung()
    assert len(tick(aviary, 4).written) == 2


@pytest.mark.parametrize(
    ("failing", "pause"), [(0, EVERY), (1, timedelta()), (2, canary.WHILE_FAILING), (9, canary.WHILE_FAILING)]
)
def test_the_pause_before_the_next(failing: int, pause: timedelta) -> None:
    last = Round(AT, (Written(Way.MAIL, AT, "TGP-1"),), True, failing)
    assert canary.to_write(last, AT + pause, EVERY)
    assert not pause or not canary.to_write(last, AT + pause - timedelta(minutes=2), EVERY)
    assert canary.to_write(last, AT + timedelta(minutes=6), timedelta()), "by hand always"


@pytest.fixture
def called(monkeypatch: pytest.MonkeyPatch) -> Callable[..., Any]:
    """The handler itself, with an aviary in the place of what is composed for it."""
    monkeypatch.setattr(observe.metrics, "namespace", "Tanggap")
    module = function("canary")

    def call(sung: Sung, event: dict[str, Any]) -> tuple[timedelta, list[str], Any]:
        asked: list[timedelta] = []

        def canary_(every: timedelta) -> Sung:
            asked.append(every)
            return sung

        parts = SimpleNamespace(settings=SimpleNamespace(canary_minutes="180"), canary=canary_)
        module.services = lambda kind: parts  # type: ignore[attr-defined]
        with lines() as told:
            try:
                answer = module.handler(event, Context())
            except Unanswered as error:
                answer = error
        return asked[0], [one["code"] for one in told], answer

    return call


SCHEDULED = {"source": "aws.events"}
WRITTEN = Written(Way.MAIL, AT, "TGP-1")


def test_the_function_fails_where_a_round_was_not_answered_and_says_which_way(called: Callable[..., Any]) -> None:
    every, codes, answer = called(Sung((WRITTEN,), (), (Missed(Way.MAIL, Fault.LATE, "TGP-1"),)), SCHEDULED)
    assert every == EVERY
    assert codes == ["canary_missed"]
    assert isinstance(answer, Unanswered)
    assert str(answer) == "mail late"


def test_it_goes_on_failing_until_a_round_is_answered(called: Callable[..., Any]) -> None:
    assert isinstance(called(Sung(still=3), SCHEDULED)[2], Unanswered)
    assert called(Sung((WRITTEN,)), SCHEDULED)[1:] == (["canary_answered"], {"judged": 1, "written": 0})


def test_a_run_with_nothing_to_do_says_nothing_and_one_by_hand_says_why(called: Callable[..., Any]) -> None:
    assert called(Sung(), SCHEDULED)[1] == []
    every, codes, _ = called(Sung(), {"source": "operator"})
    assert every == timedelta()
    assert codes == ["canary_too_soon"]


def test_a_form_that_does_not_answer_is_asked_twice_more() -> None:
    assert adapter.AGAIN == 2
    answers = [HTTPResponse(status=503, body=BytesIO()), HTTPResponse(status=429, body=BytesIO())]
    answers.append(HTTPResponse(status=201, body=BytesIO(b'{"number": "TGP-1"}'), preload_content=False))
    asked: list[int] = []

    class Pool:
        def request(self, method: str, url: str, *, retries: Retry, **more: Any) -> HTTPResponse:
            while True:
                answer = answers.pop(0)
                asked.append(answer.status)
                if not retries.is_retry(method, answer.status):
                    return answer
                retries = retries.increment(method, url, response=answer)

    assert adapter.ByWebForm("https://x", lambda: Pool()).report({}) == "TGP-1"  # type: ignore[arg-type, return-value]
    assert asked == [503, 429, 201]


def test_who_answers_in_the_forms_place_has_no_say_in_how_long_it_takes_or_how_much_is_read() -> None:
    busy = HTTPResponse(status=429, headers={"Retry-After": "20000"}, body=BytesIO())
    endless = BytesIO(b" " * 10_000_000)
    pauses: list[float] = []

    class Pool:
        def request(self, method: str, url: str, *, retries: Retry, **how: Any) -> HTTPResponse:
            assert not retries.respect_retry_after_header
            while retries.total:
                retries = retries.increment(method, url, response=busy)
                pauses.append(retries.get_backoff_time())
            return HTTPResponse(status=201, body=endless, preload_content=how.get("preload_content", True))

    with pytest.raises(Unreached):
        adapter.ByWebForm("https://x", lambda: Pool()).report({})  # type: ignore[arg-type, return-value]
    assert pauses == [0, 2]
    assert endless.closed or endless.tell() <= 2 * adapter.ANSWER_BYTES
