"""The secret behind look-ups and reply tokens: rotated without a deployment, and alive while its service is not."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError

from tanggap.adapters.secrets import CACHE_SECONDS, KNOWN_AFTER, PAUSE_SECONDS, ReplyTokens, Secret, read_keys
from tanggap.domain.errors import Retry
from tests.support.world import fake_aws


class Stage:
    def __init__(self, value: str) -> None:
        self.client: Any = boto3.client("secretsmanager")
        self.id = self.client.create_secret(Name="lookup", SecretString=value)["ARN"]
        self.down, self.asked, self.now = False, 0, 1000.0
        self.made = self.at = datetime(2026, 11, 23, tzinfo=UTC)
        self.secret = self.process()

    def process(self) -> Secret:
        """One that has just begun, and knows nothing."""
        return Secret(lambda: self, self.id, lambda: self.now, lambda: self.at)

    def get_secret_value(self, **request: Any) -> Any:
        self.asked += 1
        if self.down:
            raise ClientError({"Error": {"Code": "InternalServiceError", "Message": "no"}}, "GetSecretValue")
        return {**self.client.get_secret_value(**request), "CreatedDate": self.made}

    def put(self, value: str) -> None:
        self.client.put_secret_value(SecretId=self.id, SecretString=value)
        self.made = self.at

    def later(self, seconds: float) -> None:
        self.now += seconds
        self.at += timedelta(seconds=seconds)


@pytest.fixture
def stage() -> Iterator[Stage]:
    with fake_aws():
        yield Stage("generated-by-the-template")


def test_a_generated_secret_is_the_first_key_and_is_asked_for_once(stage: Stage) -> None:
    assert stage.secret.keys() == {"1": b"generated-by-the-template"}
    stage.secret.keys()
    assert stage.asked == 1


def test_a_rotation_is_picked_up_and_older_tokens_still_open_their_case(stage: Stage) -> None:
    from tanggap.domain.numbers import number_from

    number = number_from(12345)
    tokens = ReplyTokens(stage.secret.keys)
    old = tokens.of(number)
    stage.put(json.dumps({"keys": {"2": "new", "1": "generated-by-the-template"}}))
    assert tokens.of(number) == old  # not yet
    stage.later(CACHE_SECONDS + 1)
    assert tokens.of(number) == old  # it opens what is written with the new one, and others may not yet
    stage.later(KNOWN_AFTER.total_seconds() - CACHE_SECONDS)
    assert tokens.of(number) != old
    assert tokens.case_of(old) == number == tokens.case_of(tokens.of(number))
    stage.put(json.dumps({"keys": {"2": "new"}}))
    stage.later(CACHE_SECONDS + 1)
    assert tokens.case_of(old) is None


def test_a_service_that_is_down_at_the_first_call_means_try_again(stage: Stage) -> None:
    stage.down = True
    with pytest.raises(Retry):
        stage.secret.keys()
    stage.down = False
    assert stage.secret.keys()


def test_a_service_that_goes_down_later_is_not_asked_by_every_mail(stage: Stage) -> None:
    known = stage.secret.keys()
    stage.down = True
    stage.later(CACHE_SECONDS + 1)
    for _ in range(50):
        assert stage.secret.keys() == known
    assert stage.asked == 2
    stage.later(PAUSE_SECONDS + 1)
    stage.secret.keys()
    assert stage.asked == 3


@pytest.mark.parametrize("slip", ['{"keys": {}}', '{"keys": []}', '{"keys": {"2": ""}}', '{"keys": {"2": null}}'])
def test_a_rotation_that_lost_the_keys_does_not_make_everybody_a_stranger(stage: Stage, slip: str) -> None:
    known = stage.secret.keys()
    stage.put(slip)
    stage.later(CACHE_SECONDS + 1)
    assert stage.secret.keys() == known
    with pytest.raises(Retry):
        Secret(lambda: stage, stage.id).keys()


@pytest.mark.parametrize("text", ["plain", "12345", "null", "a-b_c"])
def test_a_bare_word_is_one_key(text: str) -> None:
    assert read_keys(text) == {"1": text.encode()}


TABLE = '{"keys": {"2": "new", "1": "old"}}'


@pytest.mark.parametrize(
    "slip",
    [
        *(TABLE[:end] for end in range(1, len(TABLE))),
        *(TABLE[start:] for start in range(1, len(TABLE))),
        *('{"key": {"1": "old"}}', '["old"]', '"old"', TABLE.replace(":", "="), TABLE.replace(",", ";"), "", " \n"),
    ],
)
def test_a_slip_in_the_table_of_keys_is_never_a_key(slip: str) -> None:
    with pytest.raises(Retry):
        read_keys(slip)


def test_a_key_put_in_front_is_read_at_once_and_written_with_when_every_process_has_it(stage: Stage) -> None:
    """Whenever a process began or read it last: what one writes, each can open."""
    stage.put(json.dumps({"keys": {"1": "old"}}))
    stage.later(KNOWN_AFTER.total_seconds() + 1)
    processes = [stage.process()]
    processes[0].keys()
    stage.put(json.dumps({"keys": {"2": "new", "1": "old"}}))
    written: set[bytes] = set()
    for minute in range(50):
        if minute == 5:  # the one was typed where somebody looked on
            stage.put(json.dumps({"keys": {"3": "newest", "2": "new", "1": "old"}}))
        processes.append(stage.process())
        first = {next(iter(one.keys().values())) for one in processes}
        written |= first
        assert all(first <= set(one.keys().values()) for one in processes)
        stage.later(60)
    assert first == {b"newest"}
    assert written == {b"old", b"newest"}
