"""Every 90 minutes, or oftener: was our own synthetic citizen answered? Then it writes again. Fails where not."""

from __future__ import annotations

from typing import Any

from tanggap.application.canary import Unanswered
from tanggap.entrypoints import settings
from tanggap.entrypoints.composition import services
from tanggap.entrypoints.observe import logger, metrics, tell


@logger.inject_lambda_context(clear_state=True)
@metrics.log_metrics
def handler(event: dict[str, Any], context: Any) -> dict[str, Any]:
    sung = services(settings.Canary).canary()
    for one in sung.missed:
        tell("canary_missed", way=one.way, fault=one.fault, case=one.case)
    for written in sung.judged:
        if written.way not in {one.way for one in sung.missed if one.case}:
            tell("canary_answered", way=written.way, case=written.number)
    for written in sung.written:
        tell("canary_wrote", way=written.way, case=written.number)
    if not sung.written and not sung.missed:
        tell("canary_too_soon")
    if sung.missed:
        raise Unanswered(", ".join(f"{one.way} {one.fault}" for one in sung.missed))
    return {"judged": len(sung.judged), "written": len(sung.written)}
