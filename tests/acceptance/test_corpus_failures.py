"""Other people's failure reports: recognised, whom they name, and whether for good.

What is compared. *flufl.bounce* names addresses and tells warnings ("temporary") from failures, so a warning must be
our kind "delay" and a failure our kind "bounce"; whether the address itself is dead it does not say. *sisimai* says
`hard_bounce`: the address itself is at fault (unknown, moved, no such host, host that takes no mail), which is what
`FailedDelivery.permanent` means; all else (full, refused, policy, network) is soft there as here. A file of several
recipients is compared row by row. sisimai names no addresses: where a report has recipient fields, the address must be
one of them; elsewhere it must stand in the mail and be neither the report's author nor its addressee.

Left out: sisimai's "vacation" (an absence is no failure; it must not become one), flufl.bounce's rows without any
address (they say what one of its detectors must not claim)."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest

from tanggap.domain.inbound import FailedDelivery
from tests.acceptance.corpora import corpus, understood

RECOGNISED, ADDRESS, HARD = 0.99, 0.95, 0.90
_ADDRESS = re.compile(r"[\w.!#$%&*+/?^{|}~=-]+@[\w.-]+\w")
_FIELD = re.compile(
    rb"^[ \t>]*(?:final|original)-recipient:(.*)$|^x-failed-recipients:((?:.*\n[ \t].*)*.*)$", re.I | re.M
)
#: Persons' mail and mailing lists, with some reports among them.
OTHERS = {
    "chatwoot": "*.eml",
    "cpython-email": "*.txt",
    "ruby-mail": "**/*.eml",
    "talon": "**/*.eml",
    "email_reply_trimmer": "emails/*.txt",
    "email_reply_parser": "*.txt",
    "mail-parser-reply": "*.txt",
}


def failures(name: str, pattern: str) -> Iterator[tuple[str, bytes, tuple[FailedDelivery, ...]]]:
    for path in sorted(corpus(name).glob(pattern)):
        found = understood(path)
        yield path.name, path.read_bytes(), found.failures if found else ()


def rows(name: str) -> dict[str, list[dict[str, Any]]]:
    said = json.loads((corpus(name) / "expectations.json").read_text(encoding="utf-8"))
    expected: dict[str, list[dict[str, Any]]] = said["expectations"]
    return expected


def enough(what: str, missed: list[str], of: int, least: float) -> None:
    print(f"\n{what}: {of - len(missed)} of {of}; other: {', '.join(missed) or 'none'}")
    assert of
    assert len(missed) <= of * (1 - least)


def test_mailmans_samples_are_recognised_with_their_addresses_and_warnings() -> None:
    expected = rows("flufl.bounce")
    unrecognised, addresses, kinds, of = [], [], [], 0
    for name, _, found in failures("flufl.bounce", "*.txt"):
        wanted = {address.lower() for row in expected.get(name, ()) for address in row["addresses"]}
        if not wanted:
            continue
        of += 1
        if not found:
            unrecognised.append(name)
        if {one.recipient for one in found} != wanted:
            addresses.append(name)
        kind = "delay" if any(row["temporary"] for row in expected[name]) else "bounce"
        if not found or any(one.kind != kind for one in found):
            kinds.append(name)
    enough("flufl.bounce, recognised", unrecognised, of, RECOGNISED)
    enough("flufl.bounce, addresses", addresses, of, ADDRESS)
    enough("flufl.bounce, failure or warning", kinds, of, HARD)


def test_persons_mail_among_mailmans_samples_is_no_failure() -> None:
    found = {name: said for name, _, said in failures("flufl.bounce", "*.txt")}
    assert found["groupwise_03.txt"] == ()
    assert found["qmail_08.txt"] == ()


def test_reports_of_many_mail_systems_are_recognised_and_judged() -> None:
    expected = rows("sisimai")
    unrecognised, counts, judged, of, of_counts, of_rows = [], [], [], 0, 0, 0
    for name, _, found in failures("sisimai", "bounces/*.eml"):
        wanted = expected.get(name, [])
        if any(row["reason"] == "vacation" for row in wanted):
            assert found == (), name
            continue
        of += 1
        if not found:
            unrecognised.append(name)
        of_counts += bool(wanted)
        if wanted and len(found) != len(wanted):
            counts.append(name)
        for number, row in enumerate(wanted):
            of_rows += 1
            one = found[min(number, len(found) - 1)] if found else None
            if one is None or one.permanent is not row["hard_bounce"]:
                judged.append(f"{name} ({row['reason']})")
            elif row["reason"] in ("feedback", "delivered"):
                assert one.kind == {"feedback": "complaint", "delivered": "delivery"}[row["reason"]], name
    enough("sisimai, recognised", unrecognised, of, RECOGNISED)
    enough("sisimai, number of recipients", counts, of_counts, ADDRESS)
    enough("sisimai, hard or soft", judged, of_rows, HARD)


def test_reports_of_many_mail_systems_name_whom_they_mean() -> None:
    missed, of = [], 0
    for name, raw, found in failures("sisimai", "bounces/*.eml"):
        if not found:
            continue
        of += 1
        text = raw.decode("latin-1").replace("\r\n", "\n").lower()
        fields = {
            one.lower() for at in _FIELD.findall(raw) for part in at for one in _ADDRESS.findall(part.decode("latin-1"))
        }
        head = text.partition("\n\n")[0]
        sides = set(re.findall(r"^(?:from|to):.*?([^\s<]+@[^\s>]+)", head, re.M)) if not fields else set()
        for one in found:
            known = one.recipient in fields if fields else one.recipient in text and one.recipient not in sides
            if one.recipient and not known:
                missed.append(name)
    enough("sisimai, addresses", missed, of, ADDRESS)


@pytest.mark.parametrize("name", OTHERS)
def test_no_persons_mail_becomes_a_failure(name: str) -> None:
    for path in sorted(corpus(name).glob(OTHERS[name])):
        found = understood(path)
        if found and found.failures:
            print(f"\n{name}: {path.name} is a report ({found.automatic})")
            assert found.automatic, path.name
