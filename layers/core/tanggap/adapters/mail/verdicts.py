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
#: The receipt is written when all verdicts are known, under them. Where SES left one out, the sender's own could follow
#: its block without a seam: what stands under the receipt is never believed, and a block without one says only what
#: speaks against the mail.
_SEAL = "x-ses-receipt"
_RESULT = re.compile(r"\s*(spf|dkim|dmarc)\s*=\s*([a-z]+)", re.IGNORECASE)
_POLICY = re.compile(r"(?:^|[\s(])(?:p|policy|policy\.[a-z-]+)=(none|quarantine|reject)\b", re.IGNORECASE)
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


#: Where a result is told twice, one of them may be the sender's: the one that answers less counts.
_WORST = ("FAIL", "PROCESSING_FAILED", "GRAY", "PASS")


def trusted(found: Headers) -> dict[str, str]:
    """The first headers, as long as they are SES's."""
    ours: dict[str, str] = {}
    for name, value in found.lines:
        if name in ours or not _OURS.fullmatch(name):
            break
        ours[name] = value.decode("ascii", "replace")
        if name == _SEAL:
            break
    return ours


def authenticity(ours: dict[str, str]) -> Authenticity:
    told, policy = _results(ours.get("authentication-results", ""))
    received = ours.get("received-spf", "").strip().partition(" ")[0].lower()

    def believed(verdict: str) -> str:
        return verdict if verdict != "PASS" or _SEAL in ours else ""

    return Authenticity(
        spf=believed(told.get("spf") or _WORDS.get(received, "")),
        dkim=believed(told.get("dkim", "")),
        dmarc=believed(told.get("dmarc", "")),
        policy=policy if told.get("dmarc") == "FAIL" else "",
        spam=believed(_verdict(ours.get("x-ses-spam-verdict", ""))),
        virus=believed(_verdict(ours.get("x-ses-virus-verdict", ""))),
    )


def _results(header: str) -> tuple[dict[str, str], str]:
    """Verdicts by method, and DMARC's policy. The envelope's sender and the greeting stand in here too, and both are
    the sender's words: a result counts only where a clause begins with it, and whoever writes a clause of their own
    (in quotes, in a comment) can but add to SES's, never hide one."""
    server, *clauses = header.split(";")
    told: dict[str, str] = {}
    wishes: set[str] = set()
    if not f".{server.strip().lower()}".endswith(".amazonses.com"):
        return told, ""
    for clause in clauses:
        found = _RESULT.match(clause)
        if found is None:
            continue
        method, verdict = found[1].lower(), _WORDS.get(found[2].lower(), "GRAY")
        told[method] = min(told.get(method, verdict), verdict, key=_WORST.index)
        if method == "dmarc":
            wish = _POLICY.search(clause)
            wishes.add(wish[1].lower() if wish else "")
    return told, wishes.pop() if len(wishes) == 1 else ""


def recipient(ours: dict[str, str]) -> str:
    """Whom SES received it for, as the end of its own Received line says; before it stands how the sender greeted."""
    found = _FOR.findall(ours.get("received", ""))
    return found[-1].lower() if found else ""


def received_at(ours: dict[str, str]) -> datetime | None:
    """When SES received it, as its own Received line says."""
    _, semicolon, said = ours.get("received", "").rpartition(";")
    return headers.moment(said.encode("ascii", "replace")) if semicolon else None


def _verdict(value: str) -> str:
    word = value.strip().upper()[:20]
    return word if word in ("PASS", "FAIL", "GRAY", "PROCESSING_FAILED", "DISABLED") else ""
