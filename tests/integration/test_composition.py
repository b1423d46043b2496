"""How the parts are put together, where that is not plain from the parts."""

from __future__ import annotations

import os
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from tanggap.adapters.dynamodb.cases import DynamoCases
from tanggap.application.ports import Identity
from tanggap.application.sweep import FOR_LETTERS, Sweep
from tanggap.domain.case import Change
from tanggap.entrypoints import settings
from tanggap.entrypoints.clients import made
from tanggap.entrypoints.composition import Services, client
from tests.support.world import COORDINATOR, World, fake_aws


@pytest.fixture
def parts() -> Iterator[Services]:
    with fake_aws():
        made.cache_clear()
        names = {name: name for name in settings.Intake.__dataclass_fields__}
        yield Services(settings.Intake(**names))
        made.cache_clear()


def test_both_tables_and_the_policy_share_one_client(parts: Services) -> None:
    tables = (parts.cases.row, parts.cases.vault, parts.policies.row, parts.vault.row)
    assert {id(row._get_connection().connection.client) for row in tables} == {id(client("dynamodb"))}


def test_hands_that_need_a_client_at_the_same_moment_get_the_same_one(parts: Services) -> None:
    with ThreadPoolExecutor(8) as hands:
        assert len({id(one) for one in hands.map(client, ["sqs"] * 8)}) == 1


def test_the_mail_service_is_asked_once_since_a_retry_would_be_a_second_mail(parts: Services) -> None:
    assert client("sesv2").meta.config.retries["total_max_attempts"] == 1
    assert client("s3").meta.config.retries["total_max_attempts"] > 1


def test_a_lambda_that_hangs_costs_the_sweep_seconds_and_starts_no_share_twice(parts: Services) -> None:
    config = client("lambda").meta.config
    assert config.retries["total_max_attempts"] == 1
    assert config.connect_timeout + config.read_timeout <= 6


def test_a_table_that_never_answers_costs_a_sweep_no_more_than_it_keeps_for_letters(parts: Services) -> None:
    config = client("dynamodb").meta.config
    tries = config.retries["total_max_attempts"]
    pauses = sum(2**again for again in range(tries - 1))  # at most: botocore's standard mode, with jitter below that
    assert tries * config.read_timeout + pauses <= FOR_LETTERS.total_seconds()
    assert config.read_timeout >= 3, "a hundred rows in one transaction have their time"


def test_presigned_addresses_are_signed_by_the_fourth_version_on_the_regions_host(parts: Services) -> None:
    assert "AWS_ENDPOINT_URL" not in os.environ
    url = client("s3").generate_presigned_url("get_object", Params={"Bucket": "some-bucket", "Key": "k"})
    assert url.startswith("https://some-bucket.s3.ap-southeast-1.amazonaws.com/k?X-Amz-Algorithm=AWS4-HMAC-SHA256")


def test_a_function_without_a_vault_cannot_write_there_by_mistake() -> None:
    """A sweep has no grant on the vault; were a change of its to carry a salt, it fails by name, not at AWS."""
    with fake_aws():
        world = World("dynamodb")
        blind = DynamoCases(world.cases.row, None)
        sealed = world.vault.seal("r1", Identity("Siti", "siti@warga.example"))
        with pytest.raises(TypeError, match="vault"):
            blind.commit(Change(sealed=sealed))


def test_a_sweep_writes_nothing_to_the_vault_whatever_falls_due() -> None:
    with fake_aws():
        world = World("dynamodb")
        open_case, answered = world.new_case(), world.new_case()
        world.desk.verify(COORDINATOR, answered, "accept", "")
        world.desk.reply(COORDINATOR, answered, "Selesai.", (), final=True)
        blind = DynamoCases(world.cases.row, None)
        world.later(days=60)
        swept = Sweep(world.work(blind), blind)(world.now)
        assert swept.failed == 0
        assert world.cases.case(answered).status == "closed"
        assert world.cases.case(open_case).missed
