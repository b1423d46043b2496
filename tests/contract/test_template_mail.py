"""Mail in, mail out: the rule, the identity, the events, the records, and the order in which they come to be."""

from __future__ import annotations

import re

import pytest

from tests.contract.stack import RESOURCES, TEMPLATE, as_list, of_type, reaches, statements

RULE = of_type("AWS::SES::ReceiptRule")["ReceiptRule"]["Rule"]


def test_the_rule_takes_the_whole_domain_and_scans_it() -> None:
    assert RULE["Recipients"] == [{"Ref": "MailDomain"}], "a case's own address has a token in it"
    assert RULE["Enabled"] is True
    assert RULE["ScanEnabled"] is True
    assert RULE["TlsPolicy"] == "Optional", "Require bounces the mail of many citizens"


def test_the_rule_stores_and_tells_in_one_action_without_client_side_encryption() -> None:
    """KmsKeyArn on the action makes SES encrypt in a way that no Python library reads; the bucket's key does it."""
    (action,) = RULE["Actions"]
    assert action["S3Action"] == {
        "BucketName": {"Ref": "ArrivalsBucket"},
        "ObjectKeyPrefix": "mail/",
        "TopicArn": {"Ref": "ArrivalsTopic"},
    }


def test_the_bucket_lets_our_rule_set_store_mail_and_nothing_else() -> None:
    policy = of_type("AWS::S3::BucketPolicy")["ArrivalsBucketPolicy"]["PolicyDocument"]
    (grant,) = [one for one in statements(policy) if one.effect == "Allow"]
    assert grant.services == ("ses.amazonaws.com",)
    assert grant.actions == ("s3:PutObject",)
    assert grant.resources == ({"Fn::Sub": "${ArrivalsBucket.Arn}/mail/*"},)
    assert grant.conditions["StringEquals"] == {"aws:SourceAccount": {"Ref": "AWS::AccountId"}}
    assert reaches(grant.conditions, "ReceiptRuleSet")


def test_ses_finds_its_permissions_when_the_rule_is_made() -> None:
    assert set(as_list(RESOURCES["ReceiptRule"]["DependsOn"])) >= {"ArrivalsBucketPolicy", "ArrivalsTopicPolicy"}
    assert "ArrivalsTopicPolicy" in as_list(RESOURCES["ConfigurationSetEvents"]["DependsOn"])


def test_mail_comes_in_only_when_everything_behind_it_stands() -> None:
    assert set(RESOURCES["Setup"]["DependsOn"]) >= {"ReceiptRule", "ArrivalsSubscription", "ArrivalsQueuesPolicy"}


def test_another_rule_set_is_not_displaced_unless_somebody_says_so() -> None:
    assert TEMPLATE["Parameters"]["DisplaceActiveRuleSet"]["Default"] == "no"
    setup = RESOURCES["Setup"]["Properties"]
    assert setup["DisplaceActiveRuleSet"] == {"Ref": "DisplaceActiveRuleSet"}
    assert setup["RuleSet"] == {"Ref": "ReceiptRuleSet"}
    assert setup["ServiceTimeout"] > RESOURCES["SetupFunction"]["Properties"]["Timeout"]


def test_what_became_of_our_mail_comes_in_as_an_arrival_and_only_once() -> None:
    (events,) = of_type("AWS::SES::ConfigurationSetEventDestination").values()
    destination = events["EventDestination"]
    assert {one.lower() for one in destination["MatchingEventTypes"]} == {
        *("bounce", "complaint", "delivery", "reject", "deliverydelay")
    }
    assert destination["SnsDestination"]["TopicARN"] == {"Ref": "ArrivalsTopic"}
    identity = of_type("AWS::SES::EmailIdentity")["MailIdentity"]
    assert identity["FeedbackAttributes"]["EmailForwardingEnabled"] is False
    assert identity["ConfigurationSetAttributes"]["ConfigurationSetName"] == {"Ref": "ConfigurationSet"}


def test_records_are_made_only_in_a_zone_that_was_named() -> None:
    records = {name: one for name, one in RESOURCES.items() if one["Type"] == "AWS::Route53::RecordSet"}
    assert all(one["Condition"] == "HasZone" for one in records.values())
    kinds = sorted(one["Properties"]["Type"] for one in records.values())
    assert kinds == ["CNAME", "CNAME", "CNAME", "MX", "TXT", "TXT"]
    assert records["MxRecord"]["Properties"]["Name"] == {"Ref": "MailDomain"}, "never the agency's own domain"
    assert records["MxRecord"]["Properties"]["ResourceRecords"] == [
        {"Fn::Sub": "10 inbound-smtp.${AWS::Region}.amazonaws.com"}
    ]


@pytest.mark.parametrize(
    ("parameter", "good", "bad"),
    [
        (
            "MailDomain",
            ["lapor.desa-contoh.desa.id", "desa-contoh.example"],
            ["Lapor.go.id", "id", "a b.go.id", ".go.id"],
        ),
        ("IntakeLocalPart", ["lapor", "lapor.warga"], ["lapor+x", "Lapor", "lapor@x", ""]),
        (
            "CoordinatorAddress",
            ["koordinator@kantor.go.id"],
            ["koordinator", "a@b", "a@b.id\nc@d.id", "A@kantor.go.id"],
        ),
        ("OperatorsAddress", ["operator@kantor.go.id"], ["operator", "a b@kantor.go.id"]),
        ("AgencyName", ["Desa Contoh, Kab. Bantul"], ["Desa\nContoh", 'Desa "Contoh"', "<b>"]),
        (
            "PublicUrl",
            ["", "https://lapor.desa.id", "http://127.0.0.1:8080"],
            ["https://lapor.desa.id/", "lapor.desa.id"],
        ),
        ("HostedZoneId", ["", "Z0123456789ABCDEFGHIJ"], ["zone"]),
    ],
)
def test_a_parameter_takes_what_makes_sense(parameter: str, good: list[str], bad: list[str]) -> None:
    pattern = TEMPLATE["Parameters"][parameter]["AllowedPattern"]
    for value in good:
        assert re.fullmatch(pattern, value), value
    for value in bad:
        assert not re.fullmatch(pattern, value), value


def test_a_token_fits_into_the_address_beside_the_local_part() -> None:
    longest = re.search(r"\{0,(\d+)\}", TEMPLATE["Parameters"]["IntakeLocalPart"]["AllowedPattern"])
    assert longest is not None
    assert 1 + int(longest[1]) + len("+") + 26 <= 64, "RFC 5321 gives a local part 64 characters, a token takes 26"


def test_time_cannot_be_simulated_unless_somebody_says_so() -> None:
    assert TEMPLATE["Parameters"]["SimulatedTime"]["Default"] == "refused"
