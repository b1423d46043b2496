"""The law behind a term, as citizens and lawyers are told it, Indonesian and English.

An agency may give both ({"id", "en"}), or one text, which then stands in either language. Ours have both."""

from __future__ import annotations

from collections.abc import Mapping

OWN_PROMISE = "janji layanan kami sendiri"
#: What agencies publish under the older regulation; whoever sets a policy checks it against the newer.
PRACTICE = "kebiasaan menurut PermenPANRB 62/2018, yang sudah diganti dengan PermenPANRB 5/2025"
SP4N = "alur layanan SP4N-LAPOR! (3, 5 dan 10 hari kerja)"
INFORMATION = "UU 14/2008: 10 hari kerja, dapat ditambah 7 hari kerja satu kali"
LIKE_INFORMATION = "kebiasaan: seperti permintaan informasi"

_ENGLISH: Mapping[str, str] = {
    OWN_PROMISE: "the agency's own promise",
    PRACTICE: "practice under PermenPANRB 62/2018; check against PermenPANRB 5/2025",
    SP4N: "SP4N-LAPOR! service flow (3, 5 and 10 working days)",
    INFORMATION: "UU 14/2008: 10 working days, once 7 more",
    LIKE_INFORMATION: "practice: like information",
}
#: Clocks and policies of before there were two languages hold our English.
_INDONESIAN = {english: indonesian for indonesian, english in _ENGLISH.items()}


def in_indonesian(source: str) -> str:
    return _INDONESIAN.get(source, source)


def in_english(source: str) -> str:
    return _ENGLISH.get(source, source)
