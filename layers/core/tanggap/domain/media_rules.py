"""What a platform keeps of a message (a photo, a recording) becomes a file on it, or is named as left out.

The message is filed before any of it is asked for; what becomes of each medium is one change of its own, which rings
nobody. What could not be had is told to the reporter once a message, when nothing of it is waited for any more."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from .case import Case, FileRef, Message
from .draft import Draft, Ids
from .inbound import Media
from .policy import Policy
from .words import Channel, Purpose

#: Bytes of one medium that are kept. The function that fetches holds it in its 1,024 MB two or three times over, and
#: has seconds for it. Of what WhatsApp takes (photos 5 MB, sound and video 16 MB, documents 100 MB) only long documents
#: are over it; Messenger and Instagram take no more themselves.
LARGEST = 25_000_000
#: What a bot may download (core.telegram.org/bots/api#getfile); more is not given out to anybody.
_TELEGRAM = 20 * 1024 * 1024
_LARGEST = {Channel.TELEGRAM: _TELEGRAM}
#: So long a platform that does not answer is asked again. An answer by chat is still free within a day of the message,
#: so whoever is to send something again is told well before; the platforms keep media for days.
PATIENCE = timedelta(hours=6)
#: Before the next round of tries. The queue holds nothing back for longer.
PAUSE = timedelta(minutes=15)
#: Within a round, after each try: a fault of seconds costs seconds. The queue itself would take three minutes.
WAITS = (10, 30, 60, 120)
#: Of one message, for all that it brought: the function has 30 seconds, and stores besides.
SECONDS = 20.0


class Failure(StrEnum):
    """Why a medium was not kept. As a mark of its message: `media_<word>`."""

    #: The platform has it no more: deleted, or its id or address ran out.
    GONE = "gone"
    TOO_LARGE = "too_large"
    #: Not the bytes that the platform announced.
    DAMAGED = "damaged"
    #: At a place that is not the platform's, or in a form that is not opened.
    FORBIDDEN = "forbidden"
    #: Asked for to the last try.
    UNREACHED = "unreached"
    #: Working on it ended the function, again and again.
    BROKEN = "broken"


_MARK = "media_"
_WHY: Mapping[Failure, str] = {
    Failure.GONE: "Sebagian berkas sudah tidak tersedia di layanan pesan.",
    Failure.TOO_LARGE: "Sebagian berkas terlalu besar (paling besar $most MB).",
    Failure.DAMAGED: "Sebagian berkas rusak saat kami ambil.",
    Failure.FORBIDDEN: "Sebagian berkas tidak dapat kami ambil.",
    Failure.UNREACHED: "Sebagian berkas tidak dapat kami ambil.",
    Failure.BROKEN: "Sebagian berkas tidak dapat kami ambil.",
}
_KINDS = {"image": "foto", "video": "video", "audio": "rekaman suara", "document": "dokumen", "sticker": "stiker"}
_NAMES_TOLD = 5
_PATH = re.compile(r"[/\\]")


def largest(channel: Channel) -> int:
    return _LARGEST.get(channel, LARGEST)


def called(medium: Media) -> str:
    """For officer and citizen: its name without a path or anything invisible, else what it is."""
    last = _PATH.split(medium.name[-500:])[-1]
    clean = "".join(char for char in last if char.isprintable() and char not in '<>:"|?*').strip(". ")
    return clean[:100] or _KINDS.get(medium.kind, "berkas")


@dataclass(frozen=True, slots=True)
class Ended:
    """What became of one medium: a `file`, or a `failure`. `doubts`: marks of what was found in the file."""

    medium: Media
    file: FileRef | None = None
    failure: Failure | None = None
    doubts: tuple[str, ...] = ()


def end(case: Case, message: Message, ended: Ended, at: datetime, policy: Policy, ids: Ids, *, tell: bool) -> Draft:
    """`message` as it stands, with the medium among what it waits for. `tell`: may its sender be written to? What broke
    stays with the message, parked: it was named and told when it was, whatever an operator's try brings."""
    draft = Draft(case, at, "system", policy, ids)
    media, left_out = list(message.media), list(message.left_out)
    medium = media.pop(media.index(ended.medium))
    marks = (*message.marks, *ended.doubts)
    if medium.parked and called(medium) in left_out:
        left_out.remove(called(medium))
    if ended.file:
        files = (*message.files, ended.file)
        # Which file it was can be proved later, and is forgotten with the message.
        draft.record("media_kept", message=message.id, kind=ended.medium.kind, secret=ended.file.digest)
    else:
        why = ended.failure or Failure.UNREACHED
        files = message.files
        left_out.append(called(medium))
        media += [replace(medium, parked=True)] if why is Failure.BROKEN else []
        marks = (*marks, _MARK + why)
        draft.record("media_left_out", message=message.id, kind=ended.medium.kind, why=why)
    after = replace(
        message, media=tuple(media), files=files, left_out=tuple(left_out), marks=tuple(dict.fromkeys(marks))
    )
    draft.change_message(after)
    if tell and not medium.parked and not waited_for(after) and (text := _told(after)):
        thread = (message.external_id,) if message.external_id else ()
        draft.tell_reporter(Purpose.LEFT_OUT, {"text": text}, thread)
    return draft


def waited_for(message: Message) -> tuple[Media, ...]:
    return tuple(one for one in message.media if not one.parked)


def _told(message: Message) -> str:
    """Empty where nothing of it was left out."""
    whys = dict.fromkeys(_WHY[why] for why in Failure if _MARK + why in message.marks)
    if not whys:
        return ""
    named = ", ".join(message.left_out[:_NAMES_TOLD])
    more = len(message.left_out) - _NAMES_TOLD
    lines = [f"Belum tersimpan: {named}" + (f", dan {more} lainnya" if more > 0 else ""), *whys]
    return "\n".join(lines).replace("$most", str(largest(message.channel) // 1_000_000)) + "\n"
