"""The word an officer sees beside a message, and its reasons."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tanggap.domain.authenticity import label
from tanggap.domain.inbound import Authenticity, Party

SITI = Party("siti@warga.example", "Siti Aminah")
GENUINE = Authenticity(spf="PASS", dkim="PASS", dmarc="PASS", same_domain=True)


def test_a_pass_of_dmarc_is_alignment_itself() -> None:
    assert label(replace(GENUINE, same_domain=False), SITI, known=True).word == "verified"


@pytest.mark.parametrize(("same_domain", "word"), [(True, "verified"), (False, "unverified")])
def test_where_a_domain_publishes_nothing_spf_counts_only_for_the_domain_that_is_shown(
    same_domain: bool, word: str
) -> None:
    facts = Authenticity(spf="PASS", dkim="GRAY", dmarc="GRAY", same_domain=same_domain)
    assert label(facts, SITI, known=True).word == word


def test_what_fails_its_own_domains_wish_is_forged_whatever_else_it_shows() -> None:
    facts = Authenticity(spf="FAIL", dmarc="FAIL", policy="reject")
    assert label(facts, Party("a@b.example", "c@d.example"), known=True).word == "forged"


def test_a_failure_that_its_domain_shrugs_at_is_unverified() -> None:
    assert label(Authenticity(spf="FAIL", dmarc="FAIL", policy="none"), SITI, known=True).word == "unverified"


def test_the_reasons_tell_each_verdict_the_alignment_and_whether_we_know_the_sender() -> None:
    assert label(GENUINE, SITI, known=False).reasons == ("dmarc_pass", "dkim_pass", "spf_pass", "aligned", "first_time")
    weak = Authenticity(spf="PASS", dmarc="FAIL", policy="none")
    assert label(weak, SITI, known=True).reasons == (
        "dmarc_fail",
        "spf_pass",
        "policy_none",
        "not_aligned",
        "known_sender",
    )


@pytest.mark.parametrize(
    "name",
    [
        "lurah@desa-contoh.example",
        "lurah\uff20desa-contoh.example",
        "Lurah (lurah@desa-contoh.example)",
        '"LURAH@desa-contoh.example"',
    ],
)
def test_a_name_that_shows_another_address_makes_a_lookalike(name: str) -> None:
    found = label(GENUINE, Party("orang@lain.example", name), known=True)
    assert (found.word, "name_shows_another_address" in found.reasons) == ("lookalike", True)


def test_a_name_that_repeats_its_own_address_deceives_nobody() -> None:
    assert label(GENUINE, Party("siti@warga.example", "Siti@Warga.example"), known=True).word == "verified"


@pytest.mark.parametrize(
    "domain", ["b\u0430nk.example", "xn--bnk-7cd.example", "\u0440\u0435.example", "\uff42ank.example"]
)
def test_letters_that_pass_for_latin_ones_make_a_lookalike(domain: str) -> None:
    found = label(GENUINE, Party(f"cs@{domain}", "Bank"), known=False)
    assert (found.word, "confusable_letters" in found.reasons) == ("lookalike", True)


@pytest.mark.parametrize(
    "domain",
    ["m\u00fcller.example", "xn--mller-kva.example", "\u4f8b\u5b50.example", "xn--\u00e9.example", "xn--.example"],
)
def test_an_honest_foreign_domain_is_none(domain: str) -> None:
    assert label(GENUINE, Party(f"cs@{domain}", ""), known=False).word == "verified"


OURS = frozenset({"lapor.desa-contoh.example", "desa-contoh.example"})


@pytest.mark.parametrize(
    "domain", ["desa-cont0h.example", "desacontoh.example", "surat.desa-c0ntoh.example", "1apor.desa-contoh.examp1e"]
)
def test_a_domain_that_reads_like_one_of_ours_makes_a_lookalike(domain: str) -> None:
    found = label(GENUINE, Party(f"lurah@{domain}", ""), known=False, ours=OURS)
    assert (found.word, "imitates_our_domain" in found.reasons) == ("lookalike", True)


@pytest.mark.parametrize("domain", ["desa-contoh.example", "surat.desa-contoh.example", "desa-lain.example", "example"])
def test_our_own_offices_and_others_imitate_nobody(domain: str) -> None:
    assert label(GENUINE, Party(f"lurah@{domain}", ""), known=False, ours=OURS).word == "verified"
