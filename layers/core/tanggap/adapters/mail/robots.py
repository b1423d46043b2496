"""Was this written by a machine? One strong sign is enough, of weak ones two kinds are needed; the first that is found
is named (promise 4). In doubt it was a person: a robot's second mail meets the throttle, a citizen's never comes."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from ...domain.numbers import number_in
from . import robot_evidence, robot_parts
from . import robot_sentences as sentences
from . import robot_words as words
from .headers import Headers, plain
from .mime import Part

_VALUE = 300  # characters of a header's value that are looked at
_LONGEST_ANSWER = 1_500  # a longer text says more than that somebody is away
_LOOKED_AT = 1_500  # characters at each end of a text, for a sentence that asks for no reply

_NOBODY = re.compile(rf"(?:{'|'.join(words.NOBODY)})(?:\+.*)?")
_SUBJECT = re.compile(f"{words.REPLY_MARKS}(?:{'|'.join(words.SUBJECTS)})", re.IGNORECASE)
# Few mails come so far that these are asked: `re` compiles them then, and keeps them.
_NOTICE = f"{words.REPLY_MARKS}(?:{'|'.join(words.NOTICES)})"
_PROGRAMS = rf"{words.REPLY_MARKS}(?:{words.PROGRAMS})\s*[:)]"
_BRACKETED = rf"\s*[\[(](?:{words.PROGRAMS})[\])]"
_WEAK_SUBJECT = f"{words.REPLY_MARKS}(?:{'|'.join(words.WEAK_SUBJECTS)})"
_DO_NOT_REPLY = "|".join(words.DO_NOT_REPLY)
_OURS = re.compile(r"\+[a-z2-7]{16,26}@", re.IGNORECASE)  # a case's reply address
_ANSWERS = r"\s*(?:re|bls|balas|balasan)(?:\[\d{1,3}\])?:"
_SAID_BY_ALL = frozenset({"", "greeting", "name", "rest", "thanks", "end", "contact", "track", "number", "hours"})


@dataclass(frozen=True, slots=True)
class Seen:
    """What the signs look at. `source` is the envelope's sender, `text` what the sender wrote (quotes cut), `parts` the
    mail's own tree, None where there is none, `recipients` the envelope's."""

    found: Headers
    source: str
    address: str
    subject: str
    text: str
    parts: Part | None
    recipients: tuple[str, ...] = ()


Sign = Callable[[Seen], bool]
_Table = dict[str, list[tuple[str, str]]]


def _by_header(table: tuple[tuple[str, str, str], ...]) -> _Table:
    rows: _Table = {}
    for name, header, value in table:
        rows.setdefault(header, []).append((name, value))
    return rows


_STRONG_HEADERS = _by_header(words.STRONG_HEADERS)
_WEAK_HEADERS = _by_header(words.WEAK_HEADERS)


def _said(found: Headers, table: _Table) -> Iterator[str]:
    """The signs of every header line: of two that contradict each other the one of a robot counts."""
    for header, value in found.lines:
        for name, wanted in table.get(header, ()):
            if re.fullmatch(wanted, plain(value[:_VALUE]).lower(), re.DOTALL):
                yield name


def _null_path(seen: Seen) -> bool:
    return seen.source.strip() in ("", "<>")


def _robot_sender(seen: Seen) -> bool:
    return any(_NOBODY.fullmatch(_local(party)) for party in (seen.address, seen.source))


def _local(address: str) -> str:
    return address.lower().rpartition("@")[0][:100]


def _away_subject(seen: Seen) -> bool:
    """As a program writes it. A person may begin so too: then the text says what is the matter, and nothing else."""
    if _SUBJECT.match(seen.subject[:300]) is None:
        return False
    text = seen.text[:_LONGEST_ANSWER]
    if not text.strip() or robot_parts.kinds(text) - _SAID_BY_ALL:
        return True
    # Words that no machine's table knows: only a program puts its own words and a colon over our subject.
    subject = seen.subject[:300]
    ours = number_in(subject) is not None and re.match(_PROGRAMS, subject, re.IGNORECASE)
    return bool(ours or re.match(_BRACKETED, subject, re.IGNORECASE)) and not re.search(
        sentences.TROUBLE, text, re.IGNORECASE
    )


def _weak_subject(seen: Seen) -> bool:
    """Evidence, no proof."""
    if re.match(_WEAK_SUBJECT, seen.subject[:300], re.IGNORECASE) is None:
        return False
    return not re.search(sentences.VETO, f"{seen.subject[:300]}\n{seen.text[:_LONGEST_ANSWER]}", re.IGNORECASE)


def _calendar(seen: Seen) -> bool:
    """Somebody pressed "accept" on an invitation; an invitation itself is a person's mail."""
    if seen.parts is None or (seen.parts.type != "text/calendar" and not seen.parts.children):
        return False
    return any(
        leaf.type == "text/calendar" and leaf.parameters.get("method", "").lower() == "reply"
        for leaf in seen.parts.leaves()
    )


def _away_text(seen: Seen) -> bool:
    """The whole text is made of the sentences of an answer that nobody typed. That somebody is away counts only in an
    answer, under a subject that says so too, or with what only an answer says: who writes to us of their own accord
    does so to report something."""
    text = seen.text
    if not text or len(text) > _LONGEST_ANSWER:
        return False
    low = text.lower()
    subject_too = _weak_subject(seen)
    if not subject_too and not any(hint in low for hint in sentences.HINTS):
        return False
    if re.search(sentences.VETO, re.sub(sentences.SPARED, "", low)):
        return False
    kinds = robot_parts.kinds(text, whole=True)
    if "" in kinds or (kinds & sentences.ONLY_RECEIVED and not kinds & {"received", "machine"}):
        return False
    near_by = re.search(sentences.NEAR_BY, low) and not re.search(sentences.OF_MAIL, low)
    if near_by and not kinds & {"received", "machine"}:
        return False
    if subject_too:
        return not kinds.isdisjoint(sentences.ALONE | sentences.TOGETHER)
    if not (kinds & sentences.ALONE or len(kinds & sentences.TOGETHER) > 1):
        return False
    return _answers(seen) or any(said <= kinds for said in sentences.UNASKED)


def _evidence(seen: Seen) -> bool:
    if not seen.text or len(seen.text) > _LONGEST_ANSWER:
        return False
    return robot_evidence.adds_up(seen.subject[:300], seen.text, _answers(seen))


def _answers(seen: Seen) -> bool:
    """It says that it belongs to a case or answers something, whether it proves that or not."""
    return (
        any(_OURS.search(recipient) for recipient in seen.recipients)
        or "in-reply-to" in seen.found
        or "references" in seen.found
        or re.match(_ANSWERS, seen.subject[:100], re.IGNORECASE) is not None
        or number_in(seen.subject[:300]) is not None
    )


#: In order: the surest first, for its name is shown to the officer. Those of the headers stand in the table of words.
STRONG: tuple[tuple[str, Sign], ...] = (
    ("return-path", _null_path),
    ("calendar", _calendar),
    ("sender", _robot_sender),
    ("subject", _away_subject),
    ("text", _away_text),
)
_ORDER = tuple(dict.fromkeys(name for name, _, _ in words.STRONG_HEADERS))


def _notifier(seen: Seen) -> bool:
    pieces = re.split(r"[-_.+]", _local(seen.address))
    return pieces[0] in words.NOTIFIERS_FIRST or not words.NOTIFIERS.isdisjoint(pieces)


def _notice(seen: Seen) -> bool:
    return re.match(_NOTICE, seen.subject[:300], re.IGNORECASE) is not None


def _do_not_reply(seen: Seen) -> bool:
    ends = seen.text if len(seen.text) <= 2 * _LOOKED_AT else seen.text[:_LOOKED_AT] + seen.text[-_LOOKED_AT:]
    return re.search(_DO_NOT_REPLY, ends, re.IGNORECASE) is not None


#: Each alone is a person's as well. Several headers of one sign count once.
WEAK: tuple[tuple[str, Sign], ...] = (("notifier", _notifier), ("notice", _notice), ("like-subject", _weak_subject))


def sign(
    found: Headers,
    source: str,
    address: str,
    subject: str,
    text: str = "",
    parts: Part | None = None,
    recipients: tuple[str, ...] = (),
) -> str:
    """The name of the sign of a robot, two joined by `+` where they are weak; empty for a person. `source` is the
    envelope's sender, `recipients` its own, `text` what the sender wrote."""
    told = set(_said(found, _STRONG_HEADERS))
    if told:
        return next(name for name in _ORDER if name in told)
    seen = Seen(found, source, address, subject, text, parts, recipients)
    if strong := next((name for name, asks in STRONG if asks(seen)), ""):
        return strong
    weak = dict.fromkeys([*_said(found, _WEAK_HEADERS), *(name for name, asks in WEAK if asks(seen))])
    if weak.keys() - {"like-subject"} and _do_not_reply(seen):  # a citizen quotes such a sentence, and curses it
        weak["do-not-reply"] = None
    if len(weak) > 1:
        return "+".join(list(weak)[:2])
    return "evidence" if _evidence(seen) else ""
