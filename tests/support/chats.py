"""Cases that came by chat or form, without the doors in front of them."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from tanggap.application.ports import Due, Identity
from tanggap.application.reports import Reports
from tanggap.domain import addresses, officers
from tanggap.domain.case import Change, Delivery, FileRef, Message, Received
from tanggap.domain.citizens import Opening, open_case
from tanggap.domain.inbound import FailedDelivery, Inbound, Party
from tanggap.domain.talks import Talk
from tanggap.domain.words import CHAT, Channel, Outcome, Reason
from tests.support.world import COORDINATOR, POLICY, World

#: A policy under which WhatsApp has an approved template.
TEMPLATES = {**POLICY, "channels": {"whatsapp": {"templates": {"*": {"name": "kabar_laporan"}}}}}


def open_by(
    world: World,
    channel: Channel,
    *,
    email: str = "",
    name: str = "",
    also: str = "",
    known: bool = True,
    talk: dict[str, Any] | None = None,
    **more: Any,
) -> str:
    """`name`: the platform's id of the person; `email`: the address of a form's reporter; `also`: that of the person's
    earlier id; `talk`: how it stands, by default their message of just now. Acknowledged, and not pumped."""
    policy, ids, at = world.policies.current(), world.ids, world.now
    number, reporter = ids.number(), ids.new(at) if known else None
    own = addresses.on(channel, name or f"62812{ids.made}") if channel in CHAT else email
    earlier = (ids.new(at),) if also else ()
    if also:
        world.cases.commit(Change(sealed=world.vault.seal(earlier[0], Identity("Siti Aminah", also))))
    message = Message(
        id=ids.new(at),
        case=number,
        direction="in",
        channel=channel,
        at=at,
        text="Jalan di RT 3 rusak parah.",
        external_id=f"in-{number}",
        sender=reporter or "",
    )
    opening = Opening(number=number, message=message, reporter=reporter, answer=True, **more)
    draft = open_case(opening, at, "reporter", policy, ids)
    if earlier:
        draft.set(also=earlier)
    sealed = world.vault.seal(reporter, Identity("Siti", own)) if reporter and own else None
    change = draft.change(sealed=sealed)
    if channel in CHAT and reporter:
        standing: dict[str, Any] = {"last_in": at, "case": number} if talk is None else talk
        change = replace(change, talk=Talk(reporter=reporter, channel=channel, account="ours", version=1, **standing))
    world.cases.commit(change)
    return number


def letters(world: World, number: str) -> list[Delivery]:
    """To the reporter."""
    return [row for row in world.cases.file(number).deliveries if not row.address]


def answer(
    world: World, number: str, text: str = "Sudah diperbaiki.", files: tuple[FileRef, ...] = (), final: bool = False
) -> Delivery:
    """An officer's reply, queued."""
    file = world.cases.file(number)
    draft = officers.reply(
        file.case, COORDINATOR, text, files, final, file.thread, world.now, world.policies.current(), world.ids
    )
    world.cases.commit(draft.change())
    return letters(world, number)[-1]


def said(world: World, channel: Channel) -> list[str]:
    """The texts, and names of files, that left by a channel."""
    return [part for _, part, _ in world.chats[channel].sent]


def last(world: World, number: str) -> Delivery:
    return letters(world, number)[-1]


def acknowledged(world: World, channel: Channel, **more: object) -> str:
    """An open case whose acknowledgement has gone, and is forgotten."""
    number = open_by(world, channel, **more)  # type: ignore[arg-type]
    world.pump()
    world.chats[channel].sent.clear()
    return number


def wakened(world: World, number: str) -> Delivery:
    """An hour later the row is due again; deliver sees it as the stream would show it."""
    world.later(hours=1)
    world.cases.wake(Due(number, world.now, last(world, number).id), world.now)
    world.deliver(last(world, number))
    return last(world, number)


def told(world: World, channel: Channel, external_id: str, kind: str, **more: Any) -> Received:
    """A platform's word, as its reader hands it on."""
    world.made += 1
    failure = FailedDelivery(recipient="", original_id=external_id, permanent=False, kind=kind)
    inbound = Inbound(
        channel=channel,
        external_id=f"{external_id}:{kind}",
        at=world.now,
        sender=Party(""),
        recipients=(),
        subject="",
        text="",
        full_text="",
        digest=f"status{world.made}",
        failures=(replace(failure, **more),),
    )
    received = Received(
        arrival=f"webhooks/meta/{world.made}.json",
        channel=channel,
        at=world.now,
        size=10,
        outcome=Outcome.STATUS,
        reason=Reason.EVENT,
    )
    reports = Reports(world.cases, world.policies, world.receive.threads, world.ids, world.clock)
    return reports(inbound, received, event=True)
