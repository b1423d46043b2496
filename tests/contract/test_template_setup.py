"""The custom resource: displaces nobody, takes nobody's mail, and answers CloudFormation whatever happens."""

from __future__ import annotations

import json
import sys
import threading
import time
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from importlib.machinery import SourceFileLoader
from types import ModuleType, SimpleNamespace
from typing import Any

import boto3
import pytest
from moto import mock_aws

from tests.contract.stack import RESOURCES, ROOT

REGION = "ap-southeast-1"
FOLDER = ROOT / "functions" / "setup"


def load() -> ModuleType:
    """As Lambda loads it: its folder on the path."""
    sys.path.insert(0, str(FOLDER))
    try:
        loader = SourceFileLoader("tanggap_setup", str(FOLDER / "app.py"))
        module = ModuleType(loader.name)
        sys.modules[loader.name] = module  # dataclasses look their module up
        loader.exec_module(module)
        return module
    finally:
        sys.path.remove(str(FOLDER))


setup = load()


@pytest.fixture
def ses(monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "testing")
    with mock_aws():
        client = boto3.client("ses", region_name=REGION)
        for name in ("ours", "theirs"):
            client.create_receipt_rule_set(RuleSetName=name)
        yield client


def active(ses: Any) -> str | None:
    return ses.describe_active_receipt_rule_set().get("Metadata", {}).get("Name")


def event(kind: str = "Create", *, before: dict[str, Any] | None = None, **changes: Any) -> dict[str, Any]:
    """As CloudFormation sends it, with the properties that template.yaml gives."""
    given = {"RuleSet": "ours", "DisplaceActiveRuleSet": "no", "MailDomain": "lapor.desa-contoh.desa.id",
             "Policy": {"agency": "Desa Contoh", "utc_offset": "+07:00", "coordinator": "a@kantor.go.id"}}  # fmt: skip
    assert set(given) == set(RESOURCES["Setup"]["Properties"]) - {"ServiceToken", "ServiceTimeout"}
    sent = {"RequestType": kind, "StackId": "stack", "RequestId": "request", "LogicalResourceId": "Setup",
            "ResponseURL": "", "ResourceProperties": given | changes}  # fmt: skip
    return sent if before is None else sent | {"OldResourceProperties": given | before}


def run(
    ses: Any,
    sent: dict[str, Any],
    *,
    servers: Callable[[str], tuple[str, ...]] = lambda domain: (),
    first_policy: Callable[[dict[str, str]], object] = lambda values: None,
    seconds: float = 10,
) -> dict[str, Any]:
    return setup.work(sent, seconds, lambda: setup.Setup(ses, REGION, first_policy, servers))


def test_with_no_rule_set_active_ours_becomes_it(ses: Any) -> None:
    answer = run(ses, event())
    assert answer["Status"] == "SUCCESS"
    assert active(ses) == "ours"
    assert {key: answer[key] for key in ("StackId", "RequestId", "LogicalResourceId")} == {
        "StackId": "stack", "RequestId": "request", "LogicalResourceId": "Setup",
    }  # fmt: skip


def test_another_active_rule_set_stays_and_the_answer_names_it(ses: Any) -> None:
    ses.set_active_receipt_rule_set(RuleSetName="theirs")
    answer = run(ses, event())
    assert answer["Status"] == "FAILED"
    assert "theirs" in answer["Reason"]
    assert "DisplaceActiveRuleSet=yes" in answer["Reason"]
    assert active(ses) == "theirs"


def test_another_active_rule_set_goes_when_somebody_says_so(ses: Any) -> None:
    ses.set_active_receipt_rule_set(RuleSetName="theirs")
    assert run(ses, event(DisplaceActiveRuleSet="yes"))["Status"] == "SUCCESS"
    assert active(ses) == "ours"


def test_an_update_repairs_what_was_switched_off_by_hand(ses: Any) -> None:
    assert run(ses, event("Update", before={"DisplaceActiveRuleSet": "yes"}))["Status"] == "SUCCESS"
    assert active(ses) == "ours"


def test_deletion_switches_off_ours(ses: Any) -> None:
    run(ses, event())
    assert run(ses, event("Delete"))["Status"] == "SUCCESS"
    assert active(ses) is None


def test_deletion_leaves_another_rule_set_alone(ses: Any) -> None:
    ses.set_active_receipt_rule_set(RuleSetName="theirs")
    assert run(ses, event("Delete"))["Status"] == "SUCCESS"
    assert active(ses) == "theirs"


def test_a_new_rule_set_is_a_new_resource_so_that_cloudformation_removes_the_old_one() -> None:
    first, second = (setup.work(event("Delete", RuleSet=name), 1, lambda: None) for name in ("ours", "new"))
    assert first["PhysicalResourceId"] != second["PhysicalResourceId"]


def test_the_first_policy_is_stored_before_mail_comes_in(ses: Any) -> None:
    seen: list[tuple[dict[str, str], str | None]] = []
    run(ses, event(), first_policy=lambda values: seen.append((values, active(ses))))
    (values, active_then) = seen[0]
    assert values == {"agency": "Desa Contoh", "utc_offset": "+07:00", "coordinator": "a@kantor.go.id"}
    assert active_then is None


def test_the_first_policy_takes_what_the_template_hands_over() -> None:
    from tanggap.domain.policy import first_policy, read_policy

    assert set(RESOURCES["Setup"]["Properties"]["Policy"]) == {"agency", "utc_offset", "coordinator"}
    assert read_policy(first_policy(**event()["ResourceProperties"]["Policy"]), 1).agency == "Desa Contoh"


def test_a_domain_whose_mail_goes_elsewhere_is_refused_before_anything_changes(ses: Any) -> None:
    stored: list[object] = []
    answer = run(ses, event(), servers=lambda domain: ("mail.kantor.example",), first_policy=stored.append)
    assert answer["Status"] == "FAILED"
    assert "mail.kantor.example" in answer["Reason"]
    assert active(ses) is None
    assert not stored


@pytest.mark.parametrize(
    "servers", [(), (f"inbound-smtp.{REGION}.amazonaws.com",), ("",)], ids=["none", "ours", "null"]
)
def test_a_domain_without_mail_or_with_ours_is_taken(ses: Any, servers: tuple[str, ...]) -> None:
    assert run(ses, event(), servers=lambda domain: servers)["Status"] == "SUCCESS"


def test_an_update_of_something_else_does_not_look_at_the_domain_again(ses: Any) -> None:
    elsewhere = ("mail.kantor.example",)
    sent = event("Update", before={"DisplaceActiveRuleSet": "yes"})
    assert run(ses, sent, servers=lambda domain: elsewhere)["Status"] == "SUCCESS"
    moved = event("Update", before={"MailDomain": "old.desa-contoh.desa.id"})
    assert run(ses, moved, servers=lambda domain: elsewhere)["Status"] == "FAILED"


def test_name_servers_that_do_not_answer_do_not_stop_a_deployment(ses: Any) -> None:
    def silent(domain: str) -> tuple[str, ...]:
        raise setup.NoAnswer

    assert run(ses, event(), servers=silent)["Status"] == "SUCCESS"


def test_a_name_for_examples_is_not_looked_up(ses: Any) -> None:
    asked: list[str] = []
    run(ses, event(MailDomain="desa-contoh.example"), servers=lambda domain: asked.append(domain) or ())
    assert not asked


@pytest.mark.parametrize("error", [RuntimeError("rahasia@warga.example"), KeyError("x"), SystemError()], ids=repr)
def test_an_error_is_answered_by_its_name_without_its_text(ses: Any, error: Exception) -> None:
    def fails(values: dict[str, str]) -> None:
        raise error

    answer = run(ses, event(), first_policy=fails)
    assert answer["Status"] == "FAILED"
    assert type(error).__name__ in answer["Reason"]
    assert "rahasia" not in json.dumps(answer)


def test_a_refusal_of_aws_is_answered_by_its_code(ses: Any) -> None:
    answer = run(ses, event(RuleSet="never-made"))
    assert answer["Status"] == "FAILED"
    assert "RuleSetDoesNotExist" in answer["Reason"]


def test_services_that_cannot_be_put_together_are_answered() -> None:
    def broken() -> Any:
        raise ImportError

    answer = setup.work(event(), 5, broken)
    assert (answer["Status"], "ImportError" in answer["Reason"]) == ("FAILED", True)


@pytest.mark.parametrize("missing", ["RuleSet", "MailDomain", "Policy"])
def test_a_request_without_its_properties_is_answered(ses: Any, missing: str) -> None:
    sent = event()
    del sent["ResourceProperties"][missing]
    assert run(ses, sent)["Status"] == "FAILED"


def test_work_that_outlasts_its_time_is_answered_in_time_and_changes_nothing_afterwards(ses: Any) -> None:
    release = threading.Event()
    before = set(threading.enumerate())
    started = time.monotonic()
    answer = run(ses, event(), first_policy=lambda values: release.wait(10), seconds=0.2)
    assert time.monotonic() - started < 2
    assert answer["Status"] == "FAILED"
    assert "too long" in answer["Reason"]
    (late,) = set(threading.enumerate()) - before
    release.set()
    late.join(5)
    assert not late.is_alive()
    assert active(ses) is None


class Receiver(BaseHTTPRequestHandler):
    """CloudFormation's address: refuses as often as it is told, then takes the answer."""

    refusals = 0
    taken: list[tuple[str | None, Any]]

    def do_PUT(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        if type(self).refusals > 0:
            type(self).refusals -= 1
            self.send_response(503)
        else:
            self.taken.append((self.headers["Content-Type"], json.loads(body)))
            self.send_response(200)
        self.end_headers()

    def log_message(self, *_: Any) -> None:
        pass


@pytest.fixture
def receiver() -> Iterator[tuple[type[Receiver], str]]:
    kind = type("Fresh", (Receiver,), {"taken": [], "refusals": 0})
    server = HTTPServer(("127.0.0.1", 0), kind)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield kind, f"http://127.0.0.1:{server.server_port}/answer?signature=x"
    server.shutdown()
    server.server_close()


@pytest.mark.parametrize("refusals", [0, 2])
def test_the_answer_reaches_cloudformation(receiver: tuple[type[Receiver], str], refusals: int) -> None:
    kind, url = receiver
    kind.refusals = refusals
    setup.send(url, {"Status": "SUCCESS"})
    assert kind.taken == [("", {"Status": "SUCCESS"})], "the signature covers an empty type of content"


def test_the_handler_answers_also_when_nothing_of_ours_can_be_had(
    receiver: tuple[type[Receiver], str], monkeypatch: pytest.MonkeyPatch
) -> None:
    kind, url = receiver
    for name in ("AWS_REGION", "AWS_DEFAULT_REGION", "CASES_TABLE"):
        monkeypatch.delenv(name, raising=False)
    setup.handler(event() | {"ResponseURL": url}, SimpleNamespace(get_remaining_time_in_millis=lambda: 60_000))
    ((_, answer),) = kind.taken
    assert answer["Status"] == "FAILED"
