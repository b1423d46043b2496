"""The causes that tests/unit/watch/test_recorded_alarms.py has no time for, a village's months, and the officers' API
on a table that refuses."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest

from infra.build.template import ROOT
from infra.watch.evaluate import ALARM, Point, Recording, turns
from infra.watch.tried import LIVE, TRIED, Series, Tried
from tanggap.domain.words import Status
from tanggap.entrypoints.observe import METRICS
from tests.support.causes import (
    ALARMS,
    IDLE,
    MAIL,
    MONTH,
    PASSES,
    PLAYED,
    PORTAL,
    VILLAGE,
    Do,
    form,
    heard,
    played,
    rings,
)
from tests.support.portal import Portal, running_portal
from tests.support.recording import API, BEGIN, DAY, HOUR, MINUTE, NAMESPACE, Recorded, recording
from tests.support.world import COORDINATOR, aws

pytestmark = pytest.mark.acceptance

RECORDED = [one for one in TRIED if one.series is Series.RECORDED and one.cause != PORTAL]


@pytest.mark.parametrize("one", RECORDED, ids=lambda one: f"{one.alarm}: {one.cause}")
def test_a_cause_rings_its_alarm_when_the_page_says_so_and_no_other_without_a_reason(one: Tried) -> None:
    rings(one)


@pytest.mark.parametrize("what", PASSES)
def test_what_passes_by_itself_rings_nobody(what: str) -> None:
    assert heard(PASSES[what]) == {}


def answered(desk: Recorded, place: int) -> None:
    """The village's secretary takes a case up, and answers it."""
    number = desk.numbers()[place]
    desk.act(lambda office: office.verify(COORDINATOR, number, "accept", ""))
    desk.act(lambda office: office.reply(COORDINATOR, number, "Sudah kami perbaiki, terima kasih.", (), True))


def month(desk: Recorded) -> None:
    for place in range(10):
        came = desk.begin + timedelta(days=3 * place, hours=2 + place)
        what: Do = form if place % 3 == 2 else MAIL
        desk.schedule(came, lambda what=what: what(desk))  # type: ignore[misc]
        desk.schedule(came + timedelta(hours=30 + place), lambda place=place: answered(desk, place))  # type: ignore[misc]


def nothing(desk: Recorded) -> None:
    pass


@pytest.mark.parametrize(("story", "came"), [(nothing, 0), (month, 10)], ids=[IDLE, MONTH])
def test_a_village_rings_no_alarm_in_a_month(story: Do, came: int) -> None:
    """Each minute's sweep of it is run: 44,640."""
    with recording():
        desk = Recorded(dict(VILLAGE))
        story(desk)
        desk.until(BEGIN + 31 * DAY)
    runs = [one for one in desk.points if one.name == "Invocations"]
    assert sum(dict(one.dimensions)["FunctionName"] == "EscalateFunction" for one in runs) == 31 * 24 * 60
    cases = [desk.cases.cases[number] for number in desk.numbers()]
    assert len(cases) == came
    assert {case.status for case in cases} <= {Status.ANSWERED, Status.CLOSED}
    recorded = Recording(desk.points)
    rang = [one for alarm in ALARMS.values() for one in turns(alarm, recorded, BEGIN + DAY, desk.now)]
    assert rang == []


@pytest.fixture
def portal() -> Iterator[Portal]:
    with running_portal() as found:
        yield found


def test_a_table_that_refuses_the_officers_rings_as_the_page_says(portal: Portal) -> None:
    assert portal.get(COORDINATOR, "/v1/cases").status == 200
    aws("dynamodb").delete_table(TableName=portal.environment["CASES_TABLE"])
    began = BEGIN + DAY
    answers = [portal.get(COORDINATOR, "/v1/cases").status for _ in range(3)]
    assert set(answers) == {503}
    points = [Point("AWS/ApiGateway", "5XXError", API, began + n * MINUTE, 1.0) for n in range(len(answers))]
    (one,) = [one for one in TRIED if one.cause == PORTAL]
    first = turns(ALARMS[one.alarm], Recording(points), BEGIN, began + HOUR)[0]
    assert (first.at, first.state) == (began + one.after * MINUTE, ALARM)


def test_what_the_handlers_print_are_our_metrics_with_their_units_under_the_stacks_name() -> None:
    printed: set[tuple[str, str, str]] = set()
    with recording():
        for cause in (
            "SES throttles for twelve minutes",
            "somebody starts the sweep with no time",
            "the outbox's mapping is off",
        ):
            printed |= set(played(PLAYED[cause]).printed)
        printed |= set(played(PASSES["a hundred forged webhooks"]).printed)
    assert printed == {(NAMESPACE, name, unit) for name, unit in METRICS.items()}


def test_those_that_rang_on_the_embedded_aws_are_named_where_they_did() -> None:
    walked = (ROOT / "infra" / "runbooks" / "WALKED.md").read_text()
    live = (ROOT / "tests" / "acceptance" / "test_alarms_live.py").read_text()
    for name, said in LIVE.items():
        page = ALARMS[name].description.rpartition("/")[2]
        row = next((line for line in walked.splitlines() if f"]({page})" in line), "")
        assert ("WALKED.md" in said) == ("alarm" in row), name
        assert ("test_alarms_live.py" in said) == (f'rings(system, "{name}"' in live), name
