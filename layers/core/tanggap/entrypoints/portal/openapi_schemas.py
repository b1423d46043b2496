"""The shapes of what officers are answered (shapes_*.py), as schemas."""

from __future__ import annotations

from typing import Any, get_args

from ...domain.clocks import ClockState
from ...domain.derivation import Reason as DayReason
from ...domain.inbound import Sort
from ...domain.ways import How
from ...domain.words import Channel, Confidentiality, DeliveryState, Kind, Outcome, Priority, Purpose, Reason, Status
from .openapi_parts import ANY, AT, DAY, FLAG, LINE, URL, Schema, listed, maybe, named, ref, text, told, whole, word

WHY = told(rule=LINE, found=LINE)
_DATED = told(since=AT, until=maybe(AT), reason=LINE)

ERROR = told(
    error=told({"faults": listed(told(place=LINE, message=LINE)), "changes": listed(ANY)}, code=LINE, message=LINE)
)

SUMMARY: dict[str, Schema] = {
    "number": LINE,
    "kind": word(Kind),
    "category": maybe(LINE),
    "unit": maybe(LINE),
    "units": listed(LINE),
    "officer": maybe(LINE),
    "status": word(Status),
    "priority": word(Priority),
    "channel": word(Channel),
    "subject": LINE,
    "received_at": AT,
    "due_at": maybe(AT),
    "overdue": FLAG,
    "confidentiality": word(Confidentiality),
    "marks": listed(LINE),
}

_AMOUNT = told(amount=whole(), unit=LINE)
_HOURS = named(listed(listed(LINE)))
DERIVATION = told(
    clock=LINE,
    unit=maybe(LINE),
    label=named(LINE),
    state=word(ClockState),
    rule=LINE,
    source=maybe(LINE),
    source_en=maybe(LINE),
    policy_version=whole(),
    rule_version=whole(),
    term=_AMOUNT,
    amount=whole(),
    started_at=AT,
    due_at=AT,
    provisional=FLAG,
    assumed_from=maybe(AT),
    left={"type": "number"},
    moved_from=maybe(DAY),
    unknown_from=maybe(DAY),
    agrees=FLAG,
    days=listed(
        told(
            {
                "number": whole(),
                "seconds": {"type": "number"},
                "name": LINE,
                "decree": LINE,
                "tentative": FLAG,
                "moved": FLAG,
                "assumed": FLAG,
            },
            date=DAY,
            counted=FLAG,
            reason=word(get_args(DayReason)),
        )
    ),
    pauses=listed(told(**{"from": AT}, to=maybe(AT), reason=LINE)),
    hours_in=listed(told(name=LINE, **{"from": DAY}, until=DAY, source=maybe(LINE), hours=_HOURS)),
    extensions=listed(told(amount=whole(), at=maybe(AT), by=LINE)),
    shifts=listed(
        told(at=maybe(AT), by=LINE, rule=maybe(LINE), was=maybe(AT), now=maybe(AT), policy_version={}, why=maybe(LINE))
    ),
    course=listed(told(at=maybe(AT), what=LINE, was=maybe(AT), now=maybe(AT))),
    words=told(id=listed(LINE), en=listed(LINE)),
)
CLOCK = told(
    name=LINE,
    state=word(ClockState),
    due_at=AT,
    started_at=AT,
    met_at=maybe(AT),
    missed_at=maybe(AT),
    stopped_at=maybe(AT),
    stopped_why=maybe(LINE),
    rule=LINE,
    policy_version=whole(),
    steps_done=listed(LINE),
    unit=maybe(LINE),
    label=LINE,
    source=LINE,
    term=_AMOUNT,
    extensions=listed(told(amount=whole(), at=AT, by=LINE)),
    pauses=listed(_DATED),
    explanation=listed(told({"assumed": FLAG}, date=DAY, counted=FLAG, why=LINE)),
    derivation=ref("Derivation"),
)

FILE = told(name=LINE, type=LINE, size=whole(0), url=text(), scan=LINE)
_DEGREES: Schema = {"type": "number"}
PLACE = told(latitude=maybe(_DEGREES), longitude=maybe(_DEGREES), text=LINE)
_MESSAGE: dict[str, Schema] = {
    "id": LINE,
    "channel": word(Channel),
    "external_id": LINE,
    "at": AT,
    "subject": LINE,
    "text": LINE,
    "text_cut": FLAG,
    "full_text_available": FLAG,
    "automatic": FLAG,
    "authenticity": LINE,
    "by": LINE,
    "attachments": listed(ref("File")),
}
INBOUND_FIELDS: dict[str, Schema] = {
    **_MESSAGE,
    "direction": word(["in"]),
    "authenticity_reasons": listed(LINE),
    "verdicts": named(LINE),
    "marks": listed(LINE),
    "attachments_left_out": listed(LINE),
    "attachments_waiting": whole(0),
    "sort": word(Sort),
    "about": maybe(LINE),
    "place": maybe(PLACE),
    "delivery": {"type": "null"},
}
INBOUND = told(**INBOUND_FIELDS)
OUTBOUND = told(
    **_MESSAGE,
    direction=word(["out"]),
    purpose=word(Purpose),
    delivery=told(state=word(DeliveryState), attempts=whole(0), reason=LINE),
)
DELIVERY = told(
    id=LINE,
    purpose=word(Purpose),
    channel=word(Channel),
    to=LINE,
    state=word(DeliveryState),
    attempts=whole(0),
    repeats=whole(0),
    reason=LINE,
    steps=listed(LINE),
    digest=maybe(LINE),
    again_of=maybe(LINE),
    how=maybe(word(How)),
    parts=maybe(whole(0)),
    charged=named(whole(0)),
    tried=listed(LINE),
    created_at=AT,
    sent_at=maybe(AT),
    due_at=maybe(AT),
)
#: By which way a reply would go now.
ANSWER_WAY = told(channel=maybe(word(Channel)), how=maybe(word(How)), until=maybe(AT), costs=maybe(LINE), why=LINE)
_EXTENSION = told(
    id=LINE,
    clock=LINE,
    unit=maybe(LINE),
    amount=whole(),
    state=word(["pending", "granted", "refused", "lapsed"]),
    by=LINE,
    at=AT,
    note=LINE,
    decided_by=maybe(LINE),
    decided_at=maybe(AT),
)
_CLASSIFIED = told(value=maybe(LINE), why=listed(WHY))
NOTE = told(
    id=LINE,
    at=AT,
    by=LINE,
    text=LINE,
    subject=LINE,
    marks=listed(LINE),
    authenticity=LINE,
    attachments=listed(ref("File")),
    attachments_left_out=listed(LINE),
)
ENTRY = told(seq=whole(1), at=AT, actor=LINE, event=LINE, data=named(LINE), commitment=LINE, prev=LINE, hash=LINE)
CASE = told(
    **SUMMARY,
    version=whole(1),
    next_statuses=listed(word(Status)),
    extensions=listed(_EXTENSION),
    deadline_basis=LINE,
    policy_version=whole(),
    ended_at=maybe(AT),
    keep_until=maybe(DAY),
    happened_at=maybe(AT),
    place=maybe(PLACE),
    clocks=listed(ref("Clock")),
    messages=listed({"anyOf": [ref("Inbound"), ref("Outbound")]}),
    notes=listed(NOTE),
    history=listed(ref("Entry")),
    deliveries=listed(ref("Delivery")),
    links=listed(told({"why": LINE}, kind=LINE, number=LINE)),
    classification=told(kind=_CLASSIFIED, category=_CLASSIFIED, unit=_CLASSIFIED, priority=_CLASSIFIED),
    proposed=named(_CLASSIFIED),
    left_out=told(messages=whole(0), history=whole(0), deliveries=whole(0)),
    content_withheld=FLAG,
    answer_way=maybe(ref("AnswerWay")),
)
_ADDRESS = told(channel=LINE, address=LINE)
IDENTITY: dict[str, Schema] = {"name": maybe(LINE), "addresses": listed(_ADDRESS)}
REPORTER = told(**IDENTITY, earlier=listed(told(**IDENTITY)), others=listed(told(messages=listed(LINE), **IDENTITY)))
ARRIVAL = told(
    id=LINE,
    channel=maybe(word(Channel)),
    at=AT,
    size=whole(0),
    messages=listed(told(outcome=word(Outcome), reason=word(Reason), external_id=LINE, case=maybe(LINE))),
)
READING = told(
    case=maybe(LINE),
    message=maybe(LINE),
    was=told(outcome=word(Outcome), reason=word(Reason)),
    now=told(outcome=maybe(word(Outcome)), reason=maybe(word(Reason))),
    differs=FLAG,
    differences=listed(told(field=LINE, was={}, now={})),
)
UPLOAD = told(id=LINE, url=URL, fields=named(LINE))
POLICY = {
    **told(agency=LINE, version=whole(1)),
    "additionalProperties": True,
    "description": "infra/policies/README.md tells its parts.",
}

#: Components by name.
SCHEMAS: dict[str, Any] = {
    "Error": ERROR,
    "Case": CASE,
    "CaseSummary": told(**SUMMARY),
    "Clock": CLOCK,
    "Derivation": DERIVATION,
    "Inbound": INBOUND,
    "FullMessage": told(**INBOUND_FIELDS, full_text=LINE, html=maybe(LINE)),
    "Outbound": OUTBOUND,
    "Delivery": DELIVERY,
    "AnswerWay": ANSWER_WAY,
    "Entry": ENTRY,
    "File": FILE,
    "Reporter": REPORTER,
    "Arrival": ARRIVAL,
    "Reading": READING,
    "Upload": UPLOAD,
    "Policy": POLICY,
}
