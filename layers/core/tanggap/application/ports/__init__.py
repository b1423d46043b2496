"""What the use cases need of the outside, by subject. Adapters fulfil these; the memory ones and the real ones pass the
same tests."""

from __future__ import annotations

from .arrivals import Arrival, Arrivals, Files, Ledger, ReceivedPage, Tally
from .cases import ALIKE_LIMIT, AlreadyRead, AlreadySeen, AlreadyTold, CaseFile, Cases, NumberTaken, Page, bundles
from .digests import Digests, Round
from .guesses import Guesses
from .outbox import Chat, ChatEnvelope, Due, Envelope, Helpers, OnUnreadable, Outbox, Post, Schedule, Share, Unreadable
from .people import Codes, Identity, Tokens, Vault
from .policies import Policies, PolicyMoved, Recomputing, StoredPolicy

__all__ = [
    "ALIKE_LIMIT",
    "AlreadyRead",
    "AlreadySeen",
    "AlreadyTold",
    "Arrival",
    "Arrivals",
    "CaseFile",
    "Cases",
    "Chat",
    "ChatEnvelope",
    "Codes",
    "Digests",
    "Due",
    "Envelope",
    "Files",
    "Guesses",
    "Helpers",
    "Identity",
    "Ledger",
    "NumberTaken",
    "OnUnreadable",
    "Outbox",
    "Page",
    "Policies",
    "PolicyMoved",
    "Post",
    "ReceivedPage",
    "Recomputing",
    "Round",
    "Schedule",
    "Share",
    "StoredPolicy",
    "Tally",
    "Tokens",
    "Unreadable",
    "Vault",
    "bundles",
]
