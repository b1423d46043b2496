"""What channels besides mail need of the template: closed until opened, each function with no more than its share."""

from __future__ import annotations

import re
from typing import Any

import pytest

from tanggap.application.watch import LAST_TRY
from tanggap.domain.media_rules import WAITS
from tests.contract.stack import RESOURCES, ROOT, TEMPLATE, functions, named_in, reaches

FUNCTIONS = functions()
WEBHOOKS = FUNCTIONS["WebhooksFunction"]


def written(function: str, action: str) -> set[str]:
    """The places in buckets on which a function may do this, as `Bucket/prefix*`."""
    found = set()
    for where in FUNCTIONS[function].allowed(action):
        text = where["Fn::Sub"] if "Fn::Sub" in where else next(iter(named_in(where)))
        found.add(re.sub(r"\$\{(\w+)\.Arn\}", r"\1", text))
    return found


def test_platforms_and_open311_are_closed_until_somebody_opens_them() -> None:
    parameters = TEMPLATE["Parameters"]
    assert parameters["Platforms"] == {"Type": "String", "Default": "no", "AllowedValues": ["no", "yes"]}
    assert parameters["Open311"] == {"Type": "String", "Default": "closed", "AllowedValues": ["closed", "open"]}
    assert TEMPLATE["Conditions"]["HasPlatforms"] == {"Fn::Equals": [{"Ref": "Platforms"}, "yes"]}


@pytest.mark.parametrize(("name", "host"), [("GraphUrl", "graph.facebook.com"), ("TelegramUrl", "api.telegram.org")])
def test_tokens_go_to_the_platform_itself_unless_told_otherwise(name: str, host: str) -> None:
    parameter = TEMPLATE["Parameters"][name]
    assert parameter["Default"] == f"https://{host}"
    assert re.fullmatch(parameter["AllowedPattern"], "http://127.0.0.1:9000")
    assert not re.fullmatch(parameter["AllowedPattern"], f"https://{host}/"), "paths are put behind it"


def test_whoever_speaks_to_platforms_or_checks_them_reads_their_keys_and_nobody_else() -> None:
    reading = {
        name
        for name, one in FUNCTIONS.items()
        if any(reaches(where, "ChannelSecret") for where in one.allowed("secretsmanager:GetSecretValue"))
    }
    named = {name for name, one in FUNCTIONS.items() if "CHANNEL_SECRET" in one.environment}
    # The ledger asks of each section only when it ends (`expires`).
    assert reading == named == {"WebhooksFunction", "MediaFunction", "DeliverFunction", "LedgerFunction"}
    for name in named:
        assert FUNCTIONS[name].environment["CHANNEL_SECRET"] == {
            "Fn::If": ["HasPlatforms", {"Fn::GetAtt": ["ChannelSecret", "Id"]}, ""]
        }


def test_nothing_names_the_secret_in_a_stack_that_has_none() -> None:
    """A name of a resource that its condition left out makes the whole template fail."""

    def bare(value: Any) -> bool:
        if isinstance(value, dict):
            if "Fn::If" in value and value["Fn::If"][0] == "HasPlatforms":
                return bare(value["Fn::If"][2])
            if value.get("Condition") == "HasPlatforms":
                return False
            if value.get("Fn::GetAtt", [""])[0] == "ChannelSecret" or value.get("Ref") == "ChannelSecret":
                return True
            return any(bare(inner) for inner in value.values())
        return any(map(bare, value)) if isinstance(value, list) else False

    assert not bare(RESOURCES)
    assert not bare(TEMPLATE["Outputs"])
    assert bare({"x": [{"Fn::GetAtt": ["ChannelSecret", "Id"]}]}), "or this test sees nothing"


def test_the_function_that_anybody_reaches_touches_no_table_and_no_identity() -> None:
    actions = {action for one in WEBHOOKS.may for action in one.actions}
    assert not [action for action in actions if action.startswith(("dynamodb:", "ses:"))]
    for where in WEBHOOKS.allowed("kms:Decrypt"):
        assert not reaches(where, "VaultKey")
    assert not any(reaches(where, "LookupSecret") for where in WEBHOOKS.allowed("secretsmanager:GetSecretValue"))


def test_it_writes_arrivals_and_uploads_and_reads_back_forms_alone() -> None:
    assert written("WebhooksFunction", "s3:PutObject") == {
        "ArrivalsBucket/webhooks/*",
        "AttachmentsBucket/uploads/web/*",
    }
    assert written("WebhooksFunction", "s3:GetObject") == {
        "ArrivalsBucket/webhooks/web/*",
        "ArrivalsBucket/webhooks/open311/*",
    }
    (listing,) = [one for one in WEBHOOKS.may if "s3:ListBucket" in one.actions]
    assert listing.conditions == {"StringLike": {"s3:prefix": "webhooks/*"}}


def test_intake_stores_persons_apart_and_writes_over_nothing_but_webhooks() -> None:
    arrivals = {one for one in written("IntakeFunction", "s3:PutObject") if one.startswith("Arrivals")}
    assert arrivals == {"ArrivalsBucket/events/*", "ArrivalsBucket/parts/*", "ArrivalsBucket/webhooks/*"}
    assert "AttachmentsBucket/uploads/web/*" in written("IntakeFunction", "s3:GetObject")


def test_media_have_a_queue_of_their_own_that_holds_up_no_report() -> None:
    (event,) = FUNCTIONS["MediaFunction"].events("SQS").values()
    assert event["Queue"] == {"Fn::GetAtt": ["MediaQueue", "Arn"]} and event["BatchSize"] == 1
    (reports,) = FUNCTIONS["IntakeFunction"].events("SQS").values()
    bounds = [one["ScalingConfig"]["MaximumConcurrency"]["Fn::If"][1:] for one in (event, reports)]
    assert all(media < reports for media, reports in zip(*bounds, strict=True))
    assert {
        name
        for name, one in FUNCTIONS.items()
        for where in one.allowed("sqs:SendMessage")
        if reaches(where, "MediaQueue")
    } == {"IntakeFunction", "MediaFunction"}
    assert not any(reaches(where, "ArrivalsQueue") for where in FUNCTIONS["MediaFunction"].allowed("sqs:SendMessage"))
    redrive = RESOURCES["MediaQueue"]["Properties"]["RedrivePolicy"]
    assert redrive["maxReceiveCount"] == LAST_TRY
    assert sum(WAITS) < 15 * 60 and len(WAITS) == LAST_TRY - 1, "after each try but the last"
    assert max(WAITS) <= RESOURCES["MediaQueue"]["Properties"]["VisibilityTimeout"], (
        "or the queue were quicker by itself"
    )


def test_who_asks_the_internet_for_strangers_files_reaches_neither_arrivals_nor_identities() -> None:
    media = FUNCTIONS["MediaFunction"]
    for one in media.may:
        for where in one.resources:
            assert not any(
                reaches(where, name) for name in ("ArrivalsBucket", "ArrivalsQueue", "VaultKey", "LookupSecret")
            )
    vault = {
        action
        for one in media.may
        if any(reaches(where, "VaultTable") for where in one.resources)
        for action in one.actions
    }
    assert vault == {"dynamodb:PutItem"}, "salts are written there, and nobody is read"
    assert written("MediaFunction", "s3:PutObject") == {
        "AttachmentsBucket/files/*",
        "AttachmentsBucket/webhooks/*",
        "AttachmentsBucket/parts/*",
    }
    assert not any(
        reaches(where, "ChannelSecret")
        for where in FUNCTIONS["IntakeFunction"].allowed("secretsmanager:GetSecretValue")
    )


def test_the_portal_stores_what_citizens_add_and_no_other_arrival() -> None:
    arrivals = {one for one in written("PortalFunction", "s3:PutObject") if one.startswith("Arrivals")}
    assert arrivals == {"ArrivalsBucket/webhooks/web/*"}


def test_uploads_of_strangers_are_forgotten_with_the_others() -> None:
    rules = RESOURCES["AttachmentsBucket"]["Properties"]["LifecycleConfiguration"]["Rules"]
    (uploads,) = [one for one in rules if "ExpirationInDays" in one]
    assert "uploads/web/".startswith(uploads["Prefix"])


def test_what_the_queue_is_told_intake_understands() -> None:
    from tanggap.adapters.mail import notice

    told = notice.parse('{"tanggap": "arrived", "key": "webhooks/meta/x.json"}')
    assert told == notice.Replay("webhooks/meta/x.json", by_officer=False)


def test_the_ledger_counts_webhooks_and_not_their_parts() -> None:
    from tanggap.application.ledger import PREFIXES

    assert "webhooks/" in PREFIXES
    assert not "parts/x".startswith(PREFIXES)


def test_rejected_events_are_counted_by_a_name_that_the_runbook_knows() -> None:
    runbook = (ROOT / "infra/runbooks/channel-secrets.md").read_text()
    source = "".join(path.read_text() for path in (ROOT / "layers/core/tanggap/entrypoints/webhooks").glob("*.py"))
    counted = set(re.findall(r'count\("(\w+)"\)', source)) | set(re.findall(r'tell\(\s*"(webhook_\w+)"', source))
    assert {"WebhooksRejected", "webhook_rejected", "webhook_put_off"} <= counted
    for name in counted - {"webhook_failed"}:
        assert f"`{name}`" in runbook
