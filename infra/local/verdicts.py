"""What SES's scanners would say of a mail, by the usual test strings and by sender domains kept for it
(CONTRACT.md).
"""

from __future__ import annotations

import email
import email.policy
from dataclasses import dataclass
from email.utils import parseaddr

GTUBE = b"XJS*C4JDBQADN1.NSBN3*2IDNEN*GTUBE-STANDARD-ANTI-UBE-TEST-EMAIL*C.34X"
EICAR = (
    b"X5O!P%@AP[4\\PZX54(P^)7CC)7}$" + b"EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"
)  # apart, so that scanners leave this file alone

_AUTHENTICITY = {"spoofed.example": "FAIL", "unsigned.example": "GRAY"}
_DEEPEST = 50  # parts looked into; a scanner gives up as well


@dataclass(frozen=True, slots=True)
class Verdicts:
    """PASS, FAIL, GRAY or DISABLED, as a receipt spells them."""

    spam: str
    virus: str
    spf: str
    dkim: str
    dmarc: str

    def dmarc_policy(self) -> str | None:
        """Named by SES only when DMARC failed."""
        return "REJECT" if self.dmarc == "FAIL" else None


def judge(raw: bytes, envelope_sender: str, *, scan: bool) -> Verdicts:
    authenticity = _authenticity(raw, envelope_sender)
    return Verdicts(
        spam=("FAIL" if _contains(raw, GTUBE) else "PASS") if scan else "DISABLED",
        virus=("FAIL" if _contains(raw, EICAR) else "PASS") if scan else "DISABLED",
        spf=authenticity,
        dkim=authenticity,
        dmarc=authenticity,
    )


def domain_of(address: str) -> str:
    return address.rpartition("@")[2].strip().rstrip(".").lower()


def header_sender(raw: bytes) -> str:
    """The address in From; "" when there is none that can be read."""
    head = raw.replace(b"\r\n", b"\n").partition(b"\n\n")[0][:64_000]
    sender = email.message_from_bytes(head + b"\n\n", policy=email.policy.compat32).get("From", "")
    try:
        return parseaddr(str(sender)[:2_000])[1]
    except (RecursionError, ValueError, IndexError):
        return ""


def _authenticity(raw: bytes, envelope_sender: str) -> str:
    for domain in (domain_of(header_sender(raw)), domain_of(envelope_sender)):
        for kept, verdict in _AUTHENTICITY.items():
            if domain == kept or domain.endswith("." + kept):
                return verdict
    return "PASS"


def _contains(raw: bytes, pattern: bytes) -> bool:
    """In the mail as it stands, or in a part once its transfer encoding is undone."""
    if pattern in raw:
        return True
    if b"base64" not in raw and b"quoted-printable" not in raw.lower():
        return False
    try:
        parts = email.message_from_bytes(raw, policy=email.policy.compat32).walk()
        for _, part in zip(range(_DEEPEST), parts, strict=False):
            if not part.is_multipart() and pattern in (part.get_payload(decode=True) or b""):
                return True
    except (RecursionError, ValueError, LookupError, TypeError, AttributeError):
        return False
    return False
