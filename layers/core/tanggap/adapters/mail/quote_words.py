"""What mail programs write around a quote, as fragments of patterns, Indonesian first."""

from __future__ import annotations

#: How a line that announces a quote begins, where it does not begin with a name and an address.
STARTS = (
    r"(?:pada|tanggal|tgl|dina|on|at|am|le|el|em|il|op|den|dnia|w dniu)\b",
    r"\d{1,4}[-/. ]",
    r"-{2,} on\b",
    r"在",
    r"\w{2,15}, \d",
)

#: How it ends.
WROTE = (
    "menulis",
    "nulis",
    "nyerat",
    "nyeratkeun",
    "berkata",
    "wrote",
    "schrieb",
    "a écrit",
    "écrit",
    "escribió",
    "escreveu",
    "ha scritto",
    "schreef",
    "geschreven",
    "skrev",
    r"napisał(?:\(a\)|a)?",
    "napsal",
    "пишет",
    "пише",
    "написала?",
    "写道",
    "寫道",
    "yazdı",
    "kirjoitti",
)
COLONS = r"(?::|：|-{2,})"

#: Or what stands in its middle, with date and time behind it.
WROTE_IN_THE_MIDDLE = ("schrieb", "skrev", "schreef")

#: The labels of a header block over a quote, by kind.
LABELS = {
    "from": ("dari", "pengirim", "from", "von", "de", "da", "van", "fra", "från", "od", "от", "发件人"),
    "sent": (
        "dikirim",
        "terkirim",
        "sent",
        "gesendet",
        "envoyé",
        "enviado",
        "enviada em",
        "enviado el",
        "inviato",
        "verzonden",
        "sendt",
        "skickat",
        "wysłano",
    ),
    "date": ("tanggal", "tgl", "hari", "date", "data", "datum", "fecha", "dato", "дата"),
    "to": ("kepada", "ke", "untuk", "to", "an", "à", "para", "a", "aan", "til", "till", "do", "кому"),
    "subject": (
        "subjek",
        "perihal",
        "judul",
        "hal",
        "subject",
        "betreff",
        "objet",
        "asunto",
        "assunto",
        "oggetto",
        "onderwerp",
        "emne",
        "ämne",
        "temat",
        "тема",
    ),
    "other": ("cc", "tembusan", "bcc", "reply-to", "balas ke", "risposta", "lampiran", "attachments?", "importance"),
}

ORIGINAL = (
    "pesan asli",
    "pesan semula",
    "surel asli",
    "original message",
    "original appointment",
    "ursprüngliche nachricht",
    "message d'origine",
    "mensaje original",
    "mensagem original",
    "messaggio originale",
    "oorspronkelijk bericht",
)

#: Between dashes, or at the start of a line before a colon.
FORWARDED = (
    "forwarded message",
    "forwarded by",
    "pesan (?:yang )?(?:di)?teruskan",
    "pesan terusan",
    "diteruskan",
    "weitergeleitete nachricht",
)
FORWARDED_BEGINS = ("begin forwarded message", "(?:mulai|awal) pesan (?:(?:yang )?(?:di)?teruskan|terusan)")

#: The last line of a person who holds a telephone.
DEVICES = (
    "i ?phone",
    "ipad",
    "ipod",
    "mobile",
    "phone",
    "android",
    "cell",
    "galaxy",
    "samsung",
    "yahoo",
    r"mail\b",
    r"\[mail",
    "mailbox",
    "airmail",
    "outlook",
    "windows",
    "huawei",
    "xiaomi",
    "oppo",
    "vivo",
    "htc",
    "nokia",
    "blackberry",
    "alcatel",
    "ti-85",
    "proton",
    "realme",
    "redmi",
    "infinix",
    "gmail",
    r"hp\b",
    "ponsel",
    "perangkat",
    "telepon",
    "smartphone",
    "tablet",
    r"surat\b",
    "email untuk",
)
_DEVICES = "|".join(DEVICES)
SENT_FROM = (
    rf"(?:(?:di|ter)kirim|kirim) (?:dari|melalui|menggunakan|lewat|via|dengan)(?: \S{{1,20}}){{0,2}} (?:{_DEVICES})",
    r"dapatkan \[?outlook (?:untuk|for)\b",
    rf"(?:someone )?(?:sent|send|posted)? ?(?:from|via|by|with) (?:my |a |an |the )?(?:{_DEVICES})",
    r"get \[?outlook for\b",
    r"envoyé (?:de|depuis|à partir)",
    r"von meinem\b.{0,60}gesendet",
    r"diese nachricht wurde von\b.{0,60}gesendet",
    r"enviado (?:desde|do|a partir)",
    r"verzonden (?:met|vanaf|via)",
    "inviato da",
    "sendt fra",
    "skickat från",
    "wysłane z",
    "從我的",
    "发自我的",
)
