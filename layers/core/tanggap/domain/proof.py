"""What an inspectorate is shown of a case that is handed to it: how the deadline came about, what was said to whom and
whether it arrived, and where the history stands. Never a reporter's name or address."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime

from .case import Case, Delivery
from .clocks import Clock
from .deadlines import explain
from .history import Entry
from .policy import Policy
from .policy_people import COORDINATOR, DEPUTY, DESK, INSPECTORATE, LEADERSHIP, UNIT_HEAD
from .rungs import climbed, parted
from .sources import in_indonesian
from .terms import Unit
from .times import ZONE_NAMES, spoken
from .words import OF_THE_LADDER, DeliveryState, Purpose

#: Lines of one proof: with twenty proofs in one letter its row stays well under 400 kB. The newest are shown.
SHOWN = 100

STATES_ID = {
    DeliveryState.QUEUED: "menunggu dikirim",
    DeliveryState.CLAIMED: "sedang dikirim",
    DeliveryState.SENT: "terkirim",
    DeliveryState.DELIVERED: "sampai",
    DeliveryState.FAILED: "TIDAK SAMPAI",
    DeliveryState.HELD: "ditahan",
    DeliveryState.BUNDLED: "digabung",
    DeliveryState.WITHDRAWN: "ditarik",
}
PURPOSES_ID = {
    Purpose.ACKNOWLEDGEMENT: "tanda terima",
    Purpose.QUESTION: "permintaan kelengkapan",
    Purpose.DISPOSITION: "pemberitahuan disposisi",
    Purpose.ASSIGNMENT: "disposisi",
    Purpose.REPLY: "perkembangan",
    Purpose.ANSWER: "tanggapan",
    Purpose.REJECTION: "penolakan",
    Purpose.TRANSFER: "pelimpahan",
    Purpose.DUPLICATE: "penggabungan",
    Purpose.CLOSING: "penutupan",
    Purpose.UNANSWERED: "penutupan tanpa kelengkapan",
    Purpose.NEW_MESSAGE: "pesan baru",
    Purpose.OTHERS_MESSAGE: "pesan baru dari pihak lain",
    Purpose.UNDELIVERED: "surat tidak sampai",
    Purpose.LEFT_OUT: "isi yang tidak terbaca",
    Purpose.STILL_SETTLED: "pertanyaan apakah laporan dibuka kembali",
    Purpose.STILL_WAITING: "pertanyaan apakah pesan itu jawaban",
    Purpose.PRAISED: "ucapan terima kasih",
    Purpose.CALLED: "pemberitahuan bahwa petugas dipanggil",
    Purpose.SPLIT: "pemberitahuan laporan tersendiri",
}
ROLES_ID = {
    DESK: "petugas unit",
    UNIT_HEAD: "kepala unit",
    DEPUTY: "wakil kepala unit",
    COORDINATOR: "koordinator",
    LEADERSHIP: "pimpinan",
    INSPECTORATE: "inspektorat",
    "address": "alamat dalam kebijakan",
}
UNITS_ID: dict[Unit, str] = {
    "hours": "jam",
    "office_hours": "jam kerja",
    "working_days": "hari kerja",
    "calendar_days": "hari kalender",
}
_SKIPPED_ID = {"weekend": "akhir pekan", "paused": "dihentikan sementara", "day_of_receipt": "hari diterima"}


def proof(
    case: Case,
    rungs: Iterable[str],
    letters: Sequence[Delivery],
    history: Iterable[Entry],
    policy: Policy,
    version: Callable[[int], Policy | None],
) -> str:
    """`letters`: the case's, as they fared; told in the order in which they were made. `version`: an older policy, by
    which a clock was set."""
    of = dict.fromkeys(clock for rung in rungs if (clock := climbed(case, rung)))
    derived = [derivation(clock, policy, version(clock.policy_version) or policy) for clock in of]
    return "\n".join(
        [
            "Bukti / Proof",
            *derived,
            "",
            "Surat yang telah dibuat / Letters (waktu | langkah | kepada | keadaan):",
            *_table(letters, roles_of(history), policy),
            "",
            f"Riwayat: {case.seq} entri, kepala rantai (SHA-256) {case.head}",
        ]
    )


def derivation(clock: Clock, policy: Policy, set_by: Policy) -> str:
    """How a deadline came about, in short. `set_by`: the policy whose calendar it was counted with."""
    days = explain(clock, set_by.calendar)
    skipped = Counter(_skipped(day.why) for day in days if not day.counted)
    zone = policy.calendar.zone
    more = sum(one.amount for one in clock.extensions)
    parts = [
        f"- {policy.label(clock.name)}: {clock.term.amount} {UNITS_ID[clock.term.unit]}"
        + (f", diperpanjang {more}" if more else "")
        + f" sejak {spoken(clock.started_at, zone)}, tenggat {spoken(clock.due_at, zone)}",
        f"  aturan {clock.rule}, kebijakan versi {clock.promised_by}"
        + (f", kalender versi {clock.policy_version}" if clock.rule_version else "")
        + (f", dasar: {in_indonesian(clock.source)}" if clock.source else ""),
        f"  dihitung {sum(day.counted for day in days)} hari"
        + "".join(f"; {why}: {count} hari" for why, count in skipped.items()),
    ]
    if clock.missed_at:
        parts.append(f"  dicatat terlewat {spoken(clock.missed_at, zone)}")
    return "\n".join(parts)


def roles_of(history: Iterable[Entry]) -> dict[str, str]:
    """Rung → the role that it was for, as it was recorded when it was climbed."""
    told = (entry.data for entry in history if entry.event == "escalated")
    return {
        f"{one['clock']}{'@' + one['unit'] if one.get('unit') else ''}.{one['step']}": one["audience"] for one in told
    }


def _table(letters: Sequence[Delivery], roles: dict[str, str], policy: Policy) -> list[str]:
    # A digest of several cases is told by the rows that went along in it.
    own = sorted((one for one in letters if not one.parts), key=lambda one: (one.created_at, one.id))
    left = len(own) - SHOWN
    head = [f"({left} surat terdahulu tidak ditampilkan)"] if left > 0 else []
    return head + [_row(one, roles, policy) for one in own[-SHOWN:]]


def _row(one: Delivery, roles: dict[str, str], policy: Policy) -> str:
    what = ", ".join(_step(rung, policy) for rung in one.steps) or PURPOSES_ID.get(one.purpose, str(one.purpose))
    state = STATES_ID[one.state]
    # The post tells real time. Where the desk's own runs ahead of it (simulated), nothing is sent before it was made.
    if one.sent_at and one.sent_at >= one.created_at:
        state += f" {_short(one.sent_at, policy)}"
    if one.reason:
        state += f" ({one.reason})"
    return f"{_short(one.created_at, policy)} | {what} | {_whom(one, roles, policy)} | {state}"


def _step(rung: str, policy: Policy) -> str:
    name, unit, step = parted(rung)
    whose = f" {policy.units[unit].name}" if unit in policy.units else ""
    return f"{policy.label(name)}{whose}: {step}"


def _whom(one: Delivery, roles: dict[str, str], policy: Policy) -> str:
    if not one.address:
        return "pelapor"
    if one.purpose not in OF_THE_LADDER:
        return f"kantor <{one.address}>"
    named = dict.fromkeys(roles.get(rung, "") for rung in one.steps)
    shown = (ROLES_ID.get(role) or _own_role(role, policy) for role in named if role)
    return f"{', '.join(shown) or 'kantor'} <{one.address}>"


def _own_role(role: str, policy: Policy) -> str:
    found = policy.people.roles.get(role)
    return found.name if found else role


def _skipped(why: str) -> str:
    if why in _SKIPPED_ID:
        return _SKIPPED_ID[why]
    kind, _, name = why.removeprefix("moved: ").partition(": ")
    return name or _SKIPPED_ID.get(kind, kind)


def _short(at: datetime, policy: Policy) -> str:
    local = policy.calendar.local(at)
    offset = local.utcoffset()
    zone = ZONE_NAMES.get(int(offset.total_seconds() // 3600), "") if offset else ""
    return f"{local:%Y-%m-%d %H.%M} {zone}".rstrip()
