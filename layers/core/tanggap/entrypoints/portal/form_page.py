"""The page of the web form: one form, no script. Indonesian, or English when asked for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from ...domain.form_rules import ADDRESS_LIMIT, NAME_LIMIT, PHONE_LIMIT, PLACE_LIMIT, TEXT_LIMIT
from ...domain.words import Kind
from ..markup import Safe, document, el

KINDS: Mapping[str, Mapping[Kind, str]] = {
    "id": {
        Kind.COMPLAINT: "Pengaduan",
        Kind.SUPERVISORY: "Pengaduan tentang petugas atau penyalahgunaan wewenang",
        Kind.INFORMATION: "Permintaan informasi",
        Kind.ASPIRATION: "Aspirasi atau usulan",
        Kind.PRAISE: "Apresiasi",
    },
    "en": {
        Kind.COMPLAINT: "Complaint",
        Kind.SUPERVISORY: "Complaint about an official or abuse of office",
        Kind.INFORMATION: "Request for information",
        Kind.ASPIRATION: "Suggestion",
        Kind.PRAISE: "Praise",
    },
}

WORDS: Mapping[str, Mapping[str, str]] = {
    "id": {
        "title": "Sampaikan laporan",
        "other": "English",
        "free": "Gratis, tanpa akun. Yang bertanda * wajib diisi.",
        "text": "Apa yang terjadi? *",
        "text_hint": "Ceritakan apa, di mana, sejak kapan, dan apa yang Anda harapkan.",
        "kind": "Jenis laporan",
        "category": "Bidang",
        "unsure": "Belum tahu (kami tentukan)",
        "place": "Di mana?",
        "place_hint": "Alamat atau patokan, misalnya: depan SDN 2, RT 3 RW 1.",
        "coordinates": "Titik koordinat, bila ada",
        "latitude": "Lintang (mis. -6,9147)",
        "longitude": "Bujur (mis. 107,6098)",
        "happened": "Kapan terjadi?",
        "privacy": "Kerahasiaan",
        "anonymous": "Anonim: nama dan alamat saya tidak ditampilkan kepada petugas yang menangani.",
        "secret": "Rahasia: isi laporan hanya untuk petugas yang menanganinya, dan nama saya juga tidak ditampilkan.",
        "who": "Tentang Anda (boleh dikosongkan)",
        "who_hint": "Tanpa alamat pun laporan diproses; tanggapan kami Anda baca dengan nomor dan kode laporan.",
        "name": "Nama",
        "email": "Surel (e-mail)",
        "phone": "Nomor telepon",
        "trap": "Jangan isi kolom ini",
        "send": "Kirim laporan",
        "next": "Setelah Anda mengirim",
        "next_code": "Anda langsung mendapat nomor laporan dan kode. Simpan keduanya: hanya dengan itu Anda dapat "
        "mengikuti laporan, membaca tanggapan, dan menambah keterangan.",
        "next_files": "Foto atau dokumen dapat ditambahkan di halaman pelacakan sesudahnya.",
        "next_check": "Kami periksa kelengkapannya{within}, lalu kami teruskan kepada unit yang berwenang.",
        "within": " paling lama {amount} {unit}",
        "track": "Lacak laporan",
        "notice": "Data pribadi Anda",
        "notice_what": "Yang Anda isikan dipakai {agency} hanya untuk menangani laporan ini dan menjawab Anda, sebagai "
        "kewajiban penyelenggara pelayanan publik (UU 25/2009; Perpres 76/2013, yang juga mewajibkan kerahasiaan "
        "identitas pelapor dan layanan tanpa biaya) dan menurut UU 27/2022 tentang Pelindungan Data Pribadi.",
        "notice_who": "Nama dan alamat disimpan terpisah dan terenkripsi; setiap petugas yang membukanya tercatat.",
        "notice_rights": "Anda berhak meminta salinan, perbaikan, atau penghapusan data pribadi: tulis ke {address}.",
    },
    "en": {
        "title": "Make a report",
        "other": "Bahasa Indonesia",
        "free": "Free of charge, no account. What is marked * is needed.",
        "text": "What happened? *",
        "text_hint": "Tell us what, where, since when, and what you expect.",
        "kind": "Kind of report",
        "category": "Subject",
        "unsure": "Not sure (we decide)",
        "place": "Where?",
        "place_hint": "An address or a landmark.",
        "coordinates": "Coordinates, if you have them",
        "latitude": "Latitude (e.g. -6.9147)",
        "longitude": "Longitude (e.g. 107.6098)",
        "happened": "When did it happen?",
        "privacy": "Confidentiality",
        "anonymous": "Anonymous: my name and addresses are not shown to the officers who work on it.",
        "secret": "Secret: only officers who work on it read the report, and my name is not shown either.",
        "who": "About you (may be left empty)",
        "who_hint": "A report without an address is worked on all the same; read our answer with its number and code.",
        "name": "Name",
        "email": "E-mail",
        "phone": "Phone",
        "trap": "Leave this field empty",
        "send": "Send the report",
        "next": "After you have sent it",
        "next_code": "You are given a number and a code at once. Keep both: only with them can you follow the report, "
        "read the answer and add to it.",
        "next_files": "Photos or documents can be added on the tracking page afterwards.",
        "next_check": "We check it{within} and pass it on to the unit in charge.",
        "within": " within {amount} {unit}",
        "track": "Follow a report",
        "notice": "Your personal data",
        "notice_what": "{agency} uses what you fill in to work on this report and to answer you, and for nothing else: "
        "its duty as a public service (UU 25/2009; Perpres 76/2013, which also demands that a reporter's identity be "
        "kept confidential and that no fee be taken), under UU 27/2022 on the protection of personal data.",
        "notice_who": "Name and addresses are kept apart and encrypted; each officer who opens them is recorded.",
        "notice_rights": "You may ask for a copy, a correction or the erasure of your personal data: {address}.",
    },
}
UNITS = {
    "id": {"hours": "jam", "office_hours": "jam kerja", "working_days": "hari kerja", "calendar_days": "hari kalender"},
    "en": {"hours": "hours", "office_hours": "office hours", "working_days": "working days", "calendar_days": "days"},
}


@dataclass(frozen=True, slots=True)
class Form:
    """What the page says of this desk. `categories`: (id, name). `term`: (amount, unit) of the check of completeness,
    None where none is promised. `opened_at` and `key` are for the robots' check and the idempotency of this form.
    `values`: what was filled in before."""

    agency: str
    address: str
    public_url: str
    utc_offset: str
    opened_at: str
    key: str
    categories: Sequence[tuple[str, str]] = ()
    term: tuple[int, str] | None = None
    values: Mapping[str, str] = field(default_factory=dict, repr=False)


def page(form: Form, language: str = "id") -> str:
    words = WORDS[language]
    body = (
        el("header", form.agency, " · ", _switch(form.public_url, "lapor", language, words["other"])),
        el(
            "main",
            el("h1", words["title"]),
            el("p", words["free"]),
            _form(form, words, language),
            _after(form, language),
        ),
        el("footer", _notice(form, words), el("p", _to_tracking(form, words, language))),
    )
    return document(f"{words['title']} - {form.agency}", body, language)


def _switch(public_url: str, path: str, language: str, other: str) -> Safe:
    to = "en" if language == "id" else "id"
    return el("a", other, href=f"{public_url}/{path}?lang={to}", lang=to)


def _to_tracking(form: Form, words: Mapping[str, str], language: str) -> Safe:
    return el("a", words["track"], href=f"{form.public_url}/lacak{'?lang=en' if language == 'en' else ''}")


def _form(form: Form, words: Mapping[str, str], language: str) -> Safe:
    values = form.values
    hidden = {"opened_at": form.opened_at, "idempotency_key": form.key, "utc_offset": form.utc_offset, "lang": language}
    chosen = values.get("kind", Kind.COMPLAINT.value)
    kinds = [
        el("option", label, value=kind.value, selected=kind.value == chosen) for kind, label in KINDS[language].items()
    ]
    categories = [
        el("option", name, value=key, selected=key == values.get("category")) for key, name in form.categories
    ]
    return el(
        "form",
        [el("input", type="hidden", name=name, value=value) for name, value in hidden.items()],
        el("label", words["text"], for_="text"),
        el("p", words["text_hint"], class_="hint", id="text-hint"),
        el(
            "textarea",
            values.get("text", ""),
            id="text",
            name="text",
            rows="8",
            maxlength=TEXT_LIMIT,
            required=True,
            aria_describedby="text-hint",
        ),
        _labelled("kind", words["kind"], el("select", kinds, id="kind", name="kind")),
        _labelled(
            "category",
            words["category"],
            el("select", el("option", words["unsure"], value=""), categories, id="category", name="category"),
        )
        if form.categories
        else None,
        el("label", words["place"], for_="place"),
        el("p", words["place_hint"], class_="hint", id="place-hint"),
        _input("place", values, maxlength=PLACE_LIMIT, aria_describedby="place-hint"),
        el(
            "details",
            el("summary", words["coordinates"]),
            _labelled("latitude", words["latitude"], _input("latitude", values, inputmode="decimal", maxlength="20")),
            _labelled(
                "longitude", words["longitude"], _input("longitude", values, inputmode="decimal", maxlength="20")
            ),
        ),
        _labelled("happened_at", words["happened"], _input("happened_at", values, type="datetime-local")),
        el(
            "fieldset",
            el("legend", words["privacy"]),
            _tick("anonymous", words["anonymous"], values),
            _tick("secret", words["secret"], values),
        ),
        el(
            "fieldset",
            el("legend", words["who"]),
            el("p", words["who_hint"], class_="hint"),
            _labelled("name", words["name"], _input("name", values, autocomplete="name", maxlength=NAME_LIMIT)),
            _labelled(
                "email",
                words["email"],
                _input("email", values, type="email", autocomplete="email", maxlength=ADDRESS_LIMIT),
            ),
            _labelled(
                "phone", words["phone"], _input("phone", values, type="tel", autocomplete="tel", maxlength=PHONE_LIMIT)
            ),
        ),
        el(
            "div",
            el("label", words["trap"], for_="website"),
            el("input", id="website", name="website", autocomplete="off", tabindex="-1"),
            class_="trap",
            aria_hidden="true",
        ),
        el("button", words["send"], type="submit"),
        method="post",
        accept_charset="utf-8",
    )


def _after(form: Form, language: str) -> Safe:
    words = WORDS[language]
    within = ""
    if form.term:
        within = words["within"].format(amount=form.term[0], unit=UNITS[language].get(form.term[1], form.term[1]))
    told = (words["next_code"], words["next_files"], words["next_check"].format(within=within))
    return el("section", el("h2", words["next"]), el("ol", [el("li", one) for one in told]))


def _notice(form: Form, words: Mapping[str, str]) -> Safe:
    return el(
        "section",
        el("h2", words["notice"]),
        el("p", words["notice_what"].format(agency=form.agency)),
        el("p", words["notice_who"]),
        el("p", words["notice_rights"].format(address=form.address)),
    )


def _labelled(name: str, label: str, control: Safe) -> list[Safe]:
    return [el("label", label, for_=name), control]


def _input(name: str, values: Mapping[str, str], type: str = "text", **more: object) -> Safe:
    return el("input", id=name, name=name, type=type, value=values.get(name) or None, **more)


def _tick(name: str, label: str, values: Mapping[str, str]) -> Safe:
    return el("label", el("input", type="checkbox", name=name, value="on", checked=bool(values.get(name))), label)
