"""The operator's look at what today's reading would make of stored arrivals."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace

import pytest

from infra.ops.reread import main
from tanggap.adapters.mail import reader
from tanggap.application.receive import Raw
from tanggap.domain.words import Channel, Reason
from tests.support.world import INTAKE, World, aws, fake_aws

MAIL = (
    f"From: Siti Aminah <siti@warga.example>\r\nTo: {INTAKE}\r\nSubject: Jalan rusak\r\n"
    "Message-ID: <m1@warga.example>\r\n\r\nJalan di RT 3 rusak.\r\n"
).encode()


class Desk:
    def __init__(self) -> None:
        self.world = World("dynamodb")
        self.table = self.world.cases.row.Meta.table_name
        self.bucket = f"arrivals-{self.table}"
        aws("s3").create_bucket(Bucket=self.bucket, CreateBucketConfiguration={"LocationConstraint": "ap-southeast-1"})
        self.queue = aws("sqs").create_queue(QueueName=self.bucket)["QueueUrl"]

    def __call__(self, *arguments: str) -> int:
        where = ["--table", self.table, "--arrivals", self.bucket, "--attachments", self.world.files.bucket]
        where += ["--intake-address", INTAKE, "--queue", self.queue]
        return main([*where, *arguments])

    def filed(self, key: str, text: str | None = None) -> str:
        """A mail, read as it is or as `text`."""
        raw = MAIL.replace(b"<m1@", f"<{key}@".encode())
        aws("s3").put_object(Bucket=self.bucket, Key=key, Body=raw)
        inbound = reader.stored(raw, key, self.world.now, INTAKE)
        return self.world.arrive(replace(inbound, text=text or inbound.text), key).case

    def parked(self, key: str, reason: Reason) -> None:
        aws("s3").put_object(Bucket=self.bucket, Key=key, Body=MAIL)
        self.world.receive(Raw(key, Channel.EMAIL, self.world.now, 10, None, reason))

    def wishes(self) -> set[tuple[str, str]]:
        found = aws("sqs").receive_message(QueueUrl=self.queue, MaxNumberOfMessages=10).get("Messages", [])
        bodies = [json.loads(one["Body"]) for one in found]
        return {(one["tanggap"], one["key"]) for one in bodies}


@pytest.fixture
def desk() -> Iterator[Desk]:
    with fake_aws():
        yield Desk()


PERIOD = ("--from", "2026-11-22", "--to", "2026-11-23")


def test_nothing_that_differs_is_a_quiet_success(desk: Desk, capsys: pytest.CaptureFixture[str]) -> None:
    desk.filed("mail/a")
    assert desk(*PERIOD) == 0
    assert capsys.readouterr().out == "0 differ, 0 announced\n"


def test_what_differs_is_named_by_field_and_length_and_nothing_personal(
    desk: Desk, capsys: pytest.CaptureFixture[str]
) -> None:
    number = desk.filed("mail/a", "Jalan")
    desk.filed("mail/b")
    assert desk(*PERIOD) == 1
    out = capsys.readouterr().out
    assert f"mail/a {number} filed/new_case: text 5 -> 20" in out
    assert "mail/b" not in out
    assert not any(word in out.lower() for word in ("siti", "rusak", "jalan"))
    assert desk.wishes() == set()


def test_one_arrival_can_be_asked_for_by_its_key(desk: Desk, capsys: pytest.CaptureFixture[str]) -> None:
    desk.filed("mail/a")
    assert desk("--all", "mail/a", "mail/never") == 0
    out = capsys.readouterr().out.splitlines()
    assert out[0].startswith("mail/a TGP-")
    assert out[1] == "mail/never -: no such arrival"


def test_applying_announces_what_differs_and_what_only_we_had_parked(desk: Desk) -> None:
    desk.filed("mail/a", "Jalan")
    desk.filed("mail/b")
    desk.parked("mail/c", Reason.FAILING)
    desk.parked("mail/d", Reason.SPAM)
    desk.parked("mail/e", Reason.UNKNOWN)  # a kind of message that an earlier release did not know
    desk.parked("mail/f", Reason.TOO_LARGE)
    assert desk(*PERIOD, "--apply") == 0
    assert desk.wishes() == {("anew", "mail/a"), ("replay", "mail/c"), ("replay", "mail/e"), ("replay", "mail/f")}


def test_a_period_of_years_is_walked_in_pieces(desk: Desk, capsys: pytest.CaptureFixture[str]) -> None:
    desk.filed("mail/a", "Jalan")
    assert desk("--from", "2026-09-01", "--to", "2027-01-31T00:00:00+07:00") == 1
    assert capsys.readouterr().out.count("mail/a") == 1


@pytest.mark.parametrize("arguments", [(), ("--from", "yesterday"), ("--to", "2026-11-23")])
def test_a_wrong_question_ends_with_two(desk: Desk, arguments: tuple[str, ...]) -> None:
    with pytest.raises(SystemExit) as ended:
        desk(*arguments)
    assert ended.value.code == 2
