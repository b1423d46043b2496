"""What an answer of the Graph API means for the row (WhatsApp's and Messenger's pages on error codes, 2026).

Decided by the code and its subcode; the texts change, and may quote what was sent. `Wait` is a rate, an account's
state, or what an operator must mend (a key, a right): nothing is wrong with the message. `Broken` ends in front of an
officer."""

from __future__ import annotations

import json
from collections.abc import Mapping

from ...application.failures import AnswerLost, Blocked, Broken, SendError, Undeliverable, Wait, WindowClosed
from .http import Answer, seconds_in

Meaning = tuple[type[SendError], str]
_THROTTLED: Meaning = (Wait, "throttled")
_TOKEN: Meaning = (Wait, "token_expired")
_ACCESS: Meaning = (Wait, "access_denied")
_AWAY: Meaning = (Blocked, "not_reachable")
_WINDOW: Meaning = (WindowClosed, "window_closed")
_UNAVAILABLE: Meaning = (Broken, "unavailable")
_LOCKED: Meaning = (Wait, "account_locked")
_TEMPLATE: Meaning = (Undeliverable, "template_refused")
_FILE: Meaning = (Undeliverable, "file_refused")
#: To a comment that has its private reply. Where an answer was lost, that is the reply which it had.
PRIVATE_REPLY_USED = "private_reply_used"
_USED: Meaning = (WindowClosed, PRIVATE_REPLY_USED)

#: (code, subcode): the same code means much else without it.
SUBCODES: dict[tuple[int, int], Meaning] = {
    (10, 2018065): _WINDOW,
    (10, 2018278): _WINDOW,
    (10, 2534022): _WINDOW,
    (10, 2018108): _AWAY,
    (10, 2018300): (Broken, "held_by_another_app"),
    (100, 33): (Undeliverable, "not_found"),
    (100, 2018001): _AWAY,
    (100, 2534014): _AWAY,
    (100, 2534001): _AWAY,
    (100, 2534025): _USED,
    (100, 2534013): (WindowClosed, "private_reply_refused"),
    (100, 2534029): _LOCKED,
    (100, 2018047): _FILE,
    (100, 2018109): (Undeliverable, "file_too_large"),
    (200, 1545041): _AWAY,
}
CODES: dict[int, Meaning] = {
    # Rates
    4: _THROTTLED,
    17: _THROTTLED,
    32: _THROTTLED,
    613: _THROTTLED,
    80001: _THROTTLED,
    80002: _THROTTLED,
    80006: _THROTTLED,
    80007: _THROTTLED,
    130429: _THROTTLED,
    131056: _THROTTLED,
    131048: (Wait, "spam_limit"),
    # The account
    368: _LOCKED,
    131031: _LOCKED,
    131042: (Wait, "payment"),
    130497: (Undeliverable, "country"),
    131045: (Wait, "not_registered"),
    133010: (Wait, "not_registered"),
    # Who asks
    0: _TOKEN,
    102: _TOKEN,
    190: _TOKEN,
    3: _ACCESS,
    10: _ACCESS,
    131005: _ACCESS,
    # Meta's own
    1: _UNAVAILABLE,
    2: _UNAVAILABLE,
    1200: _UNAVAILABLE,
    131000: _UNAVAILABLE,
    131016: _UNAVAILABLE,
    131057: _UNAVAILABLE,
    # The person
    551: _AWAY,
    131026: _AWAY,
    131047: _WINDOW,
    131021: (Undeliverable, "own_number"),
    131030: (Undeliverable, "not_in_test_list"),
    131049: (Undeliverable, "held_back_by_platform"),
    130472: (Undeliverable, "held_back_by_platform"),
    10900: _USED,
    10903: (WindowClosed, "private_reply_refused"),
    # The message
    33: (Wait, "not_registered"),
    131051: (Undeliverable, "kind_refused"),
    131052: _FILE,
    131053: _FILE,
    132000: _TEMPLATE,
    132001: (Undeliverable, "template_missing"),
    132005: _TEMPLATE,
    132007: _TEMPLATE,
    132012: _TEMPLATE,
    132015: (Undeliverable, "template_paused"),
    132016: (Undeliverable, "template_paused"),
    132018: _TEMPLATE,
}
#: Where no code tells.
STATUSES: dict[int, Meaning] = {
    401: _TOKEN,
    403: _ACCESS,
    404: (Undeliverable, "not_found"),
    408: _UNAVAILABLE,
    413: (Undeliverable, "file_too_large"),
    429: _THROTTLED,
    # The gateway gave up on what stands behind it, which may have sent.
    504: (AnswerLost, "answer_lost"),
}
#: Of permissions: 200 to 299.
_PERMISSIONS = range(200, 300)
#: Seconds to leave the service alone, where it does not say. A pair of numbers may speak every six seconds; a limit for
#: spam is lifted by days without complaints.
PAUSES: dict[int, float] = {131056: 6, 131048: 3600, 368: 3600, 131031: 3600, 131042: 3600}


def meaning(answer: Answer, otherwise: Meaning = (Undeliverable, "refused")) -> SendError:
    """`otherwise`: what a refusal means that no table knows."""
    error = answer.json().get("error")
    error = error if isinstance(error, dict) else {}
    code, subcode = _number(error.get("code")), _number(error.get("error_subcode"))
    kind, reason = _meant(answer.status, code, subcode, error.get("is_transient") is True, otherwise)
    if issubclass(kind, Wait):
        return kind(reason, _seconds(answer.headers) or PAUSES.get(code, 0.0))
    return kind(reason)


def _meant(status: int, code: int, subcode: int, transient: bool, otherwise: Meaning) -> Meaning:
    known = SUBCODES.get((code, subcode)) or CODES.get(code) or (_ACCESS if code in _PERMISSIONS else None)
    if known is _ACCESS and issubclass(otherwise[0], WindowClosed):
        return otherwise  # what is not permitted is this way, not the channel
    if known is not None:
        return known
    if transient:
        return _UNAVAILABLE
    if code < 0 and status in STATUSES:
        return STATUSES[status]
    if status >= 500:
        return STATUSES.get(status, _UNAVAILABLE)
    if status < 400:
        return (Broken, "redirected") if status >= 300 else (AnswerLost, "answer_unreadable")
    return otherwise


def _number(said: object) -> int:
    """-1 for what is no number."""
    return said if isinstance(said, int) and not isinstance(said, bool) else -1


def _seconds(headers: Mapping[str, str]) -> float:
    """How long the service asks to be left alone: Retry-After in seconds, or minutes in the usage of a business."""
    after = headers.get("retry-after", "")
    if after.isascii() and after.isdigit():
        return seconds_in(int(after[:9]))
    try:
        usage = json.loads(headers.get("x-business-use-case-usage", "{}"))
        minutes = [one["estimated_time_to_regain_access"] for uses in usage.values() for one in uses]
        return seconds_in(max(map(seconds_in, minutes), default=0.0) * 60)
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
        return 0.0
