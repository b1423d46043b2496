"""Whom a report names in plain words, and what it says about each."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass

from .. import bounds, headers
from . import phrases

LINES, LINE = 400, 500  # how much of a report's words is looked at; what counts stands at its head
_SAID = 12  # lines about one recipient
FORM = 4  # the tier from which the text's form names an address as one that failed
_OPEN = 12  # lines after the words that introduce a list
_ADDRESS = re.compile(r"[\w.!#$%&*+/?^{|}~=-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,10}")
_QUOTED = re.compile(r"\"[^\"@\r\n]{1,64}\"@[\w-]{1,63}(?:\.[\w-]{1,63}){1,10}")
_BEFORE = re.compile(
    r"[\s<>\"'*\[({|:;,.\-\u2022\u00b7#]*(?:\d{1,2}[.)]\s)?(?:(?:smtp|rfc822|mailto)[:;=])?<?", re.IGNORECASE
)
_AFTER = re.compile(r"[>\"')\]}]*\s*(?:$|[:;,.]|\.\.\.|\(|-|on\b|\w{2,}ed\b)")
_REPLY = re.compile(
    r"^[\s<>*\"'#|.-]{0,20}[45]\d\d[ -]|(?:said|reason|error|code|response|replied|returned|reply)\W{1,12}[45]\d\d\b|"
    r"[(#\s:][45]\.\d\.\d{1,3}\b"
)
#: What we wrote to, where the report names what became of it on the way.
_FIRST = re.compile(r"\((?:generated|expanded) (?:from|by):?\s{0,3}<?$", re.IGNORECASE)
_ALIAS = re.compile(
    r"\((?:generated|expanded) (?:from|by):?\s{0,3}<?([^\s<>()]{1,64}@[^\s<>()]{1,190})>?\)", re.IGNORECASE
)
_PREFIX = re.compile(r"(?:smtp|rfc822|mailto)=", re.IGNORECASE)
#: Names that no letter of ours goes to; they stand in such reports to be asked.
_OFFICES = re.compile(
    r"(?:mailer-daemon|abuse|help|helpdesk|support|no-?reply|noc|mdaemon|webmaster|info-request)$", re.IGNORECASE
)
_BARE = re.compile(r"\s+([A-Za-z0-9][\w.+-]{1,63})(?:\s{2,}\S.*)?$")


@dataclass(frozen=True, slots=True)
class Named:
    """One recipient and what was said about it. `tier` is how surely the text means it as one that failed."""

    address: str
    tier: int
    said: str
    arrived: bool = False


@dataclass(frozen=True, slots=True)
class Spoken:
    """`failed`: it says that something was not delivered; `reply`: it quotes a mail system's answer; `early`: how
    many lines with words came before; `waiting`: it is still tried."""

    named: tuple[Named, ...]
    failed: bool
    reply: bool
    early: int
    greeted: bool
    waiting: bool
    whole: str


def heard(lines: list[str], subject: str, ours: Collection[str], authors: Collection[str]) -> Spoken:
    """`ours` are addresses that cannot be meant, for the report went to them; its `authors` only where the text's form
    says so: a mailbox that refuses a letter may say it itself."""
    lines = [line[:LINE] for line in lines[:LINES]]
    said = 0
    told: list[tuple[int, str, int, bool]] = []  # line, address, tier, arrived
    opened, arrived, early, reply = -_OPEN, False, -1, False
    before = ""
    for number, line in enumerate(lines):
        if not line.strip():
            continue
        quoted = line.startswith("> ")
        if not quoted and _REPLY.search(line):
            reply = True
            early = said if early < 0 else early
        if not quoted and _says_failed(before, line.strip()):
            early = said if early < 0 else early
            opened, arrived = number, False
        elif phrases.ARRIVED.search(line):
            opened, arrived = number, True
        elif phrases.LISTED.search(line):
            opened = number
        elif "@" not in line and phrases.ASIDE.search(line):
            opened = -_OPEN
        if "@" in line:
            told += [
                (number, one, tier, arrived)
                for one, tier in _rated(line, before, number - opened <= _OPEN)
                if one not in ours and (tier >= FORM or one not in authors) and len(told) < 4 * bounds.FAILURES
            ]
        before = line.strip()
        said += 1
    whole = "\n".join(lines)
    named = tuple(_named(told, lines)) or tuple(_bare(lines, ours))
    return Spoken(
        named or tuple(_of_subject(subject, {*ours, *authors})),
        early >= 0,
        reply,
        early,
        phrases.GREETING.match(whole.lstrip()[:200]) is not None,
        phrases.WAITING.search(f"{subject}\n{whole}") is not None and phrases.OVER.search(whole) is None,
        whole,
    )


def _says_failed(before: str, line: str) -> bool:
    """In this line, or in words that begin at the end of the line before."""
    if phrases.FAILED.search(line):
        return True
    before = before[-100:]
    return any(found.end() > len(before) for found in phrases.FAILED.finditer(f"{before} {line[:100]}"))


def _rated(line: str, before: str, opened: bool) -> Iterator[tuple[str, int]]:
    """Addresses of a line. 5: the line begins with it; 4: the line's form names it; 3: stands with a reply; 2: in a
    list that was introduced; 1: is there."""
    named = phrases.NAMED.search(line) or (
        opened and before.endswith(("to", "to:", ":")) and phrases.NAMED.search(f"{before[-60:]} {line[:60]}")
    )
    aside = not named and phrases.ASIDE.search(line) is not None
    failed = _REPLY.search(line) is not None or phrases.FAILED.search(line) is not None
    head = _BEFORE.match(line)
    start = head.end() if head else 0
    for found in (*_ADDRESS.finditer(line), *_QUOTED.finditer(line)):
        one = headers.normalised(_PREFIX.sub("", found[0]).strip("'`.*=/?|{}"))
        if not one or _OFFICES.match(one.partition("@")[0]):
            continue
        heads = found.start() <= start and _AFTER.match(line, found.end()) is not None
        answered = line[found.end() : found.end() + 2].strip("> ")[:1] == ":"
        if heads and (answered or (not aside and (opened or failed))):
            yield one, 5
        elif _FIRST.search(line[: found.start()]):
            yield one, 4
        elif aside or line[: found.start()].rstrip().lower().endswith(("(from", "from", "by", "mailto:")):
            yield one, 0
        elif named:
            yield one, 4
        elif failed:
            yield one, 3
        else:
            yield one, 2 if opened else 1


def _named(told: list[tuple[int, str, int, bool]], lines: list[str]) -> Iterator[Named]:
    """Those of the surest tier, each once, with the lines up to the next of them."""
    best = max((tier for _, _, tier, _ in told), default=0)
    chosen = [one for one in told if one[2] == best and best]
    if best == 1 and len({address for _, address, _, _ in chosen}) > 1:
        return
    seen: set[str] = set()
    for index, (number, address, tier, arrived) in enumerate(chosen):
        if address in seen:
            continue
        seen.add(address)
        following = next((one[0] for one in chosen[index + 1 :] if one[0] > number and one[1] != address), len(lines))
        about = lines[number : min(following, number + _SAID)]
        others = [
            lines[place] for place, one, _, _ in told if one == address and not number <= place < number + len(about)
        ]
        alias = _ALIAS.search("\n".join(about[:4]))
        meant = headers.normalised(alias[1]) if alias else ""
        seen.add(meant)
        yield Named(meant or address, tier, "\n".join(about + others[:3]), arrived)


def _bare(lines: list[str], ours: Collection[str]) -> Iterator[Named]:
    """A list of local names without their domain: only the caller knows which domain that is. Ends in "@"."""
    opened = False
    for number, line in enumerate(lines):
        found = _BARE.match(line) if opened else None
        if found:
            yield Named(found[1].lower() + "@", 2, "\n".join(lines[number : number + _SAID]))
            return
        if line.strip():
            opened = phrases.FAILED.search(line) is not None


def _of_subject(subject: str, ours: Collection[str]) -> Iterator[Named]:
    for found in _ADDRESS.finditer(subject[:LINE]):
        one = headers.normalised(found[0])
        if one and one not in ours:
            yield Named(one, 1, subject)
            return
