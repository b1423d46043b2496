"""Before a deployment: is the mail domain one that may be taken? Asked of a name server on this machine."""

from __future__ import annotations

import socket
import struct
import threading
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from infra.build.template import read
from infra.deploy import checks
from infra.deploy.questions import ASKED, NO_DEFAULT, ask_all, questions

dns = checks.mail_domain
REGION = "ap-southeast-1"
Reply = Callable[[bytes], bytes]


@pytest.fixture
def name_server() -> Iterator[Callable[[Reply], tuple[str, int]]]:
    """Starts a name server that answers each question by a function of it."""
    sockets: list[socket.socket] = []

    def start(reply: Reply) -> tuple[str, int]:
        udp = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        udp.bind(("127.0.0.1", 0))
        sockets.append(udp)

        def serve() -> None:
            while True:
                try:
                    question, asker = udp.recvfrom(512)
                    udp.sendto(reply(question), asker)
                except OSError:
                    return

        threading.Thread(target=serve, daemon=True).start()
        return udp.getsockname()

    yield start
    for one in sockets:
        one.close()


def named(host: str) -> bytes:
    return b"".join(bytes([len(part)]) + part.encode() for part in host.split(".") if part) + b"\0"


def answer(*records: tuple[int, bytes], code: int = 0, flags: int = 0) -> Reply:
    """Records as (type, data), each for the name that was asked: a pointer to the question."""

    def reply(question: bytes) -> bytes:
        head = question[:2] + struct.pack("!HHHHH", 0x8180 | code | flags, 1, len(records), 0, 0)
        body = b"".join(b"\xc0\x0c" + struct.pack("!HHIH", kind, 1, 60, len(data)) + data for kind, data in records)
        return head + question[12:] + body

    return reply


def mx(preference: int, host: str) -> tuple[int, bytes]:
    return 15, struct.pack("!H", preference) + named(host)


def test_mail_servers_are_read_in_order_of_preference(name_server: Any) -> None:
    server = name_server(answer(mx(20, "b.mail.example"), mx(5, "A.mail.example"), (5, named("x.example"))))
    assert dns.mail_servers("lapor.desa.id", [server]) == ("a.mail.example", "b.mail.example")


def test_a_host_that_points_back_into_the_question_is_read(name_server: Any) -> None:
    """Real servers compress: `mail` and then a pointer to the name that was asked."""
    server = name_server(answer((15, struct.pack("!H", 10) + b"\x04mail\xc0\x0c")))
    assert dns.mail_servers("lapor.desa.id", [server]) == ("mail.lapor.desa.id",)


@pytest.mark.parametrize("reply", [answer(), answer(code=3)], ids=["no record", "no such name"])
def test_a_name_without_mail_has_no_servers(name_server: Any, reply: Reply) -> None:
    assert dns.mail_servers("lapor.desa.id", [name_server(reply)]) == ()


@pytest.mark.parametrize(
    "reply",
    [
        answer(code=2),
        lambda question: b"",
        lambda question: b"\0\0" + answer(mx(1, "a.example"))(question)[2:],
        lambda question: answer(mx(1, "a.example"))(question)[:-4],
        answer((15, b"\0\1\xc0\x2d")),
    ],
    ids=["server failed", "nothing", "another question's answer", "cut off", "a name that points at itself"],
)
def test_an_answer_that_cannot_be_read_is_no_answer(name_server: Any, reply: Reply) -> None:
    with pytest.raises(dns.NoAnswer):
        dns.mail_servers("lapor.desa.id", [name_server(reply)])


def test_the_second_name_server_is_asked_when_the_first_fails(name_server: Any) -> None:
    servers = [name_server(answer(code=2)), name_server(answer(mx(1, "mail.example")))]
    assert dns.mail_servers("lapor.desa.id", servers) == ("mail.example",)


def test_an_answer_too_long_for_a_datagram_is_fetched_by_tcp(name_server: Any) -> None:
    datagrams = name_server(answer(flags=0x0200))
    with socket.create_server(datagrams) as tcp:

        def serve() -> None:
            connection, _ = tcp.accept()
            with connection:
                question = connection.recv(514)[2:]
                whole = answer(mx(1, "mail.example"))(question)
                connection.sendall(struct.pack("!H", len(whole)) + whole)

        threading.Thread(target=serve, daemon=True).start()
        assert dns.mail_servers("lapor.desa.id", [datagrams]) == ("mail.example",)


@pytest.mark.parametrize(
    ("domain", "expected"),
    [
        ("kantor.go.id", False),
        ("lapor.kantor.go.id", True),
        ("desa-contoh.desa.id", False),
        ("lapor.desa-contoh.desa.id", True),
        ("kantor.id", False),
        ("lapor.kantor.id", True),
        ("agency.gov.my", False),
        ("report.agency.gov.my", True),
        ("agency.org", False),
        ("report.agency.org", True),
    ],
)
def test_a_subdomain_has_a_label_more_than_an_organisations_own_domain(domain: str, expected: bool) -> None:
    assert dns.is_subdomain(domain) is expected


def stops(findings: list[checks.Finding]) -> bool:
    return any(finding.stops for finding in findings)


def test_an_agencys_own_domain_is_refused_before_anybody_is_asked() -> None:
    def never(domain: str) -> tuple[str, ...]:
        raise AssertionError("asked")

    assert stops(checks.domain("kantor.go.id", REGION, never))
    assert stops(checks.domain("desa-contoh.example", REGION, never))


def test_a_subdomain_whose_mail_goes_elsewhere_is_refused_with_the_servers_name() -> None:
    findings = checks.domain("lapor.kantor.go.id", REGION, lambda domain: ("mail.kantor.go.id",))
    assert stops(findings)
    assert "mail.kantor.go.id" in findings[0].text


@pytest.mark.parametrize("servers", [(), (f"inbound-smtp.{REGION}.amazonaws.com",)])
def test_a_subdomain_without_mail_or_with_ours_is_taken(servers: tuple[str, ...]) -> None:
    assert checks.domain("lapor.kantor.go.id", REGION, lambda domain: servers) == []


def test_mail_that_goes_to_ses_in_another_region_goes_elsewhere() -> None:
    assert stops(checks.domain("lapor.kantor.go.id", REGION, lambda domain: ("inbound-smtp.us-east-1.amazonaws.com",)))


def test_silent_name_servers_are_told_of_and_do_not_stop() -> None:
    def silent(domain: str) -> tuple[str, ...]:
        raise dns.NoAnswer

    findings = checks.domain("lapor.kantor.go.id", REGION, silent)
    assert len(findings) == 1
    assert not stops(findings)


def test_a_region_where_ses_is_deaf_is_refused() -> None:
    assert checks.region(REGION) == []
    assert stops(checks.region("ap-east-1"))


class Account:
    """The two calls of SES that the checks make."""

    def __init__(self, active: str = "", production: bool = True) -> None:
        self.active, self.production = active, production

    def describe_active_receipt_rule_set(self) -> dict[str, Any]:
        return {"Metadata": {"Name": self.active}} if self.active else {}

    def get_account(self) -> dict[str, Any]:
        return {"ProductionAccessEnabled": self.production}


@pytest.mark.parametrize(
    ("active", "ours", "displace", "expected"),
    [
        ("", None, False, False),
        ("theirs", None, False, True),
        ("ours", "ours", False, False),
        ("theirs", None, True, False),
    ],
)
def test_another_active_rule_set_stops_unless_displaced(
    active: str, ours: str | None, displace: bool, expected: bool
) -> None:
    assert stops(checks.rule_set(Account(active), ours, displace)) is expected


def test_what_is_to_be_typed_about_it_keeps_what_was_typed() -> None:
    """Without the stack's name that was given, it would be another desk."""
    (found,) = checks.rule_set(Account("theirs"), None, False)
    assert "make deploy with the same ARGS, and DisplaceActiveRuleSet=yes" in found.text


def test_the_sandbox_is_told_of_and_does_not_stop() -> None:
    assert checks.sandbox(Account()) == []
    findings = checks.sandbox(Account(production=False))
    assert len(findings) == 1
    assert not stops(findings)


def test_questions_come_from_the_template_and_ask_until_the_answer_is_good() -> None:
    asked = questions(read(), {"AgencyName": "Desa Contoh"})
    assert [one.name for one in asked if one.name in ASKED] and set(ASKED) == {one.name for one in asked}
    replies = iter(
        [
            *("", "id", "lapor.kantor.go.id", "", "+06:00", "+08:00"),
            *("koordinator", "koordinator@kantor.go.id", "operator@kantor.go.id", "", "ya", "yes", ""),
            *("", "25 USD", "40"),
        ]
    )
    said: list[str] = []
    answers = ask_all(asked, lambda prompt: next(replies), said.append)
    assert answers == {
        "AgencyName": "Desa Contoh",
        "MailDomain": "lapor.kantor.go.id",
        "IntakeLocalPart": "lapor",
        "UtcOffset": "+08:00",
        "CoordinatorAddress": "koordinator@kantor.go.id",
        "OperatorsAddress": "operator@kantor.go.id",
        "HostedZoneId": "",
        "Platforms": "yes",
        "Open311": "closed",
        "RunsAtOnce": "10",
        "MonthlyBudget": "40",
    }
    assert len(said) == 5


def test_defaults_of_the_local_run_are_not_offered() -> None:
    for question in questions(read(), {}):
        if question.name in NO_DEFAULT:
            assert question.default == ""
            assert question.fault("") is not None
