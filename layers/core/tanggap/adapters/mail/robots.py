"""Was this written by a machine? One strong sign is enough, of weak ones two kinds are needed; the first that is found
is named (promise 4). In doubt it was a person: a robot's second mail meets the throttle, a citizen's never comes."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import pairwise

from . import robot_words as words
from .headers import Headers, plain
from .mime import Part

_VALUE = 300  # characters of a header's value that are looked at
_LONGEST_ANSWER = 1_500  # a longer text says more than that somebody is away
_LOOKED_AT = 1_500  # characters at each end of a text, for a sentence that asks for no reply
_WRAPPED = 45  # a line at least that long that ends no sentence goes on in the next one

_NOBODY = re.compile(rf"(?:{'|'.join(words.NOBODY)})(?:\+.*)?")
_SUBJECT = re.compile(f"{words.REPLY_MARKS}(?:{'|'.join(words.SUBJECTS)})", re.IGNORECASE)
# Few mails come so far that these are asked: `re` compiles them then, and keeps them.
_NOTICE = f"{words.REPLY_MARKS}(?:{'|'.join(words.NOTICES)})"
_DO_NOT_REPLY = "|".join(words.DO_NOT_REPLY)
_ANSWERS = r"\s*(?:re|bls|balas|balasan)(?:\[\d{1,3}\])?:"
_ABBREVIATED = r"\b(bpk|sdri?|no|tgl|telp|tlp|hp|drs?|ir|hj?|jl|ext|yth|mr|mrs|s\.d|a\.n|s\.kom)\."
_STOPS = re.compile(r"[.!]+(?=\s|$)")


@dataclass(frozen=True, slots=True)
class Seen:
    """What the signs look at. `source` is the envelope's sender, `text` what the sender wrote (quotes cut), `parts` the
    mail's own tree, None where there is none."""

    found: Headers
    source: str
    address: str
    subject: str
    text: str
    parts: Part | None


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
    return _SUBJECT.match(seen.subject[:300]) is not None


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
    answer: who writes to us of their own accord does so to report something."""
    text = seen.text
    if not text or len(text) > _LONGEST_ANSWER:
        return False
    low = text.lower()
    if not any(hint in low for hint in words.HINTS) or re.search(words.VETO, low):
        return False
    kinds = _kinds(text)
    if "" in kinds or not (kinds & words.ALONE or len(kinds & words.TOGETHER) > 1):
        return False
    answers = re.match(_ANSWERS, seen.subject[:100], re.IGNORECASE) is not None or "in-reply-to" in seen.found
    return answers or bool(kinds & {"machine", "received"})


def _kinds(text: str) -> set[str]:
    """The kinds of all sentences; "" for one that is of none, and under the closing words no name either."""
    kinds: set[str] = set()
    pieces = list(_sentences(text))
    for left, piece in zip(range(len(pieces), 0, -1), pieces, strict=True):
        signs = ("end" in kinds or left <= 2) and kinds - {"greeting"} and _name(piece)
        kinds.add("name" if signs else _kind(piece))
    return kinds


def _kind(piece: str) -> str:
    for kind, said in words.SENTENCES:
        if (told := re.match(said, piece, re.IGNORECASE)) and _closed(kind, piece, told):
            return kind
    return ""


def _name(piece: str) -> bool:
    """A line of a signature: who, which office, where."""
    said = re.findall(r"\w+", piece)
    capital = all(not word[0].islower() or word in words.SMALL for word in said)
    return bool(said) and capital and len(said) <= (4 if piece.isupper() else 8)


def _closed(kind: str, piece: str, told: re.Match[str]) -> bool:
    if kind not in words.CLOSED:
        return True
    return all(word in words.CLOSED_WORDS or word.isdigit() for word in re.findall(r"\w+", piece[told.end() :].lower()))


def _sentences(text: str) -> Iterator[str]:
    lines = [" ".join(line.split()) for line in text.split("\n")]
    joined = lines[:1]
    for before, line in pairwise(lines):
        if len(before) >= _WRAPPED and before[-1] not in ".!:" and line:
            joined[-1] += " " + line
        else:
            joined.append(line)
    for line in joined:
        for piece in _STOPS.split(re.sub(_ABBREVIATED, r"\1", line, flags=re.IGNORECASE)):
            if bare := piece.strip(" ,:;*-\u2013\u2014()[]"):
                yield bare


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
WEAK: tuple[tuple[str, Sign], ...] = (("notifier", _notifier), ("notice", _notice))


def sign(found: Headers, source: str, address: str, subject: str, text: str = "", parts: Part | None = None) -> str:
    """The name of the sign of a robot, two joined by `+` where they are weak; empty for a person. `source` is the
    envelope's sender, `text` what the sender wrote."""
    told = set(_said(found, _STRONG_HEADERS))
    if told:
        return next(name for name in _ORDER if name in told)
    seen = Seen(found, source, address, subject, text, parts)
    if strong := next((name for name, asks in STRONG if asks(seen)), ""):
        return strong
    weak = dict.fromkeys([*_said(found, _WEAK_HEADERS), *(name for name, asks in WEAK if asks(seen))])
    if weak and _do_not_reply(seen):
        weak["do-not-reply"] = None
    return "+".join(list(weak)[:2]) if len(weak) > 1 else ""
