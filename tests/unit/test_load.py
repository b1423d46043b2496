"""The load's own parts: what it sends, when, and what it tells of it."""

from __future__ import annotations

import hashlib
import hmac
import json
import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from infra.growth.measured import load
from infra.load import machine, report
from infra.load.__main__ import beside
from infra.load.run import Asked, Moment, NotWarm, Seen, calls_of, quantiles
from infra.load.senders import Citizens, Prepared, Sending, Sent
from infra.local.places import HOST, ROOT, places_from


def prepared(send: Callable[[], None]) -> Callable[[int, float], Prepared]:
    return lambda at, due: (Sent("email", f"w{at}", f"id{at}", due), send)


def ended(sending: Sending) -> list[Sent]:
    deadline = time.monotonic() + 5
    while not sending.over():
        assert time.monotonic() < deadline
        time.sleep(0.005)
    return sorted(sending.sent, key=lambda one: one.due)


def test_each_goes_at_its_time_at_the_rate_that_was_asked_for() -> None:
    begin = time.time() + 0.02
    sending = Sending(prepared(lambda: None), rate=100, seconds=0.2, begin=begin)
    sending.start()
    sent = ended(sending)
    assert [round(one.due - begin, 2) for one in sent] == [round(at / 100, 2) for at in range(20)]
    assert all(one.began >= one.due for one in sent)
    assert {one.who for one in sent} == {f"w{at}" for at in range(20)}


def test_a_slow_door_delays_none_of_the_others() -> None:
    door, first = threading.Event(), iter([True])

    def send() -> None:
        if next(first, False):
            door.wait(2)

    sending = Sending(prepared(send), rate=200, seconds=0.1, begin=time.time())
    sending.start()
    deadline = time.monotonic() + 1
    while len(sending.sent) < 19 and time.monotonic() < deadline:
        time.sleep(0.005)
    assert len(sending.sent) == 19
    door.set()
    assert len(ended(sending)) == 20


@pytest.mark.parametrize("module", ["infra.load", "infra.faults"])
def test_it_starts_as_make_starts_it(module: str) -> None:
    bare = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    subprocess.run([sys.executable, "-m", module, "--help"], cwd=ROOT, env=bare, check=True, capture_output=True)


def test_what_the_door_refuses_is_told_and_stops_nothing() -> None:
    turns = iter([OSError("no"), None, None])

    def send() -> None:
        if error := next(turns):
            raise error

    sending = Sending(prepared(send), rate=100, seconds=0.03, begin=time.time())
    sending.start()
    assert sorted(one.refused for one in ended(sending)) == ["", "", "OSError: no"]


@pytest.fixture
def front() -> Iterator[tuple[str, list[tuple[str, dict[str, str], bytes]]]]:
    asked: list[tuple[str, dict[str, str], bytes]] = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            asked.append((self.path, dict(self.headers), body))
            self.send_response(503 if b"refuse" in body else 200)
            self.end_headers()

        def log_message(self, format: str, *arguments: Any) -> None: ...

    server = ThreadingHTTPServer((HOST, 0), Handler)
    threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
    yield f"http://{HOST}:{server.server_port}", asked
    server.shutdown()
    server.server_close()


def test_chats_are_telegrams_and_signed_whatsapps_in_turn_each_from_somebody_else(
    front: tuple[str, list[tuple[str, dict[str, str], bytes]]],
) -> None:
    url, asked = front
    ready = {
        "http": url,
        "intake_address": "lapor@desa-contoh.example",
        "webhooks": {"telegram_secret": "t", "meta_app_secret": "m"},
        "accounts": {"whatsapp_phone_number_id": "1"},
    }
    citizens = Citizens(ready)
    made = [citizens.webhook(at, time.time()) for at in range(4)]
    for _, send in made:
        send()
    assert [sent.channel for sent, _ in made] == ["whatsapp", "telegram"] * 2
    assert len({sent.who for sent, _ in made}) == len({sent.id for sent, _ in made}) == 4
    assert [path for path, _, _ in asked] == ["/webhooks/meta", "/webhooks/telegram"] * 2
    signed = hmac.new(b"m", asked[0][2], hashlib.sha256).hexdigest()
    assert asked[0][1]["X-Hub-Signature-256"] == f"sha256={signed}"
    assert asked[1][1]["X-Telegram-Bot-Api-Secret-Token"] == "t"
    assert str(json.loads(asked[1][2])["message"]["chat"]["id"]) == made[1][0].who


def seen(**but: Any) -> Seen:
    sent = [Sent("email", "a", "1", 0.0), Sent("telegram", "b", "2", 0.5, refused="ConnectionError: status 502")]
    whole: dict[str, Any] = {
        "asked": Asked(1, 1, 1),
        "sent": sent,
        "filed": 1,
        "outcomes": {"filed": 1},
        "missing": [],
        "unanswered": 0,
        "twice": 0,
        "waits": {"email": [0.25]},
        "moments": [Moment(10, 0, 1, 0.2, 3, 10**8)],
        "took": 1.0,
        "whole": 2.0,
        "late": 0.0,
        "before": machine.Usage(),
        "after": machine.Usage(emulator=0.4, functions={"fn": 0.2}, largest={"fn": 6 * 10**7}),
        "names": {"fn": "intake"},
        "runs": {"IntakeFunction": [90.0, 110.0]},
    }
    return Seen(**(whole | but))


def test_a_run_is_fine_when_nothing_is_refused_lost_unanswered_or_answered_twice() -> None:
    in_ = [Sent("email", "a", "1", 0.0)]
    assert seen(sent=in_).fine()
    assert not seen().fine(), "one was refused at the door"
    for but in ({"missing": ["email 1"]}, {"unanswered": 1}, {"twice": 1}, {"sent": []}):
        assert not seen(**{"sent": in_} | but).fine()


@pytest.mark.parametrize(("error", "code"), [(NotWarm("the first email had no answer"), 2), (KeyboardInterrupt(), 130)])
def test_beside_a_system_that_runs_a_load_ends_in_a_word_and_not_in_a_traceback(
    error: BaseException, code: int, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    places = places_from({"TANGGAP_WORK": str(tmp_path)})
    places.ready_file.write_text("{}")

    def load(*given: Any) -> int:
        raise error

    assert beside(places, Asked(1, 1, 1), load) == code
    assert capsys.readouterr().err.strip() == str(error)


def test_the_tables_tell_the_functions_share_from_the_emulators() -> None:
    measured = load()
    text = report.text(seen(), measured)
    calls = sum(sum(one.calls.values()) for one in measured.story[:3])
    assert "intake" in text
    assert f"(infra/growth/measured.json): {calls}, {calls:.1f} a message; {400 / calls:.1f} ms" in text
    kept = report.as_json(seen(), measured)
    assert kept["cpu_seconds"] == {
        "functions": {"intake": 0.2}, "workers_ended": 0, "embedded_aws": 0.4, "senders_and_doors": 0,
    }  # fmt: skip
    assert (kept["sent"], kept["accepted"], kept["acknowledged_once"], kept["lost"]) == (2, 1, 1, 0)
    assert kept["seconds_to_acknowledgement"]["email"]["p95"] == 0.25


def test_quantiles_of_few_and_of_none() -> None:
    assert quantiles([]) == (0, 0, 0, 0)
    assert quantiles([1.0]) == (1, 1, 1, 1)
    assert quantiles([float(value) for value in range(1, 101)]) == (50.5, 96, 100, 100)


def test_a_chat_takes_fewer_calls_than_a_mail() -> None:
    mails, chats = calls_of(load(), 1, 1)
    assert 10 <= chats < mails


def test_own_processor_time_is_told_without_an_emulator() -> None:
    assert machine.usage(None).own > 0
    assert machine.emulator_of(1) is None
