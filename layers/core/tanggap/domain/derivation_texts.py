"""What derivation_words says a deadline with, in each language."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timezone

from .clocks import Why
from .letter_words import KINDS_EN, KINDS_ID
from .terms import Unit
from .times import spoken, spoken_date, spoken_en
from .words import Kind, Role, Status


@dataclass(frozen=True, slots=True)
class Speech:
    """One language. Texts are formats (str.format); `instant` and `day` say a time and a date,
    `dates` a run of days."""

    instant: Callable[[datetime, timezone], str]
    day: Callable[[date], str]
    dates: Callable[[date, date], str]
    label: str
    units: Mapping[Unit, str]
    counts: Mapping[Unit, str]
    number: Mapping[Unit, str]
    reasons: Mapping[str, str]
    pauses: Mapping[str, str]
    granted_by: Mapping[str, str]
    shifts: Mapping[str, str]
    shift_dates: str
    turn_dates: str
    kinds: Mapping[Kind, str]
    parts: tuple[str, str, str]
    clock: Callable[[time], str]
    weekdays: tuple[str, ...]
    texts: Mapping[str, str]


def _day_id(day: date) -> str:
    return spoken_date(datetime.combine(day, time(12), UTC), UTC)


def _dates_id(first: date, last: date) -> str:
    """`Sabtu 21 – Minggu 22 November 2026`."""
    if first == last:
        return _day_id(first)
    begin, end = (_day_id(day).replace(",", "") for day in (first, last))
    return f"{_shortened(begin, first, last)} – {end}"


def _day_en(day: date) -> str:
    return f"{day:%A}, {day.day} {day:%B} {day.year}"


def _dates_en(first: date, last: date) -> str:
    if first == last:
        return _day_en(first)
    begin, end = (_day_en(day).replace(",", "") for day in (first, last))
    return f"{_shortened(begin, first, last)} – {end}"


def _shortened(said: str, first: date, last: date) -> str:
    """Without the month and year that both days have in common."""
    keep = 4 if first.year != last.year else 3 if first.month != last.month else 2
    return " ".join(said.split()[:keep])


INDONESIAN = Speech(
    instant=spoken,
    day=_day_id,
    dates=_dates_id,
    label="id",
    units={"hours": "jam", "calendar_days": "hari kalender", "working_days": "hari kerja", "office_hours": "jam kerja"},
    counts={
        "hours": "Yang dihitung: setiap jam sejak mulai, siang dan malam, juga pada hari libur.",
        "calendar_days": "Yang dihitung: setiap hari sesudah hari mulai, juga hari libur. Tenggat yang jatuh pada hari "
        "libur bergeser ke hari kerja berikutnya.",
        "working_days": "Yang dihitung: hari kerja sesudah hari mulai. {free} tidak dihitung.",
        "office_hours": "Yang dihitung: hanya jam kantor, sejak mulai.",
    },
    number={
        "hours": "",
        "calendar_days": "Hari ke-{number}",
        "working_days": "Hari kerja ke-{number}",
        "office_hours": "",
    },
    reasons={
        "day_of_receipt": "hari mulai",
        "weekend": "akhir pekan",
        "holiday": "libur {name}",
        "joint_leave": "cuti bersama {name}",
        "paused": "hitungan berhenti",
        "working_day": "hari kerja tanpa bagian yang dihitung",
        "decreed_working_day": "hari kerja tanpa bagian yang dihitung",
        "calendar_unknown": "hari kerja tanpa bagian yang dihitung",
        "by_the_clock": "tanpa bagian yang dihitung",
        "outside_hours": "di luar jam kantor",
        "next_working_day": "hari kerja pertama sesudahnya, di sini tenggat jatuh",
        "counted:calendar_unknown": " (kalender libur resminya belum ditetapkan)",
        "counted:decreed_working_day": " (ditetapkan sebagai hari kerja)",
    },
    pauses={
        "received": "laporan diterima",
        "officer_wrote": "menunggu pelapor sesudah surat petugas",
        "assigned": "diteruskan ke unit terkait",
        "unit_wrote": "menunggu pelapor sesudah surat unit",
        "reporter_wrote": "pelapor menulis",
        "reopened": "laporan dibuka kembali",
        "resubmitted": "laporan diajukan kembali",
        Status.NEW: "menunggu verifikasi",
        Status.NEEDS_INFO: "menunggu kelengkapan dari pelapor",
        Status.VERIFIED: "laporan terverifikasi",
        Status.FORWARDED: "diteruskan ke unit terkait",
        Status.IN_PROGRESS: "sedang ditindaklanjuti",
        Status.ANSWERED: "menunggu balasan pelapor",
        Status.CLOSED: "laporan selesai",
        Status.REJECTED: "laporan tidak dapat diproses",
        Status.TRANSFERRED: "dilimpahkan ke instansi lain",
        Status.DUPLICATE: "laporan sama dengan laporan lain",
        Why.RULE: "laporan sejenis ini tidak mengenal tenggat tersebut",
        Why.POLICY: "kebijakan yang baru tidak mengenal tenggat tersebut",
        Why.GIVEN_UP: "tenggat tersebut tidak ada lagi dalam kebijakan yang baru",
        Why.WITHDRAWN: "unit tersebut tidak lagi menangani laporan ini",
    },
    granted_by={
        "officer": "petugas yang berwenang",
        "system": "sistem",
        Role.COORDINATOR: "koordinator",
        Role.LIAISON: "pejabat penghubung",
        Role.UNIT_HEAD: "kepala unit",
        Role.LEADERSHIP: "pimpinan",
        Role.CUSTODIAN: "penjaga data pelapor",
        Role.AUDITOR: "pengawas",
    },
    shifts={
        "policy": "Pada {at} tenggat dihitung ulang menurut kebijakan versi {version}",
        "rule": "Pada {at} jenis laporan atau dasar tenggatnya berubah; sejak itu berlaku aturan untuk {rule}, "
        "dihitung dari saat mulai yang sama",
        "restart": "Pada {at} hitungan dimulai kembali dari awal",
        "stopped": "Pada {at} tenggat tidak berlaku lagi: {why}",
        "continued": "Pada {at} tenggat berlaku kembali menurut aturan untuk {rule}",
        "started": "Pada {at} laporan mendapat tenggat ini menurut aturan untuk {rule}",
    },
    shift_dates=": dari {was} menjadi {now}",
    turn_dates="; tenggat menjadi {now}",
    kinds=KINDS_ID,
    parts=("jam", "menit", "detik"),
    clock=lambda at: f"{at:%H.%M}",
    weekdays=("Senin", "Selasa", "Rabu", "Kamis", "Jumat", "Sabtu", "Minggu"),
    texts={
        "due": "Tenggat {label}: {due}.",
        "standing": "Tenggat {label}: {due}, seandainya hitungan, yang sekarang berhenti, berlanjut pada {as_of}. "
        "Selama berhenti, tenggat mundur.",
        "stood": "Tenggat {label}: {due}, seandainya hitungan tidak berhenti. Kewajibannya dipenuhi selagi hitungan "
        "berhenti, jadi tepat waktu.",
        "stopped": "Tenggat {label}: tidak berlaku lagi. Terakhir jatuh pada {due}.",
        "source": "Dasar: {source} (aturan untuk {rule}, kebijakan versi {version}).",
        "rule": "Dasar: aturan untuk {rule}, kebijakan versi {version}.",
        "calendar": "Jangka waktu itu tetap berlaku; hari kerjanya dihitung menurut kebijakan versi {version}.",
        "at_close": "Hari kerja yang hitungannya sedang berhenti saat kantor tutup tidak dihitung.",
        "free": "{days}, hari libur dan cuti bersama",
        "free_none": "Hari libur dan cuti bersama",
        "term": "Jangka waktu: {amount}.",
        "longer": "Jangka waktu: {term}, diperpanjang {granted}, menjadi {amount}.",
        "start": "Mulai: {at}.",
        "hours_in": "Jam kantor selama {name}, {dates}: {hours}.",
        "break": "istirahat",
        "paused": "Berhenti: {since} sampai {until}, {why}",
        "paused_still": "Berhenti: sejak {since}, {why}",
        "resumed": "Dilanjutkan: {until}",
        "extended": "Diperpanjang: {amount}, pada {at}, oleh {by}",
        "disagrees": "Kebijakan versi {version}, yang menetapkan tenggat ini, tidak tersimpan lagi. Daftar hari "
        "berikut menurut kebijakan yang sekarang berlaku, sehingga dapat berbeda dari tenggat.",
        "part": "{day}: {time}, jumlah sampai di sini {passed}.",
        "not_counted": ", tidak dihitung.",
        "moved": ", tenggat bergeser.",
        "tentative": " (tanggalnya masih perkiraan)",
        "unknown": "Kalender libur resmi mulai {day} belum ditetapkan: hari-hari itu dihitung menurut minggu kerja "
        "biasa, dan tenggat dapat berubah bila liburnya ditetapkan.",
        "to_number": " sampai ke-{number}",
        "short:hours": "dihitung {amount}, siang dan malam, juga pada hari libur",
        "short:office_hours": "dihitung {amount}, tanpa {free}",
        "short:working_days": "dihitung {amount}, tanpa {free}",
        "short:calendar_days": "dihitung {amount}",
        "short_free": "{days} dan hari libur",
        "short_none": "hari libur",
        "short_paused": ", dan tanpa waktu selama hitungan berhenti",
        "short_stands": ", seandainya hitungan yang sekarang berhenti langsung berlanjut",
        "so_far": "Sampai {as_of} sudah dihitung: {counted} dari {amount}.",
        "assumed": "Seandainya hitungan berlanjut pada {as_of}, inilah hari-hari berikutnya.",
        "assumed_met": "Seandainya hitungan tidak berhenti, inilah hari-hari berikutnya.",
        "sum": "Jumlah: {counted} dari {amount}, genap. Tenggat: {due}{close}.",
        "sum_moved": "Jumlah: {counted} dari {amount}, genap pada {moved_from}, yang bukan hari kerja. Tenggat: "
        "{due}{close}.",
        "close:hours": "",
        "close:office_hours": "",
        "close:working_days": ", saat kantor tutup",
        "close:calendar_days": ", akhir hari itu",
    },
)

ENGLISH = Speech(
    instant=spoken_en,
    day=_day_en,
    dates=_dates_en,
    label="en",
    units={
        "hours": "hours",
        "calendar_days": "calendar days",
        "working_days": "working days",
        "office_hours": "office hours",
    },
    counts={
        "hours": "Counted: every hour from the start, day and night, on free days too.",
        "calendar_days": "Counted: every day after the day of the start, free days too. A deadline that falls on a "
        "free day moves to the next working day.",
        "working_days": "Counted: working days after the day of the start. {free} are not counted.",
        "office_hours": "Counted: only hours in which the office is open, from the start.",
    },
    number={"hours": "", "calendar_days": "Day {number}", "working_days": "Working day {number}", "office_hours": ""},
    reasons={
        "day_of_receipt": "day of the start",
        "weekend": "weekend",
        "holiday": "public holiday, {name}",
        "joint_leave": "joint leave, {name}",
        "paused": "the clock stood still",
        "working_day": "a working day of which nothing counted",
        "decreed_working_day": "a working day of which nothing counted",
        "calendar_unknown": "a working day of which nothing counted",
        "by_the_clock": "nothing counted",
        "outside_hours": "outside office hours",
        "next_working_day": "the first working day after it, on which the deadline falls",
        "counted:calendar_unknown": " (its official calendar is not decreed yet)",
        "counted:decreed_working_day": " (made a working day by decree)",
    },
    pauses={
        "received": "the report came in",
        "officer_wrote": "waiting for the reporter after an officer's letter",
        "assigned": "handed to the unit concerned",
        "unit_wrote": "waiting for the reporter after the unit's letter",
        "reporter_wrote": "the reporter wrote",
        "reopened": "the report was opened again",
        "resubmitted": "the report was submitted again",
        Status.NEW: "waiting for verification",
        Status.NEEDS_INFO: "waiting for details from the reporter",
        Status.VERIFIED: "the report was verified",
        Status.FORWARDED: "handed to the unit concerned",
        Status.IN_PROGRESS: "being worked on",
        Status.ANSWERED: "waiting for the reporter's reply",
        Status.CLOSED: "the report was closed",
        Status.REJECTED: "the report can't be processed",
        Status.TRANSFERRED: "handed to another agency",
        Status.DUPLICATE: "the same as another report",
        Why.RULE: "a report of this kind has no such deadline",
        Why.POLICY: "the newer policy has no such deadline for it",
        Why.GIVEN_UP: "the newer policy has no such deadline any more",
        Why.WITHDRAWN: "the unit no longer works on this report",
    },
    granted_by={
        "officer": "an officer who may",
        "system": "the system",
        Role.COORDINATOR: "the coordinator",
        Role.LIAISON: "the liaison",
        Role.UNIT_HEAD: "the head of the unit",
        Role.LEADERSHIP: "the leadership",
        Role.CUSTODIAN: "the custodian",
        Role.AUDITOR: "the auditor",
    },
    shifts={
        "policy": "On {at} the deadline was computed again under policy version {version}",
        "rule": "On {at} the kind of the report, or the basis of its deadlines, changed; since then the rule for "
        "{rule} holds, counted from the same start",
        "restart": "On {at} the clock started anew",
        "stopped": "On {at} the deadline ceased to hold: {why}",
        "continued": "On {at} the deadline held again, by the rule for {rule}",
        "started": "On {at} the report was given this deadline by the rule for {rule}",
    },
    shift_dates=": from {was} to {now}",
    turn_dates="; the deadline became {now}",
    kinds=KINDS_EN,
    parts=("h", "min", "s"),
    clock=lambda at: f"{at:%H:%M}",
    weekdays=("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"),
    texts={
        "due": "Deadline of {label}: {due}.",
        "standing": "Deadline of {label}: {due}, if the clock, which now stands still, goes on at {as_of}. While it "
        "stands still the deadline moves on.",
        "stood": "Deadline of {label}: {due}, had the clock not stood still. It was met while the clock stood still, "
        "so in time.",
        "stopped": "Deadline of {label}: it holds no more. Last it was {due}.",
        "source": "Basis: {source} (rule for {rule}, policy version {version}).",
        "rule": "Basis: rule for {rule}, policy version {version}.",
        "calendar": "That term still holds; its days are counted by policy version {version}.",
        "at_close": "A working day at whose close the clock stood still is not counted.",
        "free": "{days}, public holidays and joint leave",
        "free_none": "Public holidays and joint leave",
        "term": "Term: {amount}.",
        "longer": "Term: {term}, extended by {granted} to {amount}.",
        "start": "Start: {at}.",
        "hours_in": "Office hours during {name}, {dates}: {hours}.",
        "break": "break",
        "paused": "Stood still: {since} to {until}, {why}",
        "paused_still": "Stood still: since {since}, {why}",
        "resumed": "Went on: {until}",
        "extended": "Extended: {amount}, on {at}, by {by}",
        "disagrees": "Policy version {version}, which set this deadline, is no longer kept. The days below follow the "
        "policy now in force and may differ from the deadline.",
        "part": "{day}: {time}, {passed} so far.",
        "not_counted": ", not counted.",
        "moved": ", the deadline moves on.",
        "tentative": " (its date may still move)",
        "unknown": "The official calendar from {day} on is not decreed yet: those days are counted by the usual week, "
        "and the deadline may move once it is.",
        "to_number": " to {number}",
        "short:hours": "{amount}, day and night, on free days too",
        "short:office_hours": "{amount}, without {free}",
        "short:working_days": "{amount}, without {free}",
        "short:calendar_days": "{amount}",
        "short_free": "{days} and public holidays",
        "short_none": "public holidays",
        "short_paused": ", and without the time in which the clock stood still",
        "short_stands": ", if the clock, which stands still, goes on at once",
        "so_far": "Counted until {as_of}: {counted} of {amount}.",
        "assumed": "If the clock goes on at {as_of}, these are the days from there on.",
        "assumed_met": "Had the clock not stood still, these would be the days from there on.",
        "sum": "Sum: {counted} of {amount}, complete. Deadline: {due}{close}.",
        "sum_moved": "Sum: {counted} of {amount}, complete on {moved_from}, which is no working day. Deadline: "
        "{due}{close}.",
        "close:hours": "",
        "close:office_hours": "",
        "close:working_days": ", as the office closes",
        "close:calendar_days": ", the end of that day",
    },
)
