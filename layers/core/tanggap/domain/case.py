"""A case and everything that is written with it. A Change stands or falls as a whole."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Literal

from .classification_rules import Why
from .clocks import Clock, ClockState
from .history import GENESIS, Entry
from .inbound import Media, Place, Sort
from .talks import ASKED_FOR, TALK, Talk
from .words import ENDED, OF_THE_LADDER, Channel, Confidentiality, DeliveryState, Kind, Outcome, Purpose, Reason, Status


@dataclass(frozen=True, slots=True)
class Link:
    """`kind`: duplicate_of, likely_duplicate_of (proposed, with `why`), claims (named without proof), follows (a later
    case of the same matter)."""

    kind: str
    number: str
    why: str = ""


@dataclass(frozen=True, slots=True)
class Sketch:
    """What a new report is found and compared by, without its text: opaque keys of its sender (empty where nobody is
    known) and of the places that it names, hashes of what it says besides, sorted."""

    sender: str
    places: tuple[str, ...]
    words: tuple[int, ...]

    @property
    def keys(self) -> tuple[str, ...]:
        return (*((self.sender,) if self.sender else ()), *self.places)


@dataclass(frozen=True, slots=True)
class Alike:
    """A case that one of those keys found, with the hashes of its own sketch."""

    number: str
    key: str
    words: tuple[int, ...]


AUTOMATIC_ANSWERS = ASKED_FOR | frozenset(
    {Purpose.ACKNOWLEDGEMENT, Purpose.LEFT_OUT, Purpose.STILL_SETTLED, Purpose.STILL_WAITING, Purpose.PRAISED}
)
#: A letter to an office about no one case is kept under this and the office's hash, in the place of a case's number.
OFFICE = "OFFICE-"
#: Where attachments lie by the digest of their content, each once however many cases name it.
SHARED_FILES = "files/"


@dataclass(frozen=True, slots=True)
class FileRef:
    """An attachment as it is kept: `key` in the attachments bucket; `scan` is the virus verdict, "unscanned" where
    none."""

    name: str
    type: str
    size: int
    digest: str
    key: str
    scan: str = "unscanned"


@dataclass(frozen=True, slots=True, kw_only=True)
class ExtensionRequest:
    """More time asked for on one clock, named by its `unit` too where each unit has its own. `clock_started_at` tells
    it from an earlier or later clock of the name. `note`: the message that holds the reason."""

    id: str
    clock: str
    unit: str
    clock_started_at: datetime
    amount: int
    by: str
    at: datetime
    note: str
    state: Literal["pending", "granted", "refused"] = "pending"
    decided_by: str = ""
    decided_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """`reporter` is the opaque id that only the vault can open. `seq` and `head` are the end of its history's chain;
    `version` is the condition of each write. `due_at` is the next instant at which any clock needs something."""

    number: str
    channel: Channel
    kind: Kind
    status: Status
    received_at: datetime
    last_at: datetime
    policy_version: int
    deadline_basis: str
    #: When the desk learned of it: later than the receipt of what lay in a queue, or on a counter. None in older rows.
    opened_at: datetime | None = None
    reporter: str | None = None
    #: Earlier ids of the same person: addresses that an officer confirmed as theirs.
    also: tuple[str, ...] = ()
    #: When the last messages of its reporter, and of other people, came in: as many as the throttle of a case needs.
    heard: tuple[datetime, ...] = ()
    heard_others: tuple[datetime, ...] = ()
    confidentiality: Confidentiality = Confidentiality.OPEN
    subject: str = ""
    category: str | None = None
    #: Who leads; `others` work on it beside the lead, each under a clock of its own.
    unit: str | None = None
    others: tuple[str, ...] = ()
    officer: str | None = None
    #: The status in which its reporter was asked for details: where it goes on when they come (life).
    asked_while: Status | None = None
    extensions: tuple[ExtensionRequest, ...] = ()
    priority: str = "normal"
    #: Why kind, category and priority are what they are; what is proposed and an officer's to decide (kind, unit).
    whys: tuple[Why, ...] = ()
    proposals: tuple[Why, ...] = ()
    clocks: tuple[Clock, ...] = ()
    #: What began for which the case's kind knows no term: stopped clocks of none (clocks.without_term), which nobody is
    #: shown. Of another kind they run (clock_changes).
    unpromised: tuple[Clock, ...] = ()
    links: tuple[Link, ...] = ()
    marks: tuple[str, ...] = ()
    due_at: datetime | None = None
    ended_at: datetime | None = None
    #: The last day on which it is kept, by the policy under which it ended; None while it is open, and for good.
    keep_until: date | None = None
    #: When it happened and where, as its reporter stated or shared it.
    happened_at: datetime | None = None
    place: Place | None = None
    #: A digest of the receipt code that was minted when it came in by a form; others have one by their number alone
    #: (adapters.secrets).
    receipt: str = ""
    version: int = 0
    seq: int = 0
    head: str = GENESIS

    @property
    def reporters(self) -> tuple[str, ...]:
        """Every id under which the vault knows this case's reporter."""
        return (*((self.reporter,) if self.reporter else ()), *self.also)

    @property
    def units(self) -> tuple[str, ...]:
        """All that work on it, the lead first."""
        return (*((self.unit,) if self.unit else ()), *self.others)

    def owner(self, clock: Clock) -> str | None:
        """Whose a clock is: a unit's own, else the lead's. None is the coordinator, who has what a unit left behind."""
        if clock.unit:
            return clock.unit if clock.unit in self.units else None
        return self.unit

    @property
    def ended(self) -> bool:
        return self.status in ENDED

    @property
    def missed(self) -> bool:
        """The agency owes something that was due before."""
        return any(clock.state is ClockState.MISSED and clock.open and clock.owes == "agency" for clock in self.clocks)

    @property
    def deadline(self) -> datetime | None:
        """What officers owe next; None where they owe nothing, or wait for the reporter."""
        return min(
            (
                clock.due_at
                for clock in self.clocks
                if clock.owes == "agency" and clock.open and clock.state is not ClockState.PAUSED
            ),
            default=None,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """What one person said: `direction` in (a citizen) or note (an officer to officers). What we say to a citizen is a
    Delivery. `text` is what the person wrote; `full_text` the whole, empty where both are the same. `body` names
    where a very long text is kept while `text` is only its start (`Cases.whole`). `sender` is the vault's id of who
    wrote; `reasons` stand behind the word of `authenticity`."""

    id: str
    case: str
    direction: str
    channel: Channel
    at: datetime
    text: str
    subject: str = ""
    full_text: str = ""
    external_id: str = ""
    automatic: bool = False
    authenticity: str = ""
    verdicts: Mapping[str, str] = field(default_factory=dict)
    reasons: tuple[str, ...] = ()
    files: tuple[FileRef, ...] = ()
    #: Names of attachments that were over a bound; only the raw arrival holds them.
    left_out: tuple[str, ...] = ()
    marks: tuple[str, ...] = ()
    actor: str = "reporter"
    sender: str = ""
    arrival: str = ""
    body: str = ""
    #: What was done on a platform; of a reaction, an edit or a deletion the external id of what it is about.
    sort: Sort = Sort.MESSAGE
    about: str = ""
    place: Place | None = None
    #: What the platform still keeps for us: fetched behind the queue, each a file then, or named in `left_out`.
    media: tuple[Media, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """One attempt series to bring one outbound message to one address: an outbox row.

    To the reporter (`reporter` set, address found in the vault when it is sent) or to an office (`address` set, out of
    the policy). `wake`: the instant at which the row may be worked on, set when it is written or by a sweep; absent
    while it waits for `due_at`. `repeats` counts sends whose answer was lost, `faults` attempts that broke (a wait is
    none). A letter that says what several rows were to say names them in `parts`, and each of them names it in
    `bundled_in`, both as `place`s."""

    id: str
    case: str
    purpose: Purpose
    created_at: datetime
    subject: str
    text: str
    reporter: str = ""
    address: str = ""
    channel: Channel = Channel.EMAIL
    automatic: bool = True
    in_reply_to: str = ""
    references: tuple[str, ...] = ()
    files: tuple[FileRef, ...] = ()
    steps: tuple[str, ...] = ()
    actor: str = "system"
    state: DeliveryState = DeliveryState.QUEUED
    due_at: datetime | None = None
    wake: datetime | None = None
    lease_until: datetime | None = None
    attempts: int = 0
    repeats: int = 0
    faults: int = 0
    reason: str = ""
    external_id: str = ""
    sent_at: datetime | None = None
    parts: tuple[str, ...] = ()
    bundled_in: str = ""
    #: On a platform: by which of its ways it goes or went (domain.ways.How), the ids of the parts that left that way,
    #: the ways that were refused, and what of it costs money.
    how: str = ""
    gone: tuple[str, ...] = ()
    tried: tuple[str, ...] = ()
    charged: str = ""
    #: The public comment that it answers in private.
    comment: str = ""
    #: What else is to be known of it (ways.PARTLY, ways.LATE).
    marks: tuple[str, ...] = ()
    #: The row whose words it says once more, since its reporter had not been sent them (caught_up).
    again_of: str = ""
    #: What its letter says by placeholder, where it may have to go in another form than `text` (chat_letters.SHORT).
    facts: tuple[tuple[str, str], ...] = ()
    #: Of an acknowledgement: from when its citizen waits for it (promptness.waits_since).
    since: datetime | None = None

    @property
    def place(self) -> str:
        return f"{self.case}/{self.id}"

    @property
    def of_no_case(self) -> bool:
        return self.case.startswith(OFFICE)

    @property
    def of_talk(self) -> bool:
        """Said to a person about none of their cases."""
        return self.case.startswith(TALK)

    @property
    def asleep(self) -> bool:
        """A letter of the ladder that the sweep has not let out yet."""
        fresh = self.state is DeliveryState.QUEUED and self.wake is None and not self.attempts
        return fresh and self.purpose in OF_THE_LADDER


@dataclass(frozen=True, slots=True, kw_only=True)
class Received:
    """The ledger row of one message that arrived, and the guard against reading it twice. `seen` is the digest behind
    the second guard (channel and digest), empty where nothing but the arrival itself identifies the message;
    `seen_in_part` the one under which its beginning alone is known. `of`: how many messages its arrival holds."""

    arrival: str
    channel: Channel
    at: datetime
    size: int
    outcome: Outcome
    reason: Reason
    index: int = 0
    of: int = 1
    external_id: str = ""
    case: str = ""
    seen: str = ""
    seen_in_part: str = ""
    replayed: bool = False

    @property
    def guards(self) -> tuple[str, ...]:
        """Each once: a mail of too many parts is known by all its bytes both ways."""
        return tuple(dict.fromkeys(one for one in (self.seen, self.seen_in_part) if one))

    def unguarded(self) -> Received:
        """The same message again, or none that could come again."""
        return replace(self, seen="", seen_in_part="")


@dataclass(frozen=True, slots=True)
class Sealed:
    """A new reporter as the vault keeps it: `box` is the identity under KMS, `lookups` the keyed hashes that find
    it, `beside` those by which an officer's search does, and no message. `onto`: what the vault has of a reporter who
    is known already, and gets a further address by this; the condition of that write."""

    reporter: str
    box: bytes = field(repr=False)
    lookups: tuple[str, ...]
    onto: str = field(repr=False, default="")
    beside: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """All that one decision writes, in one transaction over both tables. `expected` is the version that the case must
    still have (0: it must not exist); `salts` maps history entries to the salts of their commitments."""

    case: Case | None = None
    expected: int = 0
    messages: tuple[Message, ...] = ()
    #: Messages that are there already and are now read otherwise.
    changed_messages: tuple[Message, ...] = ()
    deliveries: tuple[Delivery, ...] = ()
    changed_deliveries: tuple[Delivery, ...] = ()
    #: Rows that their sender, who still holds the claim, ends with this change.
    finished_deliveries: tuple[Delivery, ...] = ()
    #: Rows that were asleep, or waited for their next try, until now: let out, gone along in another letter, withdrawn,
    #: or known to have gone. Whoever is faster with them makes the change void.
    released_deliveries: tuple[Delivery, ...] = ()
    history: tuple[Entry, ...] = ()
    salts: Mapping[int, str] = field(default_factory=dict, repr=False)
    received: Received | None = None
    sealed: Sealed | None = None
    #: Of a new case.
    sketch: Sketch | None = None
    #: Units that are beside the lead no more: the case leaves their desks.
    left: tuple[str, ...] = ()
    #: Desks ("-" for the coordinator's) that hear of this case with others of the hour, and from when on they wait.
    announced: tuple[tuple[str, datetime], ...] = ()
    #: Digests that this change queues, each `office#round`: each goes once.
    told: tuple[str, ...] = ()
    #: How the reporter and the desk stand on a chat channel from now on; its version is one more than the one read.
    talk: Talk | None = None
    #: From now on the world may see this case (publicity), or may not any more; None: as it was.
    public: bool | None = None
    #: The reporter whose letters the throttle counts those of this change among; empty: their own.
    counted: str = ""


def shared_files(messages: tuple[Message, ...]) -> tuple[tuple[str, str], ...]:
    """(case, digest) of each file that lies among the shared ones, each once."""
    named = ((message.case, file) for message in messages for file in message.files)
    return tuple(dict.fromkeys((case, file.digest) for case, file in named if file.key.startswith(SHARED_FILES)))


def answers(deliveries: tuple[Delivery, ...]) -> tuple[Delivery, ...]:
    """Letters that a machine of ours writes because a mail came: those that the throttle of an address counts."""
    return tuple(one for one in deliveries if one.reporter and one.purpose in AUTOMATIC_ANSWERS)
