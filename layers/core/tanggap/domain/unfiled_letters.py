"""What is said of an officer's mail that could be on no case: to the officer, and to the coordinator, who may read it
in the ledger."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from .case import Delivery
from .digest_letters import to_office
from .draft import Ids
from .inbound import Inbound
from .policy import Policy
from .policy_people import COORDINATOR
from .words import Purpose

_TO_WRITER = """\
Surel Anda kami simpan, tetapi TIDAK kami teruskan ke pelapor mana pun.

Alasan: surat yang Anda balas memuat beberapa laporan (atau tidak menyangkut satu laporan), dan surel Anda tidak
menyebut satu nomor laporan, sehingga kami tidak tahu laporan mana yang dimaksud.

Cara yang benar: balas surat tentang satu laporan (disposisi, pesan baru, pengingat), atau jawab lewat aplikasi meja
pengaduan. Membalas surel ini hanya sampai kepada koordinator.

---
Your e-mail was kept, but did NOT go to any reporter: the letter that you answered is about several reports, or none,
and yours names none. Please reply to a letter about one report, or answer in the desk.
"""
_TO_COORDINATOR = """\
Surel dari {writer} menjawab surat kami yang memuat beberapa laporan (atau tidak menyangkut satu laporan), dan tidak
menyebut satu nomor laporan. Surel itu tidak diteruskan ke pelapor dan tidak tercatat pada laporan mana pun.{told}

Isinya dapat dibaca pada daftar surel masuk (parked, no_case): {arrival}

---
An e-mail of {writer} answers a letter about several reports, or none, and names none. It went to no reporter and stands
on no case; read it in the ledger (parked, no_case): {arrival}
"""


def letters(inbound: Inbound, arrival: str, policy: Policy, at: datetime, ids: Ids) -> tuple[Delivery, ...]:
    """The writer is told where it is proved who that is (promise 4), and the coordinator in any case."""
    return tuple(_letters(inbound, arrival, policy, at, ids))


def _letters(inbound: Inbound, arrival: str, policy: Policy, at: datetime, ids: Ids) -> Iterator[Delivery]:
    writer, proved = inbound.sender.address, inbound.authenticity.aligned
    if proved:
        said = f"[{policy.agency}] Balasan Anda TIDAK diteruskan ke pelapor", _TO_WRITER
        yield to_office(Purpose.OFFICE_NOTED, writer, said, at, ids)
    told = " Pengirimnya sudah kami beri tahu." if proved else " Keaslian alamat pengirimnya tidak terbukti."
    said = (
        f"[{policy.agency}] Surel petugas tanpa nomor laporan perlu dibaca",
        _TO_COORDINATOR.format(writer=writer, arrival=arrival, told=told),
    )
    coordinator = policy.audience(COORDINATOR, None, at)
    others = tuple(one for one in coordinator if one != writer)
    for address in others or (() if proved else coordinator):
        yield to_office(Purpose.NOTICE, address, said, at, ids)
