"""What WhatsApp says of a message of ours: sent, delivered, read, or failed with a code."""

from __future__ import annotations

import re

from ...domain.inbound import FailedDelivery
from . import shape
from .shape import Fields

#: Its word -> the kind of report. Who listened to a recording has read it.
STATUSES = {"sent": "sent", "delivered": "delivery", "read": "read", "played": "read", "failed": "bounce"}

#: Error code -> why, in the words of FailedDelivery.cause
#: (developers.facebook.com/documentation/business-messaging/whatsapp/support/error-codes).
CAUSES = {
    "131026": "unknown",  # no WhatsApp there, or it can't take this kind
    "131021": "unknown",  # the number is our own
    "131030": "unknown",  # not among the numbers that a test account may write to
    "131031": "suspended",  # our account
    "368": "suspended",
    "130497": "refused",  # not to this country
    "131047": "window_closed",
    "131048": "refused",  # too many of ours were marked as spam
    "131049": "refused",  # kept back for the ecosystem's health
    "131050": "refused",  # they stopped advertising
    "130472": "refused",  # an experiment of the platform
    "470": "window_closed",  # its earlier code
    "130429": "system",  # limits of the service and of the account
    "131056": "system",
    "80007": "system",
    "131000": "system",
    "131005": "system",
    "131016": "system",
    "131042": "system",  # payment
    "131052": "system",  # media
    "131053": "system",
    "132000": "system",  # templates
    "132001": "system",
    "132005": "system",
    "132007": "system",
    "132012": "system",
    "132015": "system",
    "132016": "system",
    "133010": "system",  # our number is not registered
}
#: No later message arrives there either.
PERMANENT = frozenset({"131026", "131021"})
#: What goes along with a message and comes back in each of its statuses: case, delivery, which part of how many.
_TOLD = re.compile(r"([^/]+)/([^/]+)/([0-9]{1,3})/([0-9]{1,3})")


def sent_along(case: str, delivery: str, part: int, of: int) -> str:
    """`biz_opaque_callback_data` of a message: its statuses find the delivery though our request's answer was lost."""
    return f"{case}/{delivery}/{part}/{of}"


def report(status: Fields, word: str, original: str, person: str) -> tuple[FailedDelivery, dict[str, str]]:
    """The report, and what it cost: `billable` and the price's `category` where they are told."""
    codes = [code for error in shape.objects(status, "errors") if (code := shape.word(error.get("code")))]
    code = codes[0] if codes else ""
    along = _TOLD.fullmatch(shape.word(status.get("biz_opaque_callback_data"), 512))
    told = FailedDelivery(
        recipient=person,
        original_id=original,
        permanent=word == "failed" and code in PERMANENT,
        status=code,
        kind=STATUSES[word],
        cause=CAUSES.get(code, "") if word == "failed" else "",
        case_number=along[1] if along else "",
        delivery_id=along[2] if along else "",
        part=(int(along[3]), int(along[4])) if along else (0, 0),
    )
    pricing = shape.fields(status, "pricing")
    billable = {True: "yes", False: "no"}.get(pricing["billable"], "") if _is_bool(pricing.get("billable")) else ""
    return told, {"billable": billable, "category": shape.word(pricing.get("category"))}


def _is_bool(value: object) -> bool:
    return isinstance(value, bool)
