"""What SES's refusals mean for a letter: it waits, is tried again, is repeated once, or has failed. One table, told row
by row, and the failures of the way there on real sockets."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

import boto3
import pytest
from botocore.config import Config
from botocore.exceptions import NoCredentialsError, ParamValidationError, SSLError
from botocore.stub import ANY, Stubber

from tanggap.adapters.ses import REFUSALS, SesPost
from tanggap.application.deliver import HANDLING
from tanggap.application.failures import AnswerLost, Broken, SendError, Undeliverable, Wait
from tanggap.application.ports import Envelope
from tanggap.domain.errors import Invalid, Retry
from tanggap.domain.inbound import File
from tests.support.world import INTAKE

ENVELOPE = Envelope(
    to_address="siti@warga.example",
    to_name="Siti Aminah",
    subject="[TGP-ABCDEFGHJ] Laporan Anda telah kami terima",
    text="Terima kasih.\n",
    delivery="01jd0000000000000000000000",
    case="TGP-ABCDEFGHJ",
    automatic=True,
    is_answer=True,
    in_reply_to="m1@warga.example",
    references=("m1@warga.example",),
)


def ses(endpoint: str = "http://127.0.0.1:9", read_timeout: float = 1.0) -> Any:
    """As composition makes it: asked once."""
    config = Config(connect_timeout=1, read_timeout=read_timeout, retries={"total_max_attempts": 1})
    return boto3.client(
        "sesv2",
        region_name="ap-southeast-1",
        endpoint_url=endpoint,
        aws_access_key_id="testing",
        aws_secret_access_key="testing",
        config=config,
    )


def post(client: Any, agency: str = "Pemerintah Desa Contoh") -> SesPost:
    return SesPost(lambda: client, lambda: agency, INTAKE, "tanggap", lambda number: "token", lambda *_: "officetoken")


def meaning(code: str, message: str = "no", status: int = 400) -> tuple[type[Exception], str]:
    """What sending raises when SES answers so."""
    client = ses()
    with Stubber(client) as stub:
        stub.add_client_error("send_email", code, message, status)
        with pytest.raises(SendError) as raised:
            post(client).send(ENVELOPE)
    assert raised.value.reason.isidentifier(), "an officer's word, without anything of the message"
    return type(raised.value), raised.value.reason


# -- what SES says


@pytest.mark.parametrize("code", REFUSALS)
def test_every_refusal_of_the_table_is_raised_as_it_says(code: str) -> None:
    assert meaning(code) == REFUSALS[code]


def test_every_class_that_a_send_may_raise_has_its_handling() -> None:
    assert {kind for kind, _ in REFUSALS.values()} | {AnswerLost, Invalid, Retry} <= set(HANDLING)


@pytest.mark.parametrize(
    "message",
    [
        "Email address is not verified. The following identities failed the check in region AP-SOUTHEAST-1: "
        "siti@warga.example",
        "Email address is not verified.",
    ],
)
def test_a_sandbox_that_knows_not_the_recipient_waits(message: str) -> None:
    assert meaning("MessageRejected", message) == (Wait, "not_verified")


def test_a_message_that_is_rejected_for_what_it_is_has_failed() -> None:
    assert meaning("MessageRejected", "Address blacklisted.") == (Undeliverable, "rejected")


@pytest.mark.parametrize(
    ("code", "status", "told"),
    [
        ("ExpiredTokenException", 403, (Wait, "access_denied")),
        ("InvalidSignatureException", 403, (Wait, "access_denied")),
        ("UnrecognizedClientException", 401, (Wait, "access_denied")),
        ("RequestTimeout", 408, (Broken, "unavailable")),
        ("SomethingNewAboutRates", 429, (Wait, "throttled")),
        ("SomethingNewOfOurs", 400, (Undeliverable, "refused")),
        ("SomethingNewOfTheirs", 500, (Broken, "unavailable")),
        ("", 503, (Broken, "unavailable")),
    ],
)
def test_a_code_that_nobody_knows_is_read_by_its_status_and_never_fails_a_letter_for_our_own_trouble(
    code: str, status: int, told: tuple[type[SendError], str]
) -> None:
    assert meaning(code, status=status) == told


# -- what happens on the way


@contextmanager
def server(answers: bytes | None) -> Iterator[str]:
    """Takes one request and answers with these bytes, closes without a word (empty), or never answers (None)."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        done = threading.Event()

        def serve() -> None:
            connection, _ = listening.accept()
            with connection:
                connection.recv(65_536)
                if answers is None:
                    done.wait(5)
                else:
                    connection.sendall(answers)

        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        try:
            yield f"http://127.0.0.1:{listening.getsockname()[1]}"
        finally:
            done.set()
            thread.join(5)


@pytest.mark.parametrize("answers", [None, b""])
def test_an_answer_that_never_comes_may_have_been_a_sent_mail(answers: bytes | None) -> None:
    with server(answers) as endpoint, pytest.raises(AnswerLost):
        post(ses(endpoint, read_timeout=0.3)).send(ENVELOPE)


def test_a_service_that_is_not_reached_has_surely_not_sent() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        closed = f"http://127.0.0.1:{listening.getsockname()[1]}"
    with pytest.raises(Wait) as raised:
        post(ses(closed)).send(ENVELOPE)
    assert raised.value.reason == "unreachable"


class Failing:
    def __init__(self, error: Exception) -> None:
        self.error = error

    def send_email(self, **request: Any) -> Any:
        raise self.error


@pytest.mark.parametrize(
    ("error", "kind"),
    [
        (NoCredentialsError(), Wait),
        (ParamValidationError(report="x"), Undeliverable),
        (SSLError(endpoint_url="https://x", error="x"), AnswerLost),
    ],
)
def test_what_never_left_this_machine_is_no_lost_answer(error: Exception, kind: type[SendError]) -> None:
    with pytest.raises(kind):
        post(Failing(error)).send(ENVELOPE)


# -- what is asked of SES


class Noting:
    def __init__(self) -> None:
        self.request: dict[str, Any] = {}

    def send_email(self, **request: Any) -> dict[str, str]:
        self.request = request
        return {"MessageId": "ses-1"}


def sent(envelope: Envelope, agency: str = "Pemerintah Desa Contoh") -> dict[str, Any]:
    client = Noting()
    assert post(client, agency).send(envelope) == "ses-1"
    return client.request


def test_the_request_fits_what_ses_takes() -> None:
    client = ses()
    with Stubber(client) as stub:
        expected = {
            "FromEmailAddress": INTAKE,
            "Destination": {"ToAddresses": ["siti@warga.example"]},
            "Content": {"Raw": {"Data": ANY}},
            "ConfigurationSetName": "tanggap",
            "EmailTags": [
                {"Name": "case", "Value": "TGP-ABCDEFGHJ"},
                {"Name": "delivery", "Value": "01jd0000000000000000000000"},
            ],
        }
        stub.add_response("send_email", {"MessageId": "ses-1"}, expected)
        assert post(client).send(ENVELOPE) == "ses-1"
    allowed = set("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-")
    for tag in expected["EmailTags"]:
        assert set(tag["Value"]) <= allowed and len(tag["Value"]) <= 256


def test_a_letter_of_no_case_is_answered_to_a_person_and_known_by_its_id() -> None:
    letter = replace(ENVELOPE, case="OFFICE-0123456789abcdef", reply_to="koordinator@kantor.example", in_reply_to="")
    request = sent(replace(letter, references=()))
    raw = request["Content"]["Raw"]["Data"].decode()
    assert "Reply-To: koordinator@kantor.example\r\n" in raw
    assert f"{ENVELOPE.delivery}.office@{INTAKE.partition('@')[2]}" in raw
    assert {one["Name"]: one["Value"] for one in request["EmailTags"]}["case"] == "OFFICE-0123456789abcdef"


def test_a_domain_of_another_script_is_asked_for_as_the_header_says_it() -> None:
    request = sent(replace(ENVELOPE, to_address="siti@désa.example"))
    assert request["Destination"] == {"ToAddresses": ["siti@xn--dsa-bma.example"]}
    assert b"<siti@xn--dsa-bma.example>" in request["Content"]["Raw"]["Data"]


@pytest.mark.parametrize("agency", ['Dinas "PU" <a@b>\r\nBcc: x@y.example', "Kantor " + "ü" * 400, "名前" * 50])
def test_an_agencys_name_is_one_short_header_whatever_stands_in_it(agency: str) -> None:
    raw = sent(ENVELOPE, agency)["Content"]["Raw"]["Data"]
    head = raw.partition(b"\r\n\r\n")[0]
    assert b"\r\nBcc:" not in head
    assert head.isascii() and all(len(line) <= 998 for line in head.split(b"\r\n"))
    assert f"<{INTAKE}>".encode() in head


def test_hostile_ids_of_a_citizens_mail_add_no_header() -> None:
    request = sent(replace(ENVELOPE, in_reply_to="x>\r\nBcc: y@z.example", references=("a b", "<", "ok@warga.example")))
    head = request["Content"]["Raw"]["Data"].partition(b"\r\n\r\n")[0]
    assert b"Bcc" not in head and b"<ok@warga.example>" in head


@pytest.mark.parametrize("address", ["", "siti", "siti@", "si ti@warga.example", "ü@warga.example", "a@b\r\nBcc: c@d"])
def test_an_address_that_no_mail_reaches_is_told_before_ses_is_asked(address: str) -> None:
    client = Noting()
    with pytest.raises(Invalid) as raised:
        post(client).send(replace(ENVELOPE, to_address=address))
    assert client.request == {}
    assert not address or address not in str(raised.value)


def test_a_letter_larger_than_ses_takes_has_failed_and_says_so() -> None:
    file = File("besar.bin", "application/octet-stream", 11, "d", b"x" * 1_000_000)
    client = ses()
    with Stubber(client) as stub:
        stub.add_client_error(
            "send_email", "InvalidParameterValue", "Message length is more than 41943040 bytes long", 400
        )
        with pytest.raises(Undeliverable) as raised:
            post(client).send(replace(ENVELOPE, files=(file,)))
    assert raised.value.reason == "bad_request"


def test_no_error_repeats_a_word_of_the_letter_or_its_address() -> None:
    said = []
    for code in REFUSALS:
        client = ses()
        with Stubber(client) as stub:
            stub.add_client_error("send_email", code, "about siti@warga.example", 400)
            with pytest.raises(SendError) as raised:
                post(client).send(ENVELOPE)
        said.append(str(raised.value))
    assert not [text for text in said if "siti" in text.lower()]
