"""Pages for citizens: the form, and tracking. Server-rendered, without a script; what a code opens comes by POST, so
that no code stands in an address."""

from __future__ import annotations

import functools
import secrets
from collections.abc import Callable

from chalice.app import Response

from ...adapters.ids import utc_now
from ...application.tracking import KeyReused, TooManyTries, WrongPair
from ...domain import tracking
from ...domain.errors import Invalid, NotAllowed, Refuse, Retry
from ...domain.form_rules import CODE_LIMIT, FILE_BYTES, FILES_LIMIT, KEY_LIMIT, NUMBER_LIMIT, UPLOADS
from ...domain.letter_form import Language
from ...domain.policy import Policy
from ...domain.times import stamp
from ...domain.words import Kind
from ..bodies import BadRequest
from ..markup import headers, origin
from ..observe import tell, trace_of
from . import form_page, tracking_page
from .form_page import Form
from .http import form, query, route, source
from .parts import parts
from .reports import shown
from .tracking_page import Desk, Slot, Writing

#: Places for files that one message offers; each is a form of 3 kB.
SLOTS = 3
#: Somebody looks for a photo, and sends it over a slow line.
SLOT_SECONDS = 3600
#: What is said of a refusal; of any other, FAULT.
FAULTS: dict[type[Refuse], tracking.Words] = {
    WrongPair: tracking.WRONG,
    TooManyTries: tracking.TOO_OFTEN,
    NotAllowed: {
        "id": "Laporan ini sudah lama selesai. Untuk hal yang baru, silakan buat laporan baru.",
        "en": "This report was settled long ago. Please make a new one.",
    },
    Invalid: {
        "id": "Tulis pesan terlebih dahulu, paling banyak 50.000 huruf.",
        "en": "Please write a message first, of 50,000 characters at most.",
    },
    KeyReused: {
        "id": "Pesan dari halaman ini sudah terkirim. Bila ini pesan baru, kirim sekali lagi.",
        "en": "A message from this page was sent already. If this is a new one, send it once more.",
    },
}
FAULT: tracking.Words = {
    "id": "Permintaan ini tidak dapat kami baca. Silakan muat ulang halaman dan coba lagi.",
    "en": "This request could not be read. Please load the page again and try once more.",
}
LATER: tracking.Words = {
    "id": "Layanan sedang sibuk. Silakan coba lagi sebentar lagi; yang Anda tulis belum hilang bila Anda kembali.",
    "en": "The service is busy. Please try again in a moment.",
}

View = Callable[[], Response]


def page(method: str, path: str) -> Callable[[View], View]:
    """A public route whose refusals are pages too."""

    def register(view: View) -> View:
        @functools.wraps(view)
        def guarded() -> Response:
            try:
                return view()
            except Refuse as refusal:
                words = next((FAULTS[kind] for kind in type(refusal).__mro__ if kind in FAULTS), FAULT)
                return _refused(words, refusal.status)
            except Retry as error:
                tell("request_put_off", route=path, **trace_of(error))
                return _refused(LATER, 503)

        route(method, path, public=True)(guarded)
        return view

    return register


def _html(text: str, status: int = 200, *origins: str, framed: bool = False) -> Response:
    return Response(text, dict(headers(*origins, framed=framed)), status)


def _refused(words: tracking.Words, status: int) -> Response:
    try:
        agency = parts().policies.current().agency
    except Retry:
        agency = ""
    language = _language()
    return _html(tracking_page.ask(Desk(agency, _public_url(), language), fault=words[language]), status)


def _public_url() -> str:
    return str(parts().settings.public_url).rstrip("/")


def _language(given: str | None = None) -> Language:
    try:
        asked = given or query("lang")
    except Refuse:
        asked = None
    return "en" if asked == "en" else "id"


@page("GET", "/lapor")
def report_form() -> Response:
    """The form by which anybody reports."""
    policy, settings = parts().policies.current(), parts().settings
    made = Form(
        agency=policy.agency,
        address=settings.intake_address,
        public_url=_public_url(),
        utc_offset=_offset(policy),
        opened_at=stamp(utc_now()),
        key=_key(),
        categories=tuple((row["id"], row["name"]) for row in policy.raw.get("categories", ())),
        term=_term(policy),
    )
    return _html(form_page.page(made, _language()))


def _offset(policy: Policy) -> str:
    """As `+07:00`."""
    text = utc_now().astimezone(policy.calendar.zone).strftime("%z")
    return f"{text[:3]}:{text[3:]}"


def _term(policy: Policy) -> tuple[int, str] | None:
    promise = policy.promise("verify")
    allowed = promise.allowance(Kind.COMPLAINT, policy.deadline_basis)[1] if promise else None
    return (allowed.term.amount, allowed.term.unit) if allowed else None


@page("GET", "/lacak")
def ask_for_pair() -> Response:
    """Number and code, please."""
    desk = Desk(parts().policies.current().agency, _public_url(), _language())
    if query("berkas"):
        return _html(tracking_page.uploaded(desk), framed=True)
    return _html(tracking_page.ask(desk, (query("number") or "")[:NUMBER_LIMIT]))


@page("POST", "/lacak")
def track() -> Response:
    """How a report stands; with `act` a message is sent, or places for its files are shown."""
    given = form()
    first = {name: values[0] for name, values in given.items()}
    desk = Desk(parts().policies.current().agency, _public_url(), _language(first.get("lang")))
    number, code = first.get("number", "")[:NUMBER_LIMIT], first.get("code", "")[:CODE_LIMIT]
    act, text = first.get("act", ""), first.get("text", "")
    key = first.get("idempotency_key") or _key()
    if len(key) > KEY_LIMIT:
        raise BadRequest("the key is too long")
    note, refusal = "", None
    if act == "send":
        try:
            parts().tracking.write(number, code, source(), text, _arrived(given.get("uploads", [])), key)
            note, text, key = desk.words["sent"], "", _key()
        except (Invalid, NotAllowed, KeyReused, TooManyTries) as said:  # what was typed stays
            refusal, key = said, _key() if isinstance(said, KeyReused) else key
        except WrongPair:
            pass  # as it is told below
    try:
        found = shown(parts().tracking.follow(number, code, source()))
    except (WrongPair, TooManyTries) as said:
        return _html(tracking_page.ask(desk, number, FAULTS[type(said)][desk.language]), said.status)
    slots = tuple(_slot(desk) for _ in range(SLOTS)) if act == "files" else ()
    fault = FAULTS[type(refusal)][desk.language] if refusal else ""
    made = tracking_page.report(desk, found, code, Writing(key, text, slots), note, fault)
    addresses = (*(slot.url for slot in slots), desk.public_url) if slots else ()
    origins = dict.fromkeys(one for url in addresses if (one := origin(url)))
    return _html(made, refusal.status if refusal else 200, *origins)


def _key() -> str:
    return secrets.token_urlsafe(24)


def _arrived(uploads: list[str]) -> tuple[str, ...]:
    """Of the places that were offered, those that were used."""
    files, find = parts().files, parts().tracking.find_upload
    named = list(dict.fromkeys(uploads))[:FILES_LIMIT]
    return tuple(one for one in named if (place := find(one)) and files.head(place))


def _slot(desk: Desk) -> Slot:
    key = _key()
    done = f"{desk.public_url}/lacak?berkas=1" + ("&lang=en" if desk.language == "en" else "")
    made = parts().files.upload(f"{UPLOADS}{key}", "application/octet-stream", FILE_BYTES, done, SLOT_SECONDS)
    return Slot(key, made["url"], made["fields"])
