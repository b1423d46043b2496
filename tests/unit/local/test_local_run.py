"""Small decisions of the local run."""

from __future__ import annotations

import socket
from datetime import UTC, datetime
from pathlib import Path

import pytest

from infra.local.http_front import stage_path
from infra.local.observer import line_of, points_of
from infra.local.outbox import Outbox, SentMail
from infra.local.pages import mail_list, one_mail
from infra.local.places import FolderBusy, PortBusy, check_ports_are_free, free_ports, locked, places_from
from infra.local.platforms import webhook_secrets
from infra.local.ses_events import event, outcomes


def test_ports_and_folders_come_from_the_environment() -> None:
    places = places_from({"TANGGAP_SMTP_PORT": "2600", "TANGGAP_STATE": "/srv/tanggap"})
    assert (places.smtp_port, places.http_port, places.aws_port) == (2600, 8080, 4566)
    assert places.outbox == Path("/srv/tanggap/outbox")


@pytest.mark.parametrize("port", ["smtp", "0", "70000", "-1"])
def test_a_port_that_is_none_is_refused_by_name(port: str) -> None:
    with pytest.raises(ValueError, match="TANGGAP_HTTP_PORT"):
        places_from({"TANGGAP_HTTP_PORT": port})


def test_a_busy_port_is_named_with_its_variable() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        busy = taken.getsockname()[1]
        first, second = free_ports(2)
        environment = {"TANGGAP_SMTP_PORT": str(busy), "TANGGAP_HTTP_PORT": str(first), "TANGGAP_AWS_PORT": str(second)}
        with pytest.raises(PortBusy, match=rf"{busy}.*TANGGAP_SMTP_PORT"):
            check_ports_are_free(places_from(environment))


def test_two_equal_ports_are_refused() -> None:
    with pytest.raises(PortBusy, match="differ"):
        check_ports_are_free(places_from({"TANGGAP_SMTP_PORT": "2600", "TANGGAP_HTTP_PORT": "2600"}))


def test_a_folder_is_held_by_one_run_at_a_time(tmp_path: Path) -> None:
    held = locked(tmp_path)
    with pytest.raises(FolderBusy):
        locked(tmp_path)
    held.close()
    locked(tmp_path).close()


def test_the_api_is_found_from_the_stacks_output() -> None:
    url = "https://abc123.execute-api.ap-southeast-1.amazonaws.com/live"
    assert stage_path(url) == "/restapis/abc123/live/_user_request_"


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("bounce@simulator.amazonses.com", ("Bounce",)),
        ("bounce+label@simulator.amazonses.com", ("Bounce",)),
        ("complaint@simulator.amazonses.com", ("Delivery", "Complaint")),
        ("suppressionlist@simulator.amazonses.com", ("Suppressed",)),
        ("success@simulator.amazonses.com", ("Delivery",)),
        ("bounce@warga.example", ("Delivery",)),
    ],
)
def test_the_simulators_mailboxes_do_what_aws_says(address: str, expected: tuple[str, ...]) -> None:
    assert outcomes(address) == expected


def sent(subject: str = "halo", text: str = "isi") -> SentMail:
    return SentMail(
        name="00000000000000000001",
        id="0100-x",
        at=1_790_000_000.5,
        source="Desa <lapor@desa.example>",
        destinations=("ani@warga.example",),
        configuration_set="set",
        tags={"delivery": "d1"},
        raw=f"From: lapor@desa.example\r\nTo: ani@warga.example\r\nSubject: {subject}\r\n\r\n{text}\r\n".encode(),
    )


def test_a_bounce_event_has_the_shape_that_aws_publishes() -> None:
    told = event("Bounce", sent(), "ani@warga.example", datetime(2026, 11, 22, tzinfo=UTC))
    assert told["eventType"] == "Bounce"
    assert told["bounce"]["bounceType"] == "Permanent"
    assert told["bounce"]["bouncedRecipients"][0]["emailAddress"] == "ani@warga.example"
    assert told["mail"]["messageId"] == "0100-x"
    assert told["mail"]["tags"]["delivery"] == ["d1"]
    assert told["mail"]["tags"]["ses:configuration-set"] == ["set"]


def test_pages_escape_what_a_mail_says() -> None:
    mail = sent("<script>alert(1)</script>", "<img src=x onerror=alert(1)>")
    for page in (mail_list([mail], 1, "lapor@desa.example"), one_mail(mail)):
        assert "<script" not in page
        assert "<img" not in page
    assert "&lt;img src=x" in one_mail(mail)


def test_chats_stand_beside_the_mails_and_are_escaped_too() -> None:
    chat = {"channel": "telegram", "how": "message", "to": "<b>7</b>", "at": 1_790_000_000.5, "text": "<script>"}
    page = mail_list([sent()], 1, "lapor@desa.example", [chat])
    assert "On chats" in page and "&lt;script&gt;" in page
    assert "<script" not in page and "<b>7" not in page
    assert "On chats" not in mail_list([sent()], 1, "lapor@desa.example")


def test_secrets_are_made_up_once_and_kept_with_the_state(tmp_path: Path) -> None:
    kept = places_from({"TANGGAP_STATE": str(tmp_path)})
    (tmp_path / "webhooks.json").write_text('{"meta_app_secret": "of an earlier run"}')
    made = webhook_secrets(kept)
    assert made["meta_app_secret"] == "of an earlier run"
    assert all(made[name] for name in ("meta_verify_token", "telegram_secret"))
    assert webhook_secrets(kept) == made != webhook_secrets(places_from({}))


def test_an_outbox_shows_only_whole_mails_and_no_other_files(tmp_path: Path) -> None:
    (tmp_path / "1.eml").write_bytes(b"half")
    assert Outbox(tmp_path).names() == []
    assert Outbox(tmp_path).read("../../etc/passwd") is None


def test_an_event_line_shows_facts_and_no_plumbing() -> None:
    line = {"level": "INFO", "location": "x:1", "service": "intake", "message": "arrival read", "outcome": "filed"}
    shown = line_of(line)
    assert shown is not None
    assert shown.endswith("intake    arrival read  outcome=filed")
    assert line_of({"_aws": {}, "message": "metrics", "level": "INFO"}) is None


def test_embedded_metrics_become_points() -> None:
    line = {
        "_aws": {
            "CloudWatchMetrics": [
                {"Namespace": "Tanggap", "Dimensions": [["service"]], "Metrics": [{"Name": "Filed", "Unit": "Count"}]}
            ]
        },
        "service": "intake",
        "Filed": [1.0, 2.0],
    }
    assert [(p.name, p.value, p.dimensions) for p in points_of(line)] == [
        ("Filed", 1.0, (("service", "intake"),)),
        ("Filed", 2.0, (("service", "intake"),)),
    ]
