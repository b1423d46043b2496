"""The desk's health, for which nobody signs in."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

from ... import __version__
from ...adapters.dynamodb.kinds import SCHEMA
from ...application.ports import Unreadable
from ...domain.errors import Retry
from ...domain.gauges import UNTOLD
from ...domain.times import parse_instant
from ...domain.words import Outcome
from ..observe import tell, trace_of
from .http import answer, route
from .parts import parts
from .shapes import instant

#: The ledger's gauges (observe.METRICS) as the page calls them; null where one could not be read.
_FIGURES = {
    "ParkedLately": "parked_lately",
    "DeliveriesUnsent": "deliveries_unsent",
    "OverdueRise": "overdue_rise",
    "ChannelsSilent": "channels_silent",
    "UpkeepDue": "upkeep_due",
}


def _report() -> dict[str, Any]:
    """Of a newer release's none can be told."""
    with suppress(Unreadable):
        return parts().cases.report() or {}
    return {}


@route("GET", "/v1/health", public=True)
def health() -> Any:
    """Version, oldest unsent delivery, oldest unread arrival; the ledger's last count, and what it found to be seen
    to."""
    facts: dict[str, Any] = {"version": __version__, "schema": SCHEMA, "oldest_unsent": None, "oldest_unread": None}
    try:
        unsent, report = parts().cases.oldest_unsent(), _report()
        zone = parts().policies.current().calendar.zone
    except Retry as error:
        tell("request_put_off", route="/v1/health", **trace_of(error))
        return answer({"status": "degraded", **facts}, 503)
    unread, key = report.get("oldest_waiting"), report.get("oldest_waiting_key")
    if key and Outcome.WAITING not in parts().cases.outcomes([key]).get(key, (Outcome.WAITING,)):
        unread = None  # read since the last count
    gauged = report.get("gauges", {})
    told = [one for one in gauged.get("upkeep", []) if one.removeprefix("gauge_") not in UNTOLD]
    figures = {shown: gauged.get("figures", {}).get(name) for name, shown in _FIGURES.items()}
    if figures["upkeep_due"] is not None:
        figures["upkeep_due"] = len(told)  # as many as are told below: the number alone would tell of the others
    return {
        "status": "ok",
        **facts,
        "oldest_unsent": instant(unsent, zone),
        "oldest_unread": instant(parse_instant(unread), zone) if unread else None,
        "ledger": {name: report.get(name) for name in ("at", "balanced", "waiting", "overdue")},
        "figures": figures,
        "silent": gauged.get("silent", []),
        "lost": gauged.get("lost", []),
        "upkeep": told,
    }
