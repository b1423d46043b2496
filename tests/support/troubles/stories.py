"""Stories: what happens, and which calls fail. Drawn by hypothesis, which shortens one that breaks a promise, or by a
seed where a story is long; then `shortened` does."""

from __future__ import annotations

import itertools
import random
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

from hypothesis import strategies as st

from tests.support.troubles import faults, promises
from tests.support.troubles.cast import CITIZENS
from tests.support.troubles.faults import Trouble
from tests.support.troubles.mishaps import Fault, Habit, Outage, Redrive
from tests.support.troubles.steps import ACTS, FATES, Answer, Chat, Form, Machine, Mail, Officer, Pass, Report, Step
from tests.support.troubles.village import Village

PORTS = ("table", "bucket", "files", "vault", "policies", "post", "queue", "telegram", "whatsapp", "all")


#: From one step to the next, and from the last one until nothing fails any more.
BETWEEN, AFTER = timedelta(seconds=1), timedelta(minutes=12)


@dataclass(frozen=True)
class Story:
    steps: tuple[Step, ...]
    troubles: tuple[Trouble, ...] = ()
    days: int = 2

    def __str__(self) -> str:
        told = [f"  {number}. {step}" for number, step in enumerate(self.steps, 1)]
        return "\n".join([*told, *(f"  trouble: {one}" for one in self.troubles), f"  then calm, {self.days} days"])


class Broken(AssertionError):
    """Promises that a story broke, told with the story."""


def lived(story: Story) -> Village:
    """People don't wait for a slow function: what they do has its time beforehand."""
    village = Village(story.troubles)
    at = village.now

    def come(step: Step) -> Callable[[], None]:
        def do() -> None:
            village.note(f"* {step}")
            step.do(village)

        return do

    for step in story.steps:
        village.schedule(at, come(step))
        at += timedelta(seconds=step.seconds) if isinstance(step, Pass) else BETWEEN
    village.until(at + AFTER)
    village.calm(story.days)
    return village


def check(story: Story) -> Village:
    """Raises Broken."""
    village = lived(story)
    if found := promises.broken(village):
        happened = "\n".join(f"  {line}" for line in village.happened)
        said = "\n".join(f"  - {line}" for line in found)
        raise Broken(f"the story\n{story}\nbreaks\n{said}\nwhat happened\n{happened}")
    return village


# -- drawn

_who = st.sampled_from(CITIZENS)
_fate = st.sampled_from(FATES)
_few = st.integers(0, 2)
_flag = st.booleans()
_kind = st.sampled_from(faults.KINDS)
_function = st.sampled_from(("intake", "deliver", "escalate", "deliver", "intake", "media", "officer", "ledger"))
_HABITS: tuple[Step, ...] = (
    *(Habit("stream", how) for how in ("twice", "skipped", "late")),
    *(Habit("sweep", how) for how in ("missed", "twice")),
    Habit("visibility", 5),
    *(Habit("clock", seconds) for seconds in (30, -30, 100, -100, -400)),
    Habit("clock", -100, 3),
    Redrive(),
)
_CHAT = st.builds(Chat, _who, st.sampled_from(("telegram", "whatsapp")), _fate, _flag, st.sampled_from(("", "budi")))
_MAIL = st.builds(Mail, _who, _fate, _flag)
_FAULT = st.builds(Fault, _function, st.integers(1, 14), _kind)
_PASS = st.builds(Pass, st.sampled_from((25, 300, 1_790, 4_200)))
_ANSWER = st.builds(Answer, _who, _fate, st.sampled_from(("more", "thanks", "away")))
#: As often as each stands here. A branch of its own for each kind would make the seldom ones common.
_STEPS: st.SearchStrategy[Step] = st.one_of(
    _CHAT,
    _MAIL,
    _FAULT,
    _PASS,
    _ANSWER,
    st.builds(Form, _who, _fate, _flag),
    _FAULT,
    _CHAT,
    st.builds(Officer, st.sampled_from(ACTS), _few),
    st.builds(Machine, st.sampled_from(("returned", "newsletter", "robot", "own")), _fate),
    st.builds(Report, st.sampled_from(("Bounce", "Complaint", "Delivery", "sent", "delivered", "failed")), _few, _fate),
    _FAULT,
    st.builds(Outage, st.sampled_from(PORTS), _kind, st.sampled_from((1, 10))),
    st.sampled_from(_HABITS),
    _MAIL,
    _FAULT,
    _PASS,
)
_TROUBLES = st.lists(st.builds(Trouble, st.integers(0, 20), _kind), max_size=6)


def stories(most: int) -> st.SearchStrategy[Story]:
    return st.builds(
        Story, st.lists(_STEPS, min_size=1, max_size=most).map(tuple), _TROUBLES.map(tuple), st.sampled_from((0, 0, 2))
    )


# -- long ones

_R = random.Random


def long_story(seed: int, steps: int, share: float, days: int = 5) -> Story:
    """`share` of all calls fails. The same seed tells the same story."""
    pick = _R(seed)
    made = [_made(pick) for _ in range(steps)]
    gaps = (int(pick.expovariate(share)) for _ in range(int(steps * 40 * share)))
    return Story(tuple(made), tuple(Trouble(gap, pick.choice(_PASSING)) for gap in gaps), days)


#: What passes by itself: nothing is refused for good.
_PASSING = tuple(kind for kind in faults.KINDS if kind != faults.TURNED_AWAY)


def _made(pick: random.Random) -> Step:
    who, fate = pick.choice(CITIZENS), pick.choices(FATES, (70, 8, 8, 7, 7))[0]
    kinds: tuple[tuple[int, Callable[[], Step]], ...] = (
        (30, lambda: Pass(pick.choice((10, 40, 300, 1_790, 7_200)))),
        (20, lambda: Mail(who, fate, pick.random() < 0.1)),
        (20, lambda: Chat(who, pick.choice(("telegram", "whatsapp")), fate, pick.random() < 0.3)),
        (8, lambda: Form(who, fate, pick.random() < 0.3)),
        (10, lambda: Answer(who, fate, pick.choice(("more", "more", "thanks", "away")))),
        (5, lambda: Machine(pick.choice(("newsletter", "robot", "own")), fate)),
        (10, lambda: Officer(pick.choice(ACTS), pick.randrange(5))),
        (4, lambda: pick.choice(_HABITS)),
        (1, lambda: Outage(pick.choice(PORTS), pick.choice(_PASSING), 1)),
    )
    return pick.choices([make for _, make in kinds], [weight for weight, _ in kinds])[0]()


def shortened(story: Story, fails: Callable[[Story], bool]) -> Story:
    """The same failure with less: steps and troubles are left out as long as it still fails."""
    while (shorter := _shorter(story, fails)) != story:
        story = shorter
    return story


def _shorter(story: Story, fails: Callable[[Story], bool]) -> Story:
    for name in ("troubles", "steps"):
        size = max(1, len(getattr(story, name)) // 2)
        while size:
            place = 0
            while place < len(kept := getattr(story, name)):
                less = replace(story, **{name: without(kept, place, size)})
                if fails(less):
                    story = less
                else:
                    place += size
            size //= 2
    return story


def without(kept: Sequence[object], place: int, size: int) -> tuple[object, ...]:
    return (*kept[:place], *kept[place + size :])


# -- each call, one by one

#: Around one fault: nothing else; all that comes, comes twice; clocks behind, so that leases end while their holders
#: work; what is received comes again at once.
_AROUND: tuple[tuple[Step, ...], ...] = (
    (),
    (Habit("stream", "twice"), Habit("sweep", "twice")),
    (Pass(27), Outage("post", faults.SLOW, 1), Habit("clock", -100, 3)),
    (Habit("visibility", 5), Habit("stream", "twice")),
)
#: A function, and what sets it to work.
_WORK: tuple[tuple[str, tuple[Step, ...]], ...] = (
    ("intake", (Mail("siti", "received again", again=True),)),
    ("intake", (Chat("budi", "whatsapp", "received again", photo=True, beside="siti"),)),
    ("intake", (Mail("siti"), Mail("siti"))),
    ("intake", (Chat("siti", "telegram"), Chat("siti", "telegram"))),
    ("intake", (Form("budi", "two notices"), Form("siti", adds=True))),
    ("deliver", (Mail("siti"),)),
    ("deliver", (Chat("budi", "telegram"),)),
    ("media", (Chat("budi", "telegram", photo=True), Pass(25))),
    ("ledger", (Mail("siti", "lost"), Pass(5_000))),
)
_SWEPT: tuple[Step, ...] = (Mail("siti"), Mail("budi"), Pass(1_700))


def each_call(kinds: Iterable[str] = faults.KINDS) -> Iterator[Iterator[Story]]:
    """One fault at each call of a function's run, from the first to the last: each kind of fault, each function, under
    each of some bad habits. To be left where a story's fault does not come about: the run has no more calls."""
    for kind, around in itertools.product(kinds, _AROUND):
        for function, work in _WORK:
            yield (Story((*around, Fault(function, call, kind), *work), days=0) for call in itertools.count(1))
        yield (
            Story((*_SWEPT, *around, Fault("escalate", call, kind), Pass(300)), days=0) for call in itertools.count(1)
        )


def check_each(stories: Iterable[Iterator[Story]]) -> int:
    """Raises Broken. How many stories were told."""
    told = 0
    for series in stories:
        for story in series:
            village = check(story)
            told += 1
            if not village.plan.met_meant:
                break
    return told
