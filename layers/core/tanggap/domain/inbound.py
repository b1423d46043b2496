"""One message as a channel's reader understood it, before anybody decides what becomes of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from .words import Channel, Confidentiality, Kind


@dataclass(frozen=True, slots=True)
class Party:
    """Who wrote: `address` is normalised (lower case, no comment, no line break; on a platform as domain.addresses
    writes it), `name` may be empty. `also`: further addresses of the same person that the platform vouches for."""

    address: str
    name: str = ""
    also: tuple[str, ...] = ()


class Sort(StrEnum):
    """What somebody does with a message. COMMENT and MENTION are public; the others are between them and us. The last
    three say something about an earlier message, which `Inbound.about` names."""

    MESSAGE = "message"
    COMMENT = "comment"
    MENTION = "mention"
    REACTION = "reaction"
    EDIT = "edit"
    DELETION = "deletion"


@dataclass(frozen=True, slots=True)
class Media:
    """A file that a platform keeps for us: by `id`, for which it gives out an address when asked, or at `url`. `type`,
    `size` and `sha256` (hex) are what the platform says of it, empty or 0 where it says nothing."""

    kind: str  # image | video | audio | document | sticker | other
    id: str = ""
    url: str = field(repr=False, default="")
    name: str = ""
    type: str = ""
    size: int = 0
    sha256: str = ""
    #: It ended the function that worked on it: told as left out, and asked for again only when an operator wants it.
    parked: bool = field(default=False, compare=False)


@dataclass(frozen=True, slots=True)
class Place:
    """Where something is, as a reporter shared or typed it. Degrees are WGS 84."""

    latitude: float | None = None
    longitude: float | None = None
    text: str = ""


@dataclass(frozen=True, slots=True)
class Stated:
    """What a reporter stated in the fields of a form (web, Open311). `number` and `receipt` (a digest of the receipt
    code) were minted when it came in. `adds`: a further message on that number, whose code was checked then."""

    number: str
    receipt: str = ""
    adds: bool = False
    kind: Kind | None = None
    category: str = ""
    confidentiality: Confidentiality = Confidentiality.OPEN
    happened_at: datetime | None = None
    email: str = field(repr=False, default="")
    phone: str = field(repr=False, default="")
    #: Files in the attachments bucket, as the presigned form took them.
    uploads: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class File:
    """An attachment as it arrived. `type` comes from the content where that can be told, not from the name."""

    name: str
    type: str
    size: int
    digest: str
    content: bytes = field(repr=False, default=b"")


@dataclass(frozen=True, slots=True)
class Authenticity:
    """The receiving service's own verdicts (PASS, FAIL, GRAY, PROCESSING_FAILED, DISABLED or empty).

    `policy` is the sender domain's DMARC policy, told by SES only when DMARC failed: none, quarantine, reject.
    `same_domain`: the envelope's sender, of whom SPF speaks, belongs to the domain that the mail shows as its
    author's."""

    spf: str = ""
    dkim: str = ""
    dmarc: str = ""
    policy: str = ""
    spam: str = ""
    virus: str = ""
    same_domain: bool = False

    @property
    def aligned(self) -> bool:
        """May a weak proof (an earlier id, a number in the subject) be believed? DMARC's pass is alignment itself;
        an SPF pass alone counts only where the domain publishes no DMARC (GRAY), and for the domain that is shown."""
        return self.dmarc == "PASS" or (self.dmarc in ("GRAY", "") and self.spf == "PASS" and self.same_domain)

    @property
    def forged(self) -> bool:
        """Fails its own domain's wish: filed and marked, never answered (promise 4). A wish that is not told counts as
        the strictest: no answer harms less than one to a victim."""
        return self.dmarc == "FAIL" and self.policy != "none"


@dataclass(frozen=True, slots=True)
class FailedDelivery:
    """One recipient of ours that a mail could not reach (RFC 3464, words, or an SES event).

    `original_id` is the Message-ID of OUR message as the reporting side names it (SES's, for it replaces ours).
    `permanent`: the address itself is at fault (no such mailbox, moved, no such domain), so no later letter arrives
    either; a full mailbox or a refusal of this letter's content is not. `cause` is one of unknown, moved, host, full,
    size, suspended, refused, network, system, window_closed (a platform's), or empty.
    `references` are the other ids that the report names, the surest first: those that our letter answered or named
    (our own `<delivery>.<token>@<mail domain>` among them), then ids in the report's words; SES's bare id too.
    `reply_to` are the addresses in the returned letter's Reply-To, From, Sender and return path, lower case. All of
    these are what a stranger wrote."""

    recipient: str
    original_id: str
    permanent: bool
    status: str = ""
    #: bounce (given up, for whatever reason) | delay (still tried) | complaint | delivery | reject | sent | read
    kind: str = "bounce"
    delivery_id: str = ""
    case_number: str = ""
    cause: str = ""
    references: tuple[str, ...] = ()
    reply_to: tuple[str, ...] = ()
    #: Which of a letter's messages it was, and of how many, as we sent it along; (0, 0) where nothing tells.
    part: tuple[int, int] = (0, 0)


@dataclass(frozen=True, slots=True)
class Inbound:
    """`text` is what the person wrote, `full_text` with quotes and signature; `references` are the ids this message
    answers, the most direct first, without angle brackets; `automatic` names the header that gave a robot away;
    `digest` is what the SEEN guard covers, `digest_in_part` what it covered had only the beginning been read (empty
    where that is the same); `doubts` are marks for the officer (a broken charset, a cut tree …).
    `recipients` are the envelope's, `addressed` those that the message itself names. `left_out` names attachments that
    were not kept because of a bound ("?" for one without a name), at most twenty; the raw arrival has them."""

    channel: Channel
    external_id: str
    at: datetime
    sender: Party
    recipients: tuple[str, ...]
    subject: str
    text: str
    full_text: str
    digest: str
    digest_in_part: str = ""
    references: tuple[str, ...] = ()
    addressed: tuple[str, ...] = ()
    automatic: str = ""
    failures: tuple[FailedDelivery, ...] = ()
    files: tuple[File, ...] = ()
    left_out: tuple[str, ...] = ()
    left_out_count: int = 0
    authenticity: Authenticity = Authenticity()
    doubts: tuple[str, ...] = ()
    extra: Mapping[str, str] = field(default_factory=dict)
    #: Of platforms and forms. `account`: which of our accounts it came to; `about`: the external id of the message that
    #: a reaction, an edit or a deletion is about. What it answers stands in `references`.
    sort: Sort = Sort.MESSAGE
    account: str = ""
    about: str = ""
    #: Ascends within a talk, where the platform counts its messages; 0 where it doesn't.
    order: int = 0
    media: tuple[Media, ...] = ()
    place: Place | None = None
    stated: Stated | None = None

    @property
    def names_left_out(self) -> tuple[str, ...]:
        """For the officer: the names, and how many more there were."""
        more = self.left_out_count - len(self.left_out)
        least = " or more" if "too_many_parts" in self.doubts else ""
        return (*self.left_out, *((f"+{more}{least}",) if more > 0 else ()))
