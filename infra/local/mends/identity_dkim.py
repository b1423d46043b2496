"""Stock: AWS::SES::EmailIdentity has no DkimDNSTokenName1 to 3 and DkimDNSTokenValue1 to 3, so a stack that outputs
the DNS records of its mail domain rolls back.

Mended: the six attributes, made of the tokens that stock's own API gives for the domain.
"""

from __future__ import annotations

from typing import Any

IDENTITY = "AWS::SES::EmailIdentity"


def still_needed() -> bool:
    from ministack.services.cloudformation import provisioners

    _, attributes = provisioners._RESOURCE_HANDLERS[IDENTITY]["create"](
        "Probe", {"EmailIdentity": "probe.example"}, "probe"
    )
    return "DkimDNSTokenName1" not in attributes


def apply() -> None:
    from ministack.services.cloudformation import provisioners

    handler = provisioners._RESOURCE_HANDLERS[IDENTITY]
    create, update = handler["create"], handler["update"]

    def create_with_tokens(*arguments: Any, **named: Any) -> tuple[str, dict[str, Any]]:
        identity, attributes = create(*arguments, **named)
        return identity, {**attributes, **_tokens(identity)}

    def update_with_tokens(*arguments: Any, **named: Any) -> tuple[str, dict[str, Any]]:
        identity, attributes = update(*arguments, **named)
        return identity, {**attributes, **_tokens(identity)}

    handler["create"], handler["update"] = create_with_tokens, update_with_tokens


def _tokens(identity: str) -> dict[str, str]:
    from ministack.services import ses

    if "@" in identity:
        return {}
    found: dict[str, str] = {}
    for at, token in enumerate(ses._dkim_tokens(identity), 1):
        found[f"DkimDNSTokenName{at}"] = f"{token}._domainkey.{identity}"
        found[f"DkimDNSTokenValue{at}"] = f"{token}.dkim.amazonses.com"
    return found
