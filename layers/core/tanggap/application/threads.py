"""Which case a message belongs to, found by proof in DESIGN.md's order."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from ..domain import numbers
from ..domain.case import OFFICE, Case
from ..domain.inbound import Inbound
from ..domain.offices import of_several
from ..domain.triage import Desk, tokens_in
from .ports import Cases, Tokens

#: A mail may name a hundred earlier ones, each a look-up of its own; the most direct come first.
REFERENCES_LOOKED_AT = 20
#: Tokens are checked without a look-up; of the cases behind them so many are read.
CASES_LOOKED_AT = 5
#: A number in the message's own words is looked for in its beginning.
OWN_WORDS = 2_000
#: Stands where a token stands in the id, and in the reply address, of a letter to an office that belongs to no case or
#: speaks of several. No token is as short.
OF_NO_CASE = "office"


@dataclass(frozen=True, slots=True)
class Thread:
    """`case` with the `proof` that led to it (token, our_id, their_id, number). `named` is a case that the message
    names without proof that it may speak there; `echo`: it is this very sender's and its number stands in the subject,
    as in our letters. `several`: the message holds proofs of more than one case."""

    case: Case | None = None
    proof: str = ""
    named: Case | None = None
    echo: bool = False
    several: bool = False


class Threads:
    def __init__(self, cases: Cases, tokens: Tokens, desk: Desk) -> None:
        self.cases, self.tokens, self.desk = cases, tokens, desk

    def find(self, inbound: Inbound, reporter: str | None) -> Thread:
        """`reporter`: who the vault knows by the sender's address."""
        references = inbound.references[:REFERENCES_LOOKED_AT]
        # A token in To or Cc is known to whoever wrote it, as one of the envelope is; programs that answer "all" split
        # one mail into several, of which each envelope tells only a part.
        addresses = (*inbound.recipients, *inbound.addressed)
        proved = self._cases_of((*tokens_in(addresses, self.desk), *self._tokens_of(references)))
        if proved:
            return Thread(proved[0], "token", several=len(proved) > 1)
        for reference in references:
            found = self.cases.delivery_of(reference)
            if found and (case := self.cases.case(found[0])) and not self._of_several(found):
                return Thread(case, "our_id")
        trusted = reporter is not None and inbound.authenticity.aligned
        for reference in references if trusted else ():
            for number in self.cases.cases_with(reference):
                case = self.cases.case(number)
                if case and _speaks(reporter, case):
                    return Thread(case, "their_id")
        return self._by_number(inbound, reporter)

    def _by_number(self, inbound: Inbound, reporter: str | None) -> Thread:
        """A number in the subject, of a reporter whose address is proved, is an answer. In the text it only names a
        case: who writes "as in my report TGP-…" may well report something new."""
        in_subject = numbers.number_in(inbound.subject)
        named = in_subject or numbers.number_in(inbound.text[:OWN_WORDS])
        case = self.cases.case(named) if named else None
        if case is None:
            return Thread()
        same = bool(in_subject) and _speaks(reporter, case)
        if same and inbound.authenticity.aligned:
            return Thread(case, "number")
        return Thread(named=case, echo=same)

    def _cases_of(self, tokens: Iterable[str]) -> list[Case]:
        numbers_named = dict.fromkeys(number for token in tokens if (number := self.tokens.case_of(token)))
        found = (self.cases.case(number) for number in list(numbers_named)[:CASES_LOOKED_AT])
        return [case for case in found if case]

    def _tokens_of(self, references: tuple[str, ...]) -> Iterator[str]:
        for reference in references:
            if ours := self.our_id(reference):
                yield ours[1]

    def of_no_case(self, inbound: Inbound) -> bool:
        """Does it answer one of our letters that belong to no case, or speak of several?"""
        if OF_NO_CASE in tokens_in((*inbound.recipients, *inbound.addressed), self.desk):
            return True
        for reference in inbound.references[:REFERENCES_LOOKED_AT]:
            ours = self.our_id(reference)
            if ours and ours[1] == OF_NO_CASE:
                return True
            if ours or not (found := self.cases.delivery_of(reference)):
                continue
            if found[0].startswith(OFFICE) or self._of_several(found):
                return True
        return False

    def _of_several(self, key: tuple[str, str]) -> bool:
        letter = self.cases.delivery(*key)
        return letter is not None and of_several(letter)

    def our_id(self, reference: str) -> tuple[str, str] | None:
        """(delivery, token) of an id that we gave: `<delivery>.<token>@<mail domain>`, in References where SES leaves
        it."""
        local, _, domain = reference.lower().rpartition("@")
        delivery, dot, token = local.rpartition(".")
        return (delivery, token) if domain == self.desk.mail_domain and dot else None


def _speaks(reporter: str | None, case: Case) -> bool:
    return reporter is not None and reporter in case.reporters
