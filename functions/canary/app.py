"""Each five minutes: was our own synthetic citizen answered? Every few hours it writes anew. Fails where it was not."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from tanggap.application.canary import Unanswered
from tanggap.entrypoints import settings
from tanggap.entrypoints.composition import services
from tanggap.entrypoints.observe import logger, metrics, tell


@logger.inject_lambda_context(clear_state=True)
@metrics.log_metrics
def handler(event: dict[str, Any], context: Any) -> dict[str, Any]:
    parts = services(settings.Canary)
    scheduled = event.get("source") == "aws.events"  # who calls by hand wants a round now
    every = timedelta(minutes=int(parts.settings.canary_minutes)) if scheduled else timedelta()
    sung = parts.canary(every)
    for one in sung.missed:
        tell("canary_missed", way=one.way, fault=one.fault, case=one.case)
    for written in sung.judged:
        if written.way not in {one.way for one in sung.missed if one.case}:
            tell("canary_answered", way=written.way, case=written.number)
    for written in sung.written:
        tell("canary_wrote", way=written.way, case=written.number)
    if not (scheduled or sung.written or sung.judged):
        tell("canary_too_soon")
    if sung.missed:
        raise Unanswered(", ".join(f"{one.way} {one.fault}" for one in sung.missed))
    if sung.still:  # its alarm is over when a round is answered
        raise Unanswered(f"{sung.still} rounds")
    return {"judged": len(sung.judged), "written": len(sung.written)}
