"""CPU of a mail, from its notice to the acknowledgement that was sent, against what no program can do without.

product     intake's and deliver's handlers, as Lambda calls them
floor       the standard library's parse of the same mail with its text, and the same AWS calls by a plain client
bare floor  the same parse, one S3 get, one transaction, one SES send
unchecked   the floor with clients that don't check their arguments, as pynamodb has its own set
All in this process, on the same mails, warm, in turn. The twins' items go to tables of their own.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from email import policy
from email.parser import BytesParser
from typing import Any

import botocore.session
from botocore import xform_name
from botocore.config import Config

from infra.bench.calls import CACHED, RECORDER, Call, outbox_rows, stream_event
from infra.bench.corpus import Arrived, Corpus
from infra.bench.report import Sample
from infra.bench.stage import INTAKE, Stage

ROUNDS = 30
WARM_UP = 3
SERVICES = ("s3", "dynamodb", "kms", "sesv2")
BARE = frozenset({("s3", "GetObject"), ("dynamodb", "TransactWriteItems"), ("sesv2", "SendEmail")})
#: What a reader of the mail asks the parser for, beside the text; only in the floor "with headers".
HEADERS = ("From", "To", "Subject", "Date", "Message-ID", "In-Reply-To", "References", "Auto-Submitted")


@dataclass(slots=True)
class Costs:
    """CPU seconds by mail name: one value a round."""

    product: dict[str, list[float]] = field(default_factory=dict)
    intake: dict[str, list[float]] = field(default_factory=dict)
    floor: dict[str, list[float]] = field(default_factory=dict)
    bare: dict[str, list[float]] = field(default_factory=dict)
    unchecked: dict[str, list[float]] = field(default_factory=dict)
    headers: dict[str, list[float]] = field(default_factory=dict)
    parse: dict[str, list[float]] = field(default_factory=dict)

    def ratio(self, over: dict[str, list[float]], names: Iterable[str]) -> Sample:
        """Product ÷ another, over the named mails together: one value a round."""
        rounds = zip(*(zip(self.product[name], over[name], strict=True) for name in names), strict=True)
        return Sample(tuple(sum(ours for ours, _ in one) / sum(theirs for _, theirs in one) for one in rounds))

    @property
    def with_headers(self) -> dict[str, list[float]]:
        """The floor, and reading the headers by the same parser."""
        return {
            name: [one + more for one, more in zip(self.floor[name], self.headers[name], strict=True)]
            for name in self.floor
        }


class Twin:
    """The same calls again by plain clients, on tables that only this twin writes."""

    def __init__(self, stage: Stage, name: str, checked: bool = True) -> None:
        session = botocore.session.get_session()
        config = Config(parameter_validation=checked)
        self._clients = {service: session.create_client(service, config=config) for service in SERVICES}
        self._tables = {
            stage.names["CASES_TABLE"]: stage.table("CasesTable", f"{name}-cases"),
            stage.names["VAULT_TABLE"]: stage.table("VaultTable", f"{name}-vault"),
        }

    def prepared(self, calls: Iterable[Call]) -> list[tuple[Callable[..., Any], dict[str, Any]]]:
        return [
            (getattr(self._clients[call.service], xform_name(call.operation)), self._moved(call.params))
            for call in calls
        ]

    def _moved(self, params: Any) -> Any:
        if isinstance(params, dict):
            return {k: self._tables.get(v, v) if k == "TableName" else self._moved(v) for k, v in params.items()}
        if isinstance(params, list):
            return [self._moved(one) for one in params]
        return params


def parse(raw: bytes) -> tuple[Any, str]:
    """What the standard library makes of it, and its text."""
    mail = BytesParser(policy=policy.default).parsebytes(raw)
    body = mail.get_body(("plain", "html"))
    return mail, body.get_content() if body is not None else ""


def read_headers(mail: Any) -> list[str]:
    return [str(mail[name]) for name in HEADERS if name in mail]


class Bench:
    def __init__(self, stage: Stage) -> None:
        self.stage = stage
        self.corpus = Corpus(INTAKE)
        self.costs = Costs()
        stage.prepare("intake", "deliver")
        self._floor, self._bare = Twin(stage, "floor"), Twin(stage, "bare")
        self._unchecked = Twin(stage, "unchecked", checked=False)

    def run(self, rounds: int = ROUNDS) -> Costs:
        """Each mail in each of the ways, round by round; the order of the ways turns."""
        for number in range(-WARM_UP, rounds):
            if number == 0:
                self.costs = Costs()
            for name in self.corpus.names:
                self._measure(name, number)
        return self.costs

    def _measure(self, name: str, number: int) -> None:
        _, asked = self.arrive(name)  # a run before, whose arguments the twins take over: nothing of it is kept
        turns = [
            lambda: self._product(name),
            lambda: self._twin(name, self._floor, asked, self.costs.floor),
            lambda: self._twin(name, self._bare, [c for c in asked if _key(c) in BARE], self.costs.bare),
            lambda: self._twin(name, self._unchecked, asked, self.costs.unchecked),
        ]
        for at in range(len(turns)):
            turns[(number + at) % len(turns)]()

    def arrive(self, name: str) -> tuple[Arrived, list[Call]]:
        """One new case, unmeasured: the mail as it arrived and the calls that it took."""
        arrived = self._place(name)
        with RECORDER.recording() as asked:
            self.stage.invoke("intake", arrived.event())
            self.stage.invoke("deliver", stream_event(outbox_rows(asked)))
        return arrived, [call for call in asked if _key(call) not in CACHED]

    def _place(self, name: str) -> Arrived:
        arrived = self.corpus.arrived(self.corpus.mail(name), self.stage.names["ARRIVALS_BUCKET"])
        self.stage.store(arrived.key, arrived.stored)
        return arrived

    def _product(self, name: str) -> None:
        arrived = self._place(name)
        event = arrived.event()
        with RECORDER.recording() as asked:
            began = time.process_time()
            self.stage.invoke("intake", event)
            intake = time.process_time() - began
            handed_on = stream_event(outbox_rows(asked))
            began = time.process_time()
            self.stage.invoke("deliver", handed_on)
            deliver = time.process_time() - began
        _check(asked, name)
        self.costs.product.setdefault(name, []).append(intake + deliver)
        self.costs.intake.setdefault(name, []).append(intake)

    def _twin(self, name: str, twin: Twin, asked: list[Call], into: dict[str, list[float]]) -> None:
        work = twin.prepared(asked)
        with RECORDER.recording():
            began = time.process_time()
            for call, arguments in work:
                answer = call(**arguments)
                if "Body" in answer:
                    raw = answer["Body"].read()
                    parsing = time.process_time()
                    mail, _ = parse(raw)
                    parsed = time.process_time() - parsing
            into.setdefault(name, []).append(time.process_time() - began)
        if into is self.costs.floor:
            began = time.process_time()
            read_headers(mail)
            self.costs.headers.setdefault(name, []).append(time.process_time() - began)
            self.costs.parse.setdefault(name, []).append(parsed)


def _key(call: Call) -> tuple[str, str]:
    return call.service, call.operation


def _check(asked: list[Call], name: str) -> None:
    """A mail that failed would be cheap."""
    if not any(call.operation == "SendEmail" and "MessageId" in call.answer for call in asked):
        raise RuntimeError(f"{name} was not acknowledged; calls: {[call.operation for call in asked]}")
