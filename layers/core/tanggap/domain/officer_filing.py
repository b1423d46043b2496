"""What becomes of an officer's mail: the answer to the reporter and its confirmation, or a note and who is told."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from . import officers
from .advance import begin
from .case import FileRef, Message
from .draft import Draft, Ids
from .officer_limits import OFFICES
from .officer_mail import OfficeMail, Question, Told, actor
from .officer_words import own_lines_cut
from .policy_people import COORDINATOR, DESK
from .times import spoken, spoken_en
from .words import Confidentiality, Purpose, Reason


@dataclass(frozen=True, slots=True, kw_only=True)
class Filing:
    """How a mail stands on the case: `message` as a note; `files` of it go to the reporter, `kept` are the names of
    those that do not. `thread`: the citizen's mails. `again`: the message is there already, as a copy without proof."""

    message: Message
    files: tuple[FileRef, ...] = ()
    kept: tuple[str, ...] = ()
    thread: tuple[str, ...] = ()
    again: bool = False


def file(mail: OfficeMail, question: Question, filing: Filing, at: datetime, ids: Ids) -> Draft:
    """What becomes of it. The note keeps the whole mail with its verdicts; the answer is a letter of its own."""
    office = mail.office
    passed_on = question.reason is Reason.OFFICE_REPLY
    if passed_on and office and mail.text is not None:
        draft = officers.reply(mail.case, office, mail.text, filing.files, False, filing.thread, at, mail.policy, ids)
    else:
        draft = begin(mail.case, at, actor(mail), mail.policy, ids)
    message = filing.message
    draft.record(
        "office_mail",
        secret=f"{message.subject}\n{message.text}",
        message=message.id,
        outcome="passed_on" if passed_on else question.name,
        authenticity=message.authenticity,
    )
    if filing.again:
        draft.change_message(message)
    else:
        draft.add(message)
    if passed_on:
        draft.tell_office(Purpose.OFFICE_SENT, (mail.token.address,), _understood(mail, filing))
    elif question.told is not Told.NOBODY:
        _tell_why(draft, mail, question)
    return draft


def _tell_why(draft: Draft, mail: OfficeMail, question: Question) -> None:
    """That it was not passed on. What is certain to come from an office is told to it; its letter can be answered."""
    why, why_en = _filled(mail, question)
    writer = mail.token.address
    colleagues = _colleagues(mail, draft.at)
    if question.told is Told.DESK:
        # Nobody else is there to hear of it, but silence would be worse than a word to who perhaps did not write.
        told = colleagues or mail.policy.audience(COORDINATOR, None, draft.at)
        draft.tell_office(Purpose.OFFICE_UNPROVED, told, {"text": why, "text_en": why_en})
        return
    draft.tell_office(Purpose.OFFICE_NOTED, (writer,), {"text": why, "text_en": why_en})
    if question.told is Told.BOTH:
        text = (
            f"Surel petugas dari {writer} kami simpan sebagai catatan internal pada laporan ini dan tidak kami "
            f"teruskan ke pelapor. Mohon dibaca di aplikasi.\n\nYang kami sampaikan kepadanya: {why}"
        )
        draft.tell_office(Purpose.NOTICE, colleagues, {"headline": "Surel petugas perlu dibaca", "text": text})


def _filled(mail: OfficeMail, question: Question) -> tuple[str, str]:
    zone, minute = mail.policy.calendar.zone, timedelta(minutes=1)
    again = OFFICES.again(mail.words, mail.at) + minute  # a letter names whole minutes
    why, why_en = question.why
    return why.replace("$again", spoken(again, zone)), why_en.replace("$again", spoken_en(again, zone))


def _colleagues(mail: OfficeMail, at: datetime) -> tuple[str, ...]:
    """The case's desks and the coordinator. Not the address that the mail shows: not even one of ours, whose machine
    may be what wrote."""
    desks = (one for unit in mail.case.units or (None,) for one in mail.policy.audience(DESK, unit, at))
    everybody = dict.fromkeys((*desks, *mail.policy.audience(COORDINATOR, None, at)))
    return tuple(one for one in everybody if one != mail.inbound.sender.address)


def _understood(mail: OfficeMail, filing: Filing) -> dict[str, str]:
    """What the officer is told of their answer. Of a case whose reporter is to be protected no content goes by mail."""
    text, full = mail.text or "", mail.inbound.full_text
    names = [one.name for one in filing.files]
    notes: list[str] = []
    count, shown = own_lines_cut(text, full)
    if mail.case.confidentiality is Confidentiality.OPEN:
        said = "Yang diteruskan:\n\n" + "\n".join(f"| {line}".rstrip() for line in text.strip().split("\n")) + "\n"
        files = ", ".join(names) or "tidak ada"
    else:
        said = f"Isinya ({len(text.split())} kata) tidak kami ulangi: laporan ini dilindungi.\n"
        files, shown = f"{len(names)} berkas" if names else "tidak ada", ()
    if count:
        cut = f"Tidak ikut diteruskan: {count} baris (kutipan, tanda tangan)"
        notes.append(cut + (f", antara lain: {' / '.join(shown)}" if shown else "."))
    left = (*filing.kept, *mail.inbound.names_left_out)
    if left:
        named = ", ".join(left) if mail.case.confidentiality is Confidentiality.OPEN else f"{len(left)} berkas"
        notes.append(f"Lampiran yang TIDAK diteruskan (jenis atau ukuran): {named}")
    if not mail.case.reporter:
        notes.append("Pelapor tidak punya alamat surel: sampaikan jawaban ini dengan cara lain.")
    return {"text": said, "files": files, "notes": "\n".join(notes) + ("\n" if notes else "")}
