"""What we write to reporters in a chat, and what the tracking page shows of it: the short form of each letter.

A row keeps the letter's core. What stands around it (who writes, about which case, how to add, where to look) is put
there when it is sent, since a receipt code lies in no row."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from .letter_form import LANGUAGES, Language, Letter
from .letters import ASSURANCE, LETTERS, fill
from .words import CHAT, FORMS, Purpose

#: Channels whose letters are kept in the short form. Mail has its own, made anew where it goes by mail after all.
SHORT = CHAT | FORMS
#: Characters up to which the English follows: beyond, a message would be two, and each may cost.
FITS = 700
#: Bytes of the one private reply to a public comment (Instagram's bound; Messenger's is wider).
ONE_MESSAGE = 1_000

#: A program shows a chat's lines as it likes: no line ends within a sentence.
CHAT_LETTERS: Mapping[Purpose, Letter] = {
    Purpose.ACKNOWLEDGEMENT: Letter(
        "",
        "Terima kasih. Laporan Anda kami terima dan catat dengan nomor $number. "
        "Kami memeriksanya paling lambat $next_step.\n"
        "$notes\n"
        "Layanan ini gratis, dan identitas Anda kami rahasiakan.",
        "Thank you. Your report is recorded as $number. We check it by $next_step. It is free and confidential.",
        undated=((" Kami memeriksanya paling lambat $next_step.", ""), (" We check it by $next_step.", "")),
    ),
    Purpose.QUESTION: Letter(
        "",
        "Agar laporan $number dapat kami proses, mohon lengkapi:\n\n"
        "$text\n\n"
        "Mohon jawab paling lambat $next_step. "
        "Tanpa jawaban, laporan kami tutup; jawaban sesudahnya membukanya kembali.",
        "We need more details (see above) by $next_step.",
        undated=(
            (
                " paling lambat $next_step. Tanpa jawaban, laporan kami tutup; jawaban sesudahnya membukanya kembali.",
                " di sini.",
            ),
            (" by $next_step.", "."),
        ),
    ),
    Purpose.DISPOSITION: Letter(
        "",
        "Laporan $number kami teruskan ke $unit. Tenggat penyelesaian: $next_step.",
        "It was passed on to $unit and is due by $next_step.",
        undated=((" Tenggat penyelesaian: $next_step.", ""), (" and is due by $next_step", "")),
    ),
    Purpose.REPLY: Letter("", "$text"),
    Purpose.ANSWER: Letter(
        "",
        "$text\n\n"
        "Bila ini belum menjawab laporan Anda, balas paling lambat $next_step. "
        "Tanpa balasan, laporan kami nyatakan selesai.",
        "If this does not settle it, reply by $next_step.",
        undated=(
            (" paling lambat $next_step. Tanpa balasan, laporan kami nyatakan selesai.", "."),
            (" by $next_step.", "."),
        ),
    ),
    Purpose.REJECTION: Letter(
        "",
        "Laporan $number tidak dapat kami proses:\n\n$text\n\nBila menurut Anda hal ini keliru, silakan balas.",
        "We cannot process it, for the reason above.",
    ),
    Purpose.TRANSFER: Letter(
        "",
        "Laporan $number bukan kewenangan kami dan telah kami limpahkan:\n\n$text",
        "It was handed to another agency (see above).",
    ),
    Purpose.DUPLICATE: Letter(
        "",
        "Laporan $number menyangkut hal yang sudah kami tangani, sehingga kami gabungkan.\n\n$text",
        "It concerns a matter that is already being handled.",
    ),
    Purpose.CLOSING: Letter(
        "",
        "Laporan $number kami nyatakan selesai karena tidak ada balasan sampai $next_step. "
        "Bila masih ada yang perlu disampaikan, silakan balas.",
        "It was closed, as no reply came. You can still reply.",
        undated=((" sampai $next_step", ""),),
    ),
    Purpose.UNANSWERED: Letter(
        "",
        "Laporan $number kami tutup karena yang kami minta belum lengkap sampai $next_step. "
        "Kirim kelengkapannya di sini, dan laporan kami buka kembali.",
        "It was closed, as details are missing. Send them and it is opened again.",
        undated=((" sampai $next_step", ""),),
    ),
    Purpose.NEW_DATE: Letter(
        "",
        "Mengenai laporan $number:\n\n$text\n\nTenggat yang baru: $next_step.",
        "The new date is $next_step.",
        undated=(("\n\nTenggat yang baru: $next_step.", ""), ("The new date is $next_step.", "")),
    ),
    Purpose.LEFT_OUT: Letter(
        "",
        "Pesan Anda pada laporan $number kami terima, tetapi sebagian tidak dapat kami baca atau simpan:\n\n"
        "$text\n"
        "Mohon kirim bagian itu sekali lagi.",
        "We could not keep all of it: please send that part again.",
    ),
    Purpose.STILL_SETTLED: Letter(
        "",
        "Pesan Anda pada laporan $number kami terima dan simpan. Laporan itu sudah berstatus: $status. "
        'Bila memang belum selesai, balas dengan beberapa kata, misalnya "belum selesai".',
        'It stays settled ($status). If it is not solved, reply "belum selesai".',
    ),
    Purpose.STILL_WAITING: Letter(
        "",
        "Pesan Anda pada laporan $number kami terima dan simpan. Pesan itu terbaca seperti balasan otomatis. "
        'Bila memang jawaban Anda, balas "ya" paling lambat $next_step; bila bukan, kirim keterangan yang kami minta.',
        'It reads like an automatic answer. If it is your reply, answer "yes" by $next_step.',
        undated=((" paling lambat $next_step", ""), (" by $next_step", "")),
    ),
    Purpose.PRAISED: Letter(
        "",
        "Terima kasih atas apresiasi Anda. Kami catat dengan nomor $number dan kami sampaikan kepada petugas kami.",
        "Thank you for your kind words. We pass them on to our staff.",
    ),
    Purpose.SPLIT: Letter(
        "",
        "Pesan Anda pada laporan $former menyangkut hal lain. Kami mencatatnya sebagai laporan tersendiri dengan nomor "
        "$number. Kami memeriksanya paling lambat $next_step. Laporan $former tetap berjalan.",
        "Your message is now a report of its own, $number. Report $former goes on as before.",
        undated=((" Kami memeriksanya paling lambat $next_step.", ""),),
    ),
}


def core(purpose: Purpose, facts: Mapping[str, str], languages: Sequence[Language] = LANGUAGES) -> str:
    """`facts`: as a letter's. The English follows where the policy has it and both fit one message."""
    letter = CHAT_LETTERS.get(purpose) or LETTERS[purpose]
    text = _said(letter, "id", facts)
    english = {name.removesuffix("_en"): value for name, value in facts.items() if name.endswith("_en")}
    more = _said(letter, "en", {**facts, **english}) if "en" in languages else ""
    return f"{text}\n\n{more}" if more and len(text) + len(more) <= FITS else text


def _said(letter: Letter, language: Language, facts: Mapping[str, str]) -> str:
    text = letter.text(language) if facts.get("next_step") else letter.without_date(language)
    # A line of its own that stands for nothing leaves no gap.
    lines = [line for line in text.split("\n") if not line.startswith("$") or facts.get(line.removeprefix("$"), " ")]
    return fill("\n".join(lines), {"assurance": ASSURANCE[language], **facts}).strip()


def framed(
    text: str,
    agency: str,
    number: str,
    *,
    link: str = "",
    code: str = "",
    beside: Sequence[str] = (),
    chat: bool = True,
) -> str:
    """A core as it leaves. `beside`: names of attachments that do not go along. `chat`: it can be answered where it is
    read."""
    where = "lihat di laman berikut" if link else "tersedia di kantor kami"
    parts = [f"{agency} | {number}", text.strip(), "\n".join(f"Lampiran {name}: {where}." for name in beside)]
    foot = ["Menambah keterangan: balas di percakapan ini."] if chat else []
    foot += [f"Pantau: {link}"] if link else []
    foot += [f"Kode: {code}"] if link and code else []
    return "\n\n".join(part for part in (*parts, "\n".join(foot)) if part)


def notice(agency: str, number: str, *, link: str, code: str) -> str:
    """That there is something to read, where one message could not hold it."""
    text = f"Ada kabar tentang laporan Anda {number}: bacalah di laman berikut, atau balas pesan ini."
    return framed(text, agency, number, link=link, code=code, chat=False)


def in_one_message(text: str) -> bool:
    return len(text.encode("utf-8", "surrogatepass")) <= ONE_MESSAGE
