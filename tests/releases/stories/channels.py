"""A desk of the last commit whose rows did not say their schema: the kinds of rows and objects that came with digests,
platforms, forms, the canary, parcels and anchors. What an ordinary mail leaves is told by the first release's story."""

from __future__ import annotations

import hashlib
from datetime import timedelta
from typing import Any

from tanggap.adapters.dynamodb import transaction
from tanggap.adapters.dynamodb.canary import DynamoRounds
from tanggap.application.anchors import Anchor
from tanggap.application.policy_desk import PolicyDesk
from tanggap.application.recompute import Recompute
from tanggap.domain.inbound import File
from tanggap.domain.words import Channel
from tests.support import open311, web_forms
from tests.support.canary import Aviary
from tests.support.chats import open_by
from tests.support.talking import Street
from tests.support.webhook_bodies import contact, message, messages
from tests.support.world import COORDINATOR, DOMAIN, LIAISON, World
from tests.support.world import POLICY as SAMPLE

POLICY: dict[str, Any] = {**SAMPLE, "units": [{**one, "new_cases": "hourly"} for one in SAMPLE["units"]]}


def tell(world: World) -> dict[str, Any]:
    street = Street(world)
    street.say("Lampu jalan di gang melati mati sejak kemarin.")
    world.pump()
    talked = street.cases[0].number
    street.say("Dekat warung Bu Sri.")
    formed = web_forms.arrival("TGP-22GVBAAA5", world.now, name="Siti Aminah", email="siti@warga.example")
    result = web_forms.file(world, formed)
    world.pump()
    web_forms.Desk(world).tracking.follow(result.case, web_forms.CODE, "203.0.113.9")
    both = messages(
        message(id="wamid.1", sender="6281200000017", text={"body": "Jalan di RT 7 rusak"}),
        message(id="wamid.2", sender="6281200000018", text={"body": "Lampu di RT 8 mati"}),
        contacts=[contact("6281200000017", "Dewi", "ID.1"), contact("6281200000018", "Agus", "ID.2")],
    )
    batch = street.store("meta", both)
    dewi, agus = (one["case"] for one in street.bring(batch))
    world.pump()
    public = open311.post(world)
    merged = open_by(world, Channel.WHATSAPP, also="62812000111")
    photo = b"\xff\xd8\xff\xe0 a road"
    file = File("jalan.jpg", "image/jpeg", len(photo), hashlib.sha256(photo).hexdigest(), photo)
    mailed = world.new_case(text="Jalan di RT 3 rusak parah.", files=(file,))
    world.cases.also_known(next(one for one in world.deliveries() if one.case == merged), "wamid.further")
    web_forms.Desk(world).receipts.guesses.add(f"{mailed}#wrong", world.now)
    for number in (mailed, talked):
        world.desk.verify(COORDINATOR, number, "accept", "")
        world.desk.assign(COORDINATOR, number, "pu", None, "mohon dicek")
    world.desk.join(COORDINATOR, mailed, "adm", "bersama")
    world.desk.reply(LIAISON, talked, "Petugas menuju lokasi.", (), final=False)
    world.pump()
    Aviary(world, DynamoRounds(world.cases.row)).round()
    world.run_until(world.now + timedelta(days=2), timedelta(hours=6))
    world.digest(world.now)
    world.pump()
    Anchor(world.cases, world.cases, world.policies, world.arrivals, world.clock)()
    _shut_parcel(world, mailed)
    world.cases.trial("mail/ended-the-function")
    world.count()
    PolicyDesk(world.policies, DOMAIN).save(COORDINATOR, {**POLICY, "leadership": ["camat@kantor.example"]}, world.now)
    Recompute(world.work())(world.now, lambda number, error: None)
    numbers = [talked, result.case, public, merged, mailed, dewi, agus]
    return {
        "numbers": numbers,
        "names": {"talked": talked, "formed": result.case, "public": public, "merged": merged, "mailed": mailed},
        "statuses": {number: world.cases.case(number).status.value for number in numbers},
        "messages": {number: len(world.cases.file(number).messages) for number in numbers},
        "history": {number: [one.hash for one in world.cases.file(number).history] for number in numbers},
        "reply": {number: world.reply_address(number) for number in numbers},
        "receipt": {number: world.tokens.receipt(number) for number in numbers},
        "code": web_forms.CODE,
        "batch": [batch, dewi, agus],
    }


def _shut_parcel(world: World, number: str) -> None:
    """As a crash leaves it right after the transaction. What is too much for one is set low: the record stays short."""
    most, transaction.ITEMS = transaction.ITEMS, 5
    world.cases.open_at_once = lambda shut: None
    world.arrive(world.mail("Masih rusak, tolong segera.", recipients=(world.reply_address(number),)))
    transaction.ITEMS = most
    del world.cases.open_at_once
