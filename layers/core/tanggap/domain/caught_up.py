"""What a window kept from a person, said once it is open: letters that only a template announced, or that were held."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta

from . import ways
from .case import Delivery
from .draft import Draft
from .talks import Talk
from .ways import PARTLY, How
from .words import TELL_A_NUMBER, Channel, DeliveryState

#: Letters that are said again at once, the last ones; more would be a flood. What was left comes with the next message.
AT_ONCE = 5
#: Older ones are known by the page, or by no need of them.
DAYS = timedelta(days=30)
_GONE = frozenset({DeliveryState.SENT, DeliveryState.DELIVERED})
_ON_ITS_WAY = frozenset({DeliveryState.QUEUED, DeliveryState.CLAIMED})
#: What kept a letter off a chat until its person writes there.
_KEPT_OFF = frozenset({ways.WINDOW_CLOSED, ways.BLOCKED})
_FREE = frozenset({How.MESSAGE, How.HUMAN, How.PRIVATE})


def catch_up(draft: Draft, deliveries: Iterable[Delivery], talk: Talk, most: int = AT_ONCE) -> Talk:
    """Queue them once more, the oldest first. `deliveries`: those of the case; `talk`: as it stands after the person's
    message. It is returned without the case, unless there may be more of it."""
    if not is_open(talk, draft.at):
        return talk
    now = owed(tuple(deliveries), talk, draft.at)[:most]
    for row in now:
        draft.tell_again(row, talk.reporter)
    return talk if len(now) >= most else without(talk, draft.before.number)


def without(talk: Talk, case: str) -> Talk:
    return replace(talk, kept=tuple(one for one in talk.kept if one != case)) if case in talk.kept else talk


def keeps(row: Delivery) -> bool:
    """Does this row, as it ended, leave something to be said once they write?"""
    words = ways.in_somebodys_words(row.purpose, row.automatic) or row.purpose in TELL_A_NUMBER
    return words and not row.of_talk and _kept_from_them(row, row.channel)


def owed(deliveries: tuple[Delivery, ...], talk: Talk, at: datetime) -> tuple[Delivery, ...]:
    """Somebody's own words; of a machine's letters only what tells the number and code, where nothing on this chat did.
    None while the window is shut (a message may be read late)."""
    if not is_open(talk, at):
        return ()
    again = {row.again_of for row in deliveries}
    missed = [
        row
        for row in sorted(deliveries, key=lambda row: (row.created_at, row.id))
        if row.id not in again and at - row.created_at <= DAYS and _kept_from_them(row, talk.channel)
    ]
    words = [row for row in missed if ways.in_somebodys_words(row.purpose, row.automatic)]
    told = any(_told_there(row, talk.channel) for row in deliveries)
    number = [] if told else [row for row in missed if row.purpose in TELL_A_NUMBER][:1]
    return (*number, *words[len(number) - AT_ONCE :])


def is_open(talk: Talk, at: datetime) -> bool:
    window = ways.rule(talk.channel).free_for
    return window is None or (talk.last_in is not None and at < talk.last_in + window)


def _kept_from_them(row: Delivery, channel: Channel) -> bool:
    if row.address or row.channel is not channel:
        return False
    held = row.how == How.TRACKING and row.state is DeliveryState.HELD and row.reason in _KEPT_OFF
    announced = row.how == How.TEMPLATE or (row.how == How.PRIVATE and PARTLY in row.marks)
    return held or (announced and row.state in _GONE)


def _told_there(row: Delivery, channel: Channel) -> bool:
    """Every free message holds the code, a mere notice too; one that is on its way will."""
    if row.address or row.channel is not channel:
        return False
    return row.state in _ON_ITS_WAY or (row.state in _GONE and row.how in _FREE)
