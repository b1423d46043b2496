"""Reading a chat's messages anew: what is read otherwise is shown and applied, what was fetched since is kept."""

from __future__ import annotations

from tests.support.batches import TWO, A, body
from tests.support.talking import Street
from tests.support.webhook_bodies import contact, messages


def test_reading_anew_shows_and_applies_what_is_read_otherwise(street: Street) -> None:
    from dataclasses import replace

    from tanggap.domain.case import Change

    key = street.store("meta", TWO)
    lines = street.bring(key)
    number = next(line["case"] for line in lines if line["index"] == "1")
    world = street.world
    assert not any(one.differs for one in world.reread.compare(key))
    (lamp,) = world.cases.file(number).messages
    world.cases.commit(Change(changed_messages=(replace(lamp, text="old reading"),)))
    differing = [one for one in world.reread.compare(key) if one.differs]
    assert [(one.row.index, [field.name for field in one.fields]) for one in differing] == [(1, ["text", "full_text"])]
    world.reread.apply(key, "officer:x")
    assert street.texts(number) == ["Lampu di RT 4 mati"]


def test_reading_a_new_report_anew_leaves_out_the_word_before_it(street: Street) -> None:
    street.say("Jalan rusak parah di RT 3")
    line = street.say("lapor baru: lampu jalan mati di RW 5")
    world = street.world
    assert not any(one.differs for one in world.reread.compare(line["arrival"]))
    world.reread.apply(line["arrival"], "officer:x")
    assert street.texts(line["case"]) == ["lampu jalan mati di RW 5"]


def test_reading_a_chat_anew_keeps_what_was_fetched_and_what_is_waited_for(street: Street) -> None:
    from dataclasses import replace

    from tanggap.domain.case import Change, FileRef

    sizes = [{"file_id": "f1", "file_unique_id": "u1", "width": 90, "height": 90, "file_size": 900}]
    (line,) = street.arrive("telegram", street.update(photo=sizes, caption="Jalan rusak parah di RT 3"))
    world = street.world
    (message,) = world.cases.file(line["case"]).messages
    assert message.media
    kept = FileRef("foto.jpg", "image/jpeg", 3, "d" * 64, "files/" + "d" * 64, "unscanned")
    stands = replace(message, text="old reading", files=(kept,), left_out=("video",), marks=("media_gone",))
    world.cases.commit(Change(changed_messages=(stands,)))
    (reading,) = world.reread.apply(line["arrival"], "officer:x")
    assert [field.name for field in reading.fields] == ["text", "full_text"]
    (after,) = world.cases.file(line["case"]).messages
    assert (after.text, after.full_text) == ("Jalan rusak parah di RT 3", "")
    assert (after.files, after.media, after.left_out, after.marks) == (
        (kept,),
        message.media,
        ("video",),
        ("media_gone",),
    )


def test_reading_a_platforms_own_word_anew_makes_it_nobodys(street: Street) -> None:
    street.bring(street.store("meta", body(("A", "1", "Jalan di RT 3 rusak"))))
    word = {
        "from": A,
        "id": "wamid.9",
        "timestamp": "1772498520",
        "type": "system",
        "system": {"body": "", "type": "user_changed_number", "wa_id": "6281234500099"},
    }
    key = street.store("meta", messages(word, contacts=[contact(A, "Siti", "ID.1")]))
    (line,) = street.bring(key)
    world = street.world
    assert world.cases.file(line["case"]).messages[-1].automatic
    assert not any(one.differs for one in world.reread.compare(key))
