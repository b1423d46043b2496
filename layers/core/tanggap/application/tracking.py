"""Following a report by number and receipt code, and writing to it: for whoever reported, by whichever channel, with a
name or without.

A pair that opens nothing is answered the same, and after the same work, whichever half of it was wrong. Such tries are
counted by the hour: of a caller, and of a number."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from ..domain import numbers, receipts
from ..domain.case import Case
from ..domain.errors import Invalid, NotAllowed, NotFound, Park, Refuse
from ..domain.form_rules import VERSION
from ..domain.inbound import Inbound
from ..domain.intake_rules import settled_long_ago
from ..domain.times import stamp
from ..domain.words import FORMS, Channel
from .ports import Arrivals, CaseFile, Cases, Codes, Files, Guesses, Policies
from .texts import clean

#: Tries of one caller that opened nothing, an hour. A mobile operator's whole town may be behind one address.
CALLER_LIMIT = 60
#: The same on one number. Beyond the first bound, whoever has guessed wrong within the hour is refused; beyond the
#: second, whoever guesses wrong now. A right pair of who has not missed opens its case whatever others try, so that
#: nobody can shut a reporter out by guessing. What holds is the code: 29^10 = 4.2·10^14 of them, of which three open a
#: case (a form's own, and one of each of two keys). Our doors take 70 tries a second, 252,000 an hour (template.yaml),
#: from however many addresses: on one known number that finds a code with a chance of 2 in 10^9 an hour, 2 in 100,000
#: in a whole year.
NUMBER_LIMIT, NUMBER_END = 20, 300
#: Messages by code on one number, an hour.
MESSAGES_LIMIT = 20
#: A number that none can have: what is no number costs the same look-ups.
_NOBODYS = numbers.PREFIX + "-"
_TOO_MANY = "too many numbers or codes that did not match: try again in an hour"

#: Reads a form's stored arrival.
ReadForm = Callable[[bytes, datetime], Inbound]
#: Told of each pair that opens nothing: the number (empty where there is none), and whether a limit is reached.
OnGuess = Callable[[str, bool], None]
#: Told of the number whose right pair came while others tried more often than NUMBER_END.
OnBesieged = Callable[[str], None]


class WrongPair(NotFound):
    """No such number, or another code: which, is not told."""

    def __init__(self) -> None:
        super().__init__("number or code do not match a report")


class TooManyTries(Refuse):
    status = 429
    code = "too_many_requests"


class KeyReused(Refuse):
    status = 409
    code = "key_reused"


@dataclass(frozen=True, slots=True)
class Held:
    """What a pair opens: a case, or a report that is not filed yet."""

    number: str
    case: Case | None = None
    waiting: Inbound | None = field(repr=False, default=None)


class Receipts:
    """Checks pairs. `caller` is whatever tells two askers apart on their channel: a network address, a platform's id.
    It is never stored (`Guesses.caller`)."""

    def __init__(
        self,
        cases: Cases,
        arrivals: Arrivals,
        codes: Codes,
        guesses: Guesses,
        read: ReadForm,
        clock: Callable[[], datetime],
        on_guess: OnGuess = lambda number, limited: None,
        on_besieged: OnBesieged = lambda number: None,
    ) -> None:
        self.cases, self.arrivals, self.codes, self.guesses = cases, arrivals, codes, guesses
        self.read, self.clock = read, clock
        self.on_guess, self.on_besieged = on_guess, on_besieged

    def check(self, number: str, code: str, caller: str) -> Case | None:
        """The case that the pair opens; None for a report that is not filed yet. Raises WrongPair, TooManyTries,
        Retry."""
        return self.open(number, code, caller).case

    def open(self, number: str, code: str, caller: str) -> Held:
        """The same, with what a report says that is not filed yet."""
        now = self.clock()
        known = numbers.normalise(number[:40]) or _NOBODYS
        counters = (f"caller#{self.guesses.caller(caller, now)}", f"number#{known}")
        named = "" if known == _NOBODYS else known
        besieged = self._limit(counters, named, now)
        held = self._find(known, receipts.normalise(code) or "")
        if held is None:
            for counter in counters:
                self.guesses.add(counter, now)
            self.on_guess(named, besieged)
            raise TooManyTries(_TOO_MANY) if besieged else WrongPair
        if besieged:
            self.on_besieged(known)
        return held

    def _limit(self, counters: tuple[str, str], named: str, now: datetime) -> bool:
        """Raises TooManyTries for who missed before. Have all others together missed so often that nobody who misses
        now is told more than that?"""
        own, others = (self.guesses.tries(counter, now) for counter in counters)
        if own >= CALLER_LIMIT or (named and own > 0 and others >= NUMBER_LIMIT):
            self.on_guess(named, True)
            raise TooManyTries(_TOO_MANY)
        return bool(named) and others >= NUMBER_END

    def _find(self, number: str, code: str) -> Held | None:
        """What does not open a case is looked for among the arrivals, case or none: how long it takes tells nothing of
        either half. A report that was parked since another case has its number is still its reporter's."""
        case = self.cases.case(number)
        fits = self.codes.opens(code, number, case.receipt if case else "")
        if case and fits:
            return Held(number, case)
        waiting = [found for channel in sorted(FORMS) if (found := self._waiting(channel, number, code))]
        return Held(number, waiting=waiting[0]) if waiting else None

    def _waiting(self, channel: Channel, number: str, code: str) -> Inbound | None:
        """A report that is stored under this number, if this is its code."""
        try:
            inbound = self.read(self.arrivals.get(f"webhooks/{channel}/{number}.json"), self.clock())
        except (NotFound, Park):
            return None
        stated = inbound.stated
        own = stated is not None and self.codes.opens(code, number, stated.receipt)
        return inbound if own and stated and stated.number == number else None


@dataclass(frozen=True, slots=True)
class Followed:
    """`file` is None until the report is filed."""

    held: Held
    file: CaseFile | None = field(repr=False, default=None)


class Tracking:
    """`find_upload`: the key of a public upload by its id; empty for what is none."""

    def __init__(
        self,
        receipts: Receipts,
        files: Files,
        policies: Policies,
        find_upload: Callable[[str], str],
        new_key: Callable[[], str],
    ) -> None:
        self.receipts, self.files, self.policies = receipts, files, policies
        self.find_upload, self.new_key = find_upload, new_key

    def follow(self, number: str, code: str, caller: str) -> Followed:
        """Raises WrongPair, TooManyTries, Retry."""
        held = self.receipts.open(number, code, caller)
        return Followed(held, self.receipts.cases.file(held.number) if held.case else None)

    def write(
        self, number: str, code: str, caller: str, text: str, uploads: tuple[str, ...] = (), key: str = ""
    ) -> Held:
        """A further message of the reporter's: an arrival like any other, filed by intake. `key`: the writer's own; the
        same again is the same message. Raises WrongPair, TooManyTries, Invalid, NotAllowed, Retry."""
        held = self.receipts.open(number, code, caller)
        said = clean(text, empty=bool(uploads)).strip()
        for upload in uploads:
            self._check(upload)
        now = self.receipts.clock()
        if held.case and settled_long_ago(held.case.ended_at, now, self.policies.current().intake):
            raise NotAllowed("this report was settled long ago: please make a new one", "settled_long_ago")
        digest = hashlib.sha256(f"{held.number}\n{key or self.new_key()}".encode()).hexdigest()
        report: Mapping[str, object] = {"text": said, "uploads": list(uploads)}
        place = f"webhooks/{Channel.WEB}/{held.number}/{digest}.json"
        body = {"v": VERSION, "door": "web", "number": held.number, "adds": True, "key": digest, "at": stamp(now)}
        if not self._known(place, report):
            if self.receipts.guesses.add(f"message#{held.number}", now) > MESSAGES_LIMIT:
                raise TooManyTries("too many messages within the hour: try again later")
            stored = json.dumps({**body, "report": report}, ensure_ascii=False).encode()
            if not self.receipts.arrivals.put_new(place, stored):
                self._known(place, report)  # both came at once
        self.receipts.arrivals.notify(place, "arrived")
        return held

    def _known(self, place: str, report: Mapping[str, object]) -> bool:
        """Is it there already? Its notice may have been lost, so it is announced again all the same."""
        if self.receipts.arrivals.head(place) is None:
            return False
        if json.loads(self.receipts.arrivals.get(place)).get("report") != report:
            raise KeyReused("this idempotency_key belongs to another message: make a new one for what is new")
        return True

    def _check(self, upload: str) -> None:
        place = self.find_upload(upload)
        if not place or self.files.head(place) is None:
            raise Invalid("an upload is not there: upload it first")
