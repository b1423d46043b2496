"""How one person and the desk stand on one chat channel."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from .words import Channel, Purpose

#: What we say to a person about none of their cases is kept under this and their id, in the place of a case's number.
TALK = "TALK-"
#: Cases that a talk remembers as having been kept back; older ones are told of when they are written to.
KEPT = 5
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
    """`case`: where what they write now is filed; empty: the next message opens one. `wished_at`: when they last asked
    for a new report; what was written before it belongs to `former`, whenever it is read. `last_in`: their last direct
    message, from which a platform's reply window counts. `comment`: the last public one that no private reply used up
    (a platform allows one, within days). `stopped_at`: they want no letters of machines here. `refused`: ways
    that the platform does not take at present (ways.refused), since `refused_at`; their next direct message opens them
    again. `kept`: cases of whose letters something was kept from them here, the newest last. `version` is the
    condition of each write: of two first messages read at once, one opens the case and the other joins it."""

    reporter: str
    channel: Channel
    account: str = ""
    case: str = ""
    opened_at: datetime | None = None
    wished_at: datetime | None = None
    former: str = ""
    last_in: datetime | None = None
    comment: str = ""
    comment_at: datetime | None = None
    stopped_at: datetime | None = None
    refused: tuple[str, ...] = ()
    refused_at: datetime | None = None
    kept: tuple[str, ...] = ()
    version: int = 0


def heard(talk: Talk, at: datetime, account: str) -> Talk:
    """After a direct message. Messages come in any order: none takes the window back."""
    newest = talk.last_in is None or at >= talk.last_in
    talk = _opened(talk, at, _in_private)
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
    talk = _opened(talk, at, lambda way: not _in_private(way))
    return replace(
        talk,
        comment=comment,
        comment_at=at,
        account=talk.account if talk.last_in else account or talk.account,
        version=talk.version + 1,
    )


def shut(talk: Talk, refused: Iterable[str], at: datetime, since: datetime) -> Talk:
    """After the platform refused what we sent at `since`, as it said at `at`: nothing is tried there again until they
    write. Whoever wrote since then opened it again. Does not count as a write of its own."""
    more = tuple(one for one in dict.fromkeys(refused) if one not in talk.refused)
    if not more or (talk.last_in and talk.last_in > since):
        return talk
    return replace(talk, refused=(*talk.refused, *more), refused_at=max(at, talk.refused_at or at))


def kept_back(talk: Talk, case: str) -> Talk:
    """A letter on `case` was only announced here, or held. Does not count as a write of its own."""
    return replace(talk, kept=(*(one for one in talk.kept if one != case), case)[-KEPT:])


def let_in(talk: Talk, at: datetime) -> Talk:
    """The platform says that they take messages of ours again. Does not count as a write of its own."""
    return _opened(talk, at, _in_private)


def _opened(talk: Talk, at: datetime, stays: Callable[[str], bool]) -> Talk:
    if not talk.refused or (talk.refused_at and at < talk.refused_at):
        return talk
    refused = tuple(one for one in talk.refused if stays(one))
    return replace(talk, refused=refused, refused_at=talk.refused_at if refused else None)


def _in_private(way: str) -> bool:
    """A comment has one private reply: a direct message makes it no more, the next comment does."""
    return way.partition(" ")[0].endswith("/private")


def wished(talk: Talk, at: datetime) -> Talk:
    """They asked for a new report at `at`. The case that a later message has opened already is that one. Does not count
    as a write of its own."""
    if _before_the_wish(talk, at):
        return talk
    if talk.case and talk.opened_at and at < talk.opened_at:
        return replace(talk, wished_at=at, former="")
    return replace(talk, wished_at=at, former=talk.case or talk.former, case="", opened_at=None)


def case_at(talk: Talk, at: datetime) -> str:
    """Where what they wrote at `at` belongs; empty: a case of its own."""
    return talk.former if _before_the_wish(talk, at) else talk.case


def waits(talk: Talk, at: datetime) -> bool:
    """Did they ask for a new report before `at`, and wrote none yet?"""
    return bool(talk.wished_at) and not talk.case and not _before_the_wish(talk, at)


def on_case(talk: Talk, case: str, at: datetime) -> Talk:
    """What they write from `at` on is filed there, or what they wrote about then, where they have asked for a new
    report since. Does not count as a write of its own."""
    if _before_the_wish(talk, at):
        return replace(talk, former=case)
    return talk if talk.case == case else replace(talk, case=case, opened_at=at)


def _before_the_wish(talk: Talk, at: datetime) -> bool:
    return talk.wished_at is not None and at < talk.wished_at
