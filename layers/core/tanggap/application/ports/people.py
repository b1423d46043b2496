"""Who reported, and what a reply address stands for."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from ...domain.addresses import channel_of
from ...domain.canary import Proved
from ...domain.case import Sealed
from ...domain.office_tokens import OfficeToken
from ...domain.words import Channel


@dataclass(frozen=True, slots=True)
class Identity:
    """Who reported. Lives in the vault alone. `also`: further addresses of theirs, as they became known: another id of
    the same account, a new phone number, a platform on which somebody wrote whom a counter knew by phone."""

    name: str = field(repr=False)
    address: str = field(repr=False)
    phone: str = field(repr=False, default="")
    also: tuple[str, ...] = field(repr=False, default=())

    def on(self, channel: Channel) -> str:
        """Where they are reached on a channel: the address that became known last. Empty where there is none."""
        known = (self.address, *self.also)
        return next((one for one in reversed(known) if one and channel_of(one) is channel), "")


class Vault(Protocol):
    def find(self, address: str, typed: bool = False) -> str | None:
        """The reporter with this address or phone, by keyed hash. `typed`: the first who filled in a form with it,
        which proves nothing of theirs: letters to that address are counted as theirs."""
        ...

    def typed(self, address: str) -> tuple[str, ...]:
        """All who typed this address or phone into a form: for an officer's search alone."""
        ...

    def has_typed(self, reporter: str, address: str) -> bool:
        """Is this an address or phone that they typed into their form?"""
        ...

    def seal(self, reporter: str, identity: Identity, typed: bool = False) -> Sealed:
        """`typed`: found by what was typed alone, as a person by the first of address and phone."""
        ...

    def known_as(self, reporter: str, further: Identity) -> Sealed | None:
        """What gives somebody known further addresses (`further.address`, `further.also`). None where they were erased
        meanwhile, or have as many as one person has."""
        ...

    def open(self, reporter: str) -> Identity | None:
        """None when erased. Raises Retry when the key service does not answer."""
        ...


class Codes(Protocol):
    """Receipt codes (domain.receipts)."""

    def receipt(self, number: str) -> str: ...

    def opens(self, code: str, number: str, receipt: str = "") -> bool: ...


class Tokens(Protocol):
    def case_of(self, token: str) -> str | None: ...

    def canary_of(self, addresses: Iterable[str], at: datetime, domain: str) -> Proved | None:
        """Our own synthetic citizen, if one of these addresses proves it. `at`: when what is from or to them came
        in."""
        ...

    def office(self, token: str, addresses: Iterable[str]) -> OfficeToken | None:
        """What an office's token stands for, if it was made for one of these addresses."""
        ...
