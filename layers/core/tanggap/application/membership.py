"""A platform says that a person shut us out of their chat, or let us in again: nobody's message, and the next letter's
way."""

from __future__ import annotations

from dataclasses import replace

from ..domain import talks, ways
from ..domain.case import Change, Received
from ..domain.talks import Talk
from .ports import Cases, Ledger, Vault
from .work import LET_IN, Raw


def note(raw: Raw, received: Received, cases: Cases, ledger: Ledger, vault: Vault) -> bool:
    """Committed with its ledger's row, once. False where there is nothing to note, or it was read before. Raises
    Conflict, AlreadyRead, Retry."""
    reporter = vault.find(raw.person) if raw.person else None
    talk = cases.talk(reporter, raw.channel) if reporter else None
    if talk is None or any(row.index == raw.index for row in ledger.of(raw.arrival)):
        return False
    after = _after(talk, raw)
    if after is talk:
        return False
    cases.commit(Change(received=received.unguarded(), talk=replace(after, version=talk.version + 1)))
    return True


def _after(talk: Talk, raw: Raw) -> Talk:
    at = raw.told_at or raw.at
    if raw.kind == LET_IN:
        return talks.let_in(talk, at)
    return talks.shut(talk, (ways.blocked(talk.channel),), at, at)
