"""The heads of histories, each day, to where nobody can rewrite them (promise 6).

A history's chain shows that an entry was changed, unless somebody writes the whole of it anew, and the case with it. An
anchor is one object a day that names, for each case that changed, which entry was its last and that entry's hash. Each
names the digest of the one before, so none can be left out.

The bucket's lock keeps versions, not names: whoever administers the account may put another version over an anchor, or
hide it. So of each name the version that was there first is read, and every other one is a fault.

An anchor also names the table that it speaks of. After a restore the desk goes on in another table, whose histories
part from the old one's: what the restore was is noted once, and of the old table's anchors those of before it count."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from ..domain.canary import is_canary
from ..domain.errors import Retry, TanggapError
from ..domain.history import GENESIS, Entry
from ..domain.times import parse_instant, stamp
from ..domain.words import Outcome
from .ports import Cases, Ledger, Policies, Unreadable
from .ports.anchors import Locked, Version
from .walk import every_case

PREFIX = "anchors/"
#: One for each table that was restored, by its name.
RESTORES = "restores/"
#: Anchored again although the last anchor may hold them: a sweep that catches up, or a mail that waited in a queue,
#: writes entries of a time that has passed; and an index shows a change a moment late.
OVERLAP = timedelta(days=1)
#: A case that ended is looked at for so long: two months to come back (`intake.reopen_within_days`), and what follows.
#: A later message on it is found by the ledger's rows; an officer's act alone, on a case older than that, by `whole`,
#: which may be asked for on any day (`anchor write --whole`).
AFTER_THE_END = timedelta(days=120)
#: The ledger lists days one by one: a longer silence is walked whole.
LONGEST = timedelta(days=90)
#: An anchor may hold what was written while its cases were walked over, minutes after the instant that it names.
WALK = timedelta(hours=1)
#: DynamoDB restores to any instant of 35 days; ten for whoever takes their time with the switch.
RESTORABLE = timedelta(days=45)
#: What is left of a run when the walk is given up: to write the anchor, some 90 bytes a case, or to say that it could
#: not be. A run walks over about 1,000 cases a second (10 s for 10,000 of the same index, application/gauges.py, at
#: 512 MB) in what the count and the gauges leave of its 900 s. 200,000 are safe: 200 s, and where one anchor names them
#: all, a peak of 155 MB with its upload (measured; 255 MB for 400,000) beside what the runtime and the count hold. More
#: are anchored by hand (`anchor write`).
RESERVE = timedelta(seconds=30)
_SKEW = -timedelta(minutes=1)
_PAGE = 500
_ALWAYS = datetime(2000, 1, 1, tzinfo=UTC)
_FOR_GOOD = datetime(9000, 1, 1, tzinfo=UTC)


class Broken(TanggapError):
    """An anchor that can't be read."""


@dataclass(frozen=True, slots=True)
class Anchored:
    """`key` is empty where the day had its anchor before, and not all cases were asked for."""

    key: str
    cases: int = 0
    unreadable: int = 0


@dataclass(frozen=True, slots=True)
class Restored:
    """A table that was made of another one's rows of `at`."""

    table: str
    of: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Last:
    """The newest anchor: until when it speaks and of which table, and its digest. `covered`: how many anchors somebody
    put another version over, or hid."""

    until: datetime = _ALWAYS
    digest: str = GENESIS
    table: str = ""
    covered: int = 0


@dataclass(frozen=True, slots=True)
class Held:
    """What anchors say of one table's histories. `heads`: by case, which entry had which hash; `split`: entries of
    which two anchors name different hashes. `faults`: of the anchors themselves. `restores`: those that led to this
    table, the latest first, for whoever knows whether they happened."""

    heads: Mapping[str, Mapping[int, str]] = field(default_factory=dict)
    split: Mapping[str, frozenset[int]] = field(default_factory=dict)
    faults: tuple[str, ...] = ()
    restores: tuple[Restored, ...] = ()

    def against(self, number: str, history: Sequence[Entry]) -> tuple[str, ...]:
        """What is wrong with a case's history; empty where all that was anchored of it still stands in it."""
        differ = (f"two anchors differ on entry {seq}" for seq in sorted(self.split.get(number, ())))
        return (*against(self.heads.get(number, {}), history), *differ)


class Anchors:
    """What is in the store."""

    def __init__(self, store: Locked) -> None:
        self.store = store

    def keys(self) -> list[str]:
        """Oldest first: a day's name sorts as the day does, and before those of its instants."""
        return sorted(self._first(PREFIX)[0])

    def last(self, now: datetime) -> Last:
        """Of the days until `now`. What can't be read was not put there by us, and ends nothing: it is passed over."""
        kept, covered = self._first(PREFIX)
        digest = ""
        for key in sorted((key for key in kept if key <= named_besides(now)), reverse=True):
            body = self.store.read(kept[key])
            digest = digest or _digest(body)
            try:
                raw = _read(key, body)
            except Broken:
                continue
            return Last(parse_instant(raw["until"]), digest, raw.get("table", ""), len(covered))
        return Last(digest=digest or GENESIS, covered=len(covered))

    def held(self, table: str = "") -> Held:
        """Everything that was anchored of this table and of those that it was restored of."""
        kept, covered = self._first(PREFIX)
        restores, faults = self._restores()
        faults = [*map(_covered, covered), *faults]
        speaks = _line(table, restores)
        heads: dict[str, dict[int, str]] = {}
        split: dict[str, frozenset[int]] = {}
        before = GENESIS
        for key in sorted(kept):
            body = self.store.read(kept[key])
            follows, before = before, _digest(body)
            try:
                raw = _read(key, body)
            except Broken as error:
                faults.append(str(error))
                continue
            if raw["before"] != follows:
                faults.append(f"the anchor {key} does not follow the one before it")
            of = raw.get("table", "")
            if of in restores and of not in speaks:
                continue  # it went its own way
            if parse_instant(raw["until"]) > speaks.get(of, _FOR_GOOD):
                continue
            for number, seq, head in raw["cases"]:
                if heads.setdefault(number, {}).setdefault(int(seq), head) != head:
                    split[number] = split.get(number, frozenset()) | {int(seq)}
        led = tuple(restores[of] for of in speaks if of in restores)
        return Held(heads, split, tuple(faults), led)

    def note(self, restored: Restored) -> bool:
        """Once a table; False where it is noted already."""
        body = {"v": 1, "table": restored.table, "of": restored.of, "at": stamp(restored.at)}
        return self.store.put_new(f"{RESTORES}{restored.table}.json", _written(body))

    def _restores(self) -> tuple[dict[str, Restored], list[str]]:
        """By the new table's name; and what is wrong with them."""
        kept, covered = self._first(RESTORES)
        found, faults = {}, [*map(_covered, covered)]
        for key, version in sorted(kept.items()):
            try:
                raw = json.loads(self.store.read(version))
                if raw["v"] != 1:
                    raise ValueError("another version")
                one = Restored(str(raw["table"]), str(raw["of"]), parse_instant(raw["at"]))
            except (ValueError, KeyError, TypeError):
                faults.append(f"{key} cannot be read")
                continue
            if key != f"{RESTORES}{one.table}.json" or not _SKEW <= version.at - one.at <= RESTORABLE:
                faults.append(f"{key} speaks of what cannot have been: {one.of} of {stamp(one.at)}")
                continue
            found[one.table] = one
        return found, faults

    def _first(self, prefix: str) -> tuple[dict[str, Version], list[str]]:
        """Of each name the version that was there first, which the lock keeps; and names under which there is more."""
        first: dict[str, Version] = {}
        seen: set[str] = set()
        covered: set[str] = set()
        for one in self.store.versions(prefix):
            if one.marker or one.key in seen:
                covered.add(one.key)
            seen.add(one.key)
            if not one.marker and (one.key not in first or one.at <= first[one.key].at):
                first[one.key] = one
        return first, sorted(covered)


def named(at: datetime) -> str:
    """The key of a day's anchor."""
    return f"{PREFIX}{at.astimezone(UTC):%Y-%m-%d}.json"


def named_besides(at: datetime) -> str:
    """The key of one of all cases, on a day that has its anchor: after it by name, as by time."""
    return f"{PREFIX}{at.astimezone(UTC):%Y-%m-%dT%H%M%S}.json"


def _key(at: datetime, whole: bool, there: Sequence[str]) -> str:
    """Under which one is to be written now; empty for none."""
    day = named(at)
    if day not in there:
        return day
    return named_besides(at) if whole else ""


def _covered(key: str) -> str:
    return f"{key} was put over, or hidden: its first version is what counts"


def _line(table: str, restores: Mapping[str, Restored]) -> dict[str, datetime]:
    """Until which instant anchors of which table speak of this one: its own for good, those of what it was restored of
    until then."""
    speaks = {table: _FOR_GOOD}
    until = _FOR_GOOD
    while (one := restores.get(table)) and one.of not in speaks:
        until = min(until, one.at - WALK)
        speaks[one.of] = until
        table = one.of
    return speaks


class Anchor:
    """Once a day, and as often as it is asked: what changed since the last anchor becomes the next."""

    def __init__(
        self,
        cases: Cases,
        ledger: Ledger,
        policies: Policies,
        store: Locked,
        clock: Callable[[], datetime],
        table: str = "",
    ) -> None:
        """`table`: the one that the cases are in."""
        self.cases, self.ledger, self.policies, self.clock, self.table = cases, ledger, policies, clock, table
        self.anchors = Anchors(store)

    def __call__(self, whole: bool = False, remaining: Callable[[], timedelta] = lambda: timedelta.max) -> Anchored:
        """`whole`: every case that there is, however long ago it changed, also where the day has its anchor; so is the
        first one of a table. Days without a run are made up for. Raises Retry, also where `remaining` does not suffice:
        half an anchor is none."""
        until, before = self.clock(), self.anchors.keys()
        key = _key(until, whole, before)
        if not key:
            return Anchored("")
        last = self.anchors.last(until)
        heads, unreadable = self._changed(self._since(last), until, whole, remaining)
        meanwhile = self.anchors.keys()  # names alone: an anchor as large as this one need not be read beside it
        if not whole and key in meanwhile:
            return Anchored("")  # two runs of one day: the first one stands
        if meanwhile != before:
            raise Retry("another anchor was written meanwhile: this one would not follow it")
        if named(self.clock()) != named(until):
            raise Retry("midnight passed meanwhile: the next day's anchor may be there already")
        said = {"v": 1, "until": stamp(until), "before": last.digest, "table": self.table, "whole": whole}
        if not self.anchors.store.put_new(key, _written({**said, "cases": heads})):
            return Anchored("")  # in the moment since
        return Anchored(key, len(heads), unreadable)

    def pending(self, whole: bool = False) -> Anchored:
        """The anchor that now would be written, without writing it."""
        now = self.clock()
        key = _key(now, whole, self.anchors.keys())
        if not key:
            return Anchored("")
        heads, unreadable = self._changed(self._since(self.anchors.last(now)), now, whole, lambda: timedelta.max)
        return Anchored(key, len(heads), unreadable)

    def last(self) -> Last:
        return self.anchors.last(self.clock())

    def _since(self, last: Last) -> datetime:
        return last.until - OVERLAP if last.until > _ALWAYS and last.table == self.table else _ALWAYS

    def _changed(
        self, since: datetime, until: datetime, whole: bool, remaining: Callable[[], timedelta]
    ) -> tuple[list[tuple[str, int, str]], int]:
        whole = whole or until - since > LONGEST
        found: dict[str, tuple[int, str]] = {}
        unreadable: list[str] = []
        ended_since = _ALWAYS if whole else since - AFTER_THE_END
        for case in every_case(self.cases, self.policies.current(), ended_since, unreadable.append):
            _in_time(remaining)
            if (whole or case.last_at >= since) and case.seq:
                found[case.number] = case.seq, case.head
        for number in () if whole else self._named(since, until, remaining):
            _in_time(remaining)
            if number in found:
                continue
            try:
                named = self.cases.case(number)
            except Unreadable:  # the others' heads must still be kept
                unreadable.append(number)
                continue
            if named and named.seq and not is_canary(named):
                found[number] = named.seq, named.head
        return [(number, *found[number]) for number in sorted(found)], len(set(unreadable))

    def _named(self, since: datetime, until: datetime, remaining: Callable[[], timedelta]) -> set[str]:
        """Cases that something came in on, whatever state they are in."""
        numbers: set[str] = set()
        for outcome in (Outcome.FILED, Outcome.STATUS):
            after: str | None = None
            while True:
                _in_time(remaining)  # 100,000 reports a day are 400 pages and more
                page = self.ledger.received(outcome, since, until, after, _PAGE)
                numbers |= {row.case for row in page.rows if row.case}
                after = page.after
                if after is None:
                    break
        return numbers


def _in_time(remaining: Callable[[], timedelta]) -> None:
    if remaining() < RESERVE:
        raise Retry("no time is left to anchor histories")


def against(anchored: Mapping[int, str], history: Sequence[Entry]) -> tuple[str, ...]:
    """What is wrong with a history, by what was anchored of it; empty where all of that still stands in it."""
    now = {entry.seq: entry.hash for entry in history}
    last = max(now, default=0)
    faults = []
    for seq, head in sorted(anchored.items()):
        if seq > last:
            faults.append(f"it had {seq} entries when it was anchored, and has {last} now")
        elif now.get(seq) != head:
            faults.append(f"entry {seq} is not the one that was anchored")
    return tuple(faults)


def _read(key: str, body: bytes) -> dict[str, Any]:
    try:
        raw: dict[str, Any] = json.loads(body)
        if raw["v"] != 1 or not all(len(one) == 3 and int(one[1]) for one in raw["cases"]):
            raise ValueError("another version")
        until = parse_instant(raw["until"])
        if key not in (named(until), named_besides(until)) or not isinstance(raw["before"], str):
            raise ValueError("another day's")
    except (ValueError, KeyError, TypeError) as error:
        raise Broken(f"the anchor {key} cannot be read") from error
    return raw


def _written(raw: Mapping[str, Any]) -> bytes:
    return json.dumps(raw, separators=(",", ":")).encode()


def _digest(body: bytes) -> str:
    return hashlib.sha256(body).hexdigest()
