"""What needs no login: reports and their tracking, the pages, platforms' doors, Open311."""

from __future__ import annotations

from typing import Any

from ...application.open311 import PAGE_LIMIT
from ...domain import form_rules as rules
from ...domain.words import Kind, Status
from .openapi_parts import (
    ANY,
    AT,
    EMAIL,
    FLAG,
    FORM,
    HTML,
    JSON,
    KIND,
    LINE,
    OFFSET,
    TEXT,
    XML,
    Operation,
    Refusals,
    Schema,
    degrees,
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

_KEY = text(rules.KEY_LIMIT, minLength=rules.KEY_LEAST, pattern=r"^[\x21-\x7e]*$")
_UPLOAD_ID = text(rules.UPLOAD_LIMIT, pattern="^[0-9A-Za-z_-]{8,64}([.][0-9A-Za-z_-]{0,400})?$")
_BOTH = ("latitude", "longitude")
_PLACE = {
    "type": "object",
    "additionalProperties": False,
    "properties": {
        "text": maybe(text(rules.PLACE_LIMIT)),
        "latitude": maybe(degrees(rules.LATITUDE)),
        "longitude": maybe(degrees(rules.LONGITUDE)),
    },
    "anyOf": [  # both or neither
        {"required": list(_BOTH), "properties": {name: {"type": "number"} for name in _BOTH}},
        {"properties": {name: {"type": "null"} for name in _BOTH}},
    ],
}
_REPORT: dict[str, Schema] = {
    "kind": KIND,
    "category": text(rules.CATEGORY_LIMIT),
    "place": _PLACE,
    "happened_at": AT,
    "utc_offset": OFFSET,
    "anonymous": FLAG,
    "secret": FLAG,
    "name": text(rules.NAME_LIMIT),
    "email": EMAIL,
    "phone": phone(rules.PHONE_LIMIT),
    "uploads": listed(_UPLOAD_ID, rules.FILES_LIMIT),
    "idempotency_key": _KEY,
    "website": {"enum": ["", None], "description": "Stays empty: what fills in everything is no person."},
    "opened_at": AT,
}
FILED = told(number=LINE, code=LINE, status=word(["received"]), received_at=AT, tracking_url=LINE)
_TEXTS = told(id=LINE, en=LINE)
FOLLOWED = told(
    number=LINE,
    status=word([*Status, "received"]),
    status_text=_TEXTS,
    received_at=maybe(AT),
    kind=maybe(word(Kind)),
    next=maybe(told(what=LINE, what_text=_TEXTS, by=word(("agency", "reporter")), due_at=AT)),
    events=listed(told(at=maybe(AT), what=LINE, what_en=LINE)),
    messages=listed(
        told(
            {"subject": LINE, "attachments_left_out": listed(LINE)},
            at=maybe(AT),
            **{"from": word(("you", "agency"))},
            text=LINE,
            attachments=listed(told({"url": LINE}, name=LINE, type=LINE, size=whole(0))),
        )
    ),
    left_out=whole(0),
)

# -- Open311 GeoReport v2

_DATED: Schema = {"type": "string", "format": "date-time"}
SERVICE = told(
    service_code=LINE,
    service_name=LINE,
    description=LINE,
    metadata=FLAG,
    type=word(("realtime",)),
    keywords=LINE,
    group=LINE,
)
REQUEST = told(
    {"extended_attributes": told(status=word(Status), channel=LINE)},
    service_request_id=LINE,
    status=word(("open", "closed")),
    status_notes=LINE,
    service_name=LINE,
    service_code=LINE,
    description=maybe(text(rules.DESCRIPTION_LIMIT)),
    agency_responsible=LINE,
    service_notice=maybe(LINE),
    requested_datetime=_DATED,
    updated_datetime=_DATED,
    expected_datetime=maybe(_DATED),
    address=LINE,
    address_id={"type": "null"},
    zipcode={"type": "null"},
    lat=maybe({"type": "number"}),
    long=maybe({"type": "number"}),
    media_url={"type": "null"},
)
_ENDPOINT = told(specification=LINE, url=LINE, changeset=AT, type=LINE, formats=listed(LINE))
DISCOVERY = told(changeset=AT, contact=LINE, key_service=LINE, endpoints=listed(_ENDPOINT))
GEOREPORT_ERRORS = listed(told(code=whole(), description=LINE))

#: One endpoint, one jurisdiction: whatever is named is taken.
_JURISDICTION = {"jurisdiction_id": text()}
_MANY = "Several, comma delimited."
_GEOREPORT: dict[str, Any] = {
    "shows": (JSON, XML),
    "refusals": Refusals.GEOREPORT,
    "refuses": (404, 406),
    "tag": "open311",
}
_SEARCH: dict[str, Schema] = {
    **_JURISDICTION,
    "service_request_id": {**text(500), "description": _MANY + " Stands over every other parameter."},
    "service_code": {**text(500), "description": _MANY},
    "start_date": AT,
    "end_date": AT,
    "status": text(pattern="^(open|closed|open,closed)$"),
    "updated_after": AT,
    "updated_before": AT,
    "page": whole(1, 999_999),
    "page_size": {**whole(1, 999_999), "description": f"{PAGE_LIMIT} at most are shown."},
    "extensions": {**text(2000), "description": "true: with extended_attributes."},
}
_POSTED = told(service_request_id=LINE, service_notice=LINE, account_id=maybe(LINE))
_POST: Schema = {
    "type": "object",
    "required": ["service_code"],
    "anyOf": [
        {"required": ["lat", "long"]},
        {"required": ["address_string"], "properties": {"address_string": said(rules.PLACE_LIMIT)}},
        {"required": ["address_id"], "properties": {"address_id": said(rules.BESIDE_LIMIT)}},
    ],
    "dependentRequired": {"lat": ["long"], "long": ["lat"]},
    "properties": {
        "service_code": said(rules.CATEGORY_LIMIT),
        "description": text(rules.DESCRIPTION_LIMIT),
        "lat": degrees(rules.LATITUDE),
        "long": degrees(rules.LONGITUDE),
        **{name: text(rules.HALF_NAME_LIMIT) for name in ("first_name", "last_name")},
        "address_string": text(rules.PLACE_LIMIT),
        "email": text(rules.ADDRESS_LIMIT),
        "phone": text(rules.PHONE_LIMIT),
        **{
            name: text(rules.BESIDE_LIMIT)
            for name in ("address_id", "api_key", "jurisdiction_id", "device_id", "account_id", "media_url")
        },
    },
    "description": "A service's attributes as attribute[code]; an empty field counts as none.",
}


def _post(name: str) -> Operation:
    return Operation(
        gives={201: listed(_POSTED) if name == JSON else text()},
        shows=(name,),
        takes=_POST,
        kind=FORM,
        refuses=(403, 404),
        refusals=Refusals.GEOREPORT,
        headers={"Idempotency-Key": _KEY},
        tag="open311",
        summary="Report something (GeoReport v2).",
    )


# -- pages

_PAGE: dict[str, Any] = {"shows": (HTML,), "refusals": Refusals.PAGE, "tag": "pages"}
_LANG = {"lang": {**text(), "description": "en; Indonesian for any other."}}
#: A form's fields, whatever else it holds: a page answers with the page.
_FORM: Schema = {"type": "object", "additionalProperties": text()}

# -- platforms

_BODY = {**ANY, "description": "As the platform signed it: read later, behind the queue."}
_SIGNED: dict[str, Any] = {"gives": {200: text()}, "shows": (TEXT,), "takes": _BODY, "tag": "platforms"}

PUBLIC_OPERATIONS: dict[tuple[str, str], Operation] = {
    ("POST", "/v1/reports"): Operation(
        gives={201: ref("Filed")},
        takes=given(_REPORT, text=said(rules.TEXT_LIMIT)),
        headers={"Idempotency-Key": _KEY},
        refuses=(409,),
        tag="reports",
        summary="Report something; number and receipt code come back at once.",
    ),
    ("POST", "/v1/reports/uploads"): Operation(
        gives={201: ref("Upload")},
        takes=given(
            {"name": text(rules.FILE_NAME_LIMIT)}, type=word(rules.FILE_TYPES), size=whole(1, rules.FILE_BYTES)
        ),
        tag="reports",
        summary="A place for one file of a report.",
    ),
    ("GET", "/v1/reports/{number}"): Operation(
        gives={200: ref("Followed")}, query={"code": text(rules.CODE_LIMIT)}, must=("code",), tag="reports"
    ),
    ("POST", "/v1/reports/{number}/messages"): Operation(
        gives={202: told(number=LINE, status=word(["received"]))},
        takes=given(
            {
                "text": text(rules.TEXT_LIMIT),
                "uploads": listed(_UPLOAD_ID, rules.FILES_LIMIT),
                "idempotency_key": text(rules.KEY_LIMIT),
            },
            code=said(rules.CODE_LIMIT),
        ),
        refuses=(409,),
        tag="reports",
    ),
    ("GET", "/lapor"): Operation(gives={200: text()}, query=_LANG, **_PAGE),
    ("POST", "/lapor"): Operation(
        gives={201: text()}, takes=_FORM, kind=FORM, refuses=(409,), summary="The page's form.", **_PAGE
    ),
    ("GET", "/lacak"): Operation(gives={200: text()}, query={**_LANG, "number": text(), "berkas": text()}, **_PAGE),
    ("POST", "/lacak"): Operation(gives={200: text()}, takes=_FORM, kind=FORM, refuses=(404, 409), **_PAGE),
    ("GET", "/webhooks/meta"): Operation(
        gives={200: text()},
        shows=(TEXT,),
        query={f"hub.{name}": text(200) for name in ("mode", "verify_token", "challenge")},
        must=("hub.mode", "hub.verify_token", "hub.challenge"),
        refuses=(403, 404),
        tag="platforms",
        summary="Meta's handshake.",
    ),
    ("POST", "/webhooks/meta"): Operation(
        headers={"X-Hub-Signature-256": text()},
        must=("X-Hub-Signature-256",),
        refuses=(401, 404),
        summary="WhatsApp, Messenger, Instagram, page feed.",
        **_SIGNED,
    ),
    ("POST", "/webhooks/telegram"): Operation(
        headers={"X-Telegram-Bot-Api-Secret-Token": text()},
        must=("X-Telegram-Bot-Api-Secret-Token",),
        refuses=(401, 404),
        summary="Telegram.",
        **_SIGNED,
    ),
    ("GET", "/open311/discovery.{format}"): Operation(gives={200: ref("Discovery")}, **_GEOREPORT),
    ("GET", "/open311/v2/discovery.{format}"): Operation(gives={200: ref("Discovery")}, **_GEOREPORT),
    ("GET", "/open311/v2/services.{format}"): Operation(
        gives={200: listed(ref("Service"))}, query=_JURISDICTION, **_GEOREPORT
    ),
    ("GET", "/open311/v2/services/{code}.{format}"): Operation(
        gives={200: told(service_code=LINE, attributes=listed(ANY))}, query=_JURISDICTION, **_GEOREPORT
    ),
    ("GET", "/open311/v2/requests.{format}"): Operation(
        gives={200: listed(ref("Request"))}, query=_SEARCH, **_GEOREPORT
    ),
    ("GET", "/open311/v2/requests/{number}.{format}"): Operation(
        gives={200: listed(ref("Request"))},
        query={**_JURISDICTION, "extensions": {**text(2000), "description": "true: with extended_attributes."}},
        **_GEOREPORT,
    ),
    ("GET", "/open311/v2/tokens/{token}.{format}"): Operation(
        gives={200: listed(told(service_request_id=LINE, token=LINE))}, query=_JURISDICTION, **_GEOREPORT
    ),
    ("POST", "/open311/v2/requests.json"): _post(JSON),
    ("POST", "/open311/v2/requests.xml"): _post(XML),
}
PUBLIC_SCHEMAS: dict[str, Schema] = {
    "Filed": FILED,
    "Followed": FOLLOWED,
    "Service": SERVICE,
    "Request": REQUEST,
    "Discovery": DISCOVERY,
    "GeoReportErrors": GEOREPORT_ERRORS,
}
