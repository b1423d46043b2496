"""What a digest says: the cases of a desk, the figures of units; and what came in within the hour."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from .case import OFFICE, Case, Delivery
from .digest import Figures, Line, Standing, Worklist
from .draft import GRACE, Ids
from .letter_facts import shown_subject, unit_name
from .letter_words import KINDS_ID
from .new_cases import URGENT_ID
from .policy import Policy
from .times import spoken, spoken_en
from .words import DeliveryState, Kind, Priority, Purpose

#: Cases that one letter lists. Who has more reads the desk, in the same order.
LISTED = 100

_HEADS = {
    Standing.LATE: "TERLAMBAT",
    Standing.DUE: "JATUH TEMPO HARI INI ATAU HARI KERJA BERIKUTNYA",
    Standing.WAITING: "MENUNGGU PELAPOR",
}
_NEW = "BARU SEJAK RINGKASAN TERAKHIR"
_NAMES: dict[tuple[str, ...], tuple[str, str]] = {
    ("daily",): ("Ringkasan harian", "Daily digest"),
    ("weekly",): ("Ringkasan mingguan", "Weekly digest"),
}
_BOTH = ("Ringkasan harian dan mingguan", "Daily and weekly digest")
#: The table's columns: heading and what stands below it; the share of what was in time is the last.
_COLUMNS = (
    ("terbuka", "open"),
    ("terlambat", "late"),
    ("tempo", "due"),
    ("baru", "new"),
    ("ditanggapi", "answered"),
    ("selesai", "closed"),
)
_IN_TIME = "tepat waktu"


@dataclass(frozen=True, slots=True)
class Contents:
    """Of one letter. `units`: those that its addressee heads; `table`: all of them. Units by name."""

    kinds: tuple[str, ...]
    worklist: Worklist | None = None
    units: tuple[tuple[str, Figures], ...] = ()
    table: tuple[tuple[str, Figures], ...] = ()


def digest_letter(contents: Contents, policy: Policy, at: datetime) -> tuple[str, str]:
    """Subject and text."""
    named, named_en = _NAMES.get(contents.kinds, _BOTH)
    figures = _sum(contents.table or contents.units)
    work = contents.worklist
    counts = _of_work(work) if work and work.says_something else _of_figures(figures)
    parts = [
        *(_worklist(work, policy) if work and work.lines else ()),
        *(_unit(name, one) for name, one in contents.units),
        *((_table(contents.table),) if contents.table else ()),
    ]
    values = {
        "headline": f"{named}: " + ", ".join(f"{count} {word}" for count, word, _ in counts),
        "headline_en": f"{named_en}: " + ", ".join(f"{count} {word}" for count, _, word in counts),
        "text": "\n\n".join(parts),
        **_facts(policy, at),
    }
    return policy.letter(Purpose.DIGEST, values)


def _of_work(work: Worklist) -> list[tuple[int, str, str]]:
    return [
        (len(work.of(Standing.LATE)), "terlambat", "late"),
        (len(work.of(Standing.DUE)), "jatuh tempo", "due"),
        (len(work.new), "baru", "new"),
    ]


def _of_figures(figures: Figures) -> list[tuple[int, str, str]]:
    return [(figures.open, "terbuka", "open"), (figures.late, "terlambat", "late"), (figures.new, "baru", "new")]


def _worklist(work: Worklist, policy: Policy) -> Iterable[str]:
    left = LISTED
    new = tuple(line for line in work.of(Standing.OTHER) if line.new)
    for head, lines in (*((_HEADS[one], work.of(one)) for one in (Standing.LATE, Standing.DUE)), (_NEW, new)):
        if lines:
            yield _section(head, lines, left, policy)
            left = max(0, left - len(lines))
    if waiting := work.of(Standing.WAITING):
        yield _section(_HEADS[Standing.WAITING], waiting, left, policy)
    if rest := len(work.of(Standing.OTHER)) - len(new):
        yield f"Masih dalam tenggat: {rest} laporan lain."


def _section(head: str, lines: Sequence[Line], room: int, policy: Policy) -> str:
    told = [_line(line, policy) for line in lines[:room]]
    return "\n".join([f"{head} ({len(lines)})", *told, *_more(len(lines) - len(told))])


def _more(left: int) -> tuple[str, ...]:
    return (f"- dan {left} lagi, lihat aplikasi meja pengaduan",) if left else ()


def _line(line: Line, policy: Policy) -> str:
    what = _what(line.kind, line.urgent, line.new)
    due = f": {policy.label(line.clock)}, tenggat {spoken(line.due_at, policy.calendar.zone)}" if line.due_at else ""
    return f"- {line.number} ({what}){due}{_quoted(line.subject)}"


def _what(kind: Kind, urgent: bool, new: bool) -> str:
    return ", ".join((KINDS_ID[kind], *((URGENT_ID,) if urgent else ()), *(("baru",) if new else ())))


def _quoted(subject: str) -> str:
    return f"\n  Perihal: {subject}" if subject else ""


def _unit(name: str, figures: Figures) -> str:
    rows = [f"- {heading:<12}: {getattr(figures, field)}" for heading, field in _COLUMNS]
    return "\n".join([f"ANGKA {name}", *rows, f"- {_IN_TIME:<12}: {_share(figures)}"])


def _table(units: Sequence[tuple[str, Figures]]) -> str:
    """Numbers first, so that the columns stand below each other however long a name is."""
    head = "  ".join((*(heading for heading, _ in _COLUMNS), _IN_TIME, "unit"))
    rows = [*units, ("SEMUA", _sum(units))] if len(units) > 1 else units
    return "\n".join(["ANGKA SEMUA UNIT", head, *(_row(name, figures) for name, figures in rows)])


def _row(name: str, figures: Figures) -> str:
    cells = [f"{getattr(figures, field):>{len(heading)}}" for heading, field in _COLUMNS]
    return "  ".join((*cells, f"{_share(figures):>{len(_IN_TIME)}}", name))


def _share(figures: Figures) -> str:
    """Of the resolve clocks that were met since the last digest."""
    return f"{100 * figures.in_time // figures.judged} %" if figures.judged else "-"


def _sum(units: Sequence[tuple[str, Figures]]) -> Figures:
    return sum((figures for _, figures in units), Figures())


def new_cases_letter(cases: Sequence[Case], count: int, policy: Policy, at: datetime) -> tuple[str, str]:
    """`cases`: the first of `count`, oldest first."""
    told = [_new_case(case, policy) for case in cases[:LISTED]]
    values = {
        "headline": f"{count} laporan baru",
        "count": str(count),
        "text": "\n".join([*told, *_more(count - len(told))]),
        **_facts(policy, at),
    }
    return policy.letter(Purpose.NEW_CASES, values)


def _new_case(case: Case, policy: Policy) -> str:
    what = _what(case.kind, case.priority == Priority.URGENT, False)
    zone = policy.calendar.zone
    due = f", tenggat {spoken(case.deadline, zone)}" if case.deadline else ""
    where = f", {unit_name(case.unit, policy)}" if case.unit else ""
    subject = _quoted(shown_subject(case.subject, case.confidentiality))
    return f"- {case.number} ({what}{where}): diterima {spoken(case.received_at, zone)}{due}{subject}"


def _facts(policy: Policy, at: datetime) -> dict[str, str]:
    zone = policy.calendar.zone
    return {"agency": policy.agency, "now": spoken(at, zone), "now_en": spoken_en(at, zone)}


# -- rows that belong to no case


def office(address: str) -> str:
    """Where an office's own letters are kept: no address stands in a key."""
    return OFFICE + hashlib.sha256(address.encode()).hexdigest()[:26]


def to_office(purpose: Purpose, address: str, said: tuple[str, str], at: datetime, ids: Ids) -> Delivery:
    subject, text = said
    return Delivery(
        id=ids.new(at),
        case=office(address),
        purpose=purpose,
        created_at=at,
        subject=subject,
        text=text,
        address=address,
        wake=at,
        due_at=at + GRACE,
    )


def undelivered(ended: Delivery, policy: Policy, at: datetime, ids: Ids) -> tuple[Delivery, ...]:
    """An office's own letter did not arrive: the coordinator, who keeps the addresses, is told. A notice about a failed
    notice would never end."""
    if ended.purpose is Purpose.UNDELIVERED or ended.state not in (DeliveryState.FAILED, DeliveryState.HELD):
        return ()
    said = (
        f"[{policy.agency}] Surat kita tidak sampai",
        f"Surat kepada {ended.address} ({ended.subject}) tidak sampai: {ended.reason}.\n"
        "Mohon periksa alamat itu pada kebijakan.\n\n"
        f"---\nA letter to {ended.address} did not arrive; please check that address in the policy.\n",
    )
    told = (one for one in policy.audience("coordinator", None, at) if one != ended.address)
    return tuple(to_office(Purpose.UNDELIVERED, one, said, at, ids) for one in told)
