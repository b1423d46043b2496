"""By which way an answer reaches the citizen."""

from __future__ import annotations

from enum import StrEnum


class How(StrEnum):
    """MESSAGE: a free one, inside the platform's window. TEMPLATE: an approved one, outside it. HUMAN: outside it,
    under the tag for what a human wrote. PRIVATE: the one private reply to a public comment. MAIL. TRACKING: it stands
    on the tracking page alone."""

    MESSAGE = "message"
    TEMPLATE = "template"
    HUMAN = "human"
    PRIVATE = "private"
    MAIL = "mail"
    TRACKING = "tracking"
