"""By which way a letter reaches a citizen: what each channel allows, in one table, and the ways that are open now, the
best first.

The answer goes back on the channel that the citizen used. Platforms close it a while after the person's last message;
then an approved template opens it again, or what a human wrote may still go under a tag, or it goes by mail. What no
way takes stands on the tracking page."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import StrEnum

from .policy_channels import ChannelRules
from .talks import ASKED_FOR, Talk
from .words import CHAT, Channel, Confidentiality, Purpose


class How(StrEnum):
    """MESSAGE: a free one, inside the platform's window. TEMPLATE: an approved one, outside it. HUMAN: outside it,
    under the tag for what a human wrote. PRIVATE: the one private reply to a public comment. MAIL. TRACKING: it stands
    on the tracking page alone."""

    MESSAGE = "message"
    TEMPLATE = "template"
    HUMAN = "human"
    PRIVATE = "private"
    MAIL = "mail"
    TRACKING = "tracking"


_DAY, _WEEK = timedelta(hours=24), timedelta(days=7)


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """What holds for a channel. `free_for`: how long after a person's last direct message a free one is taken; None: at
    any time. `human_for`, `private_for`: how long the tag, and the private reply to a comment, are. `costs`: what of it
    the platform charges.

    Of cases that came by it: `page`: their reporters can look at the tracking page; `page_is_enough`: they were told to
    look there."""

    free_for: timedelta | None = None
    human_for: timedelta | None = None
    private_for: timedelta | None = None
    template: bool = False
    costs: Mapping[How, str] = field(default_factory=dict)
    page: bool = False
    page_is_enough: bool = False


#: Windows: WhatsApp 24 hours; Messenger and Instagram 24 hours, 7 days with HUMAN_AGENT, one private reply to a comment
#: within 7 days; Telegram none (the platforms' pages, 2026). WhatsApp charges since 1 October 2026: templates always,
#: free messages beyond 1,000 a month and number.
RULES: Mapping[Channel, Rule] = {
    Channel.WHATSAPP: Rule(
        free_for=_DAY, template=True, costs={How.MESSAGE: "service", How.TEMPLATE: "template"}, page=True
    ),
    Channel.MESSENGER: Rule(free_for=_DAY, human_for=_WEEK, private_for=_WEEK, page=True),
    Channel.INSTAGRAM: Rule(free_for=_DAY, human_for=_WEEK, private_for=_WEEK, page=True),
    Channel.TELEGRAM: Rule(page=True),
    Channel.WEB: Rule(page=True, page_is_enough=True),
    Channel.OPEN311: Rule(page=True, page_is_enough=True),
}
#: Mail, and what officers wrote down for somebody: no page was promised there.
_OTHERS = Rule()

#: Letters whose text somebody wrote for this one person; all others are a machine's, whoever set them off.
IN_SOMEBODYS_WORDS = frozenset(
    {Purpose.QUESTION, Purpose.REPLY, Purpose.ANSWER, Purpose.REJECTION, Purpose.TRANSFER, Purpose.DUPLICATE}
)


def rule(channel: Channel) -> Rule:
    return RULES.get(channel, _OTHERS)


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """What decides. `home`: the channel by which the case came, `confidentiality`: how open it is; `known`: where its
    reporter has an address; `written`: the letter is in somebody's own words; `of_case`: it tells of one, which has a
    page; `tried`: ways that were refused (`refused`)."""

    home: Channel
    confidentiality: Confidentiality
    purpose: Purpose
    written: bool
    known: frozenset[Channel]
    talks: Mapping[Channel, Talk]
    rules: ChannelRules
    now: datetime
    of_case: bool = True
    tried: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Way:
    """`until`: when it closes, None where it doesn't. `why`: a word for the officer, of the list below. `costs`: what
    the platform charges each message as; empty: nothing."""

    how: How
    channel: Channel
    why: str
    until: datetime | None = None
    costs: str = ""


#: Why a way is taken: open (nothing speaks against the channel itself), comment (a public one is answered in private),
#: mail_first (the policy's wish), email (the channel that the citizen used, or left us); or what keeps it off the
#: chat: window_closed, stopped (they want no letters of machines there), blocked, refused, no_address.
OPEN, COMMENT, MAIL_FIRST, EMAIL = "open", "comment", "mail_first", "email"
WINDOW_CLOSED, STOPPED, BLOCKED, REFUSED, NO_ADDRESS = "window_closed", "stopped", "blocked", "refused", "no_address"


def in_somebodys_words(purpose: Purpose, automatic: bool) -> bool:
    return purpose in IN_SOMEBODYS_WORDS and not automatic


def told_on(home: Channel, confidentiality: Confidentiality, channel: Channel) -> bool:
    """A phone may be a family's: what somebody did not want to be named with is told on the channel by which they wrote
    it alone."""
    return home is channel or confidentiality is Confidentiality.OPEN


def _may_go(standing: Standing, channel: Channel) -> bool:
    """A mail address was given with the report, where it came by none of the platforms."""
    given = channel is Channel.EMAIL and standing.home not in CHAT
    return given or told_on(standing.home, standing.confidentiality, channel)


def ordered(standing: Standing) -> tuple[Way, ...]:
    """The ways that are open, the best first; none: nobody can be reached and no page was promised."""
    standing = replace(standing, known=frozenset(one for one in standing.known if _may_go(standing, one)))
    mail = Channel.EMAIL in standing.known and not _tried(standing, How.MAIL, Channel.EMAIL)
    by_chat = tuple(_by_chat(standing))
    found: list[Way] = []
    if standing.home not in CHAT:
        found += [Way(How.MAIL, Channel.EMAIL, EMAIL)] if mail else []
        # Whoever followed by a form is not written to elsewhere: their page has it.
        found += () if rule(standing.home).page_is_enough else by_chat
    elif mail and standing.rules.mail_comes_first(standing.home, standing.purpose):
        found += [Way(How.MAIL, Channel.EMAIL, MAIL_FIRST), *by_chat]
    else:
        found += [*by_chat, *([Way(How.MAIL, Channel.EMAIL, closed_by(standing, standing.home))] if mail else ())]
    if rule(standing.home).page and standing.of_case:
        found.append(Way(How.TRACKING, standing.home, closed_by(standing, standing.home)))
    return tuple(found)


def _by_chat(standing: Standing) -> Iterator[Way]:
    """Free ways on any chat channel before those that cost, or need a tag; the case's own channel before others."""
    channels = sorted(standing.known & CHAT, key=lambda one: (one is not standing.home, one))
    usable = [one for one in channels if not _silent(standing, one)]
    for kinds in ((_message, _private), (_human, _template)):
        for channel in usable:
            for kind in kinds:
                way = kind(standing, channel)
                if way and not _tried(standing, way.how, channel):
                    yield way


def _message(standing: Standing, channel: Channel) -> Way | None:
    window = rule(channel).free_for
    costs = rule(channel).costs.get(How.MESSAGE, "")
    if window is None:
        return Way(How.MESSAGE, channel, OPEN, None, costs)
    until = _open_until(standing, channel, window)
    return Way(How.MESSAGE, channel, OPEN, until, costs) if until else None


def _private(standing: Standing, channel: Channel) -> Way | None:
    window, talk = rule(channel).private_for, standing.talks.get(channel)
    if window is None or talk is None or not talk.comment or talk.comment_at is None:
        return None
    until = talk.comment_at + window
    return Way(How.PRIVATE, channel, COMMENT, until) if standing.now < until else None


def _human(standing: Standing, channel: Channel) -> Way | None:
    window = rule(channel).human_for
    if window is None or not standing.written or not standing.rules.of(channel).human_agent:
        return None
    until = _open_until(standing, channel, window)
    return Way(How.HUMAN, channel, WINDOW_CLOSED, until) if until else None


def _template(standing: Standing, channel: Channel) -> Way | None:
    if not rule(channel).template or standing.rules.template(channel, standing.purpose) is None:
        return None
    return Way(How.TEMPLATE, channel, closed_by(standing, channel), None, rule(channel).costs.get(How.TEMPLATE, ""))


def _open_until(standing: Standing, channel: Channel, window: timedelta) -> datetime | None:
    talk = standing.talks.get(channel)
    if talk is None or talk.last_in is None:
        return None
    until = talk.last_in + window
    return until if standing.now < until else None


def _silent(standing: Standing, channel: Channel) -> bool:
    """They asked for no letters of machines there. What somebody wrote to them still goes."""
    talk = standing.talks.get(channel)
    wanted = standing.written or standing.purpose in ASKED_FOR
    return talk is not None and talk.stopped_at is not None and not wanted


def closed_by(standing: Standing, channel: Channel) -> str:
    """What keeps free messages off a channel."""
    if channel not in standing.known:
        return NO_ADDRESS
    if _silent(standing, channel):
        return STOPPED
    for why in (BLOCKED, REFUSED):
        if any(_names(one, How.MESSAGE, channel) and one.endswith(f" {why}") for one in _refusals(standing, channel)):
            return why
    return WINDOW_CLOSED


# -- what was refused


def refused(way: Way, why: str) -> str:
    """As a row keeps it. Who blocked us is reached by no way of that channel."""
    return f"{way.channel}{'' if why == BLOCKED else f'/{way.how}'} {why}"


def blocked(channel: Channel) -> str:
    return f"{channel} {BLOCKED}"


def _names(tried: str, how: How, channel: Channel) -> bool:
    return tried.partition(" ")[0] in (channel, f"{channel}/{how}")


def _tried(standing: Standing, how: How, channel: Channel) -> bool:
    return any(_names(one, how, channel) for one in _refusals(standing, channel))


def _refusals(standing: Standing, channel: Channel) -> tuple[str, ...]:
    """Of this letter, and of those before it since they last wrote."""
    talk = standing.talks.get(channel)
    return (*standing.tried, *(talk.refused if talk else ()))


#: Refusals that hold for the next letter too.
SHUT = frozenset({WINDOW_CLOSED, BLOCKED})


def shuts(refused: str) -> bool:
    return refused.rpartition(" ")[2] in SHUT


#: Marks of a row. PARTLY: what went by its way is a notice, or leaves files beside that the channel takes; LATE: the
#: desk was told that it waits.
PARTLY, LATE = "partly", "late"


def needs_nobody(purpose: Purpose, automatic: bool, why: str) -> bool:
    """A machine's letter that stands on the tracking page alone, since its reporter asked for quiet, or has not written
    for a while: it is in the history, and calls no officer. That nobody was told their number does."""
    if in_somebodys_words(purpose, automatic):
        return False
    return why == STOPPED or (why == WINDOW_CLOSED and purpose is not Purpose.ACKNOWLEDGEMENT)


# -- what it costs


def charged(so_far: str, way: Way) -> str:
    """What a row's messages cost, one more of them counted: `whatsapp/service:3 whatsapp/template:1`."""
    if not way.costs:
        return so_far
    counts, kind = spent(so_far), f"{way.channel}/{way.costs}"
    counts[kind] = counts.get(kind, 0) + 1
    return " ".join(f"{kind}:{count}" for kind, count in sorted(counts.items()))


def spent(charged: str) -> dict[str, int]:
    """How many messages were charged by whom as what."""
    return {kind: int(count) for kind, _, count in (one.partition(":") for one in charged.split())}
