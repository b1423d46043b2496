"""What officers call: body, query and answers of each route. A contract test holds this table against the routes."""

from __future__ import annotations

from ...application.uploads import FILES_LIMIT, UPLOAD_LIMIT, UPLOAD_TYPES
from ...domain.form_rules import ADDRESS_LIMIT, TEXT_LIMIT
from ...domain.officers import DECISIONS
from ...domain.words import HEARD, Confidentiality, Outcome, Priority, Status
from .openapi_parts import (
    AT,
    DAY,
    EMAIL,
    FLAG,
    KIND,
    LINE,
    OFFSET,
    Operation,
    Schema,
    given,
    listed,
    maybe,
    phone,
    ref,
    said,
    text,
    told,
    whole,
    word,
)

_REASON, _TEXT = text(TEXT_LIMIT), said(TEXT_LIMIT)
_CATEGORY, _UNIT = text(60), said(40)
_CURSOR = {**maybe(LINE), "description": "Null at the end. A page may be short, or empty, and have more behind."}
_TOKENS = told(id_token=LINE, refresh_token=maybe(LINE), expires_at=AT)
_REPORTER = given(
    {
        "name": text(200),
        "address": text(ADDRESS_LIMIT),
        "email": EMAIL,
        "phone": phone(40),
        "addresses": listed(given({"channel": LINE}, address=said(200)), 4),
    }
)
#: The version of the case that the officer looked at.
_SEEN = {"version": whole()}
#: The parts of a policy; infra/policies/README.md tells them.
_POLICY: Schema = {
    "type": "object",
    "required": ["agency", "coordinator", "units"],
    "properties": {
        "agency": text(200),
        "utc_offset": OFFSET,
        "coordinator": {**listed(EMAIL, 20), "minItems": 1},
        "leadership": listed(EMAIL, 20),
        "inspectorate": listed(EMAIL, 20),
        "units": listed({"type": "object", "required": ["id", "name"]}, 200),
        "categories": listed({"type": "object", "required": ["id", "name"]}, 500),
        "open311": {**told({"publish": listed(LINE)}), "additionalProperties": False},
        "version": whole(1),
    },
}


def _act(fields: dict[str, Schema] | None = None, made: int = 200, /, **needed: Schema) -> Operation:
    """Something that is done to a case, which comes back as it is then."""
    return Operation(gives={made: ref("Case")}, takes=given({**(fields or {}), **_SEEN}, **needed), refuses=(409,))


def _read(answer: Schema, *refuses: int, **query: Schema) -> Operation:
    return Operation(gives={200: answer}, query=query, refuses=(*refuses, *((422,) if query else ())))


OPERATIONS: dict[tuple[str, str], Operation] = {
    ("POST", "/v1/session"): Operation(
        gives={200: _TOKENS, 409: told(session=LINE, need=word(("new_password", "code")))},
        takes={
            "anyOf": [
                given(email=said(320), password=said(256)),
                given({"new_password": said(256), "code": said(256)}, session=said(8000)),
                given(refresh_token=said(8000)),
            ]
        },
        refuses=(401,),
        tag="session",
    ),
    ("GET", "/v1/health"): Operation(
        gives={
            status: told(
                {
                    "ledger": told(at=maybe(LINE), balanced=maybe(FLAG), waiting={}, overdue={}),
                    "figures": told(
                        parked_lately={}, deliveries_unsent={}, overdue_rise={}, channels_silent={}, upkeep_due={}
                    ),
                    "silent": listed(LINE),
                    "lost": listed(LINE),
                    "upkeep": listed(LINE),
                },
                status=word(("ok", "degraded")),
                version=LINE,
                schema=whole(1),
                oldest_unsent=maybe(AT),
                oldest_unread=maybe(AT),
            )
            for status in (200, 503)
        },
        tag="service",
    ),
    ("GET", "/v1/openapi.json"): Operation(gives={200: {"type": "object"}}, tag="service"),
    ("GET", "/v1/cases"): _read(
        told({"unreadable": listed(LINE)}, cases=listed(ref("CaseSummary")), cursor=_CURSOR),
        status=word(Status),
        unit=text(2000),
        overdue=word(("true", "false", "1", "0")),
        q=text(2000),
        cursor=text(2000),
    ),
    ("POST", "/v1/cases"): Operation(
        gives={201: ref("Case")},
        takes=given(
            {
                "reporter": _REPORTER,
                "assisted_by": text(200),
                "kind": KIND,
                "category": _CATEGORY,
                "confidentiality": word(Confidentiality),
            },
            channel=word(sorted(HEARD)),
            received_at=AT,
            text=_TEXT,
        ),
    ),
    ("GET", "/v1/cases/{number}"): _read(ref("Case")),
    ("GET", "/v1/cases/{number}/messages/{message}"): _read(ref("FullMessage")),
    ("POST", "/v1/cases/{number}/verification"): _act(
        {"reason": _REASON, "kind": KIND, "category": _CATEGORY, "duplicate_of": text(40)}, decision=word(DECISIONS)
    ),
    ("POST", "/v1/cases/{number}/classification"): _act(
        {
            "kind": KIND,
            "category": _CATEGORY,
            "priority": word(Priority),
            "deadline_basis": text(60),
            "not_duplicate_of": text(40),
            "reason": _REASON,
        }
    ),
    ("POST", "/v1/cases/{number}/assignment"): _act({"officer": text(100), "note": _REASON}, unit=_UNIT),
    ("POST", "/v1/cases/{number}/units"): _act({"note": _REASON}, unit=_UNIT, action=word(("add", "remove"))),
    ("POST", "/v1/cases/{number}/extensions"): _act({"unit": text(40)}, 201, clock=said(40), reason=_TEXT),
    ("POST", "/v1/cases/{number}/extensions/{request}"): _act({"reason": _REASON}, decision=word(("grant", "refuse"))),
    ("POST", "/v1/cases/{number}/split"): _act({"kind": KIND, "category": _CATEGORY}, 201, message=said(100)),
    ("POST", "/v1/cases/{number}/replies"): _act(
        {"attachments": listed(text(200), FILES_LIMIT), "final": FLAG}, text=_TEXT
    ),
    ("POST", "/v1/cases/{number}/notes"): _act(text=_TEXT),
    ("POST", "/v1/cases/{number}/status"): _act(
        {"to": text(200), "address": EMAIL, "with_identity": FLAG}, status=word(Status), reason=_TEXT
    ),
    ("POST", "/v1/cases/{number}/publicity"): _act(public=FLAG, reason=_TEXT),
    ("GET", "/v1/cases/{number}/reporter"): _read(ref("Reporter")),
    ("POST", "/v1/cases/{number}/reporter"): _act(message=said(100), reason=_TEXT),
    ("POST", "/v1/uploads"): Operation(
        gives={201: ref("Upload")},
        takes=given(name=text(200, minLength=1), type=word(UPLOAD_TYPES), size=whole(1, UPLOAD_LIMIT)),
    ),
    ("GET", "/v1/arrivals"): _read(
        told(arrivals=listed(ref("Arrival")), cursor=_CURSOR),
        outcome=word(Outcome),
        cursor=text(2000),
        **{name: {"anyOf": [AT, DAY]} for name in ("from", "to")},
    ),
    ("GET", "/v1/arrivals/{arrival}"): _read(ref("Arrival")),
    ("GET", "/v1/arrivals/{arrival}/reading"): _read(told(id=LINE, messages=listed(ref("Reading"))), 409),
    ("POST", "/v1/arrivals/{arrival}/replay"): Operation(
        gives={202: told(id=LINE, replay=word(("queued",)))}, takes=given({"apply": FLAG}), needed=False, refuses=(409,)
    ),
    ("GET", "/v1/policy"): _read(ref("Policy")),
    ("PUT", "/v1/policy"): Operation(gives={200: ref("Policy")}, takes=_POLICY, refuses=(409,)),
    ("POST", "/v1/policy/check"): Operation(
        gives={
            200: told(
                version=whole(1), changed=listed(LINE), recomputes=FLAG, hints=listed(told(place=LINE, message=LINE))
            )
        },
        takes=_POLICY,
        refuses=(409,),
    ),
    ("GET", "/v1/policy/versions"): _read(
        told(
            versions=listed(
                told(version=whole(1), at=maybe(AT), by=maybe(LINE), restored=maybe(whole()), changed=listed(LINE))
            ),
            cursor=_CURSOR,
        ),
        cursor=text(8, pattern="^[1-9][0-9]{0,7}$"),
    ),
    ("GET", "/v1/policy/versions/{number}"): _read(ref("Policy")),
    ("POST", "/v1/policy/versions/{number}/restore"): Operation(
        gives={200: ref("Policy")}, takes=given({"version": whole()}), needed=False, refuses=(409,)
    ),
}
