"""Each chat channel from outside: in, acknowledgement, an officer's answer, a follow-up, files both ways."""

from __future__ import annotations

import base64
import re
import time

import pytest

from tests.e2e.channels import BODIES, Platform, fetch, post, provider, signature
from tests.e2e.system import System, until

pytestmark = pytest.mark.e2e

TEXT = "Lampu jalan di Gang Melati RT 3 mati sejak dua minggu, gelap sekali."
NUMBER = re.compile(r"TGP-[A-Z0-9]{9}")
JPEG = base64.b64decode(
    "/9j/4AAQSkZJRgABAQEASABIAAD/2wBDAP//////////////////////////////////////////////////////////////////////////////"
    "////////////////////////////////////////////////////////wgALCAABAAEBAREA/8QAFBABAAAAAAAAAAAAAAAAAAAAAP/aAAgBAQAB"
    "PxA="
)


@pytest.fixture(params=sorted(BODIES))
def platform(system: System, request: pytest.FixtureRequest) -> Platform:
    return Platform(system, request.param)


def reported(platform: Platform) -> tuple[str, str]:
    """(who, case number) of a new report that is acknowledged."""
    who = platform.someone()
    platform.write(who, TEXT)
    found = NUMBER.search(platform.next(who)["text"])
    assert found, platform.heard(who)
    return who, found[0]


def said(system: System, number: str) -> list[str]:
    """What the citizen wrote on a case."""
    return [one["text"] for one in system.case(number)["messages"] if one["direction"] == "in"]


def test_a_chat_message_is_a_case_and_the_answer_goes_back_on_its_channel(platform: Platform) -> None:
    who, number = reported(platform)
    case = platform.system.case(number)
    assert (case["channel"], case["status"]) == (platform.channel, "new")
    assert said(platform.system, number) == [TEXT]
    assert case["answer_way"]["channel"] == platform.channel

    platform.write(who, "Di depan warung Bu Imas.")
    until(lambda: len(said(platform.system, number)) == 2, "the second fragment on the same case")
    time.sleep(1)
    assert len(platform.heard(who)) == 1, "acknowledged once"

    replied = platform.system.as_officer(
        "coordinator", "POST", f"/v1/cases/{number}/replies", {"text": "Petugas datang besok pagi."}
    )
    assert replied.status == 200, replied
    answer = platform.next(who, after=1)
    assert "Petugas datang besok pagi." in answer["text"]

    def reply() -> tuple[str, str]:
        row = next(one for one in platform.system.case(number)["deliveries"] if one["purpose"] == "reply")
        return row["state"], row["channel"]

    # The platform has the message a moment before the row is told so.
    until(lambda: reply() == ("sent", platform.channel), "the reply told as sent on its own channel")

    platform.write(who, "Baik, saya tunggu di rumah nomor 12.")
    until(lambda: len(said(platform.system, number)) == 3, "the follow-up on the same case")


def test_a_webhook_that_comes_three_times_is_one_message(platform: Platform) -> None:
    who = platform.someone()
    body, _ = BODIES[platform.channel](platform.system, who, TEXT, {})
    for _ in range(3):
        assert platform.deliver(body).status == 200
    found = NUMBER.search(platform.next(who)["text"])
    assert found
    time.sleep(2)
    assert len(platform.heard(who)) == 1
    assert len(said(platform.system, found[0])) == 1


def photo(system: System, channel: str) -> dict[str, object]:
    """The platform's fields of a message with a photo that the provider keeps."""
    kept = provider(
        system,
        "POST",
        "/_media",
        {"channel": channel, "type": "image/jpeg", "content": base64.b64encode(JPEG).decode()},
    )
    if channel == "whatsapp":
        image = {"id": kept["id"], "mime_type": "image/jpeg", "sha256": kept["sha256"]}
        return {"type": "image", "image": image}
    if channel == "telegram":
        sized = {"file_id": kept["id"], "file_unique_id": kept["id"], "width": 1, "height": 1, "file_size": len(JPEG)}
        return {"photo": [sized], "caption": TEXT}
    return {"attachments": [{"type": "image", "payload": {"url": kept["url"]}}]}


def test_files_go_both_ways(platform: Platform) -> None:
    who, number = reported(platform)
    platform.write(who, "", **photo(platform.system, platform.channel))

    def files() -> list[dict]:
        return [file for one in platform.system.case(number)["messages"] for file in one["attachments"]]

    found = until(files, "the photo on the case")
    assert (found[0]["type"], found[0]["size"]) == ("image/jpeg", len(JPEG))

    place = platform.system.as_officer(
        "coordinator", "POST", "/v1/uploads", {"name": "bukti.jpg", "type": "image/jpeg", "size": len(JPEG)}
    ).body
    upload(place["url"], place["fields"], JPEG)
    before = len(platform.heard(who))
    replied = platform.system.as_officer(
        "coordinator", "POST", f"/v1/cases/{number}/replies", {"text": "Ini buktinya.", "attachments": [place["id"]]}
    )
    assert replied.status == 200, replied
    until(
        lambda: [one for one in platform.heard(who)[before:] if one.get("files")], "the officer's photo at the provider"
    )


def upload(url: str, fields: dict[str, str], content: bytes) -> None:
    edge = "grenze"
    parts = [
        f'--{edge}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'.encode()
        for name, value in fields.items()
    ]
    parts.append(f'--{edge}\r\nContent-Disposition: form-data; name="file"; filename="f"\r\n\r\n'.encode())
    body = b"".join(parts) + content + f"\r\n--{edge}--\r\n".encode()
    answer = fetch("POST", url, body, {"Content-Type": f"multipart/form-data; boundary={edge}"})
    assert answer.status in (200, 201, 204), answer


def test_an_unsigned_webhook_is_refused_and_stores_nothing(system: System) -> None:
    raw = b'{"object":"page","entry":[]}'
    before = system.as_officer("auditor", "GET", "/v1/arrivals").body["arrivals"][:1]
    forged = {"X-Hub-Signature-256": "sha256=" + "0" * 64}
    for headers in ({}, forged, {"X-Hub-Signature-256": signature(system, raw + b" ")}):
        assert post(system, "/webhooks/meta", raw, headers).status in (401, 403)
    assert post(system, "/webhooks/telegram", raw, {"X-Telegram-Bot-Api-Secret-Token": "x"}).status in (401, 403)
    assert system.as_officer("auditor", "GET", "/v1/arrivals").body["arrivals"][:1] == before


def test_the_handshake_echoes_its_challenge(system: System) -> None:
    token = system.ready["webhooks"]["meta_verify_token"]
    address = f"{system.ready['http']}/webhooks/meta?hub.mode=subscribe&hub.challenge=1158201444&hub.verify_token="
    assert fetch("GET", address + token).body in ("1158201444", 1158201444)
    assert fetch("GET", address + "other").status == 403


def test_status_with_number_and_code_is_told_on_another_channel(system: System) -> None:
    report = {"text": "Sampah menumpuk di Pasar Lama sudah seminggu.", "idempotency_key": str(time.time_ns())}
    made = system.call("POST", "/v1/reports", report)
    assert made.status == 201, made
    number, code = made.body["number"], made.body["code"]
    assert system.call("POST", "/v1/reports", report).body == made.body, "a retry gets the same answer"

    def followed() -> dict | None:
        seen = system.get(f"/v1/reports/{number}?code={code}")
        return seen.body if seen.status == 200 and seen.body["status"] != "received" else None

    assert until(followed, "the report as a case")["status"] == "new"
    wrong = system.get(f"/v1/reports/{number}?code=ZZZZZZZZZZ")
    unknown = system.get(f"/v1/reports/TGP-ZZZZZZZZZ?code={code}")
    assert (wrong.status, wrong.body) == (unknown.status, unknown.body) == (404, wrong.body)

    chat = Platform(system, "telegram")
    who = chat.someone()
    chat.write(who, f"status {number} {code}")
    assert number in chat.next(who)["text"]


def test_a_citizen_follows_and_writes_with_number_and_code(system: System) -> None:
    made = system.call("POST", "/v1/reports", {"text": "Jembatan bambu di Dusun Karang patah.", "anonymous": True})
    assert made.status == 201, made
    number, code = made.body["number"], made.body["code"]
    until(lambda: system.get(f"/v1/reports/{number}?code={code}").body.get("status") == "new", "the report as a case")
    added = system.call("POST", f"/v1/reports/{number}/messages", {"code": code, "text": "Anak sekolah lewat di situ."})
    assert added.status == 202, added
    until(lambda: len(said(system, number)) == 2, "the citizen's own message on the case")
    assert system.case(number)["confidentiality"] == "anonymous"
    asked = system.as_officer("coordinator", "POST", f"/v1/cases/{number}/replies", {"text": "Sebelah mana persisnya?"})
    assert asked.status == 200, asked

    def told() -> bool:
        seen = system.get(f"/v1/reports/{number}?code={code}").body
        return any("Sebelah mana persisnya?" in one["text"] for one in seen["messages"])

    until(told, "the officer's answer on the tracking page")
