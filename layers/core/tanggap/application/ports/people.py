"""Who reported, and what a reply address stands for."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Protocol

from ...domain.case import Sealed
from ...domain.office_tokens import OfficeToken


@dataclass(frozen=True, slots=True)
class Identity:
    """Who reported. Lives in the vault alone."""

    name: str = field(repr=False)
    address: str = field(repr=False)
    phone: str = field(repr=False, default="")


class Vault(Protocol):
    def find(self, address: str) -> str | None:
        """The reporter with this address or phone, by keyed hash."""
        ...

    def seal(self, reporter: str, identity: Identity) -> Sealed: ...

    def open(self, reporter: str) -> Identity | None:
        """None when erased. Raises Retry when the key service does not answer."""
        ...


class Tokens(Protocol):
    def case_of(self, token: str) -> str | None: ...

    def office(self, token: str, addresses: Iterable[str]) -> OfficeToken | None:
        """What an office's token stands for, if it was made for one of these addresses."""
        ...
