"""SES's own verdicts out of the headers that it put over the raw mail: for a replay, when its notification is gone."""

from __future__ import annotations

import re
from datetime import datetime

from ...domain.inbound import Authenticity
from . import headers
from .headers import Headers

#: What SES writes above the sender's first header. A second of the same name is already the sender's, and so is
#: whatever follows a name that SES does not write: a verdict further down is nothing but a claim.
_OURS = re.compile(r"return-path|received|received-spf|authentication-results|x-ses-[a-z-]+")
_RESULT = re.compile(r"\b(spf|dkim|dmarc)=([a-z]+)", re.IGNORECASE)
_POLICY = re.compile(r"\b(?:p|policy|policy\.[a-z-]+)=(none|quarantine|reject)\b", re.IGNORECASE)
_FOR = re.compile(r"\bfor\s+<?([^\s<>;]+@[^\s<>;]+)")
#: How an Authentication-Results word reads as a verdict of SES.
_WORDS = {
    "pass": "PASS",
    "bestguesspass": "PASS",
    "fail": "FAIL",
    "hardfail": "FAIL",
    "softfail": "FAIL",
    "policy": "FAIL",
    "none": "GRAY",
    "neutral": "GRAY",
    "temperror": "PROCESSING_FAILED",
    "permerror": "PROCESSING_FAILED",
}


def trusted(found: Headers) -> dict[str, str]:
    """The first headers, as long as they are SES's."""
    ours: dict[str, str] = {}
    for name, value in found.lines:
        if name in ours or not _OURS.fullmatch(name):
            break
        ours[name] = value.decode("ascii", "replace")
    return ours


def authenticity(ours: dict[str, str]) -> Authenticity:
    """A failed DMARC whose policy is not told counts as the strictest: no answer harms less than one to a victim."""
    results = ours.get("authentication-results", "")
    told: dict[str, str] = {}
    if results.partition(";")[0].strip().lower().endswith("amazonses.com"):
        for method, word in _RESULT.findall(results):
            told.setdefault(method.lower(), _WORDS.get(word.lower(), ""))
    received = ours.get("received-spf", "").strip().partition(" ")[0].lower()
    failed = told.get("dmarc") == "FAIL"
    policy = _POLICY.search(results) if failed else None
    return Authenticity(
        spf=told.get("spf") or _WORDS.get(received, ""),
        dkim=told.get("dkim", ""),
        dmarc=told.get("dmarc", ""),
        policy=policy[1].lower() if policy else "reject" if failed else "",
        spam=_verdict(ours.get("x-ses-spam-verdict", "")),
        virus=_verdict(ours.get("x-ses-virus-verdict", "")),
    )


def recipient(ours: dict[str, str]) -> str:
    """Whom SES received it for, as its own Received line says."""
    found = _FOR.search(ours.get("received", ""))
    return found[1].lower() if found else ""


def received_at(ours: dict[str, str]) -> datetime | None:
    """When SES received it, as its own Received line says."""
    _, semicolon, said = ours.get("received", "").rpartition(";")
    return headers.moment(said.encode("ascii", "replace")) if semicolon else None


def _verdict(value: str) -> str:
    word = value.strip().upper()[:20]
    return word if word in ("PASS", "FAIL", "GRAY", "PROCESSING_FAILED", "DISABLED") else ""
