"""The words that letters use for what the code knows by a key."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from .words import Kind, Status

if TYPE_CHECKING:
    from .case import Case
    from .letter_form import Language

KINDS_ID = {
    Kind.COMPLAINT: "pengaduan",
    Kind.SUPERVISORY: "pengaduan berkadar pengawasan",
    Kind.INFORMATION: "permintaan informasi",
    Kind.ASPIRATION: "aspirasi",
    Kind.PRAISE: "apresiasi",
}

STATUSES_ID = {
    Status.NEW: "Diterima",
    Status.NEEDS_INFO: "Menunggu kelengkapan dari Anda",
    Status.VERIFIED: "Terverifikasi",
    Status.FORWARDED: "Diteruskan ke unit terkait",
    Status.IN_PROGRESS: "Sedang ditindaklanjuti",
    Status.ANSWERED: "Telah ditanggapi, menunggu balasan Anda",
    Status.CLOSED: "Selesai",
    Status.REJECTED: "Tidak dapat diproses",
    Status.TRANSFERRED: "Diteruskan ke instansi lain",
    Status.DUPLICATE: "Diarsipkan",
}

#: Why a letter did not arrive (inbound.FailedDelivery.cause), as far as its report tells.
CAUSES_ID = {
    "unknown": "alamat tidak ada",
    "moved": "penerima pindah alamat",
    "host": "server penerima tidak ditemukan",
    "full": "kotak surat penuh",
    "size": "surat terlalu besar",
    "suspended": "kotak surat dinonaktifkan",
    "refused": "ditolak server penerima",
    "network": "server penerima tidak dapat dihubungi",
    "system": "gangguan pada server penerima",
    # Of platforms (domain.ways). What a letter says stands on the tracking page all the same.
    "window_closed": "batas waktu balasan platform sudah lewat; isi surat ada di laman pelacakan",
    "blocked": "pelapor tidak dapat dihubungi lewat kanal itu; isi surat ada di laman pelacakan",
    "stopped": "pelapor meminta pesan otomatis dihentikan; isi surat ada di laman pelacakan",
}

STEPS_ID = {
    "remind": "pengingat: separuh waktu telah lewat",
    "warn": "peringatan: tenggat sudah dekat",
    "breach": "TENGGAT TERLEWAT",
    "leadership": "eskalasi ke pimpinan",
    "inspectorate": "eskalasi ke inspektorat",
}

KINDS_EN: Mapping[Kind, str] = {
    Kind.COMPLAINT: "complaint",
    Kind.SUPERVISORY: "complaint about officials",
    Kind.INFORMATION: "request for information",
    Kind.ASPIRATION: "suggestion",
    Kind.PRAISE: "praise",
}

STATUSES_EN: Mapping[Status, str] = {
    Status.NEW: "received",
    Status.NEEDS_INFO: "waiting for details from you",
    Status.VERIFIED: "verified",
    Status.FORWARDED: "passed on to the unit concerned",
    Status.IN_PROGRESS: "being worked on",
    Status.ANSWERED: "answered, waiting for your reply",
    Status.CLOSED: "closed",
    Status.REJECTED: "not within what we can process",
    Status.TRANSFERRED: "passed on to another agency",
    Status.DUPLICATE: "joined to another report",
}

#: Closed while details were owed that never came: nothing was settled.
UNANSWERED: Mapping[Language, str] = {
    "id": "Ditutup karena kelengkapan belum kami terima",
    "en": "closed, as the details asked for have not come",
}


def status(case: Case, language: Language) -> str:
    if case.status is Status.CLOSED and case.asked_while:
        return UNANSWERED[language]
    return (STATUSES_ID if language == "id" else STATUSES_EN)[case.status]
