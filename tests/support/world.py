"""A desk put together for tests: every part real but the ones behind a port, a clock that only tests move, ids that
count."""

from __future__ import annotations

import functools
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

from tanggap.adapters.channels.table import reader_of
from tanggap.adapters.mail import reader
from tanggap.adapters.memory import MemoryCases
from tanggap.adapters.memory_stores import (
    MemoryArrivals,
    MemoryChat,
    MemoryFiles,
    MemoryGuesses,
    MemoryPolicies,
    MemoryPost,
    MemoryVault,
)
from tanggap.adapters.secrets import ReplyTokens
from tanggap.application.batches import Batches
from tanggap.application.deliver import Deliver
from tanggap.application.desk import CaseDesk
from tanggap.application.digest import Digest, Digested
from tanggap.application.ledger import Count
from tanggap.application.outgoing import Page
from tanggap.application.ports import Envelope
from tanggap.application.receive import Raw, Receive, Result
from tanggap.application.reread import Reread
from tanggap.application.scheduled import Scheduled
from tanggap.application.sweep import Sweep, Swept
from tanggap.application.tracking import Receipts
from tanggap.domain.case import Delivery
from tanggap.domain.inbound import Authenticity, Inbound, Party
from tanggap.domain.numbers import number_from
from tanggap.domain.permissions import Officer
from tanggap.domain.triage import Desk
from tanggap.domain.words import CHAT, Channel, DeliveryState, Role

DOMAIN = "lapor.desa-contoh.example"
INTAKE = f"lapor@{DOMAIN}"
#: Monday, 10 o'clock in Jakarta.
START = datetime(2026, 11, 23, 3, 0, tzinfo=UTC)
KEYS = {"2": b"k" * 32, "1": b"o" * 32}

POLICY: dict[str, Any] = {
    "agency": "Pemerintah Desa Contoh",
    "utc_offset": "+07:00",
    "coordinator": ["koordinator@kantor.example"],
    "leadership": ["kades@kantor.example"],
    "inspectorate": ["inspektorat@kabupaten.example"],
    "units": [
        {"id": "pu", "name": "Pekerjaan Umum", "head": ["kepala-pu@kantor.example"], "liaisons": ["pu@kantor.example"]},
        {
            "id": "adm",
            "name": "Administrasi",
            "head": ["kepala-adm@kantor.example"],
            "liaisons": ["adm@kantor.example"],
        },
    ],
    "categories": [{"id": "jalan", "name": "Jalan rusak", "unit": "pu"}],
}

COORDINATOR = Officer("koor1", Role.COORDINATOR)
LIAISON = Officer("liaison1", Role.LIAISON, "pu")
OTHER_LIAISON = Officer("liaison2", Role.LIAISON, "adm")
CUSTODIAN = Officer("custodian1", Role.CUSTODIAN)
AUDITOR = Officer("auditor1", Role.AUDITOR)

GENUINE = Authenticity(spf="PASS", dkim="PASS", dmarc="PASS", spam="PASS", virus="PASS")
FORGED = Authenticity(spf="FAIL", dkim="FAIL", dmarc="FAIL", policy="reject", spam="PASS", virus="PASS")


class CountedIds:
    """Ids that count, so that a test can say which came first."""

    def __init__(self) -> None:
        self.made = 0

    def new(self, at: datetime, order: int | None = None) -> str:
        self.made += 1
        told = "" if order is None else f"o{order:013d}"
        return f"id{int(at.timestamp())}{told}x{self.made:06d}"

    def salt(self) -> str:
        self.made += 1
        return f"{self.made:032x}"

    def number(self) -> str:
        self.made += 1
        return number_from(self.made * 104_729)


class World:
    """`backend`: "memory" or "dynamodb" (moto)."""

    #: What stands for the table in memory.
    memory: type[MemoryCases] = MemoryCases

    def __init__(self, backend: str = "memory", policy: dict[str, Any] | None = None) -> None:
        self.now = START
        self.ids = CountedIds()
        self.pauses: list[float] = []  # seconds that were waited for a lost race
        self.post = MemoryPost()
        self.arrivals = MemoryArrivals()
        self.tokens = ReplyTokens(lambda: KEYS)
        self.files: Any
        self.vault: Any
        self.cases: Any
        self.policies: Any
        if backend == "memory":
            self.vault = MemoryVault()
            self.cases = self.memory(self.vault)
            self.files = MemoryFiles()
            self.policies = MemoryPolicies(policy or POLICY)
        else:
            self._aws(policy or POLICY)
        self.receive = Receive(
            self.cases,
            self.cases,
            self.arrivals,
            self.files,
            self.vault,
            self.policies,
            self.tokens,
            Desk(DOMAIN, INTAKE),
            self.ids,
            self.clock,
            lambda: self.receipts,
            self.pauses.append,
        )
        self.chats = {channel: MemoryChat() for channel in CHAT}
        self.deliver = Deliver(
            self.cases,
            self.cases,
            self.vault,
            self.files,
            self.policies,
            self.post,
            self.ids,
            self.clock,
            self.chats.get,
            Page(f"https://{DOMAIN}/lacak", self.tokens),
            lambda channel, content_type, size: size <= 8_000_000,
        )
        self.reread = Reread(
            self.cases,
            self.cases,
            self.arrivals,
            self.files,
            self.policies,
            lambda raw, key, at, whole: reader.stored(raw, key, at, INTAKE, whole),
            Desk(DOMAIN, INTAKE),
            self.ids,
            self.clock,
            self._where,
            Batches(self.arrivals, reader_of).said,
        )
        self.desk = CaseDesk(self.cases, self.files, self.vault, self.policies, self.ids, self.clock)
        self.count = Count(self.arrivals, self.cases, self.clock)
        self.made = 0

    def _where(self, inbound: Inbound) -> str:
        known = self.vault.find(inbound.sender.address) if inbound.sender.address else None
        case = self.receive.places.find(inbound, known, self.policies.current(), self.now).case
        return case.number if case else ""

    def _aws(self, policy: dict[str, Any]) -> None:
        from tanggap.adapters.dynamodb.cases import DynamoCases
        from tanggap.adapters.policies import StoredPolicies
        from tanggap.adapters.s3 import S3Files
        from tanggap.adapters.vault import KmsVault, Lookups

        names = make_tables()
        key = aws("kms").create_key()["KeyMetadata"]["KeyId"]
        aws("s3").create_bucket(
            Bucket=f"files-{names[0]}", CreateBucketConfiguration={"LocationConstraint": "ap-southeast-1"}
        )
        self.vault = KmsVault(rows_of(names[1]), lambda: aws("kms"), key, Lookups(lambda: KEYS))
        self.files = S3Files(lambda: aws("s3"), f"files-{names[0]}")
        self.cases = DynamoCases(rows_of(names[0]), rows_of(names[1]), self.files)
        self.policies = StoredPolicies(rows_of(names[0]))
        self.policies.store(policy, 1)

    @functools.cached_property
    def receipts(self) -> Receipts:
        from tanggap.adapters.channels import forms

        guesses: Any = MemoryGuesses()
        if not isinstance(self.cases, MemoryCases):
            from tanggap.adapters.dynamodb.guesses import DynamoGuesses

            guesses = DynamoGuesses(self.cases.row)
        return Receipts(self.cases, self.arrivals, self.tokens, guesses, forms.read_one, self.clock)

    def clock(self) -> datetime:
        return self.now

    def later(self, **parts: float) -> datetime:
        self.now += timedelta(**parts)
        return self.now

    # -- what people do ----------------------------------------------------------------------------------------------

    def mail(self, text: str = "Jalan di RT 3 rusak parah.", **more: Any) -> Inbound:
        self.made += 1
        sender = more.pop("sender", "siti@warga.example")
        name = more.pop("name", "Siti Aminah")
        values: dict[str, Any] = {
            "channel": Channel.EMAIL,
            "external_id": f"m{self.made}@warga.example",
            "at": self.now,
            "sender": Party(sender, name),
            "recipients": (INTAKE,),
            "subject": "Jalan rusak",
            "text": text,
            "full_text": text,
            "digest": f"digest{self.made}",
            "authenticity": GENUINE,
        }
        return Inbound(**{**values, **more})

    def arrive(self, inbound: Inbound, key: str | None = None, replay: bool = False) -> Result:
        arrival = key or f"mail/{self.made}-{inbound.digest}"
        return self.receive(Raw(arrival, inbound.channel, inbound.at, 1000, inbound, replay=replay))

    def new_case(self, **more: Any) -> str:
        """A citizen's mail, filed and acknowledged."""
        result = self.arrive(self.mail(**more))
        self.pump()
        return result.case

    def sends_by(self, post: Any) -> None:
        """From now on mail leaves by another post."""
        self.deliver.post = self.deliver.dispatch.post = post

    def pump(self) -> list[Delivery]:
        """What the stream does: every row that is awake goes to deliver. Returns the rows' new states."""
        worked_on = (self.deliver(row) for row in self.deliveries() if row.wake is not None)
        return [row for row in worked_on if row is not None]

    def deliveries(self) -> list[Delivery]:
        if isinstance(self.cases, MemoryCases):
            return sorted(self.cases.deliveries.values(), key=lambda d: d.id)
        from tanggap.adapters.dynamodb.delivery_rows import delivery_of

        row = self.cases.row
        return [delivery_of(found) for found in row.scan(row.sk.startswith("OUT#"))]

    def unsent(self) -> list[Delivery]:
        return [d for d in self.deliveries() if d.state in (DeliveryState.QUEUED, DeliveryState.CLAIMED)]

    def sweep(self, at: datetime | None = None, simulated: bool = True) -> Swept:
        return Sweep(self.work(simulated=simulated), self.cases)(at or self.now)

    def digest(
        self, at: datetime | None = None, remaining: Callable[[], timedelta] = lambda: timedelta.max
    ) -> Digested:
        return Digest(self.work(remaining=remaining), self.cases)(at or self.now)

    def work(self, cases: Any = None, policies: Any = None, simulated: bool = True, **more: Any) -> Scheduled:
        """What a run of a schedule works with."""
        return Scheduled(cases or self.cases, policies or self.policies, self.ids, self.clock, simulated, **more)

    def run_until(self, at: datetime, step: timedelta = timedelta(hours=1)) -> None:
        """Real life at speed: a sweep and the stream, step by step."""
        while self.now < at:
            self.now = min(self.now + step, at)
            self.sweep(self.now)
            self.pump()

    def outbox(self, to: str | None = None) -> list[Envelope]:
        return [one for one in self.post.sent if to is None or one.to_address == to]

    def reply_address(self, number: str) -> str:
        return INTAKE.replace("@", f"+{self.tokens.of(number)}@")


_COUNTER = iter(range(10**6))


@functools.cache
def aws(service: str) -> Any:
    """One client a service for all tests: making one costs more than most tests. Only within `fake_aws`."""
    import boto3
    from botocore.config import Config

    return boto3.client(
        service,
        region_name="ap-southeast-1",
        aws_access_key_id="testing",
        aws_secret_access_key="testing",
        config=Config(user_agent="tests"),  # otherwise it is put together anew for each call
    )


@functools.cache
def _resource() -> Any:
    import boto3

    return boto3.resource(
        "dynamodb", region_name="ap-southeast-1", aws_access_key_id="testing", aws_secret_access_key="testing"
    )


def table_of(name: str) -> Any:
    """A table as boto3 gives it, values in Python's types: for who tampers with rows. Only within `fake_aws`."""
    return _resource().Table(name)


def rows_of(name: str) -> Any:
    """A table's rows on that client, as composition puts it in."""
    from tanggap.adapters.dynamodb.table import table

    rows = table(name)
    rows._get_connection().connection._client = aws("dynamodb")
    return rows


def make_tables() -> tuple[str, str]:
    """The two tables as template.yaml declares them (a contract test holds the two against each other)."""
    number = next(_COUNTER)
    dynamodb = aws("dynamodb")
    cases, vault = f"cases-{number}", f"vault-{number}"
    dynamodb.create_table(TableName=cases, BillingMode="PAY_PER_REQUEST", **CASES_TABLE)
    dynamodb.create_table(TableName=vault, BillingMode="PAY_PER_REQUEST", **VAULT_TABLE)
    return cases, vault


def _index(name: str, hash_key: str, range_key: str, projection: str) -> dict[str, Any]:
    return {
        "IndexName": name,
        "KeySchema": [{"AttributeName": hash_key, "KeyType": "HASH"}, {"AttributeName": range_key, "KeyType": "RANGE"}],
        "Projection": {"ProjectionType": projection},
    }


_KEYS = [{"AttributeName": "pk", "KeyType": "HASH"}, {"AttributeName": "sk", "KeyType": "RANGE"}]
CASES_TABLE: dict[str, Any] = {
    "KeySchema": _KEYS,
    "AttributeDefinitions": [
        {"AttributeName": name, "AttributeType": "S"}
        for name in ("pk", "sk", "due_shard", "due_at", "desk", "desk_order", "ref", "ref_order")
    ],
    "GlobalSecondaryIndexes": [
        _index("due", "due_shard", "due_at", "KEYS_ONLY"),
        _index("desk", "desk", "desk_order", "ALL"),
        _index("ref", "ref", "ref_order", "ALL"),
    ],
}
VAULT_TABLE: dict[str, Any] = {
    "KeySchema": _KEYS,
    "AttributeDefinitions": [{"AttributeName": name, "AttributeType": "S"} for name in ("pk", "sk")],
}


@contextmanager
def environment(values: dict[str, str | None]) -> Iterator[None]:
    """These variables (None: none), and afterwards those of before."""
    before = {name: os.environ.get(name) for name in values}
    _set(values)
    try:
        yield
    finally:
        _set(before)


def _set(values: dict[str, str | None]) -> None:
    for name, value in values.items():
        if value is None:
            os.environ.pop(name, None)
        else:
            os.environ[name] = value


@contextmanager
def fake_aws() -> Iterator[None]:
    """moto, with credentials that no account has."""
    from moto import mock_aws

    from tests.support.lean_moto import make_moto_lean

    make_moto_lean()
    names: dict[str, str | None] = {
        "AWS_ACCESS_KEY_ID": "testing",
        "AWS_SECRET_ACCESS_KEY": "testing",
        "AWS_SESSION_TOKEN": "testing",
        "AWS_DEFAULT_REGION": "ap-southeast-1",
        "AWS_REGION": "ap-southeast-1",
        "AWS_ENDPOINT_URL": None,
    }
    with environment(names), mock_aws():
        yield
