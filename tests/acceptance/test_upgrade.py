"""A stack of the first release, with a thousand cases, letters in flight and deadlines open, becomes today's by the
same one step; an update that fails leaves the release before at work. On the embedded AWS, with IAM enforced.

Every case comes by the whole way (SMTP, rule set, bucket, topic, queue, the first release's own functions). What the
embedded AWS is kinder in than AWS (it keeps data whatever a template changes; it gives a changed API another id) is
held by tests/contract/test_template_upgrade.py."""

from __future__ import annotations

import hashlib
import json
import os
import threading
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from infra.local.aws import client
from infra.local.deploy import DeployFailed, deploy
from infra.local.emulator import Emulator
from infra.local.http_front import HttpFront
from infra.local.mailbox import Mailbox
from infra.local.observer import Observer
from infra.local.outbox import Outbox
from infra.local.places import HOST, REGION, ROOT, STACK, Places, free_ports
from infra.local.run import MAIL_DOMAIN
from infra.local.smtp_door import SmtpDoor
from tanggap.adapters.dynamodb import rows
from tanggap.adapters.dynamodb.kinds import SCHEMA
from tanggap.adapters.dynamodb.table import Row
from tanggap.domain.history import faults_in
from tests.e2e.system import System, until
from tests.releases.archive import FIRST, NoHistory, unpacked, within

pytestmark = pytest.mark.acceptance

#: What the issue asks for. Fewer make a shorter try.
CASES = int(os.environ.get("TANGGAP_UPGRADE_CASES", "1000"))
#: Beside them: on their way while the stack is updated.
IN_FLIGHT = 20
AT_ONCE = 8
#: Seconds, for all of them to be acknowledged: ten a second on two cores, a tenth of that where others work beside it.
WITHIN = 240 + CASES
#: Rows that nothing may change: what was said, what happened, who said it, what was read, what was decided.
FOR_GOOD = ("MSG#", "HIST#", "SEEN", "IDENTITY", "REPORTER", "V#", "0")

Snapshot = dict[tuple[str, str, str], str]


@dataclass
class Desk:
    """The running stack, and what was seen of it on the way."""

    system: System
    places: Places
    front: HttpFront
    parameters: dict[str, str]
    people: dict[str, str] = field(default_factory=dict)  # sender to case number
    officers_token: str = ""
    first: dict[str, Any] = field(default_factory=dict)  # of the first release's /v1/health
    failed: dict[str, Any] = field(default_factory=dict)  # the same, after an update that failed
    refusal: str = ""
    before: Snapshot = field(default_factory=dict)
    after: Snapshot = field(default_factory=dict)
    during: list[str] = field(default_factory=list)  # who wrote while the stack was updated
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
        until(lambda: set(people) <= self.acknowledged().keys(), what, within=WITHIN)


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    folder = tmp_path_factory.mktemp("upgrade")
    try:
        tree = unpacked(FIRST, folder / "first")
    except NoHistory as missing:
        pytest.skip(f"the first release cannot be built: {missing}")
    places = Places(*free_ports(3), work=folder / "run", state=None, enforce_iam=True)
    parts: list[Any] = []

    def started(part: Any) -> Any:
        part.start()
        parts.append(part)
        return part

    try:
        started(Emulator(places))
        front = started(HttpFront(places, f"lapor@{MAIL_DOMAIN}"))
        started(Observer(places, lambda line: None))
        parameters = {"MailDomain": MAIL_DOMAIN, "SimulatedTime": "allowed", "PublicUrl": places.http}
        outputs = _on_first(tree, places, parameters=parameters)["outputs"]
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
            "officers": _on_first(tree, places, pool=outputs["UserPoolId"])["officers"],
        }
        desk = Desk(System(ready), places, front, parameters)
        _lived_in(desk)
        _update_that_fails(desk, folder)
        _upgraded(desk)
        yield desk
    finally:
        for part in reversed(parts):
            part.stop()


def _on_first(tree: Path, places: Places, **told: Any) -> Any:
    ports = [places.smtp_port, places.http_port, places.aws_port]
    script = ROOT / "tests" / "releases" / "first_deploy.py"
    return within(tree, script, {"ports": ports, "work": str(places.work), "enforce_iam": True, **told})


@contextmanager
def _timed(desk: Desk, what: str) -> Iterator[None]:
    began = time.monotonic()
    yield
    desk.told[what] = round(time.monotonic() - began, 1)
    print(f"{what}: {desk.told[what]:.1f} s")


def _lived_in(desk: Desk) -> None:
    """A thousand cases, a few of them further on their way."""
    system = desk.system
    desk.first = system.get("/v1/health").body
    people = [system.someone(f"warga{place}") for place in range(CASES)]
    with _timed(desk, f"{len(people)} mails to the first release, each acknowledged"):
        desk.write(people)
        desk.all_told(people, "acknowledgements of the first release")
    desk.people = {who: system.case_of(system.mails_to(who)[0]) for who in people[:12]}
    unit = {"unit": system.officer("liaison")["unit"], "note": "mohon dicek"}
    for place, number in enumerate(list(desk.people.values())[:8]):
        _act(desk, "coordinator", number, "verification", {"decision": "accept", "reason": "lengkap"})
        _act(desk, "coordinator", number, "assignment", unit)
        if place < 3:
            _act(desk, "liaison", number, "replies", {"text": "Petugas sudah dijadwalkan.", "final": place == 0})
    desk.officers_token = system._tokens["coordinator"]


def _act(desk: Desk, role: str, number: str, act: str, said: dict[str, Any]) -> None:
    answer = desk.system.as_officer(role, "POST", f"/v1/cases/{number}/{act}", said)
    assert answer.status < 300, answer.body


def _update_that_fails(desk: Desk, folder: Path) -> None:
    """Today's template with a resource at its end that set-up refuses: by then every function is today's."""
    system = desk.system
    text = (ROOT / "template.yaml").read_text()
    broken = folder / "broken.yaml"
    refused = "  Refused:\n    Type: Custom::Setup\n    DependsOn: [IntakeFunction, DeliverFunction, PortalFunction]\n"
    refused += "    Properties: {ServiceToken: !GetAtt SetupFunction.Arn, ServiceTimeout: 60, RuleSet: none-of-ours}\n"
    broken.write_text(text.replace("\nOutputs:\n", f"\n{refused}\nOutputs:\n"))
    outputs = dict(desk.outputs)
    with _timed(desk, "an update that fails, rolled back"), _somebody_writes(desk):
        with pytest.raises(DeployFailed) as refusal:
            deploy(desk.places, desk.parameters, broken)
        desk.refusal = str(refusal.value)
    found = client("cloudformation", desk.places.aws_endpoint).describe_stacks(StackName=STACK)["Stacks"][0]
    desk.serve({**outputs, **{one["OutputKey"]: one["OutputValue"] for one in found["Outputs"]}})
    desk.failed = {**until(lambda: _health(system), "the release before, at work again"), "stack": found["StackStatus"]}


def _health(system: System) -> Any:
    answer = system.get("/v1/health")
    return answer.body if answer.status == 200 else None


def _upgraded(desk: Desk) -> None:
    system = desk.system
    flying = [system.someone(f"kilat{place}") for place in range(IN_FLIGHT)]
    desk.before = _snapshot(desk)
    desk.write(flying)
    with _timed(desk, "the upgrade"), _somebody_writes(desk):
        desk.serve(deploy(desk.places, desk.parameters))
    desk.during += flying
    system._tokens.clear()
    desk.after = _snapshot(desk)


@contextmanager
def _somebody_writes(desk: Desk) -> Iterator[None]:
    """Every second, as long as it lasts."""
    over = threading.Event()

    def write() -> None:
        while not over.is_set():
            who = desk.system.someone("sementara")
            desk.system.write(who, "Sementara itu", "Pohon tumbang di jalan desa.\n")
            desk.during.append(who)
            over.wait(1.0)

    thread = threading.Thread(target=write)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()


def _snapshot(desk: Desk) -> Snapshot:
    """By where it lies: a digest of each row's contents, and each object's."""
    found: Snapshot = {}
    for table in ("CasesTable", "VaultTable"):
        for row in _rows(desk, table):
            plain = json.dumps({name: value for name, value in sorted(row.items()) if name != "schema"})
            found[table, row["pk"]["S"], row["sk"]["S"]] = hashlib.sha256(plain.encode()).hexdigest()
    s3 = client("s3", desk.places.aws_endpoint)
    for bucket in ("ArrivalsBucket", "AttachmentsBucket"):
        for page in s3.get_paginator("list_objects_v2").paginate(Bucket=desk.outputs[bucket]):
            found |= {(bucket, one["Key"], ""): one["ETag"] for one in page.get("Contents", ())}
    return found


def _rows(desk: Desk, table: str) -> Iterator[dict[str, Any]]:
    pages = client("dynamodb", desk.places.aws_endpoint).get_paginator("scan").paginate(TableName=desk.outputs[table])
    for page in pages:
        yield from page["Items"]


def _read(item: dict[str, Any]) -> Row:
    row = Row()
    row.deserialize(item)
    return row


def _kinds(snapshot: Snapshot) -> Counter[str]:
    return Counter(f"{pk.partition('#')[0]} {sk.partition('#')[0]}" for place, pk, sk in snapshot if "Table" in place)


# -- the update that failed


def test_an_update_that_fails_is_rolled_back_and_the_release_before_goes_on(desk: Desk) -> None:
    assert desk.failed["stack"] == "UPDATE_ROLLBACK_COMPLETE"
    assert "Refused" in desk.refusal, "and it says what failed"
    assert (desk.first["schema"], desk.failed["schema"]) == (1, 1)
    assert desk.failed["version"] == desk.first["version"]


# -- the upgrade


def test_it_is_todays_release_by_the_same_step(desk: Desk) -> None:
    health = desk.system.get("/v1/health").body
    assert (health["status"], health["schema"]) == ("ok", SCHEMA)
    found = client("cloudformation", desk.places.aws_endpoint).describe_stacks(StackName=STACK)["Stacks"][0]
    assert found["StackStatus"] == "UPDATE_COMPLETE"


def test_every_row_and_object_is_kept_as_it_was(desk: Desk) -> None:
    before, after = desk.before, desk.after
    assert before.keys() - after.keys() == set(), "nothing is gone"
    kinds = _kinds(before)
    print("\nkept:", dict(kinds.most_common(14)), "objects", len(before) - sum(kinds.values()))
    cases = sum(count for kind, count in kinds.items() if kind == "CASE CASE")
    assert cases >= CASES
    assert kinds["ARRIVAL MSG"] >= cases
    moved = Counter(
        sk.partition("#")[0]
        for place, pk, sk in before
        if before[place, pk, sk] != after[place, pk, sk] and (sk.startswith(FOR_GOOD) or "Bucket" in place)
    )
    assert moved == {}, "what was said, what happened and who said it is the same to the byte"


def test_every_case_reads_and_its_history_closes(desk: Desk) -> None:
    items: dict[str, list[dict[str, Any]]] = {}
    for item in _rows(desk, "CasesTable"):
        if item["pk"]["S"].startswith("CASE#"):
            items.setdefault(item["pk"]["S"], []).append(item)
    read = 0
    for pk, found in items.items():
        lying = {item["sk"]["S"]: _read(item) for item in found}
        if "CASE" not in lying:
            continue  # a letter of no case
        case = rows.case_of(lying["CASE"])
        entries = [entry for sk in sorted(lying) if sk.startswith("HIST#") for entry in rows.history_of(lying[sk])]
        assert faults_in(case.number, entries, case.head) == (), pk
        read += 1
    assert read >= CASES


def test_a_reply_to_an_old_letter_lands_on_its_case_and_officers_go_on(desk: Desk) -> None:
    system = desk.system
    who, number = list(desk.people.items())[1]
    letters = len(system.mails_to(who))
    messages = len(system.case(number)["messages"])
    old = system.mails_to(who)[0]["headers"]["Reply-To"]
    system.write(who, "Re: Saluran", "Masih tersumbat, mohon segera.\n", to=old)
    until(lambda: len(system.case(number)["messages"]) > messages, "the reply on its case", within=WITHIN)
    answer = system.call("GET", f"/v1/cases/{number}", None, {"Authorization": desk.officers_token})
    assert answer.status == 200, "who was signed in is so still"
    _act(desk, "liaison", number, "replies", {"text": "Regu datang besok pagi.", "final": False})
    assert "besok pagi" in system.mail_to(who, after=letters)["text"]


def test_deadlines_go_on_and_what_falls_due_is_recorded_once(desk: Desk) -> None:
    """Three weeks on: the first release's clocks are climbed by today's sweep, none twice, all of it at once."""
    system = desk.system
    late = (datetime.now(UTC) + timedelta(days=21)).strftime("%Y-%m-%dT03:00:00Z")
    with _timed(desk, "three weeks of deadlines"):
        swept = system.sweep(late)
        while swept.get("unfinished"):
            swept = system.sweep(late)
    escalated: Counter[tuple[str, str, str]] = Counter()
    due = set()
    for item in _rows(desk, "CasesTable"):
        if item["sk"]["S"].startswith("HIST#"):
            for entry in rows.history_of(_read(item)):
                if entry.event == "escalated":
                    escalated[item["pk"]["S"], entry.data["clock"], entry.data["step"]] += 1
        elif item["sk"]["S"] == "CASE" and item.get("due_at", {}).get("S", "9") <= late:
            due.add(item["pk"]["S"])
    assert due == set(), "nothing that is due is left"
    assert len({pk for pk, _, _ in escalated}) >= CASES - 10
    assert set(escalated.values()) == {1}
    assert system.sweep(late).get("steps", 0) == 0


def test_who_wrote_while_stacks_were_updated_is_acknowledged_once(desk: Desk) -> None:
    """The embedded AWS ends a function that is at work when its code changes; AWS lets it finish. Its notices come back
    once the queue lets them (VisibilityTimeout, three minutes), which is why this is looked at late."""
    desk.all_told(desk.during, "acknowledgements of who wrote meanwhile")
    told = desk.acknowledged()
    assert len(desk.during) >= IN_FLIGHT + 4
    assert {told[who] for who in desk.during} == {1}


def test_the_ledger_adds_up(desk: Desk) -> None:
    answer = client("lambda", desk.places.aws_endpoint).invoke(FunctionName=desk.outputs["LedgerFunction"])
    report = json.loads(answer["Payload"].read())
    assert (report["overdue"], report["balanced"]) == (0, True), report
    dead = desk.outputs["ArrivalsDeadLetterQueueUrl"], desk.outputs["FailuresQueueUrl"]
    sqs = client("sqs", desk.places.aws_endpoint)
    for queue in dead:
        found = sqs.get_queue_attributes(QueueUrl=queue, AttributeNames=["ApproximateNumberOfMessages"])
        assert found["Attributes"]["ApproximateNumberOfMessages"] == "0", queue
