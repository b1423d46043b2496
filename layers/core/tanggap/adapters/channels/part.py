"""What a webhook's body says, part by part: the one form into which every channel's module reads."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from ...domain.inbound import Inbound
from ...domain.words import Channel, Reason


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One message, status or event. Exactly one of these holds: `inbound` is a person's message; `inbound` with
    `event` is the platform's own word about a message of ours (its `failures`); without `inbound`, `dropped` says why
    it is nobody's message: OWN (an echo of ours), READ, EVENT, or UNKNOWN.

    `kind` is the platform's word for it out of a closed list of ours ("other" for any other), for log and count.
    `person` is who it is about, as an address; empty for none. `alone` is a body of the same form that holds this part
    and nothing of anybody else, so that it can be stored apart and read again."""

    channel: Channel
    kind: str
    external_id: str
    at: datetime
    person: str = field(repr=False, default="")
    inbound: Inbound | None = field(repr=False, default=None)
    event: bool = False
    dropped: Reason | None = None
    alone: Mapping[str, Any] = field(repr=False, default_factory=dict)


#: (the raw body, when it was stored) -> its parts, in their order. Raises Park where it is no body of this door's form.
Read = Callable[[bytes, datetime], tuple[Part, ...]]
