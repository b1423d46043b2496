"""How far the author of a message is who it shows: one word for the officer, and the reasons behind it.

Built on the receiving service's verdicts alone; nothing that the sender wrote can raise it."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Collection
from dataclasses import dataclass

from .inbound import Authenticity, Party

#: A name is looked at as far as a person would read it.
_NAME = 200
_ADDRESS_IN_NAME = re.compile(r"[^\s<>\"'(),;:@]{1,64}@[^\s<>\"'(),;:@]{1,200}")


@dataclass(frozen=True, slots=True)
class Label:
    """`word`: verified | unverified | lookalike | forged. `reasons`: words such as dmarc_pass, aligned, first_time,
    known_sender."""

    word: str
    reasons: tuple[str, ...]


def label(facts: Authenticity, sender: Party, *, known: bool, ours: Collection[str] = ()) -> Label:
    """`known`: this address wrote to us before. `ours`: domains of the desk and its offices."""
    signs = tuple(name for name, shows in LOOKALIKES if shows(sender, ours))
    verdicts = tuple(
        f"{method}_{verdict.lower()}"
        for method, verdict in (("dmarc", facts.dmarc), ("dkim", facts.dkim), ("spf", facts.spf))
        if verdict
    )
    policy = (f"policy_{facts.policy}",) if facts.policy else ()
    aligned = "aligned" if facts.aligned else "not_aligned"
    seen = "known_sender" if known else "first_time"
    return Label(_word(facts, signs), (*verdicts, *policy, aligned, seen, *signs))


def _word(facts: Authenticity, signs: tuple[str, ...]) -> str:
    if facts.forged:
        return "forged"
    if signs:  # a domain made to be taken for another passes its own checks
        return "lookalike"
    return "verified" if facts.aligned else "unverified"


def _name_shows_another_address(sender: Party, ours: Collection[str]) -> bool:
    """`"lurah@desa.example" <someone@else.example>`: most programs show the name alone."""
    shown = _ADDRESS_IN_NAME.findall(unicodedata.normalize("NFKC", sender.name[:_NAME]).lower())
    return any(one.strip(".") != sender.address for one in shown)


def _imitates_ours(sender: Party, ours: Collection[str]) -> bool:
    """`desa-c0ntoh.example`: one of our own names, by eye."""
    labels = sender.address.rpartition("@")[2][:254].split(".")
    names = {".".join(labels[start:]) for start in range(max(1, len(labels) - 1))}
    looks = {_by_eye(one): one for one in ours}
    return any(one not in ours and _by_eye(one) in looks for one in names) and not names & set(ours)


#: What passes for another letter in small print, two letters before one.
_PASSES = (("rn", "m"), ("vv", "w"), ("cl", "d"), ("-", ""), ("0", "o"), ("1", "l"), ("i", "l"), ("5", "s"), ("3", "e"))


def _by_eye(domain: str) -> str:
    for shape, letter in _PASSES:
        domain = domain.replace(shape, letter)
    return domain


def _confusable_letters(sender: Party, ours: Collection[str]) -> bool:
    """A domain written in letters that pass for Latin ones."""
    return any(_confusable(label) for label in _labels(sender.address))


def _labels(address: str) -> list[str]:
    domain = address.rpartition("@")[2][:254]
    return [_decoded(label) for label in domain.split(".")]


def _decoded(label: str) -> str:
    if not label.startswith("xn--") or len(label) > 63:  # RFC 1035 2.3.4
        return label
    try:
        return label[4:].encode("ascii").decode("punycode")
    except (UnicodeError, ValueError):
        return label


#: Scripts whose letters are taken for Latin ones (Unicode TS 39). A domain in Chinese or Arabic deceives nobody.
_CONFUSABLE = frozenset({"CYRILLIC", "GREEK", "ARMENIAN", "CHEROKEE", "LISU", "FULLWIDTH", "MATHEMATICAL"})


def _confusable(label: str) -> bool:
    return not label.isascii() and any(
        unicodedata.name(char, "").partition(" ")[0] in _CONFUSABLE for char in label if not char.isascii()
    )


LOOKALIKES: tuple[tuple[str, Callable[[Party, Collection[str]], bool]], ...] = (
    ("name_shows_another_address", _name_shows_another_address),
    ("confusable_letters", _confusable_letters),
    ("imitates_our_domain", _imitates_ours),
)
