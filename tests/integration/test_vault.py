"""Who reported: sealed to one reporter, found in any spelling, within KMS's 4 kB in any script."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError

from tanggap.adapters.dynamodb.table import Row, table
from tanggap.adapters.vault import KmsVault, Lookups, normal
from tanggap.application.ports import Identity
from tanggap.domain.case import Change, Sealed
from tanggap.domain.errors import Conflict, Retry
from tests.support.world import KEYS, World, fake_aws, make_tables

SITI = Identity("Siti Aminah", "siti@warga.example", "+6281234567890")


class Stage:
    """A vault on moto whose keys and KMS client a test may exchange."""

    def __init__(self) -> None:
        self.row: type[Row] = table(make_tables()[1])
        self.kms: Any = boto3.client("kms")
        self.key = self.kms.create_key()["KeyMetadata"]["KeyId"]
        self.keys = dict(KEYS)
        self.vault = KmsVault(self.row, lambda: self.kms, self.key, Lookups(lambda: self.keys))

    def keep(self, sealed: Sealed) -> None:
        """As the transaction writes it."""
        for lookup in sealed.lookups:
            self.row(pk=f"LOOKUP#{lookup}", sk="REPORTER", data=sealed.reporter).save()
        box = json.dumps({"box": base64.b64encode(sealed.box).decode(), "lookups": sealed.lookups})
        self.row(pk=f"REPORTER#{sealed.reporter}", sk="IDENTITY", data=box).save()


@pytest.fixture
def stage() -> Iterator[Stage]:
    with fake_aws():
        yield Stage()


def test_what_was_sealed_is_opened_and_found_by_address_and_phone(stage: Stage) -> None:
    stage.keep(stage.vault.seal("r1", SITI))
    assert stage.vault.open("r1") == SITI
    assert stage.vault.find(" SITI@Warga.example ") == "r1"
    assert stage.vault.find("0812-3456-7890") == "r1"
    assert stage.vault.find("budi@warga.example") is None


def test_one_reporters_box_under_anothers_name_stays_shut(stage: Stage) -> None:
    sealed = stage.vault.seal("r1", SITI)
    stage.keep(Sealed("r2", sealed.box, ()))
    with pytest.raises(Retry) as refused:
        stage.vault.open("r2")
    assert "siti" not in str(refused.value).lower()


def test_an_erased_reporter_is_nobody(stage: Stage) -> None:
    assert stage.vault.open("gone") is None
    sealed = stage.vault.seal("r1", SITI)
    stage.keep(sealed)
    for row in [row for row in stage.row.scan() if not row.pk.startswith("SALT#")]:
        row.delete()
    assert stage.vault.open("r1") is None
    assert stage.vault.find(SITI.address) is None


@pytest.mark.parametrize("character", ["a", '"', "ü", "名", "\U0001f600", "\x01", "\ud800"])
def test_the_longest_names_and_addresses_fit_into_what_kms_encrypts_in_any_script(stage: Stage, character: str) -> None:
    class Strict:
        def encrypt(self, Plaintext: bytes, **more: Any) -> Any:
            assert len(Plaintext) <= 4096  # moto takes more than KMS does
            return real.encrypt(Plaintext=Plaintext, **more)

        def decrypt(self, **request: Any) -> Any:
            return real.decrypt(**request)

    real, stage.kms = stage.kms, Strict()
    long = Identity(character * 4_000, character * 4_000, character * 4_000)
    stage.keep(stage.vault.seal("r1", long))
    opened = stage.vault.open("r1")
    assert opened == Identity(character * 300, character * 320, character * 40)


def test_an_address_stored_under_an_older_key_is_found_until_that_key_goes(stage: Stage) -> None:
    stage.keys = {"1": KEYS["1"]}
    stage.keep(stage.vault.seal("r1", SITI))
    stage.keys = {"3": b"n" * 32, "1": KEYS["1"]}
    assert stage.vault.find(SITI.address) == "r1"
    assert [lookup.partition("#")[0] for lookup in stage.vault.seal("r9", SITI).lookups] == ["3", "3"]
    stage.keys = {"3": b"n" * 32}
    assert stage.vault.find(SITI.address) is None


def test_the_index_holds_no_address(stage: Stage) -> None:
    stage.keep(stage.vault.seal("r1", SITI))
    stored = " ".join(f"{row.pk} {row.sk} {row.data}" for row in stage.row.scan()).lower()
    assert "siti" not in stored and "8123456" not in stored


@pytest.mark.parametrize(
    "written",
    [
        "081234567890",
        "0812-3456-7890",
        "+62 812 3456 7890",
        "62 812 3456 7890",
        "+62 (0)812 3456 7890",
        "0062 812 3456 7890",
        "(0812) 3456.7890",
    ],
)
def test_one_phone_number_in_every_spelling_is_one(written: str) -> None:
    assert normal(written) == "+6281234567890"


@pytest.mark.parametrize("foreign", ["+1 202 555 0100", "001 202 555 0100"])
def test_a_number_of_another_country_keeps_its_country(foreign: str) -> None:
    assert normal(foreign) == "+12025550100"


@pytest.mark.parametrize("text", ["112", "", "tanpa nomor", "²³¹²³¹²³"])
def test_what_is_no_number_is_not_made_one(text: str) -> None:
    assert normal(text) == text


class Silent:
    """KMS as it answers in a bad hour."""

    def __getattr__(self, name: str) -> Any:
        def fails(**request: Any) -> Any:
            raise ClientError({"Error": {"Code": "ThrottlingException", "Message": "slow down"}}, name)

        return fails


def test_a_key_service_that_does_not_answer_is_asked_again_later(stage: Stage) -> None:
    stage.keep(stage.vault.seal("r1", SITI))
    stage.kms = Silent()
    with pytest.raises(Retry):
        stage.vault.open("r1")
    with pytest.raises(Retry):
        stage.vault.seal("r2", SITI)


def test_two_first_mails_of_one_person_at_once_make_one_reporter(world: World) -> None:
    first = world.vault.seal("r1", SITI)
    second = world.vault.seal("r2", SITI)
    world.cases.commit(Change(sealed=first))
    with pytest.raises(Conflict):
        world.cases.commit(Change(sealed=second))
    assert world.vault.find(SITI.address) == "r1"
    assert world.vault.open("r2") is None
