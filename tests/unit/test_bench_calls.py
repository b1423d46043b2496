"""The bench's eye on AWS calls."""

from __future__ import annotations

from threading import Barrier, Thread
from types import SimpleNamespace

from infra.bench.calls import Recorder

_QUERY = SimpleNamespace(name="Query", service_model=SimpleNamespace(service_name="dynamodb"))


def asks(recorder: Recorder, of: str, together: Barrier) -> None:
    together.wait()
    recorder.asked({"of": of}, _QUERY)
    together.wait()  # all have asked before the first is answered
    recorder.sent(SimpleNamespace(headers={"Content-Length": len(of)}))
    recorder.answered(SimpleNamespace(headers={"Content-Length": 10}), {"of": of})


def test_each_of_several_hands_is_answered_what_it_asked_itself() -> None:
    recorder = Recorder()
    names = ["a", "bb", "ccc", "dddd"]
    together = Barrier(len(names))
    with recorder.recording() as calls:
        hands = [Thread(target=asks, args=(recorder, name, together)) for name in names]
        for hand in hands:
            hand.start()
        for hand in hands:
            hand.join()
    assert sorted(call.params["of"] for call in calls) == names
    for call in calls:
        assert call.answer == call.params
        assert (call.sent, call.received, call.tries) == (len(call.params["of"]), 10, 1)


def test_what_is_asked_before_and_after_a_recording_is_in_none() -> None:
    recorder = Recorder()
    recorder.answered(SimpleNamespace(headers={}), {})  # asked before anybody looked
    recorder.asked({"of": "before"}, _QUERY)
    with recorder.recording() as calls:
        recorder.asked({"of": "in it"}, _QUERY)
    recorder.asked({"of": "after"}, _QUERY)
    assert [call.params["of"] for call in calls] == ["in it"]
