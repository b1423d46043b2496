"""The canary: a citizen of our own making, who writes by mail and by web form all day long. When their answer stays
out, real ones wait as well.

They write from an address under the desk's own mail domain with a proof in it, so nobody can pass as them. The proof
is the day's: the vault, from which nothing goes by itself, has two more people a day, not two an hour. What they write
becomes a case like any other, but without a promise, a desk or a bell; and it goes by itself after a week."""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING

from .inbound import Authenticity
from .numbers import number_from
from .words import Reason

if TYPE_CHECKING:
    from .case import Case, Delivery, Received

#: Stands on its cases and on the letters to it. No reader and no form can write it there.
MARK = "canary"
#: On a case of its: the letter to it came back to our own domain and was read.
RETURNED = "returned"
#: Its rows go by the table's time to live; a case of a person's never does.
KEPT = timedelta(days=7)
#: Citizens are promised an answer within seconds; later than this somebody notices.
LATE = timedelta(minutes=5)
#: A round older than this is not judged: what it led to may have gone already.
FORGOTTEN = KEPT - timedelta(days=1)
#: An address is believed on its day and the next: what is written to it at midnight may wait in the outbox for hours.
BELIEVED_DAYS = 1

LOCAL = "kenari"
NAME = "Kenari"
SUBJECT = "Uji kenari"
#: No word of thanks, of a menu, of a machine or of danger: read like any short report.
TEXT = "Laporan uji berkala dari desa: apakah pesan yang masuk masih dijawab? Tidak ada yang perlu ditindaklanjuti."
#: While nobody answers it writes so often: each of its mails may be a bounce on the account's record.
WHILE_FAILING = timedelta(hours=1)
#: A schedule's call comes some seconds sooner or later.
_PUNCTUAL = timedelta(minutes=1)
_FIRST = date(2020, 1, 1)
_DIGITS = "abcdefghijklmnopqrstuvwxyz234567"
_DAY, _MAC = 3, 16  # days to the year 2109; 80 bits


class Way(StrEnum):
    MAIL = "mail"
    WEB = "web"


#: How each way is spelt in the address.
_LETTERS = {Way.MAIL: "m", Way.WEB: "w"}
_WAYS = {letter: way for way, letter in _LETTERS.items()}


def is_canary(one: Case | Delivery | Received) -> bool:
    """Is it the canary's: a case, a letter to it, a row of the ledger about what it wrote or got? Its messages say
    nothing of it: their case does."""
    return MARK in getattr(one, "marks", ()) or getattr(one, "reason", None) == Reason.CANARY


# -- who it is


@dataclass(frozen=True, slots=True)
class Proved:
    """An address of the canary's, and what its proof says."""

    way: Way
    day: date
    address: str


def subject_of(at: datetime) -> str:
    """Of the mail of one round."""
    return f"{SUBJECT} {at.astimezone(UTC):%Y-%m-%d %H:%M:%S} UTC"


def number_of(address: str, subject: str) -> str:
    """Of the case that such a mail becomes: who wrote it can look it up, and the same mail once more is the same."""
    digest = hashlib.sha256(f"{address.lower()}\n{subject}".encode("utf-8", "surrogatepass")).digest()
    return number_from(int.from_bytes(digest[:8], "big"))


def address_of(way: Way, at: datetime, domain: str, key: bytes) -> str:
    body = _LETTERS[way] + _spelt((at.astimezone(UTC).date() - _FIRST).days)
    return f"{LOCAL}+{body}{_mac(body, domain, key)}@{domain}"


def proved(address: str, at: datetime, domain: str, keys: Sequence[bytes]) -> Proved | None:
    """None for whoever else it is. `at`: when what they wrote, or what was written to them, came in. `keys`: the one
    in use first, then older ones."""
    token = _token(address, domain)
    way = _WAYS.get(token[:1])
    if way is None or len(token) != 1 + _DAY + _MAC or not set(token) <= set(_DIGITS):
        return None
    body, mac = token[:-_MAC], token[-_MAC:].encode()
    if not any(hmac.compare_digest(_mac(body, domain, key).encode(), mac) for key in keys):
        return None
    days = 0
    for digit in body[1:]:
        days = days * len(_DIGITS) + _DIGITS.index(digit)
    day = _FIRST + timedelta(days=days)
    believed = 0 <= (at.astimezone(UTC).date() - day).days <= BELIEVED_DAYS
    return Proved(way, day, address.lower()) if believed else None


def claimed(addresses: Iterable[str], domain: str) -> tuple[str, ...]:
    """Those that look like its: only of these the proof is asked for."""
    return tuple(one for one in addresses if _token(one, domain))


def vouched(facts: Authenticity) -> bool:
    """Did our own mail service sign it? Where the domain publishes no DMARC, a signature alone says so: whose, the
    proof tells."""
    return facts.dmarc == "PASS" or (facts.dmarc in ("GRAY", "") and facts.dkim == "PASS")


def _token(address: str, domain: str) -> str:
    local, _, found = address.lower().rpartition("@")
    name, plus, token = local.partition("+")
    return token if found == domain and name == LOCAL and plus else ""


def _spelt(days: int) -> str:
    digits = ""
    for _ in range(_DAY):
        days, digit = divmod(days, len(_DIGITS))
        digits = _DIGITS[digit] + digits
    return digits


def _mac(body: str, domain: str, key: bytes) -> str:
    """The tokens of cases and offices are made with the same key under other words."""
    digest = hmac.new(key, f"canary:{body}@{domain}".encode(), hashlib.sha256).digest()
    return base64.b32encode(digest[:10]).decode().lower()


# -- what is late


@dataclass(frozen=True, slots=True)
class Written:
    """What one round wrote by one way. `number`: of the case that it is to become; empty where it could not be
    written."""

    way: Way
    at: datetime
    number: str = ""


@dataclass(frozen=True, slots=True)
class Round:
    """`judged`: whether it was answered has been told. `failing`: how many rounds in a row were not, up to the last
    that was judged or could not be written."""

    at: datetime
    written: tuple[Written, ...]
    judged: bool = False
    failing: int = 0

    def with_(self, one: Written) -> Round:
        return replace(self, written=tuple(one if had.way is one.way else had for had in self.written))


@dataclass(frozen=True, slots=True)
class Found:
    """What became of it. `known`: as the canary's. `acknowledged_at`: when the letter to it left; `returned`: it came
    back to our own domain and was read; `shown`: the tracking page tells more than that it was received (of a web
    form)."""

    filed: bool = False
    known: bool = False
    acknowledged_at: datetime | None = None
    returned: bool = False
    shown: bool = False


class Fault(StrEnum):
    NOT_WRITTEN = "not_written"
    NOT_FILED = "not_filed"
    #: It was taken for somebody else, and rang a desk.
    NOT_KNOWN = "not_known"
    NOT_ACKNOWLEDGED = "not_acknowledged"
    LATE = "late"
    NOT_RETURNED = "not_returned"
    NOT_SHOWN = "not_shown"


def to_judge(last: Round | None, now: datetime) -> bool:
    return last is not None and not last.judged and now - last.at < FORGOTTEN


def judged(last: Round, missed: bool) -> Round:
    """What could not be written was counted when it could not."""
    if all(one.number for one in last.written):
        return replace(last, judged=True, failing=last.failing + 1 if missed else 0)
    return replace(last, judged=True)


def to_write(last: Round, now: datetime, every: timedelta) -> bool:
    """Is the next one due? After one that was not answered at once: two failures tell fault from chance. So is it after
    one that a run left unwritten when it ended in the middle."""
    pause = min(every, WHILE_FAILING) if last.failing > 1 else timedelta()
    if not last.failing and all(one.number for one in last.written):
        pause = every
    return now - last.at >= pause - _PUNCTUAL


def too_soon(last: Round | None, now: datetime) -> bool:
    """A schedule that calls twice: what was just written may still be on its way."""
    return last is not None and now - last.at < LATE


def fault_of(written: Written, found: Found) -> Fault | None:
    """The first thing that went wrong with what was written; what comes behind it follows from it. What could not be
    written was told by the run that could not."""
    if not written.number:
        return None
    if not found.filed:
        return Fault.NOT_FILED
    if not found.known:
        return Fault.NOT_KNOWN
    if found.acknowledged_at is None:
        return Fault.NOT_ACKNOWLEDGED
    if found.acknowledged_at - written.at > LATE:
        return Fault.LATE
    if not found.returned:
        return Fault.NOT_RETURNED
    if written.way is Way.WEB and not found.shown:
        return Fault.NOT_SHOWN
    return None
