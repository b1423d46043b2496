"""Bad input through the doors of the running stack, under IAM: each ends in a recorded outcome and blocks nobody
else."""

from __future__ import annotations

import base64
import gzip
import io
import json
import smtplib
import time
import zipfile
from collections.abc import Iterator
from email.utils import make_msgid
from typing import Any

import pytest

from infra.local.aws import client
from infra.local.smtp_door import LARGEST
from infra.local.verdicts import EICAR, GTUBE
from tests.e2e.system import System, until

pytestmark = pytest.mark.acceptance

TEXT = "Jalan di depan balai desa rusak parah.\r\n"


def hand_in(system: System, raw: bytes, sender: str = "", recipients: tuple[str, ...] = ()) -> str:
    """Gives a mail to the door; the key of its arrival, as the door names it."""
    smtp = system.ready["smtp"]
    with smtplib.SMTP(smtp["host"], smtp["port"], local_hostname="mail.warga.example", timeout=120) as connection:
        connection.ehlo()
        connection.mail(sender)
        for recipient in recipients or (system.ready["intake_address"],):
            assert connection.rcpt(recipient)[0] == 250
        code, answer = connection.data(raw)
    assert code == 250, answer
    return "mail/" + answer.decode().split()[-1]


def arrival(system: System, key: str) -> dict[str, Any]:
    """The ledger's one message of an arrival."""
    name = base64.urlsafe_b64encode(key.encode()).decode().rstrip("=")
    found = system.as_officer("auditor", "GET", f"/v1/arrivals/{name}")
    if found.status == 404:
        return {"outcome": "unknown"}
    assert found.status == 200, found
    (message,) = found.body["messages"]
    return dict(message)


def outcome(system: System, key: str, within: float = 60) -> dict[str, Any]:
    """What became of an arrival, once it is read."""

    def read() -> dict[str, Any] | None:
        message = arrival(system, key)
        return None if message["outcome"] in ("waiting", "unknown") else message

    found: dict[str, Any] = until(read, f"an outcome of {key}", within)
    return found


def head(sender: str, **more: str) -> str:
    headers = {"From": sender, "To": "lapor", "Subject": "Jalan rusak", "Message-ID": make_msgid(), **more}
    headers.setdefault("Date", time.strftime("%a, %d %b %Y %H:%M:%S +0000", time.gmtime()))
    return "".join(f"{name}: {value}\r\n" for name, value in headers.items() if value)


@pytest.fixture(autouse=True)
def others_are_served(system: System) -> Iterator[None]:
    """After whatever a test did, an ordinary mail is acknowledged at once."""
    yield
    sender = system.someone("biasa")
    system.write(sender, "Lampu mati", TEXT)
    assert system.mail_to(sender)


def case_of(system: System, message: dict[str, Any]) -> dict[str, Any]:
    assert message["outcome"] == "filed", message
    return system.case(message["case"])


# -- mails that lack something


@pytest.mark.parametrize("lacking", ["Date", "Message-ID", "Subject", "To"])
def test_a_mail_without_a_header_is_a_case_and_acknowledged(system: System, lacking: str) -> None:
    sender = system.someone()
    raw = (head(sender, **{lacking: ""}) + "\r\n" + TEXT).encode()
    case = case_of(system, outcome(system, hand_in(system, raw, sender)))
    assert case["messages"][0]["text"].strip() == TEXT.strip()
    assert system.mail_to(sender)


def test_a_mail_without_from_is_answered_at_its_envelope(system: System) -> None:
    sender = system.someone()
    case = case_of(system, outcome(system, hand_in(system, (head("") + "\r\n" + TEXT).encode(), sender)))
    assert "no_sender" in case["messages"][0]["marks"]
    assert system.mail_to(sender)


def test_a_mail_from_nobody_at_all_is_filed_and_nobody_is_answered(system: System) -> None:
    message = outcome(system, hand_in(system, b"Subject: tanpa nama\r\n\r\nJalan rusak.\r\n"))
    assert case_of(system, message)["deliveries"] == []


@pytest.mark.parametrize("raw", [b"\r\n\r\n", b"\0\0\0\r\n", b" \r\n"])
def test_a_mail_of_nothing_is_parked_or_filed_as_it_is(system: System, raw: bytes) -> None:
    assert outcome(system, hand_in(system, raw))["outcome"] in ("parked", "filed")


# -- mails that are built wrongly

BROKEN = {
    "never closed": b"Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\nJalan rusak.\r\n",
    "no boundary": b"Content-Type: multipart/mixed\r\n\r\nJalan rusak.\r\n",
    "boundary never there": b"Content-Type: multipart/alternative; boundary=x\r\n\r\nJalan rusak.\r\n",
    "fifty containers deep": b"".join(
        b"Content-Type: multipart/mixed; boundary=b%d\r\n\r\n--b%d\r\n" % (n, n) for n in range(50)
    )
    + b"\r\nJalan rusak.\r\n",
    "broken base64": b"Content-Transfer-Encoding: base64\r\n\r\nSmFsYW4gcnVzYWsu!!!\r\n",
    "unknown encoding": b"Content-Transfer-Encoding: x-rahasia\r\n\r\nJalan rusak.\r\n",
    "unknown charset": b"Content-Type: text/plain; charset=x-jawa-kuno\r\n\r\nJalan rusak \xe9\xff.\r\n",
    "a charset that lies": b"Content-Type: text/plain; charset=utf-16\r\n\r\nJalan rusak.\r\n",
    "half a character": b"Content-Type: text/plain; charset=utf-7\r\n\r\nJalan rusak. +2AA-\r\n",
    "NUL bytes": b"\r\nJalan\0 rusak\0\0.\r\n",
    "bare line feeds and no end": b"\nJalan rusak.",
}


@pytest.mark.parametrize("name", BROKEN)
def test_a_mail_that_is_built_wrongly_is_a_case_and_acknowledged(system: System, name: str) -> None:
    sender = system.someone()
    raw = head(sender).encode() + BROKEN[name]
    message = outcome(system, hand_in(system, raw, sender))
    assert message["reason"] == "new_case"
    shown = case_of(system, message)["messages"][0]
    assert "alan" in shown["text"] or shown["attachments"]
    assert system.mail_to(sender)


def test_addresses_with_line_breaks_and_control_characters_add_nothing_to_our_answer(system: System) -> None:
    sender = system.someone()
    author = f'"Siti\r\n Bcc: x@lain.example" <{sender}\r\n >'
    raw = (
        head(author, Subject="Jalan\r\n Bcc: y@lain.example =?utf-8?q?=0D=0ABcc:_z@lain.example?=") + "\r\n" + TEXT
    ).encode()
    assert outcome(system, hand_in(system, raw, sender))["reason"] == "new_case"
    answer = system.mail_to(sender)
    assert answer["to"] == [sender]
    assert "Bcc" not in answer["headers"]
    assert not system.mails_to("lain.example")


def test_ten_recipients_of_ours_make_one_case(system: System) -> None:
    sender, domain = system.someone(), system.ready["mail_domain"]
    recipients = (system.ready["intake_address"], *(f"loket{number}@{domain}" for number in range(9)))
    raw = (head(sender, To=", ".join(recipients)) + "\r\n" + TEXT).encode()
    assert outcome(system, hand_in(system, raw, sender, recipients))["reason"] == "new_case"
    # The same mail again, as a sender's server brings it that splits it by recipient.
    again = outcome(system, hand_in(system, raw, sender, recipients[3:4]))
    assert again["outcome"] == "duplicate"
    assert len(system.as_officer("coordinator", "GET", f"/v1/cases?q={sender}").body["cases"]) == 1
    assert len(system.mails_to(sender)) == 1


# -- mails that are too much


def test_a_mail_just_under_the_limit_is_a_case_with_its_file(system: System) -> None:
    sender = system.someone()
    lead = head(sender) + "Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\n" + TEXT
    lead += "--b\r\nContent-Type: video/mp4\r\nContent-Transfer-Encoding: base64\r\n\r\n"
    content = b"\0\0\0\x18ftypmp42" + bytes((LARGEST - len(lead) - 4_000) * 3 // 4 * 76 // 78)
    raw = lead.encode() + base64.encodebytes(content).replace(b"\n", b"\r\n") + b"--b--\r\n"
    assert LARGEST - 2_000_000 < len(raw) < LARGEST
    case = case_of(system, outcome(system, hand_in(system, raw, sender), within=120))
    (file,) = case["messages"][0]["attachments"]
    assert (file["type"], file["size"]) == ("video/mp4", len(content))
    assert system.mail_to(sender)


def test_a_mail_over_the_limit_is_refused_at_the_door(system: System) -> None:
    raw = (head(system.someone()) + "\r\n").encode() + b"x" * LARGEST
    smtp = system.ready["smtp"]
    with smtplib.SMTP(smtp["host"], smtp["port"], local_hostname="mail.warga.example", timeout=120) as connection:
        connection.ehlo()
        assert connection.docmd("MAIL", f"FROM:<{system.someone()}> SIZE={len(raw)}")[0] == 552


def test_two_thousand_parts_are_a_case_that_says_what_was_left_out(system: System) -> None:
    sender = system.someone()
    part = b"--b\r\nContent-Type: application/pdf\r\n\r\n%%PDF-%d\r\n"
    raw = (head(sender) + "Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\n" + TEXT).encode()
    raw += b"".join(part % number for number in range(2_000)) + b"--b--\r\n"
    shown = case_of(system, outcome(system, hand_in(system, raw, sender)))["messages"][0]
    assert {"too_many_parts", "too_many_files"} <= set(shown["marks"])
    assert 0 < len(shown["attachments"]) <= 50
    assert "lampiran" in system.mail_to(sender)["text"]


def zip_bomb() -> bytes:
    inner = io.BytesIO()
    with zipfile.ZipFile(inner, "w", zipfile.ZIP_DEFLATED) as archive:
        for number in range(20):
            archive.writestr(f"{number}.txt", bytes(10_000_000))
    return inner.getvalue()


@pytest.mark.parametrize("kind", ["zip", "gzip"])
def test_a_bomb_is_kept_as_it_came_and_never_opened(system: System, kind: str) -> None:
    sender = system.someone()
    content = zip_bomb() if kind == "zip" else gzip.compress(bytes(200_000_000))
    raw = head(sender).encode() + b"Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\n" + TEXT.encode()
    raw += b"--b\r\nContent-Type: application/zip; name=laporan.zip\r\nContent-Transfer-Encoding: base64\r\n\r\n"
    raw += base64.encodebytes(content).replace(b"\n", b"\r\n") + b"--b--\r\n"
    (file,) = case_of(system, outcome(system, hand_in(system, raw, sender)))["messages"][0]["attachments"]
    assert (file["type"], file["size"]) == (f"application/{kind}", len(content))


def test_a_text_that_no_table_row_holds_is_shown_as_it_was_written(system: System) -> None:
    sender, lines = system.someone(), 9_000
    raw = (head(sender) + "\r\n" + "".join(f"{n} Jalan di RT 3 rusak, sudah lama.\r\n" for n in range(lines))).encode()
    message = outcome(system, hand_in(system, raw, sender))
    text = case_of(system, message)["messages"][0]["text"]
    assert text.startswith("0 Jalan") and f"\n{lines - 1} Jalan" in text
    assert system.mail_to(sender)


# -- mails that shall not be answered


@pytest.mark.parametrize(("line", "reason"), [(GTUBE, "spam"), (EICAR, "virus")])
def test_what_a_scanner_refuses_is_parked_and_not_answered(system: System, line: bytes, reason: str) -> None:
    sender = system.someone()
    message = outcome(system, hand_in(system, head(sender).encode() + b"\r\n" + line + b"\r\n", sender))
    assert (message["outcome"], message["reason"], message["case"]) == ("parked", reason, None)
    assert system.mails_to(sender) == []


def test_a_forged_sender_is_filed_marked_and_not_answered(system: System) -> None:
    sender = system.someone(domain="bank.spoofed.example")
    message = outcome(system, hand_in(system, (head(sender) + "\r\n" + TEXT).encode(), sender))
    assert case_of(system, message)["messages"][0]["authenticity"] == "forged"
    assert case_of(system, message)["deliveries"] == []


def test_our_own_address_as_sender_is_refused(system: System) -> None:
    own = system.ready["intake_address"]
    message = outcome(system, hand_in(system, (head(own) + "\r\n" + TEXT).encode(), own))
    assert (message["outcome"], message["reason"]) == ("refused", "own")


def test_a_token_of_another_case_adds_there_as_a_stranger_and_a_forged_one_opens_a_case(system: System) -> None:
    first, stranger = system.someone(), system.someone("orang-lain")
    system.write(first, "Jalan rusak", TEXT)
    acknowledgement = system.mail_to(first)
    address, number = acknowledgement["headers"]["Reply-To"], system.case_of(acknowledgement)

    added = outcome(system, hand_in(system, (head(stranger) + "\r\nSaya juga.\r\n").encode(), stranger, (address,)))
    assert (added["reason"], added["case"]) == ("reply", number)
    assert "other_sender" in system.case(number)["messages"][-1]["marks"]
    assert system.mails_to(stranger) == []

    local, _, domain = address.partition("@")
    forged = f"{local[:-1]}{'a' if local[-1] != 'a' else 'b'}@{domain}"
    opened = outcome(system, hand_in(system, (head(stranger) + "\r\nHalo.\r\n").encode(), stranger, (forged,)))
    assert (opened["reason"], opened["case"] != number) == ("new_case", True)


# -- notices and objects


def tell(system: System, body: str) -> None:
    outputs = system.ready["outputs"]
    client("sqs", system.ready["aws_endpoint"]).send_message(QueueUrl=outputs["ArrivalsQueueUrl"], MessageBody=body)


def store(system: System, key: str, raw: bytes) -> str:
    outputs = system.ready["outputs"]
    client("s3", system.ready["aws_endpoint"]).put_object(Bucket=outputs["ArrivalsBucket"], Key=key, Body=raw)
    return key


@pytest.mark.parametrize("body", ["sampah", "{}", "[" * 100_000, '{"tanggap": "again", "key": ""}'])
def test_a_queue_message_that_is_no_notice_is_stored_and_parked(system: System, body: str) -> None:
    import hashlib

    tell(system, body)
    message = outcome(system, f"events/unreadable/{hashlib.sha256(body.encode()).hexdigest()}")
    assert (message["outcome"], message["reason"]) == ("parked", "unreadable")


def test_the_mail_services_set_up_is_refused_by_name(system: System) -> None:
    key = store(system, "mail/AMAZON_SES_SETUP_NOTIFICATION", b"From: x\r\n\r\nAmazon SES may write here.")
    tell(system, json.dumps({"tanggap": "again", "key": key}))
    message = outcome(system, key)
    assert (message["outcome"], message["reason"]) == ("refused", "setup")


@pytest.fixture
def hasty_queue(system: System) -> Iterator[None]:
    """Brings a message again after two seconds instead of three minutes."""
    sqs, url = client("sqs", system.ready["aws_endpoint"]), system.ready["outputs"]["ArrivalsQueueUrl"]
    before = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["VisibilityTimeout"])["Attributes"]
    sqs.set_queue_attributes(QueueUrl=url, Attributes={"VisibilityTimeout": "2"})
    yield
    sqs.set_queue_attributes(QueueUrl=url, Attributes=before)


@pytest.mark.usefixtures("hasty_queue")
def test_a_notice_without_its_object_is_parked_as_not_found(system: System) -> None:
    key = f"mail/hilang{int(time.time())}"
    tell(system, json.dumps({"tanggap": "again", "key": key}))
    sender = system.someone()
    system.write(sender, "Sementara itu", TEXT)  # others do not wait for it
    assert system.mail_to(sender)
    message = outcome(system, key)
    assert (message["outcome"], message["reason"]) == ("parked", "not_found")


def test_an_object_without_a_notice_waits_visibly_and_is_read_once_it_is_announced(system: System) -> None:
    sender = system.someone()
    key = store(system, f"mail/diam{int(time.time())}", (head(sender) + "\r\n" + TEXT).encode())
    message = arrival(system, key)
    assert (message["outcome"], message["reason"]) == ("waiting", "unread")
    name = base64.urlsafe_b64encode(key.encode()).decode().rstrip("=")
    assert system.as_officer("coordinator", "POST", f"/v1/arrivals/{name}/replay").status in (200, 202)
    assert outcome(system, key)["outcome"] == "filed"
    assert system.mail_to(sender)


def invoke(system: System, function: str, payload: Any) -> tuple[Any, str]:
    answer = client("lambda", system.ready["aws_endpoint"]).invoke(
        FunctionName=system.ready["outputs"][function], Payload=json.dumps(payload).encode()
    )
    return json.loads(answer["Payload"].read() or b"null"), answer.get("FunctionError", "")


def test_of_a_batch_the_poison_alone_goes_back(system: System) -> None:
    sender = system.someone()
    good = store(system, f"mail/baik{int(time.time())}", (head(sender) + "\r\n" + TEXT).encode())
    attributes = {"SentTimestamp": str(int(time.time() * 1000)), "ApproximateReceiveCount": "1"}
    records = [
        {
            "messageId": "m1",
            "body": json.dumps({"tanggap": "again", "key": "mail/tidak-ada"}),
            "attributes": attributes,
        },
        {"messageId": "m2", "body": json.dumps({"tanggap": "again", "key": good}), "attributes": attributes},
        {"messageId": "m3", "body": None, "attributes": {}},
    ]
    answer, error = invoke(system, "IntakeFunction", {"Records": records})
    assert not error
    assert [one["itemIdentifier"] for one in answer["batchItemFailures"]] == ["m1", "m3"]
    assert outcome(system, good)["outcome"] == "filed"


@pytest.mark.parametrize(
    "record",
    [
        {},
        {"dynamodb": {}},
        {"dynamodb": {"Keys": {"sk": {"S": "OUT#x"}}, "NewImage": {"sk": {"S": "OUT#x"}, "wake": {"S": "x"}}}},
        {"dynamodb": {"NewImage": {"sk": {"S": "OUT#x"}, "wake": {"S": "x"}, "data": {"S": "no json"}}}},
        {"dynamodb": {"NewImage": {"sk": {"S": "OUT#x"}, "wake": {"S": "x"}, "data": {"M": {}}}}},
    ],
)
def test_a_stream_record_that_cannot_be_read_fails_no_batch(system: System, record: dict[str, Any]) -> None:
    answer, error = invoke(system, "DeliverFunction", {"Records": [record, record]})
    assert (answer, error) == (None, "")


# -- time


NO_TIMES = ["", "besok", 7, "2026-11-23T03:00:00", "9999-12-31T23:59:59-12:00", "0001-01-01T00:00:00+14:00"]


@pytest.mark.parametrize("event", [{}, *({"time": time} for time in NO_TIMES)])
def test_a_time_that_is_none_moves_nothing_and_says_so(system: System, event: dict[str, Any]) -> None:
    answer, error = invoke(system, "EscalateFunction", event)
    assert (answer, error) == ({"refused": "time"}, "")


def test_a_time_in_the_past_does_nothing(system: System) -> None:
    sender = system.someone()
    system.write(sender, "Jalan rusak", TEXT)
    number = system.case_of(system.mail_to(sender))
    before = system.case(number)
    swept = system.sweep("2001-01-01T00:00:00Z")
    assert (swept["cases"], swept["woken"]) == (0, 0)
    after = system.case(number)
    assert (after["clocks"], after["history"]) == (before["clocks"], before["history"])


# -- officers' doors


def tokens(system: System) -> dict[str, str]:
    officer = system.officer("coordinator")
    answer = client("cognito-idp", system.ready["aws_endpoint"]).initiate_auth(
        ClientId=system.ready["outputs"]["UserPoolClientId"],
        AuthFlow="USER_PASSWORD_AUTH",
        AuthParameters={"USERNAME": officer["email"], "PASSWORD": officer["password"]},
    )["AuthenticationResult"]
    header, body, signature = answer["IdToken"].split(".")
    claims = json.loads(base64.urlsafe_b64decode(body + "=="))

    def forged(**more: Any) -> str:
        changed = base64.urlsafe_b64encode(json.dumps({**claims, **more}).encode()).decode().rstrip("=")
        return f"{header}.{changed}.{signature}"

    none = base64.urlsafe_b64encode(b'{"alg":"none"}').decode().rstrip("=")
    return {
        "good": answer["IdToken"],
        "access": answer["AccessToken"],
        "refresh": answer.get("RefreshToken", "x"),
        "expired": forged(exp=int(time.time()) - 10),
        "of another role": forged(**{"cognito:groups": ["custodian"]}),
        "of another pool": forged(iss="https://cognito-idp.ap-southeast-1.amazonaws.com/ap-southeast-1_lain"),
        "unsigned": f"{none}.{body}.",
        "cut": answer["IdToken"][:-9],
        "nonsense": "x.y.z",
        "empty": "",
    }


def test_only_a_true_id_token_opens_the_desk(system: System) -> None:
    found = {
        name: system.call("GET", "/v1/cases", headers={"Authorization": token}).status
        for name, token in tokens(system).items()
    }
    assert found.pop("good") == 200
    assert set(found.values()) <= {401, 403}, found


def test_a_policy_with_faults_is_refused_with_every_place_and_changes_nothing(system: System) -> None:
    before = system.as_officer("coordinator", "GET", "/v1/policy").body
    faults = {**before, "utc_offset": "+03:00", "coordinator": ["bukan alamat"], "units": [{"id": "A B"}], "agency": ""}
    refused = system.as_officer("coordinator", "PUT", "/v1/policy", faults)
    assert refused.status == 422
    places = {fault["place"] for fault in refused.body["error"]["faults"]}
    assert any(place.startswith("units") for place in places)
    assert any(place.startswith("coordinator") for place in places)
    assert {"utc_offset", "agency"} <= places
    for nonsense in ([], "x", None, {}, {"version": "x"}):
        assert system.as_officer("coordinator", "PUT", "/v1/policy", nonsense).status in (400, 422)
    assert system.as_officer("coordinator", "GET", "/v1/policy").body == before


# -- and in the end


def test_no_log_line_of_all_this_holds_a_persons_words_and_no_function_died(system: System) -> None:
    lines = system.log_lines()
    planted = ("warga.example", "balai desa", "RT 3", "Bcc", "mail.warga", "orang-lain", "spoofed.example")
    assert [line[:200] for line in lines if any(word in line for word in planted)] == []
    assert [line[:300] for line in lines if "Traceback" in line or "Task timed out" in line] == []


def test_the_ledger_adds_up_after_all_this(system: System) -> None:
    report, _ = invoke(system, "LedgerFunction", {})
    assert (report["overdue"], report["balanced"]) == (0, True)
    # What waits is at most a report about a letter whose answer was lost: it comes again when that letter is settled.
    waiting = system.as_officer("auditor", "GET", "/v1/arrivals?outcome=waiting").body["arrivals"]
    keys = [base64.urlsafe_b64decode(row["id"] + "==").decode() for row in waiting]
    assert [key for key in keys if not key.startswith("events/")] == []
