"""Who writes in a chat, and what they wrote as a case keeps it."""

from __future__ import annotations

from dataclasses import dataclass

from ..domain.authenticity import Label
from ..domain.case import Message, Sealed
from ..domain.talks import Talk
from .work import Work


@dataclass(frozen=True, slots=True)
class Writer:
    """Who writes: the vault's id, what is to be kept of them, and how they and the desk stand."""

    reporter: str
    known: bool
    sealed: Sealed | None
    talk: Talk

    @property
    def stands(self) -> Talk | None:
        return self.talk if self.talk.version else None


def message_of(key: str, number: str, work: Work, writer: Writer, marks: tuple[str, ...]) -> Message:
    """`key`: its id, `number`: the case that it is filed on."""
    inbound = work.inbound
    label = Label("verified", ("by_platform", "known_sender" if writer.known else "first_time"))
    return Message(
        id=key,
        case=number,
        direction="in",
        channel=inbound.channel,
        at=inbound.at,
        text=inbound.text,
        full_text="" if inbound.full_text == inbound.text else inbound.full_text,
        external_id=inbound.external_id,
        automatic=bool(inbound.automatic),
        authenticity=label.word,
        reasons=label.reasons,
        files=work.files,
        left_out=inbound.names_left_out,
        marks=tuple(dict.fromkeys((*inbound.doubts, *marks))),
        actor="reporter",
        sender=writer.reporter,
        arrival=work.stored or work.received.arrival,
        sort=inbound.sort,
        about=inbound.about,
        place=inbound.place,
        media=inbound.media,
    )
