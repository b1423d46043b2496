"""What only a person says in a mail that else looks like a machine's: their own matter, their family, their street."""

from __future__ import annotations

import re

from . import robot_sentences as sentences

#: Somebody tells of their own matter, or asks for it: one of these, and a person wrote.
PERSON = (
    r"\b(?:rumah|ktp|kk|gaji|honor|pengaduan|laporan|keluhan|aduan|tiket|permohonan|permintaan|berkas|bansos|bantuan"
    r"|status (?:tiket|laporan)|listrik|lampu|air|jalan|gang|kampung|desa|kebun|toko|motor|mobil|nama|hp) (?:\w+ )?"
    r"(?:saya|kami|kita|ku|warga)\b"
    r"|\bdijawab ?:|\balamat (?:\w+ )?saya\b|\b(?:istri|suami|anak|tetangga|kakak|adik|mertua|orang tua|ibu"
    r"|bapak|pak|paman|cucu|ponakan|saudara) (?:saya|kami)\b"
    r"|\b(?:hubungi|menghubungi|telepon|telpon|telp|wa|kontak|kabari|call|contact|reach|phone)(?: ke)?(?: nomor)?"
    r" (?:saya|me|my (?:number|phone))\b(?! untuk (?:hal|keperluan|urusan))"
    r"|\b(?:foto\w*|photos?|saya lampirkan|terlampir|survei|survey lokasi|saksi|neighbou?rs?|tetangga|warga (?:di|kami"
    r"|sudah|menunggu|tidak|akan|sini|yang|resah)|my (?:house|landlord|name|home|report|ticket|case|street"
    r"|mother|father|wife|child\w*"
    r"|complaint|water|road)|kenyataan\w*|nyatanya|dijanjikan|disuruh|mengeluh|pungli|dipungut|dibohongi|janji"
    r"|mengundang|undangan|suami|istri|isteri|mertua)\b"
    r"|\b(?:banjir|sampah|macet|longsor|selokan|got(?! (?:your|a|it|the)\b)|meluap|mampet|lubang\w*|berlubang"
    r"|gelap|padam|ambruk|jebol|bocor"
    r"|kebakaran|kotor|flood\w*|broken|garbage|potholes?|leak\w*)\b"
    r"|\bmohon (?:bantu\w*|dibantu|dicek|diperbaiki|penjelasan\w*|info\b|segera (?:di|ditindak)|diproses|solusi\w*"
    r"|laporan|diperiksa|ditindak)\b"
    r"|\bbaru (?:sempat )?(?:membalas|balas|membaca|baca|membuka|buka)\b"
    r"|\b(?:surat|laporan|pengaduan|aduan|masalah|hal) ini (?:akan )?(?:kami|saya)\b|\b(?:adik|kakak|paman|menantu"
    r"|ombudsman|viral\w*|media massa|polisi)\b"
    r"|\b(?:begini|katanya|begitu terus|setiap (?:kali )?saya|jawabannya|kata petugas|petugas bilang"
    r"|dijawab (?:begini|petugas|cuma|hanya)|dapat (?:balasan|sms|email|surel|pesan))\b"
)

#: Told by machines, though a word of a complaint stands in it.
SPARED = (
    r"\b(?:jika|bila|apabila|if)\b[^,;\n?]{0,70}[,?]|\bkapan (?:saja|pun)\b|\b(?:ada|punya|masih ada) pertanyaan ?\?"
    r"|\b(?:butuh|perlu) (?:bantuan|info\w*)\b[^?\n]{0,20}\?|\b(?:need|any|have) (?:help|questions?)\b[^?\n]{0,20}\?"
    r"|\bbelum (?:dapat|bisa|sempat|akan)\b|\btidak ada di (?:kantor|tempat)\b|\bmohon tidak\b"
    r"|\b(?:as soon as|but (?:i )?(?:will|may|can))\b|\bpermintaan (?:anda|bapak|saudara|ibu|layanan|informasi)\b"
    r"|\bkalau (?:urgent|mendesak|penting|darurat)\b(?: (?:wa|telepon|hubungi) saya\b)?|\b(?:urgent|mendesak"
    r"|darurat|penting)\b.{0,20}\b(?:wa|telepon"
    r"|hubungi) saya\b|\bkarena tidak ada (?:tanggapan|balasan|jawaban|respons?)\b|\bminta(?= maaf)|\bwhy not\b"
    r"|\bif it cannot wait\b"
)

#: The commonest of all these, cheap to look for: ordinary reports are not looked at any further.
PLAIN = (
    *("rusak", "padahal", "kenapa", "mengapa", "banjir", "sampah", "lubang", "selokan", "longsor", "roboh", "foto"),
    *("tetangga", "rumah saya", "rumah kami", "laporan saya", "mohon segera di", "mohon bantu", "sampai sekarang"),
    *("lampu", "tidak pernah", "mohon diperbaiki", "mohon ditindak", "suami", "katanya"),
)


def plainly(low: str) -> bool:
    """Is it an ordinary report, at a cheap look? `low` is in lower case."""
    return any(said in low for said in PLAIN)


def personal(plain: str) -> bool:
    """Does it hold anything that a person tells, asks or complains of? `plain` is written out, in lower case."""
    bare = re.sub(SPARED, " ", re.sub(sentences.SPARED, " ", plain))
    return bool(re.search(sentences.VETO, bare) or re.search(PERSON, bare))
