"""The table of doors, and the one way through it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from importlib import import_module
from typing import Any

from ...domain.errors import NotFound, Refuse, Retry
from ..bodies import Broken, Unavailable
from ..observe import tell, trace_of
from .parts import Parts, parts
from .request import as_event, come_again, read, refused


@dataclass(frozen=True, slots=True)
class Door:
    """`work` and `told` (how a refusal is put) are `module.function`, imported at the first knock: a platform's cold
    start pays for no form."""

    work: str
    told: str = ""


_OPEN311 = Door("open311.requests", "open311.refused")

DOORS: Mapping[tuple[str, str], Door] = {
    ("GET", "/webhooks/meta"): Door("platforms.meta_handshake"),
    ("POST", "/webhooks/meta"): Door("platforms.meta"),
    ("POST", "/webhooks/telegram"): Door("platforms.telegram"),
    ("POST", "/v1/reports"): Door("forms.report"),
    ("POST", "/v1/reports/uploads"): Door("uploads.upload"),
    ("POST", "/lapor"): Door("forms.lapor", "forms.told"),
    ("POST", "/open311/v2/requests.json"): _OPEN311,
    ("POST", "/open311/v2/requests.xml"): _OPEN311,
}


#: What stands at no door, by the beginning of its path; elsewhere it is a channel that nobody configured.
_NOWHERE = {"/open311/": Door("open311.nowhere", "open311.refused")}


def respond(event: Mapping[str, Any], with_parts: Callable[[], Parts] = parts) -> dict[str, Any]:
    """A REST API event to its answer. What passes by itself is told as 503, so that a platform delivers again."""
    request = read(event)
    door = DOORS.get((request.method, request.path)) or next(
        (nowhere for beginning, nowhere in _NOWHERE.items() if request.path.startswith(beginning)), None
    )
    try:
        if door is None:
            raise NotFound("this channel is not configured", "not_configured")
        return as_event(_function(door.work)(request, with_parts()))
    except Refuse as error:
        refusal = error
    except Retry as error:
        tell("webhook_put_off", **trace_of(error))
        refusal = Unavailable("not now; please try again")
    except Exception as error:  # the caller gets no inside of ours
        tell("webhook_failed", **trace_of(error))
        refusal = Broken("something went wrong here")
    told = _function(door.told)(refusal, request, with_parts()) if door and door.told else refused(refusal)
    return as_event(told, come_again(refusal))


def _function(name: str) -> Callable[..., Any]:
    module, _, function = name.partition(".")
    found: Callable[..., Any] = getattr(import_module(f".{module}", __package__), function)
    return found
