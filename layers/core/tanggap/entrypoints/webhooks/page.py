"""What a browser without a script sees after it sent the form: the number and the code, or what is to be mended, with
everything that was typed still there."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime

from ...domain.errors import Refuse
from ...domain.times import stamp
from ..markup import Safe, document, el, headers, lines
from .fields import Reading, is_ours
from .request import Answer

#: What each field is called; their order is the form's.
_LABELS = {
    "text": "Isi laporan (wajib)",
    "kind": "Jenis",
    "place": "Tempat kejadian",
    "latitude": "Garis lintang",
    "longitude": "Garis bujur",
    "happened_at": "Waktu kejadian",
    "category": "Kategori",
    "name": "Nama",
    "email": "Surel",
    "phone": "Telepon",
}
_BOXES = {
    "anonymous": "Anonim: hanya petugas khusus yang dapat melihat siapa saya",
    "secret": "Rahasia: isi laporan hanya untuk yang menanganinya",
}
_KINDS = {
    "": "(petugas yang menentukan)",
    "complaint": "Pengaduan",
    "supervisory": "Pengaduan pengawasan",
    "information": "Permintaan informasi",
    "aspiration": "Aspirasi",
    "praise": "Apresiasi",
}
#: What travels along unseen.
_HIDDEN = ("idempotency_key", "opened_at", "utc_offset", "uploads", "lang")
#: What may be said to a person who typed; the API's words are for whoever builds a client.
_MESSAGES = {
    "text": "Tuliskan isi laporan Anda, paling banyak 50.000 karakter. / Say what happened.",
    "website": "Kosongkan kotak terakhir, lalu kirim lagi. / Clear the last box and send again.",
    "opened_at": "Periksa sebentar isian Anda, lalu kirim lagi. / Look it over, then send again.",
    "email": "Alamat surel tidak terbaca. / The e-mail address cannot be read.",
    "phone": "Nomor telepon tidak terbaca. / The phone number cannot be read.",
    "happened_at": "Waktu kejadian tidak terbaca atau belum terjadi. / The time cannot be read, or lies ahead.",
    "place.latitude": "Garis lintang tidak terbaca. / The latitude cannot be read.",
    "place.longitude": "Garis bujur tidak terbaca. / The longitude cannot be read.",
}
_TROUBLES = {
    409: "Laporan yang berbeda sudah terkirim dari halaman ini. Kirim lagi bila ini laporan baru. / Another report was "
    "sent from this page. Send again if this is a new one.",
    413: "Isian terlalu besar. / The form is too large.",
    429: "Terlalu banyak kiriman dari jaringan Anda. Coba lagi sebentar lagi. / Too many from your network. Try again "
    "in a moment.",
    503: "Belum dapat disimpan. Coba lagi sebentar lagi. / Not stored yet. Try again in a moment.",
}


def receipt(number: str, code: str, public_url: str, language: str) -> Answer:
    """The button leads on without the code being typed; it stands in no address."""
    hidden = {"number": number, "code": code, "lang": language}
    body = (
        el("h1", "Laporan Anda sudah kami terima"),
        el("p", "Nomor laporan", el("br"), el("strong", number, class_="code")),
        el("p", "Kode tanda terima", el("br"), el("strong", code, class_="code")),
        el(
            "p",
            "Catat keduanya. Dengan nomor dan kode ini Anda mengikuti laporan dan dapat menulis lagi; jangan berikan "
            "kodenya kepada orang lain.",
        ),
        el(
            "form",
            [el("input", type="hidden", name_=name, value=value) for name, value in hidden.items() if value],
            el("button", "Ikuti laporan, tambahkan foto / Follow it, add photos"),
            method="post",
            action=f"{public_url}/lacak",
        ),
        el(
            "p",
            "Your report has been received. Keep number and code: with both you follow it and add to it.",
            class_="hint",
            lang="en",
        ),
    )
    return _page("Laporan diterima", body, 201)


def faults(refusal: Refuse, pairs: Mapping[str, Sequence[str]], public_url: str, now: datetime) -> Answer:
    """The form again, filled in as it was sent; opened now, where it did not say when."""
    if not is_ours(Reading({"opened_at": next(iter(pairs.get("opened_at", ())), None)}, []).moment("opened_at"), now):
        pairs = {**pairs, "opened_at": [stamp(now)]}
    told = [_MESSAGES.get(one["place"], f"{one['place']}: {one['message']}") for one in refusal.faults]
    told = told or [_TROUBLES.get(refusal.status, str(refusal))]
    form = el(
        "form", list(_fields(pairs, refusal)), el("button", "Kirim lagi"), method="post", action=f"{public_url}/lapor"
    )
    body = (
        el("h1", "Laporan belum terkirim"),
        el("div", [lines(one) for one in dict.fromkeys(told)], class_="note fault", role="alert"),
        form,
    )
    return _page("Laporan belum terkirim", body, refusal.status)


def _fields(pairs: Mapping[str, Sequence[str]], refusal: Refuse) -> Iterator[Safe]:
    given = {name: values[0] for name, values in pairs.items() if values}
    for name, label in _LABELS.items():
        yield el("label", label, _input(name, given.get(name, "")))
    for name, label in _BOXES.items():
        yield el("label", el("input", type="checkbox", name_=name, checked=name in given), label)
    for name in _HIDDEN:
        if name == "idempotency_key" and refusal.status == 409:
            continue  # it is the other report's
        for value in pairs.get(name, ()):
            yield el("input", type="hidden", name_=name, value=value)
    filled = given.get("website", "")  # whom it caught must be able to clear it
    trap = el("input", name_="website", autocomplete="off", tabindex="-1", value=filled)
    yield el("label", "Biarkan kosong", trap, class_=None if filled else "trap")


def _input(name: str, value: str) -> Safe:
    if name == "text":
        return el("textarea", "\n" + value, name_=name, rows="8", required=True)
    if name == "kind":
        options = [el("option", label, value=kind, selected=kind == value) for kind, label in _KINDS.items()]
        return el("select", options, name_=name)
    return el("input", name_=name, value=value)


def _page(title: str, body: Sequence[Safe], status: int) -> Answer:
    return Answer(status, document(title, body), "text/html; charset=utf-8", headers())
