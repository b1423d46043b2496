"""The stack's own life with IAM enforced: created, used, updated with all kept, deleted with no door left open."""

from __future__ import annotations

import pytest

from infra.local.aws import client
from infra.local.deploy import delete, deploy
from infra.local.places import Places, free_ports
from infra.local.run import MAIL_DOMAIN, LocalSystem
from tests.e2e.system import System

pytestmark = pytest.mark.acceptance


@pytest.fixture
def places(tmp_path_factory: pytest.TempPathFactory) -> Places:
    smtp, http, aws = free_ports(3)
    return Places(smtp, http, aws, work=tmp_path_factory.mktemp("life"), state=None, enforce_iam=True)


def test_a_stack_is_created_updated_and_deleted(places: Places) -> None:
    local = LocalSystem(places, print)
    try:
        system = System(local.start().as_json(places))
        outputs = system.ready["outputs"]
        sender = system.someone()
        system.write(sender, "Sebelum", "Saluran tersumbat.\n")
        number = system.case_of(system.mail_to(sender))

        parameters = {"MailDomain": MAIL_DOMAIN, "SimulatedTime": "refused", "PublicUrl": places.http}
        again = deploy(places, parameters)
        assert {name: again[name] for name in ("CasesTable", "VaultTable", "ArrivalsBucket", "UserPoolId")} == {
            name: outputs[name] for name in ("CasesTable", "VaultTable", "ArrivalsBucket", "UserPoolId")
        }
        assert system.case(number)["number"] == number
        assert system.sweep("2030-01-01T00:00:00Z") == {"refused": "time_ahead"}
        other = system.someone()
        system.write(other, "Sesudah", "Saluran masih tersumbat.\n")
        assert system.case_of(system.mail_to(other)) != number

        ses = client("ses", places.aws_endpoint)
        assert ses.describe_active_receipt_rule_set()["Metadata"]["Name"]
        delete(places)
        assert "Metadata" not in ses.describe_active_receipt_rule_set()
        functions = client("lambda", places.aws_endpoint).list_functions()["Functions"]
        assert [one["FunctionName"] for one in functions if one["FunctionName"].startswith("tanggap-")] == []
    finally:
        local.stop()
