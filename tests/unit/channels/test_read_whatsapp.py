"""WhatsApp's messages: every kind, whoever they are of, however many come at once."""

from __future__ import annotations

import base64
import json
from typing import Any

import pytest

from tanggap.adapters.channels import shape
from tanggap.domain.inbound import Media, Place, Sort
from tanggap.domain.words import Channel, Reason
from tests.support.webhook_bodies import (
    ACCOUNT,
    AT,
    METADATA,
    PHONE,
    SCOPED,
    contact,
    message,
    messages,
    one,
    read,
    said,
    sample,
    whatsapp,
)


def test_a_text_is_a_message_of_its_person() -> None:
    part = one(sample("whatsapp-text.json"))
    assert (part.channel, part.kind, part.person) == (Channel.WHATSAPP, "text", f"whatsapp:{PHONE}")
    inbound = part.inbound
    assert inbound is not None
    assert inbound.text.startswith("Selamat pagi, lampu jalan") and inbound.full_text == inbound.text
    assert inbound.sender.address == f"whatsapp:{PHONE}"
    assert inbound.sender.name == "Siti Aminah"
    assert inbound.sender.also == (f"whatsapp:{SCOPED}",)
    assert inbound.account == ACCOUNT
    assert inbound.external_id == part.external_id == "wamid.HBgNNjI4MTIzNDUwMDAxNxUCABIYFDNBMDAx"
    assert (inbound.recipients, inbound.automatic, inbound.subject, inbound.doubts) == ((), "", "", ())
    assert inbound.at.isoformat() == "2026-03-03T00:42:00+00:00"


@pytest.mark.parametrize(
    ("content", "text"),
    [
        (message("button", button={"text": "Sudah selesai", "payload": "settled"}), "Sudah selesai"),
        (
            message(
                "interactive", interactive={"type": "button_reply", "button_reply": {"id": "settled", "title": "Ya"}}
            ),
            "Ya",
        ),
        (
            message(
                "interactive",
                interactive={
                    "type": "list_reply",
                    "list_reply": {"id": "settled", "title": "Jalan", "description": "Rusak"},
                },
            ),
            "Jalan\nRusak",
        ),
    ],
)
def test_a_pressed_button_is_what_stood_on_it(content: dict[str, Any], text: str) -> None:
    inbound = said(messages(content))
    assert inbound.text == text
    assert inbound.extra["payload"] == "settled"


def test_a_form_is_told_field_by_field_without_its_token() -> None:
    answers = {"flow_token": "geheim", "lokasi": "Jl. Melati", "jumlah": 3, "foto": ["a"]}
    reply = {"type": "nfm_reply", "nfm_reply": {"name": "flow", "body": "Sent", "response_json": json.dumps(answers)}}
    inbound = said(messages(message("interactive", interactive=reply)))
    assert inbound.text == 'lokasi: Jl. Melati\njumlah: 3\nfoto: ["a"]'


def test_a_place_is_coordinates_and_words() -> None:
    inbound = said(sample("whatsapp-location.json"))
    assert inbound.place == Place(-6.914864, 107.608238, "SD Negeri 2, Jl. Melati 14")
    assert inbound.text == "Lokasi: SD Negeri 2, Jl. Melati 14 (-6.914864, 107.608238)"


@pytest.mark.parametrize("latitude", [91, -90.5, "utara", None, True, 1e308])
def test_a_place_that_is_nowhere_on_earth_keeps_its_name(latitude: Any) -> None:
    inbound = said(messages(message("location", location={"latitude": latitude, "longitude": 107.6, "name": "Balai"})))
    assert inbound.place == Place(None, None, "Balai")
    assert inbound.text == "Lokasi: Balai"


def test_contacts_are_told_with_their_numbers() -> None:
    people = [
        {"name": {"formatted_name": "Pak RT"}, "phones": [{"phone": "+62 812 1"}]},
        {"name": {"first_name": "Bu Lurah"}},
    ]
    assert said(messages(message("contacts", contacts=people))).text == "Kontak: Pak RT, +62 812 1\nKontak: Bu Lurah"


def test_an_image_is_kept_by_its_id_with_the_hash_in_hex() -> None:
    inbound = said(sample("whatsapp-image.json"))
    assert inbound.text == "Ini tiangnya"
    digest = "9b4e2915fd8445d6a8a53c859063c0d3e6d7de2f986367588151703a00cb4832"
    assert inbound.media == (Media(kind="image", id="990000000000001", type="image/jpeg", sha256=digest),)


@pytest.mark.parametrize(
    ("type", "kind", "extra"),
    [
        ("video", "video", {}),
        ("audio", "audio", {"voice": "1"}),
        ("document", "document", {}),
        ("sticker", "sticker", {}),
    ],
)
def test_every_kind_of_file_is_kept(type: str, kind: str, extra: dict[str, str]) -> None:
    file = {
        "id": "77",
        "mime_type": "Application/PDF; x=1",
        "filename": "../../surat\u202e.pdf",
        "voice": type == "audio",
    }
    inbound = said(messages(message(type, **{type: file})))
    (media,) = inbound.media
    assert (media.kind, media.id, media.type, media.name) == (kind, "77", "application/pdf", ".._.._surat.pdf")
    assert inbound.text == "" and inbound.doubts == () and inbound.extra == extra


@pytest.mark.parametrize(
    ("told", "kept"),
    [
        ("AB" * 32, "ab" * 32),
        (base64.b64encode(bytes(32)).decode(), "00" * 32),
        (base64.b64encode(bytes(31)).decode(), ""),
        ("4654+8g=", ""),
        ("a1b2c3d4e5f6...", ""),
        (7, ""),
    ],
)
def test_what_is_no_digest_is_not_kept_as_one(told: Any, kept: str) -> None:
    (media,) = said(messages(message("image", image={"id": "1", "sha256": told}))).media
    assert media.sha256 == kept


def test_a_reaction_tells_of_the_message_it_is_about_and_can_be_taken_back() -> None:
    inbound = said(messages(message("reaction", reaction={"message_id": "wamid.B", "emoji": "\U0001f44d"})))
    assert (inbound.sort, inbound.about, inbound.text) == (Sort.REACTION, "wamid.B", "\U0001f44d")
    for back in ({"message_id": "wamid.B", "emoji": ""}, {"message_id": "wamid.B"}):
        inbound = said(messages(message("reaction", reaction=back)))
        assert (inbound.sort, inbound.text, inbound.extra) == (Sort.REACTION, "", {"taken_back": "1"})


def test_an_edit_holds_the_new_words_and_the_old_id() -> None:
    edit = {"original_message_id": "wamid.B", "message": {"type": "text", "text": {"body": "Lampu RT 04"}}}
    inbound = said(messages(message("edit", edit=edit)))
    assert (inbound.sort, inbound.about, inbound.text) == (Sort.EDIT, "wamid.B", "Lampu RT 04")


def test_a_deletion_names_what_is_withdrawn() -> None:
    inbound = said(messages(message("revoke", revoke={"original_message_id": "wamid.B"})))
    assert (inbound.sort, inbound.about, inbound.text) == (Sort.DELETION, "wamid.B", "")


def test_a_reply_names_what_it_answers_and_a_forward_is_marked() -> None:
    inbound = said(messages(message(context={"id": "wamid.B", "from": ACCOUNT}, text={"body": "Belum"})))
    assert inbound.references == ("wamid.B",)
    for sign in ("forwarded", "frequently_forwarded"):
        assert said(messages(message(context={sign: True}, text={"body": "Sebarkan"}))).doubts == ("forwarded",)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (message("order", order={"text": "dua", "product_items": []}), "pesanan, tidak dapat dibaca di sini]\ndua"),
        (message("unsupported", unsupported={"type": "poll"}), "jajak pendapat"),
        (message("interactive", interactive={"type": "hologram"}), "tombol atau formulir"),
        (message("hologram", hologram={}), "jenis yang belum dikenal"),
        (message("image", image={"mime_type": "image/jpeg"}), "foto"),
        (message("text", text={"body": " \u200f\n "}), "teks kosong"),
    ],
)
def test_what_cannot_be_read_is_a_message_that_says_so(content: dict[str, Any], words: str) -> None:
    inbound = said(messages(content))
    assert inbound.text.startswith("[Pesan berupa") and words in inbound.text
    assert "unsupported" in inbound.doubts


def test_a_kind_without_a_name_of_ours_is_counted_as_other() -> None:
    assert one(messages(message("hologram", hologram={}))).kind == "other"


def test_a_changed_number_names_the_new_identity() -> None:
    system = {"body": "A changed", "wa_id": "6281234500099", "user_id": "ID.99", "type": "user_changed_number"}
    part = one(messages(message("system", system=system)))
    assert part.kind == "number_changed" and part.inbound is not None
    assert part.inbound.doubts == ("number_changed",)
    assert part.inbound.extra == {"new_identity": "whatsapp:6281234500099", "new_scoped": "whatsapp:ID.99"}
    assert part.inbound.sender.address == f"whatsapp:{PHONE}"
    assert part.inbound.sender.also == (f"whatsapp:{SCOPED}", "whatsapp:6281234500099", "whatsapp:ID.99")
    nowhere = {"wa_id": "x y", "user_id": [], "type": "user_changed_number"}
    assert said(messages(message("system", system=nowhere))).extra == {}


def test_what_nobody_wrote_is_an_event() -> None:
    identity = message("system", system={"type": "customer_identity_changed"})
    permission = {"type": "call_permission_reply", "call_permission_reply": {"response": "accept"}}
    told = read(messages(identity, message("interactive", interactive=permission), message("request_welcome", x=1)))
    assert [(part.kind, part.dropped) for part in told] == [
        ("identity_changed", Reason.EVENT),
        ("call_permission", Reason.EVENT),
        ("chat_opened", Reason.EVENT),
    ]


def test_an_advertisement_and_a_group_are_noted() -> None:
    inbound = said(
        messages(
            message(referral={"source_url": "https://fb.me/x", "source_id": "9"}, group_id="G1", text={"body": "a"})
        )
    )
    assert inbound.extra == {"referral": "https://fb.me/x", "group": "G1"}
    assert inbound.doubts == ("group",)


# -- who it is


@pytest.mark.parametrize(
    ("content", "contacts", "address", "also"),
    [
        pytest.param({"from": PHONE}, [], f"whatsapp:{PHONE}", (), id="a phone alone"),
        pytest.param({"from": f"+{PHONE}"}, [], f"whatsapp:{PHONE}", (), id="a phone with a plus"),
        pytest.param({"from_user_id": SCOPED}, [], f"whatsapp:{SCOPED}", (), id="no phone, a scoped id"),
        pytest.param({"from": SCOPED}, [], f"whatsapp:{SCOPED}", (), id="a scoped id in the phone's place"),
        pytest.param(
            {"from_user_id": SCOPED},
            [{"profile": {"username": "siti"}, "user_id": SCOPED}],
            f"whatsapp:{SCOPED}",
            (),
            id="a user name",
        ),
        pytest.param({}, [{"wa_id": PHONE}], f"whatsapp:{PHONE}", (), id="the contact alone, without a profile"),
        pytest.param({}, [{"user_id": SCOPED}], f"whatsapp:{SCOPED}", (), id="the contact's scoped id alone"),
        pytest.param({"from_parent_user_id": "ID.ENT.5"}, [], "whatsapp:ID.ENT.5", (), id="the businesses' common id"),
        pytest.param({"from": PHONE}, [contact("628999", "Lain", "ID.999")], f"whatsapp:{PHONE}", (), id="spelt apart"),
    ],
)
def test_a_person_is_known_by_whatever_the_platform_tells(
    content: dict[str, Any], contacts: list[Any], address: str, also: tuple[str, ...]
) -> None:
    raw = {"id": "wamid.A1", "timestamp": "1772498520", "type": "text", "text": {"body": "Halo"}, **content}
    body = whatsapp({"metadata": METADATA, "contacts": contacts, "messages": [raw]})
    inbound = said(body)
    assert (inbound.sender.address, inbound.sender.also) == (address, also)
    assert one(body).person == address


def test_somebody_whom_nothing_names_is_filed_all_the_same() -> None:
    inbound = said(
        whatsapp({"metadata": METADATA, "messages": [{"id": "wamid.A1", "type": "text", "text": {"body": "Halo"}}]})
    )
    assert inbound.sender.address == "" and "no_sender" in inbound.doubts and inbound.text == "Halo"


def test_contacts_are_told_apart_whatever_their_order() -> None:
    first, second = contact(), contact("6281234500018", "Budi", "ID.18")
    body = messages(message(), message(id="wamid.A2", sender="6281234500018"), contacts=[second, first])
    told = [(part.inbound.sender.name, part.inbound.sender.also) for part in read(body) if part.inbound]
    assert told == [("Siti Aminah", (f"whatsapp:{SCOPED}",)), ("Budi", ("whatsapp:ID.18",))]


def test_a_part_alone_holds_nobody_else() -> None:
    body = messages(
        message(),
        message(id="wamid.A2", sender="6281234500018"),
        contacts=[contact(), contact("6281234500018", "Budi", "ID.18")],
    )
    mine, theirs = (shape.packed(part.alone).decode() for part in read(body))
    assert (
        PHONE in mine and "Siti" in mine and "6281234500018" not in mine and "Budi" not in mine and "ID.18" not in mine
    )
    assert "Budi" in theirs and PHONE not in theirs and "Siti" not in theirs and SCOPED not in theirs


# -- what became of ours


def test_each_status_is_an_event_of_its_own() -> None:
    sent, delivered, seen = read(sample("whatsapp-status.json"))
    for part, kind in ((sent, "sent"), (delivered, "delivery"), (seen, "read")):
        assert part.event and part.inbound is not None and part.person == f"whatsapp:{PHONE}"
        (about,) = part.inbound.failures
        assert (about.kind, about.original_id, about.permanent) == (
            kind,
            "wamid.HBgNNjI4MTIzNDUwMDAxNxUCABEYEjAwMQ",
            False,
        )
        assert about.recipient == f"whatsapp:{PHONE}"
        assert (about.case_number, about.delivery_id, about.part) == ("{{case}}", "{{delivery}}", (1, 1))
        assert part.inbound.sender.address == ""
    assert len({part.inbound.digest for part in (sent, delivered, seen) if part.inbound}) == 3
    assert sent.inbound is not None and sent.inbound.extra == {"billable": "no", "category": "service"}


@pytest.mark.parametrize(
    ("code", "permanent", "cause"), [(131026, True, "unknown"), (131047, False, "window_closed"), (7, False, "")]
)
def test_a_failure_tells_its_code_and_why(code: int, permanent: bool, cause: str) -> None:
    status = {
        "id": "wamid.B",
        "status": "failed",
        "timestamp": "1772498520",
        "recipient_id": PHONE,
        "errors": [{"code": code}],
    }
    inbound = one(whatsapp({"metadata": METADATA, "statuses": [status]})).inbound
    assert inbound is not None
    (about,) = inbound.failures
    assert (about.kind, about.status, about.permanent, about.cause) == ("bounce", str(code), permanent, cause)


@pytest.mark.parametrize("along", ["", "d1", "TGP-1/d1", "TGP-1/d1/1/2/3", "TGP-1/d1/x/1", "/d1/1/1", 7, "a" * 600])
def test_what_another_sender_let_come_back_names_no_delivery(along: object) -> None:
    status = {"id": "wamid.B", "status": "sent", "recipient_id": PHONE, "biz_opaque_callback_data": along}
    inbound = one(whatsapp({"metadata": METADATA, "statuses": [status]})).inbound
    assert inbound is not None
    (about,) = inbound.failures
    assert (about.case_number, about.delivery_id, about.part) == ("", "", (0, 0))


def test_a_status_that_we_do_not_know_is_counted() -> None:
    told = read(
        whatsapp({"metadata": METADATA, "statuses": [{"id": "wamid.B", "status": "folded"}, {"status": "sent"}, 5]})
    )
    assert [part.dropped for part in told] == [Reason.UNKNOWN] * 3


# -- the rest of what comes


def test_what_an_account_is_told_is_an_event_and_what_is_new_is_unknown() -> None:
    assert one(whatsapp({"event": "ACCOUNT_UPDATE"}, field="account_update")).dropped is Reason.EVENT
    part = one(whatsapp({"event": "X"}, field="holograms"))
    assert (part.kind, part.dropped) == ("other", Reason.UNKNOWN)


def test_echoes_of_ours_are_dropped_as_our_own() -> None:
    echo = {"id": "wamid.C", "from": "622250123456", "to": PHONE, "type": "text", "text": {"body": "Baik"}}
    part = one(whatsapp({"metadata": METADATA, "message_echoes": [echo]}, field="smb_message_echoes"))
    assert (part.kind, part.dropped, part.person) == ("echo", Reason.OWN, f"whatsapp:{PHONE}")


def test_who_wants_no_advertising_is_told_by_name() -> None:
    wish = {"wa_id": PHONE, "category": "marketing_messages", "value": "stop", "timestamp": 1772498520}
    part = one(whatsapp({"metadata": METADATA, "user_preferences": [wish]}, field="user_preferences"))
    assert (part.kind, part.dropped, part.person) == ("marketing_stop", Reason.EVENT, f"whatsapp:{PHONE}")


def test_an_error_of_the_account_stands_beside_the_message() -> None:
    body = whatsapp({"metadata": METADATA, "messages": [message()], "errors": [{"code": 131000}]})
    first, second = read(body)
    assert first.inbound is not None and first.inbound.text == "Lampu jalan mati"
    assert (second.kind, second.external_id, second.dropped) == ("error", "131000", Reason.EVENT)


def test_a_list_that_the_platform_added_is_counted_beside_what_we_read() -> None:
    first, second = read(whatsapp({"metadata": METADATA, "messages": [message()], "holograms": [{"from": PHONE}]}))
    assert first.inbound is not None and second.dropped is Reason.UNKNOWN
    assert "holograms" in shape.packed(second.alone).decode()


def test_a_message_without_an_id_is_the_same_one_each_time() -> None:
    bare = {"from": PHONE, "timestamp": "1772498520", "type": "text", "text": {"body": "Halo"}}
    first = said(messages(bare))
    second = read(messages(message(), bare))[1].inbound
    assert second is not None and first.digest == second.digest and first.external_id == second.external_id
    assert first.doubts == ("no_message_id",)
    assert said(messages({**bare, "text": {"body": "Hai"}})).digest != first.digest


def test_the_time_is_believed_within_what_the_platform_may_repeat() -> None:
    def at(stamp: Any) -> str:
        return said(messages({**message(), "timestamp": stamp}), at=AT).at.isoformat()

    stored, oldest = "2026-03-03T00:42:30+00:00", "2026-02-24T00:42:30+00:00"
    assert at("1772498520") == "2026-03-03T00:42:00+00:00"
    assert at(1772498520123) == "2026-03-03T00:42:00.123000+00:00"
    assert at("2026-03-03T07:42:00+0700") == "2026-03-03T00:42:00+00:00"
    assert at("1697043223") == at(1) == oldest
    assert [at(none) for none in ("4102444800", None, "kemarin", -5, True, [], "9" * 400, 1e300)] == [stored] * 8
