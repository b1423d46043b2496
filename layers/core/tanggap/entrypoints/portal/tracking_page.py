"""The tracking page: number and code, then how the report stands, what was said, and a box to write. What it shows is
what the API answers (reports.shown)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from ...domain.form_rules import CODE_LIMIT, NUMBER_LIMIT, TEXT_LIMIT
from ...domain.letter_form import Language
from ...domain.times import spoken, spoken_en
from ..markup import Safe, document, el, lines

WORDS: Mapping[str, Mapping[str, str]] = {
    "id": {
        "title": "Lacak laporan",
        "other": "English",
        "number": "Nomor laporan",
        "number_hint": "Misalnya TGP-ABCDEFGHJ",
        "code": "Kode",
        "code_hint": "10 huruf dan angka pada tanda terima Anda.",
        "look": "Lihat laporan",
        "new": "Buat laporan baru",
        "report": "Laporan {number}",
        "status": "Status",
        "received": "Diterima",
        "next": "Langkah berikut",
        "by": "{what}, paling lambat {date}",
        "events": "Riwayat",
        "messages": "Percakapan",
        "own": "Anda",
        "older": "{count} pesan terdahulu tidak ditampilkan.",
        "left_out": "Belum tersimpan: {names}",
        "files": "Lampiran: ",
        "write": "Tulis pesan",
        "write_hint": "Tambahkan keterangan atau jawab pertanyaan kami.",
        "send": "Kirim pesan",
        "attach": "Lampirkan foto atau berkas",
        "attach_how": "Unggah paling banyak {count} berkas, masing-masing 10 MB. Sesudah semuanya terunggah, tekan "
        "Kirim pesan di bawah; tanpa itu berkas tidak kami terima.",
        "file": "Berkas {place}",
        "upload": "Unggah berkas {place}",
        "result": "Hasil unggahan {place}",
        "uploaded": "Berkas terunggah. Jangan lupa tekan Kirim pesan.",
        "sent": "Pesan Anda kami terima dan segera tercatat pada laporan ini.",
        "reload": "Muat ulang",
    },
    "en": {
        "title": "Follow a report",
        "other": "Bahasa Indonesia",
        "number": "Report number",
        "number_hint": "For example TGP-ABCDEFGHJ",
        "code": "Code",
        "code_hint": "10 letters and figures on your receipt.",
        "look": "Show the report",
        "new": "Make a new report",
        "report": "Report {number}",
        "status": "Status",
        "received": "Received",
        "next": "Next step",
        "by": "{what}, by {date}",
        "events": "What happened",
        "messages": "Conversation",
        "own": "You",
        "older": "{count} earlier messages are not shown.",
        "left_out": "Not kept: {names}",
        "files": "Attached: ",
        "write": "Write a message",
        "write_hint": "Add something, or answer our question.",
        "send": "Send the message",
        "attach": "Attach photos or files",
        "attach_how": "At most {count} files of 10 MB each. Once all are uploaded, press Send below; without that we "
        "do not get them.",
        "file": "File {place}",
        "upload": "Upload file {place}",
        "result": "Result of upload {place}",
        "uploaded": "Uploaded. Do not forget to press Send.",
        "sent": "Your message was received and will stand on this report in a moment.",
        "reload": "Load again",
    },
}


@dataclass(frozen=True, slots=True)
class Desk:
    """Whose page it is, and in which language."""

    agency: str
    public_url: str
    language: Language = "id"

    @property
    def words(self) -> Mapping[str, str]:
        return WORDS[self.language]

    @property
    def suffix(self) -> str:
        return "?lang=en" if self.language == "en" else ""


@dataclass(frozen=True, slots=True)
class Slot:
    """One presigned form, and the id under which its file is found afterwards."""

    id: str
    url: str
    fields: Mapping[str, str] = field(repr=False)


@dataclass(frozen=True, slots=True)
class Writing:
    """The box to write in: what stands in it, the key of this message, and places for files."""

    key: str
    text: str = field(repr=False, default="")
    slots: Sequence[Slot] = ()


def ask(desk: Desk, number: str = "", fault: str = "") -> str:
    """The form that asks for number and code."""
    words = desk.words
    content = (
        el("h1", words["title"]),
        _note(fault, "fault") if fault else None,
        el(
            "form",
            el("input", type="hidden", name="lang", value=desk.language),
            el("label", words["number"], for_="number"),
            el("p", words["number_hint"], class_="hint", id="number-hint"),
            _field("number", value=number or None, maxlength=NUMBER_LIMIT, aria_describedby="number-hint"),
            el("label", words["code"], for_="code"),
            el("p", words["code_hint"], class_="hint", id="code-hint"),
            _field("code", maxlength=CODE_LIMIT, aria_describedby="code-hint"),
            el("button", words["look"], type="submit"),
            method="post",
        ),
    )
    return _page(desk, words["title"], content)


def _field(name: str, **more: object) -> Safe:
    return el(
        "input",
        id=name,
        name=name,
        required=True,
        autocomplete="off",
        autocapitalize="characters",
        spellcheck="false",
        **more,
    )


def report(desk: Desk, shown: Mapping[str, Any], code: str, writing: Writing, note: str = "", fault: str = "") -> str:
    words = desk.words
    title = words["report"].format(number=shown["number"])
    content = (
        el("h1", title),
        _note(note) if note else None,
        _note(fault, "fault") if fault else None,
        _facts(desk, shown),
        el("h2", words["messages"]),
        el("p", words["older"].format(count=shown["left_out"])) if shown["left_out"] else None,
        [_message(desk, one) for one in shown["messages"]],
        _box(desk, shown["number"], code, writing),
        el("h2", words["events"]),
        el("ul", [_event(desk, one) for one in shown["events"]]),
    )
    return _page(desk, title, content)


def uploaded(desk: Desk) -> str:
    """What stands in the frame below an upload's form afterwards."""
    return document(desk.words["uploaded"], [_note(desk.words["uploaded"])], desk.language)


def _page(desk: Desk, title: str, content: Sequence[object]) -> str:
    words, other = desk.words, "id" if desk.language == "en" else "en"
    return document(
        f"{title} - {desk.agency}",
        (
            el(
                "header",
                desk.agency,
                " · ",
                el("a", words["other"], href=f"{desk.public_url}/lacak?lang={other}", lang=other),
            ),
            el("main", content),
            el("footer", el("a", words["new"], href=f"{desk.public_url}/lapor{desk.suffix}")),
        ),
        desk.language,
    )


def _note(text: str, kind: str = "") -> Safe:
    return el("p", text, class_=f"note {kind}".strip(), role="alert" if kind else "status")


def _facts(desk: Desk, shown: Mapping[str, Any]) -> Safe:
    words, coming = desk.words, shown["next"]
    rows = [
        (words["status"], shown["status_text"][desk.language]),
        (words["received"], _date(desk, shown["received_at"])),
    ]
    if coming:
        dated = words["by"].format(what=coming["what_text"][desk.language], date=_date(desk, coming["due_at"]))
        rows.append((words["next"], dated))
    return el("dl", [[el("dt", name), el("dd", value)] for name, value in rows])


def _date(desk: Desk, at: str | None) -> str:
    if at is None:
        return "-"
    moment = datetime.fromisoformat(at)
    zone = moment.tzinfo
    return (spoken_en if desk.language == "en" else spoken)(moment, zone)  # type: ignore[arg-type]


def _event(desk: Desk, one: Mapping[str, Any]) -> Safe:
    return el("li", _date(desk, one["at"]), ": ", one["what_en" if desk.language == "en" else "what"])


def _message(desk: Desk, one: Mapping[str, Any]) -> Safe:
    own, words = one["from"] == "you", desk.words
    files = [
        [", " if place else None, el("a", file["name"], href=file["url"]) if file.get("url") else file["name"]]
        for place, file in enumerate(one["attachments"])
    ]
    missing = one.get("attachments_left_out")
    return el(
        "article",
        el("p", el("strong", words["own"] if own else desk.agency), ", ", _date(desk, one["at"]), class_="hint"),
        el("p", el("strong", one["subject"])) if one.get("subject") and not own else None,
        lines(one["text"]),
        el("p", words["files"], files) if files else None,
        el("p", words["left_out"].format(names=", ".join(missing))) if missing else None,
        class_="own" if own else "agency",
    )


def _box(desk: Desk, number: str, code: str, writing: Writing) -> list[Safe]:
    words = desk.words
    hidden = {"number": number, "code": code, "lang": desk.language, "idempotency_key": writing.key}
    message = el(
        "form",
        [el("input", type="hidden", name=name, value=value) for name, value in hidden.items()],
        [el("input", type="hidden", name="uploads", value=slot.id) for slot in writing.slots],
        el("label", words["write"], for_="text"),
        el("p", words["write_hint"], class_="hint", id="text-hint"),
        el(
            "textarea",
            writing.text,
            id="text",
            name="text",
            rows="5",
            maxlength=TEXT_LIMIT,
            aria_describedby="text-hint",
        ),
        el("button", words["send"], type="submit", name="act", value="send"),
        None
        if writing.slots
        else el("button", words["attach"], type="submit", name="act", value="files", class_="second"),
        method="post",
        accept_charset="utf-8",
    )
    look = el(
        "form",
        [el("input", type="hidden", name=name, value=hidden[name]) for name in ("number", "code", "lang")],
        el("button", words["reload"], type="submit", class_="second"),
        method="post",
    )
    return [*_slots(desk, writing.slots), message, look]


def _slots(desk: Desk, slots: Sequence[Slot]) -> list[Safe]:
    """A presigned form a file: the browser sends it to the bucket itself, and shows the outcome in the frame below."""
    if not slots:
        return []
    words = desk.words
    found = [el("p", words["attach_how"].format(count=len(slots)), class_="note")]
    for place, slot in enumerate(slots, 1):
        frame = f"berkas-{place}"
        found.append(
            el(
                "form",
                [el("input", type="hidden", name=name, value=value) for name, value in slot.fields.items()],
                el("label", words["file"].format(place=place), for_=f"file-{place}"),
                el(
                    "input", type="file", id=f"file-{place}", name="file", required=True
                ),  # the last field: S3 reads no further
                el("button", words["upload"].format(place=place), type="submit", class_="second"),
                method="post",
                action=slot.url,
                enctype="multipart/form-data",
                target=frame,
            )
        )
        found.append(el("iframe", name=frame, title=words["result"].format(place=place)))
    return found
