"""Files that an officer sends along with a reply: uploaded by a form, kept as a copy that no form reaches."""

from __future__ import annotations

from typing import Any

import pytest

from tanggap.domain.permissions import Officer
from tests.support.portal import Portal
from tests.support.portal_cases import case_for
from tests.support.world import COORDINATOR, LIAISON, aws


def upload(portal: Portal, officer: Officer, name: str = "foto.png", kind: str = "image/png") -> str:
    """Offered and used as the form says."""
    offered = portal.post(officer, "/v1/uploads", name=name, type=kind, size=100).body

    aws("s3").put_object(
        Bucket=portal.world.files.bucket, Key=offered["fields"]["key"], Body=b"\x89PNG", ContentType=kind
    )
    return str(offered["id"])


def test_an_upload_is_a_form_bound_to_its_key_type_and_size(portal: Portal) -> None:
    import base64
    import json

    offered = portal.post(LIAISON, "/v1/uploads", name="foto.png", type="image/png", size=123)
    assert offered.status == 201
    assert set(offered.body) == {"id", "url", "fields"}
    policy = json.loads(base64.b64decode(offered.body["fields"]["policy"]))
    assert ["content-length-range", 1, 123] in policy["conditions"]
    assert {"Content-Type": "image/png"} in policy["conditions"]
    assert {"key": offered.body["fields"]["key"]} in policy["conditions"]


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("type", "text/html"),
        ("type", "image/svg+xml"),
        ("type", "IMAGE/PNG"),
        ("type", None),
        ("size", 0),
        ("size", -1),
        ("size", 10_000_001),
        ("size", "5"),
        ("size", True),
        ("size", 5.5),
        ("name", ""),
        ("name", ["a"]),
        ("name", "x" * 201),
        ("key", "uploads/x"),
    ],
)
def test_a_wrong_upload_is_refused(portal: Portal, field: str, value: Any) -> None:
    body = {"name": "a.png", "type": "image/png", "size": 5, field: value}
    assert portal.post(LIAISON, "/v1/uploads", **body).status == 422


def test_an_attachment_is_a_copy_that_no_form_reaches(portal: Portal) -> None:
    number = case_for(portal, sender="lampiran@warga.example")
    key = upload(portal, LIAISON)
    replied = portal.post(LIAISON, f"/v1/cases/{number}/replies", text="Lihat foto.", attachments=[key, key])
    assert replied.status == 200
    letter = next(one for one in replied.body["messages"] if one.get("purpose") == "reply")
    ((file),) = letter["attachments"]
    assert (file["name"], file["type"], file["size"]) == ("foto.png", "image/png", 4)
    assert "/sent/" in file["url"]
    assert "octet-stream" in file["url"]
    portal.world.pump()
    (sent,) = portal.world.outbox("lampiran@warga.example")[-1].files
    assert (sent.name, sent.content) == ("foto.png", b"\x89PNG")


def test_an_officer_cannot_use_anothers_upload_or_any_other_object(portal: Portal) -> None:
    number = case_for(portal)
    key = upload(portal, COORDINATOR)
    for stolen in (key, f"../{COORDINATOR.id}/{key}", "mail/x", "", ".", "é.x", f"{key}/..", "a" * 300):
        answer = portal.post(LIAISON, f"/v1/cases/{number}/replies", text="x", attachments=[stolen])
        assert (answer.status, answer.code) == (422, "invalid")
    assert portal.post(COORDINATOR, f"/v1/cases/{number}/replies", text="x", attachments=[key]).status == 200


def test_a_name_that_was_changed_in_an_uploads_id_is_made_safe_again(portal: Portal) -> None:
    import base64

    number = case_for(portal)
    key = upload(portal, LIAISON).partition(".")[0]
    for name, safe in (
        ("../../etc/passwd", "passwd.png"),
        ("a\r\nContent-Type: text/html", ["aContent-Type text", "html"][-1] + ".png"),
        ("tagihan\u202egnp.exe", "tagihangnp.exe.png"),
        ("", "lampiran.png"),
        ("x" * 900 + ".png", "x" * 96 + ".png"),
    ):
        label = base64.urlsafe_b64encode(name.encode()).decode().rstrip("=")
        reply = portal.post(LIAISON, f"/v1/cases/{number}/replies", text="x", attachments=[f"{key}.{label}"])
        letters = [one for one in reply.body["messages"] if one["attachments"]]
        assert letters[-1]["attachments"][0]["name"] == safe


def test_the_files_of_one_reply_are_bounded_together(portal: Portal) -> None:

    number = case_for(portal)
    keys = []
    for _ in range(2):
        offered = portal.post(LIAISON, "/v1/uploads", name="a.zip", type="application/zip", size=6_000_000).body
        aws("s3").put_object(
            Bucket=portal.world.files.bucket,
            Key=offered["fields"]["key"],
            Body=b"0" * 6_000_000,
            ContentType="application/zip",
        )
        keys.append(offered["id"])
    assert portal.post(LIAISON, f"/v1/cases/{number}/replies", text="x", attachments=keys).status == 422
    assert portal.post(LIAISON, f"/v1/cases/{number}/replies", text="x", attachments=["a"] * 11).status == 422
