"""Who wrote, as the vault knows them: found under any address that the platform vouches for, and from then on under
each."""

from __future__ import annotations

import re
from dataclasses import dataclass

from ..domain.addresses import name_of, on
from ..domain.case import Sealed
from ..domain.inbound import Party
from ..domain.words import Channel
from .ports import Identity, Vault

#: WhatsApp's id of a person is a phone number in its international form (E.164), where it is no business-scoped one.
_PHONE = re.compile(r"[1-9]\d{7,14}")


@dataclass(frozen=True, slots=True)
class Known:
    """`reporter`: whom the vault knows; None for somebody new. `unknown`: addresses of theirs that it doesn't."""

    reporter: str | None
    unknown: tuple[str, ...] = ()


def phone_of(address: str) -> str:
    """The phone behind a WhatsApp address, as the vault writes phones; empty where there is none."""
    name = name_of(address)
    return f"+{name}" if address == on(Channel.WHATSAPP, name) and _PHONE.fullmatch(name) else ""


def find(party: Party, vault: Vault) -> Known:
    """By the address that wrote, then by those that the platform vouches for, then by the phone: who called before, or
    stood at the counter, is the same person."""
    addresses = tuple(dict.fromkeys((party.address, *party.also)))
    phones = tuple(phone for one in addresses if (phone := phone_of(one)))
    found = {one: vault.find(one) for one in addresses if one}
    reporter = next((who for who in found.values() if who), None)
    if reporter is None:
        reporter = next((who for one in phones if (who := vault.find(one))), None)
    return Known(reporter, tuple(one for one, who in found.items() if who is None))


def sealed(party: Party, known: Known, new: str, vault: Vault) -> tuple[str, Sealed | None]:
    """The vault's id of who wrote (`new` for somebody new), and what is to be kept of them, if anything."""
    if known.reporter is None:
        return new, _whole(party, new, vault)
    if not known.unknown:
        return known.reporter, None
    return known.reporter, vault.known_as(known.reporter, Identity(party.name, known.unknown[0], "", known.unknown[1:]))


def _whole(party: Party, reporter: str, vault: Vault) -> Sealed:
    """All that is known of somebody new. A phone that somebody else is known by stays theirs; then it was not found."""
    phone = next((phone for one in (party.address, *party.also) if (phone := phone_of(one))), "")
    return vault.seal(reporter, Identity(party.name, party.address, phone, party.also))
