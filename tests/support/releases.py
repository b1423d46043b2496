"""A stack that goes from one release to another on an embedded AWS of its own, with IAM enforced: the local system's
parts, each release deployed out of its own tree, and all that lies there before and after."""

from __future__ import annotations

import hashlib
import json
import threading
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from infra.local.aws import client
from infra.local.emulator import Emulator
from infra.local.http_front import HttpFront
from infra.local.mailbox import Mailbox
from infra.local.observer import Observer
from infra.local.outbox import Outbox
from infra.local.places import HOST, REGION, ROOT, STACK, Places, free_ports
from infra.local.run import MAIL_DOMAIN
from infra.local.smtp_door import SmtpDoor
from tanggap.adapters.dynamodb import rows
from tanggap.adapters.dynamodb.table import Row
from tanggap.domain.history import faults_in
from tests.e2e.system import System, until
from tests.releases.archive import within

AT_ONCE = 8
#: Rows that nothing may change: what was said, what happened, who said it, what was read, what was decided.
FOR_GOOD = ("MSG#", "HIST#", "SEEN", "IDENTITY", "REPORTER", "V#", "0")

#: By where it lies (table or bucket, key, sort key): a digest of what lies there.
Snapshot = dict[tuple[str, str, str], str]


@dataclass
class Desk:
    """The running stack. `parameters`: its template's. `patience`: seconds for all letters of a round. `during`: who
    wrote while the stack was updated. `told`: seconds by what took them."""

    system: System
    places: Places
    front: HttpFront
    parameters: dict[str, str]
    patience: float
    during: list[str] = field(default_factory=list)
    told: dict[str, float] = field(default_factory=dict)
    _read: set[str] = field(default_factory=set)
    _letters: Counter[str] = field(default_factory=Counter)

    @property
    def outputs(self) -> dict[str, str]:
        found: dict[str, str] = self.system.ready["outputs"]
        return found

    def serve(self, outputs: dict[str, str]) -> None:
        self.system.ready["outputs"] = outputs
        self.front.serve_api(outputs["ApiUrl"])

    def status(self) -> str:
        """CloudFormation's word on the stack; its outputs are served."""
        found = client("cloudformation", self.places.aws_endpoint).describe_stacks(StackName=STACK)["Stacks"][0]
        self.serve({**self.outputs, **{one["OutputKey"]: one["OutputValue"] for one in found["Outputs"]}})
        return str(found["StackStatus"])

    def health(self) -> Any:
        """None while it does not answer."""
        answer = self.system.get("/v1/health")
        return answer.body if answer.status == 200 else None

    def acknowledged(self) -> Counter[str]:
        """Mails that left, by whom they went to. Each is looked at once."""
        outbox = Outbox(self.places.outbox)
        for name in set(outbox.names()) - self._read:
            if mail := outbox.read(name):  # its envelope is there before its text
                self._read.add(name)
                self._letters.update(mail.destinations)
        return self._letters

    def write(self, people: list[str]) -> None:
        def one(place: int) -> None:
            text = f"Saluran air di RT {place % 40 + 1} tersumbat, sudah {place} hari.\n"
            self.system.write(people[place], f"Saluran {place}", text)

        with ThreadPoolExecutor(AT_ONCE) as pool:
            list(pool.map(one, range(len(people))))

    def all_told(self, people: list[str], what: str) -> None:
        until(lambda: set(people) <= self.acknowledged().keys(), what, within=self.patience)

    def act(self, role: str, number: str, act: str, said: dict[str, Any]) -> None:
        answer = self.system.as_officer(role, "POST", f"/v1/cases/{number}/{act}", said)
        assert answer.status < 300, answer.body

    def handled(self, numbers: list[str], answered: int = 3) -> None:
        """All are verified and disposed to the liaison's unit, which answers the first of them, the very first one for
        good."""
        unit = {"unit": self.system.officer("liaison")["unit"], "note": "mohon dicek"}
        for place, number in enumerate(numbers):
            self.act("coordinator", number, "verification", {"decision": "accept", "reason": "lengkap"})
            self.act("coordinator", number, "assignment", unit)
            if place < answered:
                self.act("liaison", number, "replies", {"text": "Petugas sudah dijadwalkan.", "final": place == 0})

    @contextmanager
    def timed(self, what: str) -> Iterator[None]:
        began = time.monotonic()
        yield
        self.told[what] = round(time.monotonic() - began, 1)
        print(f"{what}: {self.told[what]:.1f} s")

    @contextmanager
    def somebody_writes(self) -> Iterator[None]:
        """Every second, as long as it lasts."""
        over = threading.Event()

        def write() -> None:
            while not over.is_set():
                who = self.system.someone("sementara")
                self.system.write(who, "Sementara itu", "Pohon tumbang di jalan desa.\n")
                self.during.append(who)
                over.wait(1.0)

        thread = threading.Thread(target=write)
        thread.start()
        try:
            yield
        finally:
            over.set()
            thread.join()

    def swept(self, at: str) -> None:
        swept = self.system.sweep(at)
        while swept.get("unfinished"):
            swept = self.system.sweep(at)

    def rows(self, table: str) -> Iterator[dict[str, Any]]:
        """Of `CasesTable` or `VaultTable`, as DynamoDB has them."""
        pages = client("dynamodb", self.places.aws_endpoint).get_paginator("scan")
        for page in pages.paginate(TableName=self.outputs[table]):
            yield from page["Items"]

    def snapshot(self) -> Snapshot:
        found: Snapshot = {}
        for table in ("CasesTable", "VaultTable"):
            for row in self.rows(table):
                plain = json.dumps({name: value for name, value in sorted(row.items()) if name != "schema"})
                found[table, row["pk"]["S"], row["sk"]["S"]] = hashlib.sha256(plain.encode()).hexdigest()
        s3 = client("s3", self.places.aws_endpoint)
        for bucket in ("ArrivalsBucket", "AttachmentsBucket"):
            for page in s3.get_paginator("list_objects_v2").paginate(Bucket=self.outputs[bucket]):
                found |= {(bucket, one["Key"], ""): one["ETag"] for one in page.get("Contents", ())}
        return found


def on_release(tree: Path, places: Places, **told: Any) -> Any:
    """Of a release's own tree: with `parameters` its template is deployed, with `pool` its officers are enrolled."""
    ports = [places.smtp_port, places.http_port, places.aws_port]
    script = ROOT / "tests" / "releases" / "deploy.py"
    return within(tree, script, {"ports": ports, "work": str(places.work), "enforce_iam": True, **told})


@contextmanager
def begun_on(tree: Path, folder: Path, patience: float) -> Iterator[Desk]:
    """An embedded AWS with the stack of one release, its officers and its sample policy."""
    places = Places(*free_ports(3), work=folder / "run", state=None, enforce_iam=True)
    with ExitStack() as parts:

        def started(part: Any) -> Any:
            part.start()
            parts.callback(part.stop)
            return part

        started(Emulator(places))
        front = started(HttpFront(places, f"lapor@{MAIL_DOMAIN}"))
        started(Observer(places, lambda line: None))
        parameters = {"MailDomain": MAIL_DOMAIN, "SimulatedTime": "allowed", "PublicUrl": places.http}
        outputs = on_release(tree, places, parameters=parameters)["outputs"]
        started(SmtpDoor(places, lambda line: None))
        started(Mailbox(places, lambda line: None))
        front.serve_api(outputs["ApiUrl"])
        ready = {
            "smtp": {"host": HOST, "port": places.smtp_port},
            "http": places.http,
            "aws_endpoint": places.aws_endpoint,
            "region": REGION,
            "stack": STACK,
            "outputs": outputs,
            "mail_domain": MAIL_DOMAIN,
            "intake_address": outputs["IntakeAddress"],
            "officers": on_release(tree, places, pool=outputs["UserPoolId"])["officers"],
        }
        yield Desk(System(ready), places, front, parameters, patience)


def read(item: dict[str, Any]) -> Row:
    row = Row()
    row.deserialize(item)
    return row


def kinds_of(snapshot: Snapshot) -> Counter[str]:
    return Counter(f"{pk.partition('#')[0]} {sk.partition('#')[0]}" for place, pk, sk in snapshot if "Table" in place)


def moved(before: Snapshot, after: Snapshot) -> Counter[str]:
    """What nothing may change, and what did, by the kind of row; of objects their key's beginning."""
    return Counter(
        (sk or pk).partition("#")[0]
        for place, pk, sk in before
        if before[place, pk, sk] != after.get((place, pk, sk)) and (sk.startswith(FOR_GOOD) or "Bucket" in place)
    )


def whole_histories(desk: Desk) -> int:
    """So many cases read, and each history's chain closes."""
    items: dict[str, list[dict[str, Any]]] = {}
    for item in desk.rows("CasesTable"):
        if item["pk"]["S"].startswith("CASE#"):
            items.setdefault(item["pk"]["S"], []).append(item)
    count = 0
    for pk, found in items.items():
        lying = {item["sk"]["S"]: read(item) for item in found}
        if "CASE" not in lying:
            continue  # a letter of no case
        case = rows.case_of(lying["CASE"])
        entries = [entry for sk in sorted(lying) if sk.startswith("HIST#") for entry in rows.history_of(lying[sk])]
        assert faults_in(case.number, entries, case.head) == (), pk
        count += 1
    return count


def climbed(desk: Desk, by: str) -> tuple[Counter[tuple[str, str, str]], set[str]]:
    """How often each step (case, clock, step) was recorded, and the cases that are due by then still."""
    steps: Counter[tuple[str, str, str]] = Counter()
    due = set()
    for item in desk.rows("CasesTable"):
        if item["sk"]["S"].startswith("HIST#"):
            for entry in rows.history_of(read(item)):
                if entry.event == "escalated":
                    steps[item["pk"]["S"], entry.data["clock"], entry.data["step"]] += 1
        elif item["sk"]["S"] == "CASE" and item.get("due_at", {}).get("S", "9") <= by:
            due.add(item["pk"]["S"])
    return steps, due


def adds_up(desk: Desk) -> None:
    answer = client("lambda", desk.places.aws_endpoint).invoke(FunctionName=desk.outputs["LedgerFunction"])
    report = json.loads(answer["Payload"].read())
    assert (report["overdue"], report["balanced"]) == (0, True), report
    sqs = client("sqs", desk.places.aws_endpoint)
    for queue in (desk.outputs["ArrivalsDeadLetterQueueUrl"], desk.outputs["FailuresQueueUrl"]):
        found = sqs.get_queue_attributes(QueueUrl=queue, AttributeNames=["ApproximateNumberOfMessages"])
        assert found["Attributes"]["ApproximateNumberOfMessages"] == "0", queue
