"""What the use cases need of the outside, by subject. Adapters fulfil these; the memory ones and the real ones pass the
same tests."""

from __future__ import annotations

from .arrivals import Arrival, Arrivals, Files, Ledger, ReceivedPage
from .cases import ALIKE_LIMIT, AlreadyRead, AlreadySeen, AlreadyTold, CaseFile, Cases, NumberTaken, Page, bundles
from .digests import Digests, Round
from .outbox import Chat, ChatEnvelope, Due, Envelope, OnUnreadable, Outbox, Post, Schedule, Unreadable
from .people import Identity, Tokens, Vault
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
    "Digests",
    "Due",
    "Envelope",
    "Files",
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
    "StoredPolicy",
    "Tokens",
    "Unreadable",
    "Vault",
    "bundles",
]
