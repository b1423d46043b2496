"""How the parts are put together, where that is not plain from the parts."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest

from tanggap.entrypoints import settings
from tanggap.entrypoints.composition import Services, client
from tests.support.world import fake_aws


@pytest.fixture
def parts() -> Iterator[Services]:
    with fake_aws():
        client.cache_clear()
        names = {name: name for name in settings.Intake.__dataclass_fields__}
        yield Services(settings.Intake(**names))
        client.cache_clear()


def test_both_tables_and_the_policy_share_one_client(parts: Services) -> None:
    tables = (parts.cases.row, parts.cases.vault, parts.policies.row, parts.vault.row)
    assert {id(row._get_connection().connection.client) for row in tables} == {id(client("dynamodb"))}


def test_the_mail_service_is_asked_once_since_a_retry_would_be_a_second_mail(parts: Services) -> None:
    assert client("sesv2").meta.config.retries["total_max_attempts"] == 1
    assert client("s3").meta.config.retries["total_max_attempts"] > 1


def test_presigned_addresses_are_signed_by_the_fourth_version_on_the_regions_host(parts: Services) -> None:
    assert "AWS_ENDPOINT_URL" not in os.environ
    url = client("s3").generate_presigned_url("get_object", Params={"Bucket": "some-bucket", "Key": "k"})
    assert url.startswith("https://some-bucket.s3.ap-southeast-1.amazonaws.com/k?X-Amz-Algorithm=AWS4-HMAC-SHA256")
