"""Whoever does not sign as the platform does leaves nothing behind, and costs nothing but a count."""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Iterator

import pytest

from tanggap.entrypoints.observe import metrics
from tests.support.webhooks import SECRETS, Doors, signed

BODY = json.dumps({"object": "whatsapp_business_account", "entry": [{"id": "1", "changes": []}]}).encode()
SHA1 = "sha1=" + hmac.new(b"new-app-secret", BODY, hashlib.sha1).hexdigest()
HEX = signed(BODY).removeprefix("sha256=")

FORGED = {
    "missing": None,
    "empty": "",
    "blank": "   ",
    "another secret's": signed(BODY, "somebody-else"),
    "an empty secret's": signed(BODY, ""),
    "another body's": signed(BODY + b" "),
    "another algorithm's": SHA1,
    "sha1 under the newer name": "sha256=" + SHA1.removeprefix("sha1="),
    "without its algorithm": HEX,
    "algorithm alone": "sha256=",
    "none": "none",
    "sha512": "sha512=" + hmac.new(b"new-app-secret", BODY, hashlib.sha512).hexdigest(),
    "in upper case": "sha256=" + HEX.upper(),
    "with a blank before": " " + signed(BODY),
    "with a line end": signed(BODY) + "\n",
    "cut short": signed(BODY)[:-1],
    "too long": signed(BODY) + "0",
    "of other digits": "sha256=" + "".join("\u0660" if sign == "0" else sign for sign in HEX),
    "half a character": "sha256=\ud800",
    "twice, one of them right": [signed(BODY), "sha256=" + "0" * 64],
    "the right one twice": [signed(BODY), signed(BODY)],
}


@pytest.fixture
def counted() -> Iterator[dict[str, int]]:
    """The metrics that this test writes, by name."""
    metrics.clear_metrics()
    found: dict[str, int] = {}
    yield found
    metrics.clear_metrics()


def counts() -> dict[str, float]:
    return {name: sum(one["Value"]) for name, one in metrics.metric_set.items()}


@pytest.mark.parametrize("signature", FORGED.values(), ids=FORGED)
def test_a_forged_signature_is_refused_and_nothing_is_stored(
    signature: str | list[str] | None, counted: dict[str, int]
) -> None:
    doors = Doors()
    answer = doors.meta(BODY, signature)
    assert answer.status == 401
    assert answer.json["error"]["code"] == "unauthenticated"
    assert not doors.store.calls
    assert counts() == {"WebhooksRejected": 1}


def test_the_older_header_alone_is_no_signature() -> None:
    doors = Doors()
    assert doors.send("POST", "/webhooks/meta", BODY, {"X-Hub-Signature": SHA1}).status == 401


@pytest.mark.parametrize("header", ["X-Hub-Signature-256", "x-hub-signature-256", "X-HUB-SIGNATURE-256"])
@pytest.mark.parametrize("secret", SECRETS["meta"]["app_secrets"])
def test_either_secret_and_any_spelling_of_the_header_is_right(header: str, secret: str) -> None:
    doors = Doors()
    answer = doors.send("POST", "/webhooks/meta", BODY, {header: signed(BODY, secret)})
    assert (answer.status, answer.text) == (200, "")
    key = f"webhooks/meta/{hashlib.sha256(BODY).hexdigest()}.json"
    assert doors.store.objects == {key: BODY}
    assert doors.store.announced == [key]


def test_a_single_value_header_is_enough() -> None:
    from tanggap.entrypoints.webhooks.app import respond
    from tests.support.webhooks import event

    doors = Doors()
    given = event("POST", "/webhooks/meta", BODY, {"X-Hub-Signature-256": signed(BODY)})
    del given["multiValueHeaders"]
    assert respond(given, lambda: doors.parts)["statusCode"] == 200


def test_the_signature_covers_the_bytes_and_not_what_they_mean() -> None:
    """Meta signs the escaped form that it sends; a re-encoded body says the same and is another."""
    doors = Doors()
    sent = b'{"text": "caf\\u00e9 \\ud83d\\ude00", "n": 1.0}'
    assert doors.meta(sent, signed(sent)).status == 200
    meant = json.loads(sent)
    recoded = json.dumps(meant, separators=(",", ":")).encode(), json.dumps(meant, ensure_ascii=False).encode()
    for other in recoded:
        assert doors.meta(other, signed(sent)).status == 401


def test_a_body_in_base64_is_judged_by_its_bytes() -> None:
    doors = Doors()
    raw = bytes(range(256))
    assert doors.meta(raw, signed(raw), as_base64=True).status == 200
    assert list(doors.store.objects.values()) == [raw]


def test_a_body_that_is_no_base64_is_refused() -> None:
    from tanggap.entrypoints.webhooks.app import respond
    from tests.support.webhooks import event

    given = event("POST", "/webhooks/meta", b"x", {"X-Hub-Signature-256": signed(b"x")}, as_base64=True)
    given["body"] = "%%%"
    assert respond(given, lambda: Doors().parts)["statusCode"] == 400


@pytest.mark.parametrize("body", [b"", b"not JSON", b"[]", b"\xc3\xa9", b'{"object": "line"}'])
def test_what_is_rightly_signed_is_stored_whatever_it_is(body: bytes) -> None:
    doors = Doors()
    assert doors.meta(body, signed(body)).status == 200
    assert list(doors.store.objects.values()) == [body]


@pytest.mark.parametrize(
    "token", [None, "", "wrong", "telegram-new ", ["telegram-new", "telegram-new"], "TELEGRAM-NEW"]
)
def test_telegrams_word_must_be_the_agreed_one(token: str | list[str] | None, counted: dict[str, int]) -> None:
    doors = Doors()
    assert doors.telegram(b'{"update_id": 1}', token).status == 401
    assert not doors.store.calls
    assert counts() == {"WebhooksRejected": 1}


@pytest.mark.parametrize("token", SECRETS["telegram"]["secrets"])
def test_telegrams_update_is_stored_and_answered_without_a_call(token: str) -> None:
    """A JSON answer would be taken for a call of the Bot API."""
    doors = Doors()
    answer = doors.telegram(b'{"update_id": 1}', token)
    assert (answer.status, answer.text) == (200, "")
    assert doors.store.announced == list(doors.store.objects)


def test_a_replay_is_stored_once_and_announced_again() -> None:
    """Intake may have put the body's parts in its place: what came again must not write over them."""
    doors = Doors()
    doors.meta(BODY, signed(BODY))
    (key,) = doors.store.objects
    doors.store.objects[key] = b'{"tanggap": "parts", "parts": []}'
    assert doors.meta(BODY, signed(BODY, "old-app-secret")).status == 200
    assert doors.store.objects == {key: b'{"tanggap": "parts", "parts": []}'}
    assert doors.store.announced == [key, key]


def test_ten_thousand_forged_requests_cost_no_call_of_a_store_and_one_of_the_secret() -> None:
    doors = Doors()
    for number in range(5_000):
        body = b'{"n": %d}' % number
        assert doors.meta(body, signed(body, f"guess-{number}")).status == 401
        assert doors.telegram(body, f"guess-{number}").status == 401
        metrics.clear_metrics()  # as at the end of each run
    assert doors.store.calls == []
    assert doors.manager.asked == 1


def test_a_body_over_the_bound_is_refused_before_it_is_signed() -> None:
    doors = Doors()
    largest = b"x" * 3_000_000
    assert doors.meta(largest, signed(largest)).status == 200
    too_large = largest + b"x"
    for as_base64 in (False, True):
        assert doors.meta(too_large, signed(too_large), as_base64=as_base64).status == 413
    assert doors.meta(largest, signed(largest), as_base64=True).status == 200


def test_a_bucket_that_is_down_makes_the_platform_come_again(caplog: pytest.LogCaptureFixture) -> None:
    doors = Doors()
    doors.store.bucket_is_down = True
    answer = doors.meta(BODY, signed(BODY))
    assert answer.status == 503
    assert answer.headers["Retry-After"]
    assert not doors.store.announced
    assert [one.__dict__["code"] for one in caplog.records] == ["webhook_put_off"]


def test_a_queue_that_is_down_is_told_of_and_the_platform_is_answered(caplog: pytest.LogCaptureFixture) -> None:
    """The object lies there: the ledger announces it again."""
    doors = Doors()
    doors.store.queue_is_down = True
    assert doors.meta(BODY, signed(BODY)).status == 200
    assert len(doors.store.objects) == 1
    assert [one.__dict__["code"] for one in caplog.records] == ["arrival_stored", "arrival_unannounced"]


def test_no_log_line_holds_a_body_or_a_header(capsys: pytest.CaptureFixture[str]) -> None:
    doors = Doors()
    body = b'{"text": "rahasia-saya"}'
    doors.meta(body, signed(body))
    doors.meta(body, "sha256=tanda-tangan")
    doors.telegram(body, "kata-rahasia")
    doors.report({"text": "rahasia-saya", "email": "warga@contoh.example", "nonsense": "rahasia-saya"})
    doors.report({"text": "rahasia-saya", "email": "warga@contoh.example"})
    seen = "".join(capsys.readouterr())
    for word in ("rahasia", "tanda-tangan", "warga", "app-secret", "telegram-new", "203.0.113.7"):
        assert word not in seen


@pytest.mark.parametrize("as_base64", [True, False])
def test_a_signed_body_of_bytes_that_are_no_text_is_stored_as_it_is(as_base64: bool) -> None:
    doors, body = Doors(), b'{"object": "page", "entry": ["\xff\xfe\xc3("]}'
    if as_base64:
        answer = doors.meta(body, signed(body), as_base64=True)
    else:
        from tanggap.entrypoints.webhooks.app import respond
        from tests.support.webhooks import Reply, event

        knock = event("POST", "/webhooks/meta", b"", {"X-Hub-Signature-256": signed(body)})
        knock["body"] = body.decode("utf-8", "surrogateescape")
        answer = Reply(respond(knock, lambda: doors.parts))
    assert answer.status == 200
    assert list(doors.store.objects.values()) == [body]
