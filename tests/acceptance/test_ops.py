"""An operator's hands on the running system, as they are typed: each command of infra/ops against the embedded AWS.

Of `restore` only what is said beforehand and the templates of the switch: the embedded AWS has no point-in-time
recovery. The rest of it is judged on moto (tests/integration/test_ops_restore.py)."""

from __future__ import annotations

import json
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import uuid4

import pytest

from tests.e2e.hands import TEXT, Hands
from tests.e2e.system import System, forget

pytestmark = pytest.mark.acceptance


@pytest.fixture
def hands(system: System, tmp_path: Path) -> Hands:
    (tmp_path / "ready.json").write_text(json.dumps(system.ready))
    return Hands(system, tmp_path)


def test_a_dead_letter_is_found_explained_put_back_and_followed_to_its_case(hands: Hands) -> None:
    key = hands.store(TEXT)
    hands.put("ArrivalsDeadLetterQueueUrl", key)
    assert hands("queues") == 1
    assert hands("queues look arrivals-dead-letter") == 1
    assert f"arrival {key}, announced" in hands.said
    assert ": not read" in hands.said
    assert hands(f"path {key}") == 1
    assert "1 of its messages are not read yet" in hands.said
    assert hands("queues redrive arrivals-dead-letter --dry-run") == 0
    assert "would be put back into arrivals" in hands.said
    assert hands(f"queues redrive arrivals-dead-letter --only {key}") == 0
    hands.until(lambda: hands(f"path --no-logs {key}") == 0, "the case of a dead letter")
    number = hands.said.rpartition("its case: ")[2].strip()
    hands.until(lambda: hands(f"path {number}") == 0 and " left" in hands.said, "its acknowledgement")
    for wanted in (f"{key} filed/new_case", "history  #1", "acknowledgement to reporter by email", "log      intake: "):
        assert wanted in hands.said
    assert "pasar" not in hands.said
    assert "warga.example" not in hands.said
    assert hands("queues look arrivals-dead-letter") == 0


def test_a_failed_run_needs_nothing_and_its_record_goes(hands: Hands) -> None:
    event = {"source": "aws.events", "detail-type": "Scheduled Event", "time": "2026-11-23T03:00:00Z"}
    context = {"functionArn": f"arn:aws:lambda:x:1:function:{hands.output('EscalateFunction')}", "condition": "Expired"}
    record = {"version": "1.0", "requestContext": context, "requestPayload": event, "responsePayload": None}
    hands.aws("sqs").send_message(QueueUrl=hands.output("FailuresQueueUrl"), MessageBody=json.dumps(record))
    assert hands("queues look failures") == 1
    assert "gave up: Expired" in hands.said
    assert hands("queues redrive failures") == 0
    assert "whose work the next run does" in hands.said
    assert hands("queues look failures") == 0


def test_what_is_parked_is_read_again_and_spam_only_where_it_is_let_in(hands: Hands) -> None:
    spam = hands.store(TEXT, "X-SES-Spam-Verdict: FAIL", "X-SES-Virus-Verdict: PASS")
    hands.put("ArrivalsQueueUrl", spam)
    hands.until(lambda: hands(f"path --no-logs {spam}") == 1 and "parked/spam" in hands.said, "the parked one")
    assert hands(f"replay {spam}") == 0
    assert "stays; --let-in" in hands.said
    assert hands(f"replay --let-in --dry-run {spam}") == 0
    assert hands(f"replay --let-in {spam}") == 0
    hands.until(lambda: hands(f"path --no-logs {spam}") == 0, "what was let in")
    assert "filed/new_case" in hands.said
    assert hands(f"replay {spam}") == 1  # it is parked no more


def test_a_letter_that_bounced_goes_once_more(hands: Hands) -> None:
    report = {
        "channel": "phone",
        "received_at": datetime.now(UTC).isoformat(timespec="seconds"),
        "text": TEXT,
        "reporter": {"name": "Ani", "email": f"bounce+{uuid4().hex[:10]}@simulator.amazonses.com"},
    }
    answer = hands.system.as_officer("coordinator", "POST", "/v1/cases", report)
    assert answer.status == 201, answer
    number = answer.body["number"]
    hands.until(lambda: hands(f"path --no-logs {number}") == 1, "the letter that bounced")
    assert hands(f"resend --case {number} --dry-run") == 0
    assert "would go again" in hands.said
    assert hands(f"resend --case {number}") == 0
    again = hands.said.rpartition("goes again as ")[2].strip()
    entries = [entry for entry in hands.system.case(number)["history"] if entry["event"] == "sent_again"]
    assert [entry["data"]["delivery"] for entry in entries] == [again]
    assert hands(f"check_history {number}") == 0


def test_histories_are_anchored_and_held_against_their_anchors(hands: Hands) -> None:
    sender = hands.system.someone()
    hands.system.write(sender, "Lampu", TEXT)
    number = hands.system.case_of(hands.system.mail_to(sender))
    bucket = f"anchors-{uuid4().hex[:10]}"
    hands.aws("s3").create_bucket(
        Bucket=bucket,
        ObjectLockEnabledForBucket=True,
        CreateBucketConfiguration={"LocationConstraint": "ap-southeast-1"},
    )
    assert hands(f"anchor write --anchors {bucket} --dry-run") == 0
    assert hands(f"anchor write --anchors {bucket}") == 0
    assert hands(f"anchor write --anchors {bucket}") == 0
    assert "this day has its anchor" in hands.said
    assert hands(f"anchor verify --anchors {bucket} {number}") == 0
    assert f"{number} ok: anchored 1 times" in hands.said
    assert hands(f"check_history --anchors {bucket} {number}") == 0
    table = hands.aws("dynamodb")
    key = {"pk": {"S": f"CASE#{number}"}, "sk": {"S": "CASE"}}
    row = table.get_item(TableName=hands.output("CasesTable"), Key=key)["Item"]
    cut = {**json.loads(row["data"]["S"]), "head": "0" * 64}
    table.put_item(TableName=hands.output("CasesTable"), Item={**row, "data": {"S": json.dumps(cut)}})
    assert hands(f"anchor verify --anchors {bucket} {number}") == 1
    assert "FAULT" in hands.said
    table.put_item(TableName=hands.output("CasesTable"), Item=row)
    versions = hands.aws("s3").list_object_versions(Bucket=bucket)["Versions"]
    hands.aws("s3").put_object(Bucket=bucket, Key=versions[0]["Key"], Body=b"{}")
    assert hands(f"anchor verify --anchors {bucket} {number}") == 1
    assert f"anchors FAULT: {versions[0]['Key']} was put over" in hands.said
    assert f"{number} ok: anchored 1 times" in hands.said


def upkeep(hands: Hands) -> set[str]:
    assert hands("run ledger") == 0
    return set(json.loads(hands.said.strip().splitlines()[-1])["upkeep"])


def test_the_ledgers_function_may_ask_all_that_it_asks_of_the_account(hands: Hands) -> None:
    upkeep(hands)
    due = upkeep(hands)  # what it can't read twice in a row would be upkeep
    assert not {one for one in due if one.startswith(("anchors", "alarms", "mail", "gauge"))}
    assert hands("anchor verify") == 0


def test_a_rule_set_that_takes_our_mail_away_is_named_by_the_next_count(hands: Hands) -> None:
    ses, ours = hands.aws("ses"), hands.output("ReceiptRuleSet")
    another = f"another-{uuid4().hex[:8]}"
    ses.create_receipt_rule_set(RuleSetName=another)
    try:
        ses.set_active_receipt_rule_set(RuleSetName=another)
        assert "mail_not_received" in upkeep(hands)
    finally:
        ses.set_active_receipt_rule_set(RuleSetName=ours)
    assert "mail_not_received" not in upkeep(hands)


def test_a_period_is_exported_and_who_reported_only_with_a_look_in_the_history(hands: Hands) -> None:
    sender = hands.system.someone()
    hands.system.write(sender, "Lampu", TEXT)
    number = hands.system.case_of(hands.system.mail_to(sender))
    day = datetime.now(UTC).date()
    period = f"--from {day - timedelta(days=1)} --to {day + timedelta(days=1)}"
    plain, named = hands.work / "plain", hands.work / "named"
    assert hands(f"export {period} --out {plain}") == 0
    lines = [json.loads(line) for line in (plain / "cases.jsonl").read_text().splitlines()]
    assert number in {line["number"] for line in lines}
    everything = "".join(file.read_text() for file in plain.iterdir())
    assert not any(word in everything for word in (sender, "pasar"))
    assert hands(f"export {number} --out {named} --with-texts --identities --reason laporan-kebocoran-data") == 0
    assert json.loads((named / "identities.jsonl").read_text())["address"] == sender
    assert "pasar" in (named / "messages.csv").read_text()
    assert [one["event"] for one in hands.system.case(number)["history"]][-1] == "identity_read"
    assert sender not in hands.said


def test_keys_are_rotated_while_the_desk_works_on(hands: Hands) -> None:
    sender = hands.system.someone()
    hands.system.write(sender, "Lampu", TEXT)
    number = hands.system.case_of(letter := hands.system.mail_to(sender))
    assert hands("secrets rotate lookup --dry-run") == 0
    assert hands("secrets rotate lookup --generate") == 0
    value = uuid4().hex
    assert hands("secrets rotate channel telegram", value) == 0
    assert value not in hands.said
    assert hands("secrets list") == 0
    assert "channel telegram: secrets 2 values" in hands.said
    assert hands("secrets drop channel telegram --dry-run") == 0
    forget(hands.system, "IntakeFunction")  # what reads the reply knows the new key
    hands.system.write(sender, "Re: Lampu", "Masih padam.\n", to=letter["headers"]["Reply-To"])

    def said() -> list[str]:
        return [one["text"] for one in hands.system.case(number)["messages"] if one["direction"] == "in"]

    hands.until(lambda: len(said()) == 2, "a reply by a token of the old key")
    assert said()[1] == "Masih padam."


def test_an_officer_comes_changes_and_goes(hands: Hands) -> None:
    address = f"baru.{uuid4().hex[:8]}@kantor.example"
    unit = next(one["unit"] for one in hands.system.ready["officers"] if one["unit"])
    assert hands(f"officers add --role liaison {address}") == 2  # of no unit
    assert hands(f"officers add --role liaison --unit {unit} --dry-run {address}") == 0
    assert hands(f"officers add --role liaison --unit {unit} {address}") == 0
    who = hands.said.split()[0]
    assert hands(f"officers add --role auditor {address}") == 1  # there is one
    assert hands(f"officers role {who} auditor") == 0
    assert hands("officers list") == 0
    assert f"{who} auditor, " in hands.said
    assert hands(f"officers disable officer:{who}") == 0
    assert hands("officers list") == 0
    assert f"{who} auditor, disabled" in hands.said
    assert address not in hands.said
    assert hands("officers list --show") == 0
    assert address in hands.said


def test_one_screen_tells_how_the_desk_is(hands: Hands) -> None:
    hands.aws("lambda").invoke(FunctionName=hands.output("LedgerFunction"), Payload=b"{}")
    assert hands("health") in (0, 1)
    assert "cannot be looked at" not in hands.said
    assert int(hands.said.partition(" alarms, ")[0].split()[-1]) >= 15, "all that name the stack's own topic"
    for wanted in ("alarms", "counted", "queues", "parked", "letters", "mail", "calendar", "LookupSecret", "histories"):
        assert wanted in hands.said


def test_a_restore_says_what_it_can_and_the_switch_is_written_out(hands: Hands) -> None:
    at = (datetime.now(UTC) - timedelta(minutes=1)).isoformat(timespec="seconds")
    assert hands(f"restore --at {at} --dry-run") == 1
    assert "has no point-in-time recovery" in hands.said  # the embedded AWS; when it learns, this test is to go on
    tables, out = f"{hands.output('CasesTable')} {hands.output('VaultTable')}", hands.work / "switch"
    assert hands(f"restore --switch {tables} --out {out}") == 0
    template = json.loads((out / "switched.json").read_text())
    assert not {"CasesTable", "VaultTable"} & template["Resources"].keys()
    assert {one["LogicalResourceId"] for one in json.loads((out / "resources.json").read_text())} == {
        "CasesTable",
        "VaultTable",
    }
    assert "create-change-set" in hands.said


def test_a_wrong_question_is_told_by_its_exit_code(hands: Hands) -> None:
    began = time.monotonic()
    for line in ("path ani@warga.example", "queues look nope", "queues redrive arrivals", "resend x/y"):
        assert hands(line) == 2, line
    assert time.monotonic() - began < 60
