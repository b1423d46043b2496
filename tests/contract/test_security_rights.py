"""Who may do what, whole. A right that is added, widened or taken away shows here as a changed line."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
import yaml

from infra.build.template import PATH
from tests.contract.stack import RESOURCES, Statement, as_list, functions, of_type, statements

#: Of every function, with its own log in the place of `Log`.
OF_EACH = """
    logs:CreateLogStream            Log
    logs:PutLogEvents               Log
    xray:PutTelemetryRecords        *
    xray:PutTraceSegments           *
"""
#: Of every one whose failures are kept for a redrive.
OF_MOST = """
    kms:Decrypt                     DataKey
    kms:GenerateDataKey             DataKey
    sqs:SendMessage                 FailuresQueue
"""

#: What each may do besides: an action, and where. `if` is a statement's own condition.
RIGHTS = {
    "intake": """
        dynamodb:GetItem                CasesTable, CasesTable/index/ref, VaultTable
        dynamodb:PutItem                CasesTable, CasesTable/index/ref, VaultTable
        dynamodb:Query                  CasesTable, CasesTable/index/ref
        kms:Encrypt                     VaultKey
        s3:GetObject                    ArrivalsBucket/*, AttachmentsBucket/mail/*, AttachmentsBucket/uploads/web/*
        s3:ListBucket                   ArrivalsBucket, AttachmentsBucket
        s3:PutObject                    ArrivalsBucket/events/*, ArrivalsBucket/parts/*, ArrivalsBucket/webhooks/*
        s3:PutObject                    AttachmentsBucket/*
        secretsmanager:GetSecretValue   LookupSecret
        sqs:DeleteMessage               ArrivalsQueue
        sqs:GetQueueAttributes          ArrivalsQueue
        sqs:ReceiveMessage              ArrivalsQueue
        sqs:SendMessage                 ArrivalsQueue, MediaQueue
    """,
    "media": """
        dynamodb:GetItem                CasesTable
        dynamodb:PutItem                CasesTable, VaultTable
        dynamodb:Query                  CasesTable
        s3:GetObject                    AttachmentsBucket/parts/*, AttachmentsBucket/webhooks/*
        s3:ListBucket                   AttachmentsBucket
        s3:PutObject                    AttachmentsBucket/files/*
        s3:PutObject                    AttachmentsBucket/parts/*, AttachmentsBucket/webhooks/*
        secretsmanager:GetSecretValue   ChannelSecret
        sqs:ChangeMessageVisibility     MediaQueue
        sqs:DeleteMessage               MediaQueue
        sqs:GetQueueAttributes          MediaQueue
        sqs:ReceiveMessage              MediaQueue
        sqs:SendMessage                 MediaQueue
    """,
    "deliver": """
        dynamodb:DescribeStream         CasesTable.StreamArn
        dynamodb:GetItem                CasesTable, VaultTable
        dynamodb:GetRecords             CasesTable.StreamArn
        dynamodb:GetShardIterator       CasesTable.StreamArn
        dynamodb:ListStreams            CasesTable/stream/*
        dynamodb:PutItem                CasesTable
        dynamodb:Query                  CasesTable
        dynamodb:UpdateItem             CasesTable
        kms:Decrypt                     VaultKey
        s3:GetObject                    AttachmentsBucket/*
        s3:ListBucket                   AttachmentsBucket
        secretsmanager:GetSecretValue   ChannelSecret, LookupSecret
        ses:SendEmail                   * if StringLikeIfExists ses:FromAddress *@{MailDomain}
        ses:SendRawEmail                * if StringLikeIfExists ses:FromAddress *@{MailDomain}
    """,
    "escalate": """
        dynamodb:BatchGetItem           CasesTable, CasesTable/index/desk, CasesTable/index/due
        dynamodb:GetItem                CasesTable, CasesTable/index/desk, CasesTable/index/due
        dynamodb:PutItem                CasesTable, CasesTable/index/desk, CasesTable/index/due
        dynamodb:Query                  CasesTable, CasesTable/index/desk, CasesTable/index/due
        dynamodb:UpdateItem             CasesTable, CasesTable/index/desk, CasesTable/index/due
        lambda:InvokeFunction           EscalateFunction
    """,
    "digest": """
        dynamodb:GetItem                CasesTable, CasesTable/index/desk
        dynamodb:PutItem                CasesTable, CasesTable/index/desk
        dynamodb:Query                  CasesTable, CasesTable/index/desk
    """,
    "ledger": """
        dynamodb:BatchGetItem           CasesTable, CasesTable/index/desk, CasesTable/index/due, CasesTable/index/ref
        dynamodb:GetItem                CasesTable, CasesTable/index/desk, CasesTable/index/due, CasesTable/index/ref
        dynamodb:PutItem                CasesTable, CasesTable/index/desk, CasesTable/index/due, CasesTable/index/ref
        dynamodb:Query                  CasesTable, CasesTable/index/desk, CasesTable/index/due, CasesTable/index/ref
        s3:GetBucketObjectLockConfiguration  AnchorsBucket
        s3:GetObjectVersion             AnchorsBucket/anchors/*
        s3:ListBucket                   ArrivalsBucket
        s3:ListBucketVersions           AnchorsBucket
        s3:PutObject                    AnchorsBucket/anchors/*
        secretsmanager:GetSecretValue   ChannelSecret
        ses:DescribeActiveReceiptRuleSet  *
        ses:GetAccount                  *
        sns:ListSubscriptionsByTopic    AlarmsTopic
        sqs:GetQueueAttributes          ArrivalsQueue
        sqs:SendMessage                 ArrivalsQueue
    """,
    "canary": """
        dynamodb:GetItem                CasesTable if ForAllValues:StringEquals dynamodb:LeadingKeys CANARY
        dynamodb:PutItem                CasesTable if ForAllValues:StringEquals dynamodb:LeadingKeys CANARY
        dynamodb:Query                  CasesTable if ForAllValues:StringLike dynamodb:LeadingKeys CASE#*
        secretsmanager:GetSecretValue   LookupSecret
        ses:SendEmail                   * if StringLikeIfExists ses:FromAddress kenari+*@{MailDomain}
    """,
    "portal": """
        dynamodb:BatchGetItem           CasesTable, CasesTable/index/desk, CasesTable/index/due, CasesTable/index/ref
        dynamodb:GetItem                CasesTable, CasesTable/index/desk, CasesTable/index/due, CasesTable/index/ref
        dynamodb:GetItem                VaultTable
        dynamodb:PutItem                CasesTable, CasesTable/index/desk, CasesTable/index/due, CasesTable/index/ref
        dynamodb:PutItem                VaultTable
        dynamodb:Query                  CasesTable, CasesTable/index/desk, CasesTable/index/due, CasesTable/index/ref
        dynamodb:Query                  VaultTable
        dynamodb:UpdateItem             CasesTable, CasesTable/index/desk, CasesTable/index/due, CasesTable/index/ref
        kms:Decrypt                     VaultKey
        kms:Encrypt                     VaultKey
        s3:GetObject                    ArrivalsBucket/*, AttachmentsBucket/*
        s3:ListBucket                   ArrivalsBucket, AttachmentsBucket
        s3:PutObject                    ArrivalsBucket/webhooks/web/*
        s3:PutObject                    AttachmentsBucket/sent/*, AttachmentsBucket/uploads/*
        secretsmanager:GetSecretValue   LookupSecret
        sqs:GetQueueAttributes          ArrivalsQueue
        sqs:SendMessage                 ArrivalsQueue
    """,
    "webhooks": """
        s3:GetObject                    ArrivalsBucket/webhooks/open311/*, ArrivalsBucket/webhooks/web/*
        s3:ListBucket                   ArrivalsBucket if StringLike s3:prefix webhooks/*
        s3:PutObject                    ArrivalsBucket/webhooks/*, AttachmentsBucket/uploads/web/*
        secretsmanager:GetSecretValue   ChannelSecret
        sqs:SendMessage                 ArrivalsQueue
    """,
    "setup": """
        dynamodb:PutItem                CasesTable
        ses:DescribeActiveReceiptRuleSet  *
        ses:SetActiveReceiptRuleSet     *
    """,
}

#: What AWS's own services and the account may do with our resources, by the resource's own policy: who, what, where
#: if not the whole of it. A line that is further in goes on with the one before it.
ADMITTED = {
    "DataKey": """
        account                     kms:*
        events                      kms:Decrypt, kms:GenerateDataKey*
        ses                         kms:Decrypt, kms:GenerateDataKey*
            if StringEquals aws:SourceAccount AccountId
        sns                         kms:Decrypt, kms:GenerateDataKey*
            if ArnLike aws:SourceArn arn:{Partition}:sns:{Region}:{AccountId}:{StackName}-*
    """,
    "VaultKey": """
        account                     kms:*
        *                           kms:CreateGrant, kms:Decrypt, kms:DescribeKey, kms:Encrypt,
            kms:GenerateDataKey*, kms:ReEncrypt*
            if StringEquals kms:CallerAccount AccountId,
            StringEquals kms:ViaService dynamodb.{Region}.amazonaws.com
    """,
    "ArrivalsBucket": """
        ses                         s3:PutObject ArrivalsBucket/mail/*
            if ArnLike aws:SourceArn
            arn:{Partition}:ses:{Region}:{AccountId}:receipt-rule-set/{ReceiptRuleSet}:receipt-rule/*,
            StringEquals aws:SourceAccount AccountId
    """,
    "AttachmentsBucket": "",
    "AnchorsBucket": "",
    "ArrivalsTopic": """
        ses                         sns:Publish if StringEquals aws:SourceAccount AccountId
    """,
    "AlarmsTopic": """
        cloudwatch                  sns:Publish if StringEquals aws:SourceAccount AccountId
    """,
    "ArrivalsQueue, MediaQueue, ArrivalsDeadLetterQueue": """
        sns                         sqs:SendMessage ArrivalsDeadLetterQueue, ArrivalsQueue
            if ArnEquals aws:SourceArn ArrivalsTopic
    """,
    "FailuresQueue": """
        events                      sqs:SendMessage
            if ArnLike aws:SourceArn arn:{Partition}:events:{Region}:{AccountId}:rule/{StackName}-*
    """,
}

#: Roles that no function has.
OTHER_ROLES = {
    "DigestScheduleRole": """
        kms:Decrypt                     DataKey
        kms:GenerateDataKey             DataKey
        lambda:InvokeFunction           DigestFunction
        sqs:SendMessage                 FailuresQueue
    """,
    "ApiLogRole": "",
}


def lines(text: str) -> list[str]:
    """A table's lines, without indentation and alignment."""
    found: list[str] = []
    written = [line for line in text.splitlines() if line.strip()]
    margin = min((len(line) - len(line.lstrip()) for line in written), default=0)
    for line in written:
        said = " ".join(line.split())
        if line[margin:].startswith(" "):
            found[-1] += f" {said}"
        else:
            found.append(said)
    return sorted(found)


def place(value: Any) -> str:
    """A resource as the tables above spell it."""
    if isinstance(value, str):
        return value
    if "Ref" in value:
        return str(value["Ref"]).removeprefix("AWS::")
    if "Fn::GetAtt" in value:
        name, attribute = value["Fn::GetAtt"]
        return name if attribute in ("Arn", "Id") else f"{name}.{attribute}"
    text = str(value["Fn::Sub"]).replace("${AWS::", "{").replace("${", "{")
    for name in RESOURCES:
        text = text.replace(f"{{{name}.Arn}}", name)
    return text


def condition(found: dict[str, Any]) -> str:
    asked = [
        f"{operator} {key} {' or '.join(place(one) for one in as_list(values))}"
        for operator, keys in sorted(found.items())
        for key, values in sorted(keys.items())
    ]
    return f" if {', '.join(asked)}" if asked else ""


def rights(found: list[Statement]) -> list[str]:
    """A line an action and condition; several statements of one action are brought together."""
    places: dict[tuple[str, str], set[str]] = {}
    for one in found:
        for action in one.actions:
            places.setdefault((action, condition(one.conditions)), set()).update(map(place, one.resources))
    return sorted(f"{action} {', '.join(sorted(where))}{when}" for (action, when), where in places.items())


def merged(wanted: list[str]) -> list[str]:
    """The tables' own lines of one action brought together."""
    places: dict[tuple[str, str], set[str]] = {}
    for line in wanted:
        said, _, when = line.partition(" if ")
        action, _, where = said.partition(" ")
        places.setdefault((action, f" if {when}" if when else ""), set()).update(where.split(", "))
    return sorted(f"{action} {', '.join(sorted(where))}{when}" for (action, when), where in places.items())


def test_every_function_is_in_the_table() -> None:
    assert set(RIGHTS) == {function.folder for function in functions().values()}


@pytest.mark.parametrize("function", functions().values(), ids=lambda function: function.folder)
def test_a_function_may_do_what_the_table_says_and_nothing_else(function: Any) -> None:
    own = function.properties["LoggingConfig"]["LogGroup"]["Ref"]
    shared = [line.replace(" Log", f" {own}") for line in lines(OF_EACH)]
    shared += [] if function.folder == "canary" else lines(OF_MOST)
    assert rights(function.may) == merged([*shared, *lines(RIGHTS[function.folder])])
    assert all(one.effect == "Allow" for one in function.may), "a Deny would make the table say too much"


def test_roles_that_no_function_has_are_in_their_table() -> None:
    taken = {function.role_name for function in functions().values()}
    others = {name: role for name, role in of_type("AWS::IAM::Role").items() if name not in taken}
    told = {
        name: [s for one in role.get("Policies", ()) for s in statements(one["PolicyDocument"])]
        for name, role in others.items()
    }
    assert {name: rights(found) for name, found in told.items()} == {
        name: merged(lines(text)) for name, text in OTHER_ROLES.items()
    }
    managed = {name: role["ManagedPolicyArns"] for name, role in others.items() if "ManagedPolicyArns" in role}
    assert list(managed) == ["ApiLogRole"], "API Gateway's own, which it demands"
    assert set(of_type("AWS::IAM::Policy")) == {"EscalateCallsItself"}, "what a function may by one is in its table"
    assert not of_type("AWS::IAM::ManagedPolicy") and not of_type("AWS::IAM::User")
    assert not of_type("AWS::Lambda::Permission"), "SAM's own are of the events"


def guarded() -> Iterator[tuple[str, list[Statement]]]:
    """Each resource policy, by what it stands on."""
    for name, key in of_type("AWS::KMS::Key").items():
        yield name, statements(key["KeyPolicy"])
    for kind, named in (("S3::Bucket", "Bucket"), ("SNS::Topic", "Topics"), ("SQS::Queue", "Queues")):
        for policy in of_type(f"AWS::{kind}Policy").values():
            yield ", ".join(place(one) for one in as_list(policy[named])), statements(policy["PolicyDocument"])


def admitted(found: list[Statement], whole: str) -> list[str]:
    told = []
    for one in found:
        if one.effect == "Deny":
            continue
        principal = ", ".join(service.removesuffix(".amazonaws.com") for service in one.services)
        if not principal:
            (value,) = one.principal.values()
            principal = (
                "account" if value == {"Fn::Sub": "arn:${AWS::Partition}:iam::${AWS::AccountId}:root"} else place(value)
            )
        where = ", ".join(sorted(map(place, one.resources)))
        somewhere = "" if where in ("*", whole) else f" {where}"
        told.append(f"{principal} {', '.join(sorted(one.actions))}{somewhere}{condition(one.conditions)}")
    return sorted(told)


def test_resource_policies_admit_what_the_table_says() -> None:
    assert {name: admitted(found, name) for name, found in guarded()} == {
        name: lines(text) for name, text in ADMITTED.items()
    }


def test_every_bucket_topic_and_queue_has_a_policy_that_asks_for_tls() -> None:
    """A Deny on whatever comes in the clear, for anybody."""
    for name, found in guarded():
        if name not in of_type("AWS::KMS::Key"):
            (refused,) = (one for one in found if one.effect == "Deny")
            assert refused.principal == "*"
            assert refused.conditions == {"Bool": {"aws:SecureTransport": "false"}}, name
    held = {one for name, _ in guarded() for one in name.split(", ")}
    for kind in ("S3::Bucket", "SNS::Topic", "SQS::Queue"):
        assert set(of_type(f"AWS::{kind}")) <= held


def marked(
    key: str, node: yaml.Node | None = None, inside: tuple[str, ...] = ()
) -> Iterator[tuple[yaml.Node, tuple[str, ...]]]:
    """Each mapping of the template's text that has this key, and the keys above it."""
    node = node or yaml.compose(PATH.read_text())
    if isinstance(node, yaml.MappingNode):
        if any(name.value == key for name, _ in node.value):
            yield node, inside
        for name, value in node.value:
            yield from marked(key, value, (*inside, str(name.value)))
    elif isinstance(node, yaml.SequenceNode):
        for value in node.value:
            yield from marked(key, value, inside)


def test_a_right_on_everything_has_its_reason_beside_it() -> None:
    """In a key's own policy `*` is that key."""
    text = PATH.read_text().splitlines()
    seen = 0
    for statement, inside in marked("Action"):
        everything = [value for name, value in statement.value if name.value == "Resource" and value.value == "*"]
        if not everything or "KeyPolicy" in inside:
            continue
        seen += 1
        beside = text[statement.start_mark.line : everything[0].end_mark.line + 1]
        assert any(" # " in line for line in beside), f"line {statement.start_mark.line + 1}: why on everything?"
    assert seen >= len(functions())


def test_no_action_of_a_role_is_a_wildcard() -> None:
    for name, role in of_type("AWS::IAM::Role").items():
        for policy in role.get("Policies", ()):
            for one in statements(policy["PolicyDocument"]):
                assert not any("*" in action for action in one.actions), f"{name}: {one.sid}"
        assert "NotAction" not in json.dumps(role), name
        assert "NotResource" not in json.dumps(role), name
        assert "NotPrincipal" not in json.dumps(role), name
