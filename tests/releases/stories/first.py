"""A desk of the first release after a fortnight: each kind of row that it could write, in each state that lasts."""

from __future__ import annotations

import hashlib
from datetime import timedelta
from typing import Any

from tanggap.domain.inbound import Authenticity, File
from tests.support.world import COORDINATOR, CUSTODIAN, LIAISON, POLICY, World

__all__ = ["POLICY", "tell"]


def tell(world: World) -> dict[str, Any]:
    closed = world.new_case(text="Selokan di depan pasar tersumbat.", sender="budi@warga.example", name="Budi")
    answered = world.new_case(text="Jembatan bambu di dusun dua rapuh.", sender="wati@warga.example", name="Wati")
    working = world.new_case(text="Jalan di RT 3 rusak parah.\n" * 3, files=(_photo(b"\xff\xd8\xff\xe0 a road"),))
    asked = world.new_case(text="Ada masalah.", sender="joko@warga.example", name="Joko")
    kept = "Kronologi:\n" + "Air naik lagi malam itu.\n" * 3_000
    long = world.new_case(text=kept, full_text=kept, sender="lina@warga.example", name="Lina")
    world.later(hours=1)
    for number in (closed, answered, working):
        world.desk.verify(COORDINATOR, number, "accept", "")
        world.desk.assign(COORDINATOR, number, "pu", None, "mohon dicek")
    world.desk.verify(COORDINATOR, asked, "incomplete", "Di mana letaknya?")
    world.pump()
    world.desk.reply(LIAISON, closed, "Sudah kami perbaiki.", (), final=True)
    world.desk.note(LIAISON, working, "Tunggu alat berat.")
    world.desk.identity(CUSTODIAN, working)
    world.pump()
    world.later(hours=2)
    world.arrive(world.mail("Terima kasih, kapan?", recipients=(world.reply_address(working),)))
    again = world.mail("Jalan di RT 3 rusak parah.")
    world.arrive(again, "mail/one")
    world.arrive(again, "mail/the-same")
    world.arrive(world.mail("Menang undian!", authenticity=Authenticity(spam="FAIL")), "mail/spam")
    world.pump()
    world.run_until(world.now + timedelta(days=16), timedelta(hours=8))
    world.desk.reply(LIAISON, answered, "Sudah diganti.", (), final=True)
    world.pump()
    overdue = [number for number in (working, asked) if world.cases.case(number).missed]
    fresh = world.arrive(world.mail("Lampu mati di gang lima.", sender="rudi@warga.example", name="Rudi")).case
    world.sweep(world.now)
    claimed = world.arrive(world.mail("Sampah menumpuk.", sender="tono@warga.example", name="Tono")).case
    row = next(one for one in world.deliveries() if one.case == claimed and one.reporter)
    world.cases.claim(row, world.now, world.now + timedelta(minutes=5))
    numbers = [closed, answered, working, asked, long, fresh, claimed]
    return {
        "numbers": numbers,
        "names": {
            "closed": closed,
            "answered": answered,
            "working": working,
            "asked": asked,
            "long": long,
            "in_flight": fresh,
            "claimed": claimed,
        },
        "overdue": overdue,
        "statuses": {number: world.cases.case(number).status.value for number in numbers},
        "messages": {number: len(world.cases.file(number).messages) for number in numbers},
        "history": {number: [e.hash for e in world.cases.file(number).history] for number in numbers},
        "reply": {number: world.reply_address(number) for number in numbers},
    }


def _photo(content: bytes) -> File:
    return File("jalan.jpg", "image/jpeg", len(content), hashlib.sha256(content).hexdigest(), content)
