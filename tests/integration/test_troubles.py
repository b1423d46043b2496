"""The promises hold whatever fails, comes twice, comes late or not at all (tests/support/troubles): the same
hundred and some stories each time. tests/acceptance/test_troubles_at_length.py tells thousands of others."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings

from tests.support.troubles import faults, promises
from tests.support.troubles.faults import Trouble
from tests.support.troubles.mishaps import Fault, Habit, Outage
from tests.support.troubles.steps import Answer, Chat, Form, Machine, Mail, Officer, Pass, Report
from tests.support.troubles.stories import Story, check, lived, shortened, stories


@settings(max_examples=100, deadline=None, derandomize=True, database=None, suppress_health_check=list(HealthCheck))
@given(stories(10))
def test_the_promises_hold_in_any_trouble(story: Story) -> None:
    check(story)


#: What chance tells seldom.
KNOWN = {
    "a letter that was sent by a function that died is sent once more by one of two who take it over": (
        Fault("deliver", 3, faults.KILLED_AFTER),
        Habit("stream", "twice"),
        Outage("post", faults.SLOW, 10),
        Mail("siti"),
    ),
    "two sweeps at once let out the same letters": (
        Mail("siti"),
        Mail("budi"),
        Pass(1_700),
        Habit("sweep", "twice"),
        Fault("escalate", 12, faults.SLOW),
        Pass(300),
    ),
    "two first mails of one person are read at once": (Fault("intake", 5, faults.SLOW), Mail("siti"), Mail("siti")),
    "two first messages of one chat are read at once": (
        Fault("intake", 5, faults.SLOW),
        Chat("siti", "telegram"),
        Chat("siti", "telegram"),
    ),
    "a photo's notice is lost with the answer that told of it": (
        Fault("intake", 7, faults.KILLED_AFTER),
        Chat("siti", "telegram", photo=True),
    ),
    "an officer and the sweep are at one case at once": (
        Mail("siti"),
        Pass(1_780),
        Fault("escalate", 5, faults.SLOW),
        Pass(20),
        Officer("verify"),
        Officer("answer"),
    ),
    "one machine's clock is ahead of the next one's": (
        Habit("clock", 100, 1),
        Mail("siti"),
        Answer("siti"),
        Officer("verify"),
        Report("Bounce"),
    ),
    "the stream gives everything up for half an hour": (
        Habit("stream", "skipped"),
        Mail("siti"),
        Chat("budi", "whatsapp", beside="siti"),
        Form("siti"),
    ),
    "the table is throttled in the middle of a sweep, and no other comes": (
        *(Chat(who, "telegram") for who in ("siti", "budi", "rina")),
        Pass(1_750),
        Fault("escalate", 6, faults.REFUSED),
        Outage("table", faults.BUSY, 1),
        Habit("sweep", "missed"),
        Pass(300),
    ),
    "all notices are lost, and the count finds them": (
        Mail("siti", "lost"),
        Chat("budi", "whatsapp", "lost", photo=True, beside="siti"),
        Form("siti", "lost"),
        Report("Bounce", 0, "lost"),
    ),
    "nothing answers for ten minutes": (
        Mail("siti"),
        Chat("siti", "telegram"),
        Officer("verify"),
        Outage("all", faults.REFUSED, 10),
        Mail("budi", "two notices"),
        Answer("siti"),
        Officer("answer"),
        Form("budi"),
        Machine("returned"),
    ),
    "a notice goes to the dead letters and comes back": (
        Habit("visibility", 5),
        Outage("bucket", faults.KILLED, 1),
        Mail("siti"),
        Chat("siti", "whatsapp", photo=True),
    ),
}


@pytest.mark.parametrize("name", KNOWN)
def test_a_known_story(name: str) -> None:
    check(Story(KNOWN[name], days=0))


_PORTS = ("table", "bucket", "files", "vault", "policies", "post", "queue", "telegram", "whatsapp", "platform")


@pytest.mark.parametrize(
    ("port", "kind"), [*((port, faults.REFUSED) for port in _PORTS), *(("table", kind) for kind in faults.KINDS)]
)
def test_each_fault_comes_about_at_each_port(port: str, kind: str) -> None:
    """What a story says goes wrong does go wrong: else it proves nothing."""
    work = (Mail("siti"), Chat("budi", "telegram"), Chat("budi", "whatsapp", photo=True))
    village = lived(Story((Outage(port, kind, 1), *work), days=0))
    assert any(f"{port}." in line and line.endswith(kind) for line in village.happened)


def test_a_broken_promise_is_told_and_its_story_made_short() -> None:
    """A letter that is sent twice by somebody else's hand, at the end of a long story."""

    def fails(story: Story) -> bool:
        village = lived(story)
        village.post.sent += [one for one in village.post.sent if one.to_address == "budi@warga.example"]
        return any("left 2 times" in said for said in promises.broken(village))

    long = Story(
        (Mail("siti"), Chat("siti", "telegram"), Form("siti"), Mail("budi"), Pass(300), Machine("robot")),
        (Trouble(3, faults.REFUSED), Trouble(5, faults.SLOW)),
        days=0,
    )
    assert fails(long)
    assert shortened(long, fails) == Story((Mail("budi"),), days=0)
