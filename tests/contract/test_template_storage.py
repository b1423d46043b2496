"""Tables, buckets, keys, queues, topics: kept, encrypted, closed to all but those named."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from tests.contract.stack import RESOURCES, Statement, functions, named_in, of_type, reaches, statements

KEPT = {
    "AWS::DynamoDB::Table",
    "AWS::S3::Bucket",
    "AWS::KMS::Key",
    "AWS::SecretsManager::Secret",
    "AWS::Cognito::UserPool",
}
NAME_OF = {
    "AWS::DynamoDB::Table": "TableName",
    "AWS::S3::Bucket": "BucketName",
    "AWS::SecretsManager::Secret": "Name",
    "AWS::Cognito::UserPool": "UserPoolName",
    "AWS::SQS::Queue": "QueueName",
    "AWS::SNS::Topic": "TopicName",
    "AWS::IAM::Role": "RoleName",
}
OWN_ACCOUNT = {"StringEquals": {"aws:SourceAccount": {"Ref": "AWS::AccountId"}}}


def allowed_by_key(key: str, service: str) -> list[Statement]:
    return [one for one in statements(RESOURCES[key]["Properties"]["KeyPolicy"]) if service in one.services]


@pytest.mark.parametrize("name", [name for name, one in RESOURCES.items() if one["Type"] in KEPT])
def test_what_holds_an_agencys_files_outlives_the_stack(name: str) -> None:
    assert RESOURCES[name]["DeletionPolicy"] == "Retain"
    assert RESOURCES[name]["UpdateReplacePolicy"] == "Retain"


@pytest.mark.parametrize("kind", NAME_OF)
def test_names_are_generated(kind: str) -> None:
    """A retained table with a fixed name makes the next stack of that name fail."""
    for name, properties in of_type(kind).items():
        assert NAME_OF[kind] not in properties, name


@pytest.mark.parametrize("name", of_type("AWS::DynamoDB::Table"))
def test_tables_are_protected_and_can_be_turned_back(name: str) -> None:
    table = of_type("AWS::DynamoDB::Table")[name]
    assert table["DeletionProtectionEnabled"] is True
    assert table["PointInTimeRecoverySpecification"] == {"PointInTimeRecoveryEnabled": True}
    assert table["BillingMode"] == "PAY_PER_REQUEST"
    assert len(table.get("GlobalSecondaryIndexes", [])) <= 3


def test_the_cases_table_answers_the_questions_asked_of_it() -> None:
    table = of_type("AWS::DynamoDB::Table")["CasesTable"]
    indexes = {
        one["IndexName"]: ([key["AttributeName"] for key in one["KeySchema"]], one["Projection"]["ProjectionType"])
        for one in table["GlobalSecondaryIndexes"]
    }
    assert indexes == {
        "due": (["due_shard", "due_at"], "KEYS_ONLY"),
        "desk": (["desk", "desk_order"], "ALL"),
        "ref": (["ref", "ref_order"], "ALL"),
    }
    assert table["StreamSpecification"] == {"StreamViewType": "NEW_IMAGE"}
    assert {one["AttributeType"] for one in table["AttributeDefinitions"]} == {"S"}


def test_the_table_forgets_counters_and_the_canarys_cases_and_nothing_else() -> None:
    lives = RESOURCES["CasesTable"]["Properties"]["TimeToLiveSpecification"]
    assert lives == {"AttributeName": "expires", "Enabled": True}
    assert "TimeToLiveSpecification" not in RESOURCES["VaultTable"]["Properties"]
    modules = (Path(__file__).parents[2] / "layers/core/tanggap").rglob("*.py")
    given = {"guesses.py", "canary.py", "delivery_rows.py", "transaction.py"}  # the last two: the canary's cases alone
    assert {one.name for one in modules if re.search(r"expires ?= ?", one.read_text())} - {"table.py"} == given


def test_the_row_class_and_the_template_agree_on_the_indexes() -> None:
    from tanggap.adapters.dynamodb.table import table

    row = table("any")
    declared = {one["IndexName"] for one in of_type("AWS::DynamoDB::Table")["CasesTable"]["GlobalSecondaryIndexes"]}
    assert {index.Meta.index_name for index in row._indexes.values()} == declared


def test_the_vault_has_its_own_table_and_key() -> None:
    vault = of_type("AWS::DynamoDB::Table")["VaultTable"]
    assert vault["SSESpecification"]["KMSMasterKeyId"] == {"Fn::GetAtt": ["VaultKey", "Arn"]}
    assert "GlobalSecondaryIndexes" not in vault
    assert "StreamSpecification" not in vault, "a stream would carry identities to readers"
    for name, one in RESOURCES.items():
        if name not in ("VaultTable", "VaultKey") and one["Type"] in KEPT:
            assert not reaches(one, "VaultKey"), f"{name} uses the vault's key"


def test_the_vaults_key_admits_no_service_but_through_its_table() -> None:
    for one in statements(RESOURCES["VaultKey"]["Properties"]["KeyPolicy"]):
        assert one.services == ()
        if one.principal == {"AWS": "*"}:
            assert set(one.conditions["StringEquals"]) == {"kms:CallerAccount", "kms:ViaService"}
            assert one.conditions["StringEquals"]["kms:ViaService"]["Fn::Sub"].startswith("dynamodb.")


@pytest.mark.parametrize("name", of_type("AWS::KMS::Key"))
def test_keys_change_each_year_and_the_account_keeps_their_rule(name: str) -> None:
    key = of_type("AWS::KMS::Key")[name]
    assert key["EnableKeyRotation"] is True
    assert any("kms:*" in one.actions and "root" in str(one.principal) for one in statements(key["KeyPolicy"]))


@pytest.mark.parametrize("name", of_type("AWS::S3::Bucket"))
def test_buckets_are_private_encrypted_and_tidy(name: str) -> None:
    bucket = of_type("AWS::S3::Bucket")[name]
    assert set(bucket["PublicAccessBlockConfiguration"].values()) == {True}
    assert len(bucket["PublicAccessBlockConfiguration"]) == 4
    assert bucket["OwnershipControls"]["Rules"] == [{"ObjectOwnership": "BucketOwnerEnforced"}]
    (rule,) = bucket["BucketEncryption"]["ServerSideEncryptionConfiguration"]
    if name == "AnchorsBucket":  # digests, which must outlive a key of ours, and which nobody takes away
        assert rule == {"ServerSideEncryptionByDefault": {"SSEAlgorithm": "AES256"}}
        return
    assert rule["ServerSideEncryptionByDefault"]["KMSMasterKeyID"] == {"Fn::GetAtt": ["DataKey", "Arn"]}
    assert rule["BucketKeyEnabled"] is True
    lives = bucket["LifecycleConfiguration"]["Rules"]
    assert any("AbortIncompleteMultipartUpload" in one for one in lives)
    assert all(one["Status"] == "Enabled" for one in lives)


def test_what_histories_are_held_against_can_be_taken_away_by_nobody() -> None:
    bucket = of_type("AWS::S3::Bucket")["AnchorsBucket"]
    assert bucket["ObjectLockEnabled"] is True
    assert bucket["ObjectLockConfiguration"]["Rule"]["DefaultRetention"]["Mode"] == "COMPLIANCE"
    may = {name: one.allowed("s3:PutObject") for name, one in functions().items()}
    assert {name for name, places in may.items() if any(reaches(one, "AnchorsBucket") for one in places)} == {
        "LedgerFunction"
    }


def test_raw_arrivals_are_kept_as_long_as_the_agency_says_and_attachments_have_no_end() -> None:
    buckets = of_type("AWS::S3::Bucket")
    expiring = [
        one for one in buckets["ArrivalsBucket"]["LifecycleConfiguration"]["Rules"] if "ExpirationInDays" in one
    ]
    assert [one["ExpirationInDays"] for one in expiring] == [{"Ref": "ArrivalsKeptDays"}]
    for one in buckets["AttachmentsBucket"]["LifecycleConfiguration"]["Rules"]:
        if "ExpirationInDays" in one:
            assert one["Prefix"] == "uploads/", "messages name the others for as long as their case is kept"


def policy_of(kind: str, target: str, where: str) -> dict[str, Any]:
    found = [one for one in of_type(kind).values() if reaches(one[where], target)]
    assert len(found) == 1, f"{target} needs one policy; a second would replace the first"
    document: dict[str, Any] = found[0]["PolicyDocument"]
    return document


POLICIES = [
    *(("AWS::S3::BucketPolicy", name, "Bucket") for name in of_type("AWS::S3::Bucket")),
    *(("AWS::SQS::QueuePolicy", name, "Queues") for name in of_type("AWS::SQS::Queue")),
    *(("AWS::SNS::TopicPolicy", name, "Topics") for name in of_type("AWS::SNS::Topic")),
]


@pytest.mark.parametrize(("kind", "target", "where"), POLICIES, ids=[target for _, target, _ in POLICIES])
def test_nothing_is_reached_without_tls(kind: str, target: str, where: str) -> None:
    denials = [one for one in statements(policy_of(kind, target, where)) if one.effect == "Deny"]
    (tls,) = denials
    assert tls.principal == "*"
    assert tls.conditions == {"Bool": {"aws:SecureTransport": "false"}}
    assert any(reaches(resource, target) for resource in tls.resources)
    if kind == "AWS::S3::BucketPolicy":
        assert len(tls.resources) == 2, "the bucket and its objects"


@pytest.mark.parametrize(("kind", "target", "where"), POLICIES, ids=[target for _, target, _ in POLICIES])
def test_a_policy_admits_services_of_this_account_alone(kind: str, target: str, where: str) -> None:
    for one in statements(policy_of(kind, target, where)):
        if one.effect == "Allow":
            assert len(one.services) == 1, one.sid
            narrowed = str(one.conditions)
            assert "AWS::AccountId" in narrowed or set(named_in(one.conditions)) & set(of_type("AWS::SNS::Topic")), (
                one.sid
            )
            assert not any("*" in action for action in one.actions), one.sid


@pytest.mark.parametrize("kind", ["AWS::SQS::Queue", "AWS::SNS::Topic"])
def test_queues_and_topics_have_a_key_of_ours(kind: str) -> None:
    """SES and EventBridge cannot use alias/aws/sns or alias/aws/sqs: they would fail without a word."""
    for name, properties in of_type(kind).items():
        if name == "AlarmsTopic":  # a key that is disabled would silence the alarms about it, which hold nobody's data
            assert "KmsMasterKeyId" not in properties
            continue
        assert properties["KmsMasterKeyId"] == {"Fn::GetAtt": ["DataKey", "Arn"]}, name
    assert "alias/aws/" not in str(RESOURCES)


@pytest.mark.parametrize("service", ["ses.amazonaws.com", "events.amazonaws.com"])
def test_the_data_key_lets_in_the_services_that_write(service: str) -> None:
    (grant,) = allowed_by_key("DataKey", service)
    assert set(grant.actions) == {"kms:GenerateDataKey*", "kms:Decrypt"}
    # EventBridge is not known to name its account to KMS: a condition could make a dead letter vanish.
    assert grant.conditions == (OWN_ACCOUNT if service == "ses.amazonaws.com" else {})


def test_the_data_key_lets_our_topics_fill_encrypted_queues() -> None:
    (grant,) = allowed_by_key("DataKey", "sns.amazonaws.com")
    assert "${AWS::AccountId}" in grant.conditions["ArnLike"]["aws:SourceArn"]["Fn::Sub"]


def test_what_the_topic_cannot_hand_over_is_kept() -> None:
    (subscription,) = [one for one in of_type("AWS::SNS::Subscription").values() if one["Protocol"] == "sqs"]
    assert subscription["Endpoint"] == {"Fn::GetAtt": ["ArrivalsQueue", "Arn"]}
    dead = subscription["RedrivePolicy"]["deadLetterTargetArn"]["Fn::GetAtt"][0]
    policy = policy_of("AWS::SQS::QueuePolicy", dead, "Queues")
    (grant,) = [one for one in statements(policy) if "sns.amazonaws.com" in one.services]
    assert any(reaches(resource, dead) for resource in grant.resources)


def test_schedules_may_leave_what_they_could_not_start() -> None:
    grants = statements(policy_of("AWS::SQS::QueuePolicy", "FailuresQueue", "Queues"))
    (grant,) = [one for one in grants if "events.amazonaws.com" in one.services]
    assert grant.conditions["ArnLike"]["aws:SourceArn"]["Fn::Sub"].endswith(":rule/${AWS::StackName}-*")


def test_the_look_up_secret_is_long_and_random() -> None:
    assert of_type("AWS::SecretsManager::Secret")["LookupSecret"]["GenerateSecretString"]["PasswordLength"] >= 64


def test_the_platforms_secret_is_made_when_asked_for_and_holds_no_channel_at_first() -> None:
    assert RESOURCES["ChannelSecret"]["Condition"] == "HasPlatforms"
    secret = of_type("AWS::SecretsManager::Secret")["ChannelSecret"]
    assert secret["SecretString"] == "{}", "a channel without its section is closed"
    assert "GenerateSecretString" not in secret


def test_presigned_addresses_carry_the_signature_that_an_encrypted_bucket_demands(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """S3 refuses the older signature for objects under a KMS key, and presigning takes the older one unless told."""
    from tanggap.entrypoints.clients import made

    for name, value in (
        ("AWS_ACCESS_KEY_ID", "x"),
        ("AWS_SECRET_ACCESS_KEY", "x"),
        ("AWS_DEFAULT_REGION", "ap-southeast-1"),
    ):
        monkeypatch.setenv(name, value)
    s3 = made.__wrapped__("s3")
    assert "X-Amz-Signature" in s3.generate_presigned_url("get_object", Params={"Bucket": "b", "Key": "k"})
    assert "x-amz-signature" in s3.generate_presigned_post("b", "k")["fields"]
