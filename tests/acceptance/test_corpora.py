"""Other people's mail: each gives a message or a Park with a reason, in bounded time."""

from __future__ import annotations

import json
import time
from collections import Counter

import pytest

from tanggap.adapters.mail import notice
from tanggap.adapters.mail.notice import DeliveryReport
from tests.acceptance.corpora import corpus, understood

SECONDS = 1.0  # of CPU for one mail; the largest of them takes a few hundredths

#: corpus -> (where its mails are, how many there are at least)
MAILS = {
    "chatwoot": ("*.eml", 37),
    "cpython-email": ("*.txt", 48),
    "ruby-mail": ("**/*.eml", 100),
    "talon": ("**/*.eml", 13),
    "flufl.bounce": ("**/*.txt", 117),
    "sisimai": ("bounces/*.eml", 315),
    "email_reply_trimmer": ("emails/*.txt", 64),
    "email_reply_parser": ("*.txt", 22),
    "mail-parser-reply": ("*.txt", 47),
}


@pytest.mark.parametrize("name", MAILS)
def test_every_mail_of_a_corpus_is_a_message_or_parked(name: str) -> None:
    pattern, least = MAILS[name]
    paths = sorted(corpus(name).glob(pattern))
    outcomes: Counter[str] = Counter()
    slowest = 0.0
    for path in paths:
        started = time.process_time()
        found = understood(path)
        slowest = max(slowest, time.process_time() - started)
        outcomes["parked" if found is None else "automatic" if found.automatic else "message"] += 1
        outcomes["failures"] += bool(found and found.failures)
        outcomes["doubts"] += bool(found and found.doubts)
    print(f"\n{name}: {len(paths)} mails, {dict(outcomes)}, slowest {slowest * 1000:.0f} ms")
    assert len(paths) >= least
    assert slowest < SECONDS


def test_the_helpdesks_own_expectations_of_its_mails_are_met() -> None:
    folder = corpus("chatwoot")
    expectations = json.loads((folder / "expectations.json").read_text(encoding="utf-8"))["expectations"]
    for name, expected in expectations.items():
        found = understood(folder / name)
        assert found is not None, name
        if "auto_reply" in expected:
            assert bool(found.automatic) is expected["auto_reply"], name
        if "subject" in expected:
            assert found.subject == expected["subject"].strip(), name
        if "attachments" in expected:
            assert len(found.files) == expected["attachments"], name
        if "text_full" in expected:
            assert found.full_text.strip() == expected["text_full"].strip(), name
        if "text_reply_starts" in expected:
            assert " ".join(found.text.split()).startswith(" ".join(expected["text_reply_starts"].split())), name
        for key in ("in_reply_to", "in_reply_to_first"):
            if expected.get(key):
                assert found.references[0] == expected[key], name


def test_every_event_of_the_mail_service_is_understood() -> None:
    paths = sorted((corpus("sisimai") / "amazon-ses-events").glob("*.json"))
    kinds = Counter()
    for path in paths:
        found = notice.parse(path.read_text(encoding="utf-8"))
        assert isinstance(found, DeliveryReport)
        assert all(failed.recipient and failed.original_id for failed in found.failures)
        kinds.update(failed.kind for failed in found.failures)
    assert kinds == {"bounce": 3, "complaint": 1, "delivery": 2}
