"""What each channel sends: words, files, templates, replies to comments."""

from __future__ import annotations

import hashlib

import pytest

from tanggap.adapters.channels.meta_messages import PUBLIC_REPLY
from tanggap.adapters.channels.whatsapp_out import PARAMETER_LENGTH, parameter
from tanggap.application.failures import AnswerLost, Undeliverable, Wait, WindowClosed
from tanggap.domain.words import CHAT, Channel
from tests.unit.channels.senders import PDF, PEOPLE, Platforms, a_file

META = (Channel.MESSENGER, Channel.INSTAGRAM)
LIMITS = {Channel.WHATSAPP: 4096, Channel.MESSENGER: 2000, Channel.INSTAGRAM: 1000, Channel.TELEGRAM: 4096}


@pytest.mark.parametrize("channel", sorted(CHAT))
def test_a_short_text_is_one_message_to_the_person_and_its_id_is_told(platforms: Platforms, channel: Channel) -> None:
    ids = platforms.send(channel, "Laporan Anda kami terima: TGP-1.")
    (sent,) = platforms.sent(channel)
    assert (sent["text"], sent["to"], sent["how"]) == ("Laporan Anda kami terima: TGP-1.", PEOPLE[channel], "message")
    assert ids == tuple(platforms.left)
    if channel is Channel.TELEGRAM:  # no id of a message tells whose chat it stands in
        chat, _, number = sent["id"].partition(":")
        assert ids == (f"{hashlib.sha256(chat.encode()).hexdigest()[:16]}:{number}",)
    else:
        assert ids == (sent["id"],)


@pytest.mark.parametrize("channel", [Channel.WHATSAPP, Channel.TELEGRAM])
def test_no_platform_looks_at_an_address_in_the_text(platforms: Platforms, channel: Channel) -> None:
    """A preview would be the platform's own visit to somebody's tracking page."""
    platforms.send(channel, "Lihat https://desa-contoh.example/lacak?number=TGP-1")
    assert platforms.sent(channel)[0]["preview"] is False


@pytest.mark.parametrize("channel", sorted(CHAT))
def test_a_long_text_is_several_messages_none_over_the_limit(platforms: Platforms, channel: Channel) -> None:
    text = " ".join(f"kalimat-{number}" for number in range(LIMITS[channel] * 3 // 12))
    ids = platforms.send(channel, text)
    parts = platforms.texts(channel)
    assert len(parts) == len(ids) > 1
    assert all(len(part) <= LIMITS[channel] for part in parts)
    bare = [part.partition(") ")[2] if part.startswith("(") else part for part in parts]
    assert " ".join(bare) == text


def test_each_part_of_a_whatsapp_letter_takes_along_whose_part_it_is(platforms: Platforms) -> None:
    platforms.send(Channel.WHATSAPP, "kata " * 2000, files=(a_file(),))
    along = [one["along"] for one in platforms.sent(Channel.WHATSAPP)]
    assert len(along) > 2
    assert along == [f"TGP-1/d1/{number}/{len(along)}" for number in range(1, len(along) + 1)]
    platforms.send(Channel.WHATSAPP, "", how="template", template="kabar:id", parameters=("TGP-1",))
    assert platforms.sent(Channel.WHATSAPP)[-1]["along"] == "TGP-1/d1/1/1"


def test_only_telegram_promises_an_order_so_the_others_number_their_parts(platforms: Platforms) -> None:
    text = "kata " * 2000
    for channel in sorted(CHAT):
        platforms.send(channel, text)
    assert platforms.texts(Channel.WHATSAPP)[0].startswith("(1/3) kata")
    assert not any(part.startswith("(") for part in platforms.texts(Channel.TELEGRAM))


@pytest.mark.parametrize("channel", sorted(CHAT))
def test_what_left_before_is_not_sent_again(platforms: Platforms, channel: Channel) -> None:
    text = "kata " * 1900  # three messages or more
    whole = platforms.send(channel, text)
    platforms.double.kept.forget()
    platforms.left.clear()
    ids = platforms.send(channel, text, gone=whole[:2])
    assert ids[:2] == whole[:2]
    assert platforms.left == list(ids[2:])
    assert len(platforms.sent(channel)) == len(whole) - 2


@pytest.mark.parametrize("channel", sorted(CHAT))
def test_nothing_is_sent_when_all_has_left(platforms: Platforms, channel: Channel) -> None:
    assert platforms.send(channel, gone=("x",)) == ("x",)
    assert platforms.sent(channel) == []


@pytest.mark.parametrize("channel", sorted(CHAT))
def test_files_go_each_as_a_part_of_its_own(platforms: Platforms, channel: Channel) -> None:
    files = (a_file(), a_file('surat "jawaban".pdf', "application/pdf", PDF))
    ids = platforms.send(channel, "Jawaban dan foto terlampir.", files=files)
    sent = platforms.sent(channel)
    assert [file["sha256"] for one in sent for file in one.get("files", ())] == [file.digest for file in files]
    assert "".join(platforms.texts(channel)) == "Jawaban dan foto terlampir."
    assert len(ids) == len(sent) == (2 if channel in (Channel.WHATSAPP, Channel.TELEGRAM) else 3)


@pytest.mark.parametrize("channel", [Channel.WHATSAPP, Channel.TELEGRAM])
def test_words_too_long_for_a_caption_go_before_the_file(platforms: Platforms, channel: Channel) -> None:
    platforms.send(channel, "k" * 1025, files=(a_file(),))
    assert [one["text"] for one in platforms.sent(channel)] == ["k" * 1025, ""]


def test_a_sound_carries_no_words_on_whatsapp(platforms: Platforms) -> None:
    platforms.send(Channel.WHATSAPP, "Dengarkan.", files=(a_file("a.mp3", "audio/mpeg", b"ID3" + b"x" * 9),))
    assert platforms.texts(Channel.WHATSAPP) == ["Dengarkan.", ""]


@pytest.mark.parametrize(
    ("channel", "file", "reason"),
    [
        (Channel.WHATSAPP, a_file("x.zip", "application/zip", b"PK"), "file_type"),
        (Channel.WHATSAPP, a_file(content=b"\xff\xd8\xff" + b"x" * 5_000_000), "file_too_large"),
        (Channel.INSTAGRAM, a_file("x.docx", "application/msword", b"D"), "file_type"),
        (Channel.MESSENGER, a_file("x.bin", "application/zip", b""), "file_empty"),
    ],
)
def test_a_file_that_a_channel_does_not_take_is_refused_before_anything_leaves(
    platforms: Platforms, channel: Channel, file: object, reason: str
) -> None:
    with pytest.raises(Undeliverable, match=reason):
        platforms.send(channel, "Lihat berkas.", files=(file,))
    assert platforms.double.kept.calls() == []


def test_a_picture_that_telegram_can_not_show_goes_as_a_file(platforms: Platforms) -> None:
    broken = a_file("foto.jpg", "image/jpeg", b"no picture at all")
    platforms.send(Channel.TELEGRAM, "Foto.", files=(broken,))
    (sent,) = platforms.sent(Channel.TELEGRAM)
    assert sent["operation"] == "sendDocument" and sent["text"] == "Foto."


def test_a_picture_over_ten_megabytes_goes_as_a_file(platforms: Platforms) -> None:
    large = a_file("foto.jpg", "image/jpeg", b"\xff\xd8\xff" + b"x" * 10_000_000)
    platforms.send(Channel.TELEGRAM, "Foto.", files=(large,))
    assert platforms.sent(Channel.TELEGRAM)[0]["operation"] == "sendDocument"


def test_telegram_waits_a_second_between_the_parts_and_not_before_the_first(platforms: Platforms) -> None:
    platforms.send(Channel.TELEGRAM, "kata " * 2000, files=(a_file(),))
    assert platforms.clock.paused == [1.0] * (len(platforms.sent(Channel.TELEGRAM)) - 1)
    assert [call["status"] for call in platforms.double.kept.calls()] == [200] * 4


def test_an_answer_names_the_message_that_it_answers_and_its_first_part_alone(platforms: Platforms) -> None:
    platforms.send(Channel.TELEGRAM, "kata " * 900, answers="777000111:41")
    platforms.send(Channel.WHATSAPP, "kata " * 900, answers="wamid.X")
    assert [one["answers"] for one in platforms.sent(Channel.TELEGRAM)] == ["777000111:41", ""]
    assert [one["answers"] for one in platforms.sent(Channel.WHATSAPP)] == ["wamid.X", ""]


def test_a_quoted_message_that_is_there_no_more_costs_the_quote_and_not_the_words(platforms: Platforms) -> None:
    platforms.fail("error", "whatsapp.messages", count=1, status=400, code=131009)
    platforms.send(Channel.WHATSAPP, "Jawaban.", answers="wamid.gone")
    assert [(one["text"], one["answers"]) for one in platforms.sent(Channel.WHATSAPP)] == [("Jawaban.", "")]


def test_a_person_without_a_number_is_addressed_as_recipient(platforms: Platforms) -> None:
    platforms.send(Channel.WHATSAPP, to="id.13491208655302741918")
    assert platforms.sent(Channel.WHATSAPP)[0]["to"] == "ID.13491208655302741918"


def test_a_template_has_its_name_its_language_and_clean_parameters(platforms: Platforms) -> None:
    given = ("TGP-1", "baris satu\nbaris dua\t  dan     lima", "", "x" * 5000)
    platforms.send(Channel.WHATSAPP, "", how="template", template="kabar_laporan:en", parameters=given)
    platforms.send(Channel.WHATSAPP, "", how="template", template="kabar_laporan", parameters=("1",))
    first, second = platforms.sent(Channel.WHATSAPP)
    assert (first["template"], first["language"], second["language"]) == ("kabar_laporan", "en", "id")
    assert first["parameters"][:3] == ["TGP-1", "baris satu baris dua dan lima", "-"]
    assert len(first["parameters"][3]) == PARAMETER_LENGTH


def test_a_parameter_holds_no_invisible_sign() -> None:
    assert parameter("a\u202eb\u200bc\x00d") == "a b c d"


def test_a_template_goes_outside_the_window_where_a_text_does_not(platforms: Platforms) -> None:
    platforms.double.kept.hear("whatsapp", PEOPLE[Channel.WHATSAPP], platforms.clock() - 86_401)
    with pytest.raises(WindowClosed):
        platforms.send(Channel.WHATSAPP)
    platforms.send(Channel.WHATSAPP, "", how="template", template="kabar", parameters=("TGP-1",))
    assert [one["how"] for one in platforms.sent(Channel.WHATSAPP)] == ["template"]


@pytest.mark.parametrize("channel", META)
def test_what_a_human_wrote_goes_for_seven_days_under_its_tag(platforms: Platforms, channel: Channel) -> None:
    platforms.double.kept.hear(channel, PEOPLE[channel], platforms.clock() - 2 * 86_400)
    with pytest.raises(WindowClosed, match="window_closed"):
        platforms.send(channel)
    platforms.send(channel, how="human")
    assert [one["how"] for one in platforms.sent(channel)] == ["human"]


@pytest.mark.parametrize("channel", META)
def test_a_comment_is_answered_in_private_and_then_in_public_with_one_sentence(
    platforms: Platforms, channel: Channel
) -> None:
    ids = platforms.send(channel, "Nomor laporan Anda TGP-1.", how="private", answers="1784_99")
    private, public = platforms.sent(channel)
    assert (private["how"], private["text"], private["answers"]) == ("private", "Nomor laporan Anda TGP-1.", "1784_99")
    assert (public["how"], public["text"], public["answers"]) == ("public", PUBLIC_REPLY, "1784_99")
    assert ids == (private["id"],)


@pytest.mark.parametrize("channel", META)
@pytest.mark.parametrize("outcome", ["http_500", "blocked", "reset_after_accept", "throttled"])
def test_a_public_reply_that_fails_undoes_nothing_and_is_not_tried_again(
    platforms: Platforms, channel: Channel, outcome: str
) -> None:
    platforms.fail(outcome, "*.replies" if channel is Channel.INSTAGRAM else "*.comments")
    ids = platforms.send(channel, how="private", answers="1")
    assert ids == (platforms.sent(channel)[0]["id"],) == tuple(platforms.left)
    platforms.send(channel, how="private", answers="1", gone=ids)
    assert len(platforms.double.kept.calls()) == 2


@pytest.mark.parametrize("channel", META)
def test_a_comment_that_is_used_up_after_a_lost_answer_was_answered_and_is_told_so_once_in_public(
    platforms: Platforms, channel: Channel
) -> None:
    platforms.fail("reset_after_accept", "*.messages", count=1)
    with pytest.raises(AnswerLost):
        platforms.send(channel, how="private", answers="1")
    assert [one["how"] for one in platforms.sent(channel)] == ["private"]
    assert platforms.send(channel, how="private", answers="1", repeated=True) == ()
    assert [one["how"] for one in platforms.sent(channel)] == ["private", "public"]
    assert platforms.left == []


@pytest.mark.parametrize("channel", META)
def test_nothing_is_said_in_public_when_the_private_reply_is_refused(platforms: Platforms, channel: Channel) -> None:
    platforms.send(channel, how="private", answers="1")
    with pytest.raises(WindowClosed, match="private_reply_used"):
        platforms.send(channel, how="private", answers="1")
    assert [one["how"] for one in platforms.sent(channel)] == ["private", "public"]


@pytest.mark.parametrize("channel", META)
@pytest.mark.parametrize(
    ("more", "reason"),
    [({"text": "kata " * 500}, "too_long"), ({"files": (a_file(),)}, "file_type"), ({"text": " "}, "empty")],
)
def test_a_private_reply_is_one_message_of_words_or_none(
    platforms: Platforms, channel: Channel, more: dict[str, object], reason: str
) -> None:
    with pytest.raises(Undeliverable, match=reason):
        platforms.send(channel, how="private", answers="1", **more)
    assert platforms.double.kept.calls() == []


@pytest.mark.parametrize("channel", META)
def test_an_id_that_leads_elsewhere_is_no_comment(platforms: Platforms, channel: Channel) -> None:
    with pytest.raises(Undeliverable, match="bad_id"):
        platforms.send(channel, how="private", answers="1/../me?x=")


@pytest.mark.parametrize("channel", sorted(CHAT))
def test_nothing_to_say_is_no_message_and_an_endless_text_neither(platforms: Platforms, channel: Channel) -> None:
    for text, reason in ((" \n ", "empty"), ("kata " * 30_000, "too_long")):
        with pytest.raises(Undeliverable, match=reason):
            platforms.send(channel, text)
    assert platforms.double.kept.calls() == []


@pytest.mark.parametrize("channel", sorted(CHAT))
def test_half_a_surrogate_pair_or_a_control_sign_breaks_no_request(platforms: Platforms, channel: Channel) -> None:
    platforms.send(channel, "rusak \ud83d dan\x00\tnol\r\nbaris dua")
    assert platforms.texts(channel) == ["rusak ? dan nol\nbaris dua"]


@pytest.mark.parametrize("channel", sorted(CHAT))
@pytest.mark.parametrize("missing", ["token", "section"])
def test_a_channel_without_its_keys_is_told_to_an_operator(
    platforms: Platforms, channel: Channel, missing: str
) -> None:
    if missing == "token":
        platforms.secret[channel].pop("token")
    else:
        platforms.secret.pop(channel)
    with pytest.raises(Wait, match="not_configured"):
        platforms.send(channel)


def test_channels_without_chat_have_no_way_out_here(platforms: Platforms) -> None:
    assert [channel for channel in Channel if platforms.ways.chat_of(channel)] == [
        Channel.WHATSAPP,
        Channel.MESSENGER,
        Channel.INSTAGRAM,
        Channel.TELEGRAM,
    ]
