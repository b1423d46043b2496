"""Secrets are rotated, listed and dropped, and what a hand broke is left alone."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from infra.ops import secrets
from tanggap.adapters.secrets import read_keys
from tests.support.ops import Desk, running_desk
from tests.support.world import KEYS, aws

SAID = pytest.CaptureFixture[str]


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    """One for all: its secrets are put back after each test."""
    with running_desk(tmp_path_factory.mktemp("desk"), datetime.now(UTC)) as found:
        yield found


@pytest.fixture(autouse=True)
def _put_back(desk: Desk) -> Iterator[None]:
    stored = aws("secretsmanager")
    before = {one: stored.get_secret_value(SecretId=one)["SecretString"] for one in (desk.lookup, desk.channel)}
    try:
        yield
    finally:
        for one, content in before.items():
            stored.put_secret_value(SecretId=one, SecretString=content)


def typed(monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO(text + "\n"))


def test_a_new_look_up_key_stands_in_front_and_the_old_ones_stay(
    desk: Desk, capsys: SAID, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert secrets.main(["rotate", "lookup", "--dry-run", *desk.where]) == 0
    assert "would put key 3 in front of 2, 1" in capsys.readouterr().out
    typed(monkeypatch, "n" * 40)
    assert secrets.main(["rotate", "lookup", *desk.where]) == 0
    keys = read_keys(json.dumps(desk.secret(desk.lookup)))
    assert list(keys) == ["3", "2", "1"]
    assert keys == {"3": b"n" * 40, **KEYS}
    typed(monkeypatch, "n" * 40)
    assert secrets.main(["rotate", "lookup", *desk.where]) == 1  # twice the same is no rotation
    typed(monkeypatch, "short")
    assert secrets.main(["rotate", "lookup", *desk.where]) == 2
    assert secrets.main(["rotate", "lookup", "--generate", *desk.where]) == 0
    assert list(read_keys(json.dumps(desk.secret(desk.lookup)))) == ["4", "3", "2", "1"]
    assert secrets.main(["list", *desk.where]) == 0
    out = capsys.readouterr().out
    assert "lookup: keys 4, 3, 2, 1 (the first is in use)" in out
    assert "nnnn" not in out


def test_the_bare_secret_of_a_new_stack_becomes_the_second_key(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    aws("secretsmanager").put_secret_value(SecretId=desk.lookup, SecretString="b" * 64)
    typed(monkeypatch, "c" * 64)
    assert secrets.main(["rotate", "lookup", *desk.where]) == 0
    assert desk.secret(desk.lookup) == {"keys": {"2": "c" * 64, "1": "b" * 64}}


def test_a_channel_s_new_value_stands_beside_the_old_one_until_that_is_dropped(
    desk: Desk, capsys: SAID, monkeypatch: pytest.MonkeyPatch
) -> None:
    for value in ("old-secret", "new-secret"):
        typed(monkeypatch, value)
        assert secrets.main(["rotate", "channel", "telegram", *desk.where]) == 0
    for value in ("token-1", "token-2"):
        typed(monkeypatch, value)
        assert secrets.main(["rotate", "channel", "telegram", "token", *desk.where]) == 0
    assert desk.secret(desk.channel) == {"telegram": {"secrets": ["new-secret", "old-secret"], "token": "token-2"}}
    assert secrets.main(["drop", "channel", "telegram", "--dry-run", *desk.where]) == 0
    assert secrets.main(["drop", "channel", "telegram", *desk.where]) == 0
    assert desk.secret(desk.channel)["telegram"]["secrets"] == ["new-secret"]
    assert secrets.main(["drop", "channel", "telegram", *desk.where]) == 1
    assert secrets.main(["rotate", "channel", "telegram", "app_secrets", *desk.where]) == 2
    said = capsys.readouterr()
    assert not any(word in said.out + said.err for word in ("old-secret", "new-secret", "token-1", "token-2"))


def test_a_new_key_says_when_it_expires_where_the_old_one_did(
    desk: Desk, capsys: SAID, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = {"whatsapp": {"token": "token-1", "phone_number_id": "1", "expires": "2026-12-01"}}
    aws("secretsmanager").put_secret_value(SecretId=desk.channel, SecretString=json.dumps(before))

    def rotate(*asked: str, value: str = "token-2") -> int:
        typed(monkeypatch, value)
        return secrets.main(["rotate", "channel", "whatsapp", *asked, *desk.where])

    assert rotate() == 2, "the old date would ring for a key that is gone"
    assert "expires 2026-12-01" in capsys.readouterr().err
    assert rotate("token", "--expires", "tomorrow") == 2
    assert rotate("token", "--expires", "2020-01-31") == 1
    assert rotate("--expires", "2199-01-31", "--dry-run") == 0
    assert desk.secret(desk.channel) == before

    assert rotate("phone_number_id", value="2") == 0, "what is no key has no date"
    assert desk.secret(desk.channel)["whatsapp"] == {
        "token": "token-1",
        "phone_number_id": "2",
        "expires": "2026-12-01",
    }
    assert rotate("--expires", "2199-01-31") == 0
    assert "expires 2199-01-31" in capsys.readouterr().out
    assert desk.secret(desk.channel)["whatsapp"] == {
        "token": "token-2",
        "phone_number_id": "2",
        "expires": "2199-01-31",
    }
    assert secrets.main(["list", *desk.where]) == 0
    assert "expires 2199-01-31" in capsys.readouterr().out
    assert rotate("--expires", "never", value="token-3") == 0
    assert desk.secret(desk.channel)["whatsapp"] == {"token": "token-3", "phone_number_id": "2"}
    assert rotate(value="token-4") == 0, "nothing is asked of a section without a date"


def test_a_channel_s_secret_that_a_hand_broke_is_left_alone(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    aws("secretsmanager").put_secret_value(SecretId=desk.channel, SecretString="{oops")
    typed(monkeypatch, "value")
    assert secrets.main(["rotate", "channel", "telegram", *desk.where]) == 1
    assert aws("secretsmanager").get_secret_value(SecretId=desk.channel)["SecretString"] == "{oops"
