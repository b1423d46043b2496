"""How one person and the desk stand on one chat channel."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from .words import Channel, Purpose

#: What we say to a person about none of their cases is kept under this and their id, in the place of a case's number.
TALK = "TALK-"
#: What a person asked for by a word of the menu, or by a report of their own: its number. Who wants no letters of
#: machines gets these all the same.
ASKED_FOR = frozenset(
    {
        Purpose.STATUS,
        Purpose.MENU,
        Purpose.READY,
        Purpose.CALLED,
        Purpose.STOPPED,
        Purpose.STARTED,
        Purpose.ACKNOWLEDGEMENT,
        Purpose.PRAISED,
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Talk:
    """`case`: where what they write now is filed; empty: the next message opens one. `last_in`: their last direct
    message, from which a platform's reply window counts. `comment`: the last public one that no private reply used up
    (a platform allows one, within days). `stopped_at`: they want no letters of machines here. `version` is the
    condition of each write: of two first messages read at once, one opens the case and the other joins it."""

    reporter: str
    channel: Channel
    account: str = ""
    case: str = ""
    opened_at: datetime | None = None
    last_in: datetime | None = None
    comment: str = ""
    comment_at: datetime | None = None
    stopped_at: datetime | None = None
    version: int = 0


def heard(talk: Talk, at: datetime, account: str) -> Talk:
    """After a direct message. Messages come in any order: none takes the window back."""
    newest = talk.last_in is None or at >= talk.last_in
    return replace(
        talk,
        last_in=at if newest else talk.last_in,
        account=(account or talk.account) if newest else talk.account,
        version=talk.version + 1,
    )


def commented(talk: Talk, at: datetime, account: str, comment: str) -> Talk:
    """After a public one: its author may be written to in private once."""
    newest = talk.comment_at is None or at >= talk.comment_at
    if not newest:
        return replace(talk, version=talk.version + 1)
    return replace(
        talk,
        comment=comment,
        comment_at=at,
        account=talk.account if talk.last_in else account or talk.account,
        version=talk.version + 1,
    )


def on_case(talk: Talk, case: str, at: datetime) -> Talk:
    """What they write from now on is filed there. Does not count as a write of its own."""
    return talk if talk.case == case else replace(talk, case=case, opened_at=at)
