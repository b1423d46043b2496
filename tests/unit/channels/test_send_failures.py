"""What a platform's no, or its silence, means for the row."""

from __future__ import annotations

import socket
import threading
import traceback

import pytest

from tanggap.adapters.channels.graph_errors import CODES, SUBCODES, meaning
from tanggap.adapters.channels.http import ANSWER_BYTES, IDLE_SECONDS, LONGEST_PAUSE, Answer, Http, pool
from tanggap.adapters.channels.telegram_out import meaning as telegram_meaning
from tanggap.application.failures import AnswerLost, Blocked, Broken, SendError, Undeliverable, Wait, WindowClosed
from tanggap.domain.words import CHAT, Channel
from tests.unit.channels.senders import PEOPLE, SHORT, Platforms, a_file

GRAPH = (Channel.WHATSAPP, Channel.MESSENGER, Channel.INSTAGRAM)
SECRET_WORDS = "Jalan Mawar 7 rusak parah"


def refused(platforms: Platforms, channel: Channel, **more: object) -> SendError:
    with pytest.raises(SendError) as told:
        platforms.send(channel, SECRET_WORDS, **more)
    return told.value


@pytest.mark.parametrize("channel", sorted(CHAT))
@pytest.mark.parametrize(
    ("outcome", "kind", "reason"),
    [("throttled", Wait, "throttled"), ("http_500", Broken, "unavailable"), ("token_expired", Wait, "token_expired")],
)
def test_what_every_platform_may_answer(
    platforms: Platforms, channel: Channel, outcome: str, kind: type[SendError], reason: str
) -> None:
    platforms.fail(outcome, delay=7)
    error = refused(platforms, channel)
    assert (type(error), error.reason) == (kind, reason)
    assert platforms.sent(channel) == [] and platforms.left == []


@pytest.mark.parametrize("channel", sorted(CHAT))
def test_how_long_to_wait_is_told_where_the_platform_tells_it(platforms: Platforms, channel: Channel) -> None:
    platforms.fail("throttled", delay=7)
    error = refused(platforms, channel)
    assert isinstance(error, Wait)
    assert error.seconds == 7


@pytest.mark.parametrize("channel", sorted(CHAT))
def test_a_person_who_blocked_us_is_told_apart(platforms: Platforms, channel: Channel) -> None:
    platforms.fail("blocked")
    assert type(refused(platforms, channel)) is Blocked


@pytest.mark.parametrize("channel", GRAPH)
def test_a_closed_window_is_told_apart(platforms: Platforms, channel: Channel) -> None:
    platforms.double.kept.hear(channel, PEOPLE[channel], platforms.clock() - 86_401)
    assert type(refused(platforms, channel)) is WindowClosed
    platforms.double.kept.hear(channel, PEOPLE[channel], platforms.clock())
    platforms.send(channel)


@pytest.mark.parametrize("channel", sorted(CHAT))
@pytest.mark.parametrize("outcome", ["reset_after_accept", "slow"])
def test_an_answer_that_got_lost_is_neither_a_yes_nor_a_no(
    platforms: Platforms, channel: Channel, outcome: str
) -> None:
    platforms.patience = SHORT
    platforms.fail(outcome, delay=SHORT * 2)
    error = refused(platforms, channel)
    assert (type(error), error.reason) == (AnswerLost, "answer_lost")
    assert len(platforms.sent(channel)) == 1 and platforms.left == []


@pytest.mark.parametrize("channel", sorted(CHAT))
def test_after_a_break_only_what_had_not_left_is_sent(platforms: Platforms, channel: Channel) -> None:
    text = "kata " * 1900
    operation = "telegram.sendMessage" if channel is Channel.TELEGRAM else f"{channel}.messages"
    whole = len(platforms.send(channel, text))
    platforms.double.kept.forget()
    platforms.left.clear()
    platforms.fail("slow", operation, delay=0.01, count=2)  # two go through
    platforms.fail("http_500", operation, count=1)
    with pytest.raises(Broken):
        platforms.send(channel, text)
    assert len(platforms.left) == 2
    ids = platforms.send(channel, text, gone=tuple(platforms.left))
    assert len(ids) == len(set(ids)) == whole == len(platforms.sent(channel))


@pytest.mark.parametrize("channel", GRAPH)
@pytest.mark.parametrize("outcome", ["reset_after_accept", "http_500"])
def test_an_upload_whose_answer_got_lost_is_simply_done_again(
    platforms: Platforms, channel: Channel, outcome: str
) -> None:
    operation = "whatsapp.media" if channel is Channel.WHATSAPP else f"{channel}.message_attachments"
    platforms.fail(outcome, operation)
    assert type(refused(platforms, channel, files=(a_file(),))) is Broken
    platforms.send(channel, "Foto.", files=(a_file(),), gone=tuple(platforms.left))
    assert sum(len(one.get("files", ())) for one in platforms.sent(channel)) == 1


@pytest.mark.parametrize("channel", sorted(CHAT))
def test_a_service_that_is_not_there_has_sent_nothing(platforms: Platforms, channel: Channel) -> None:
    with socket.socket() as nobody:
        nobody.bind(("127.0.0.1", 0))
        platforms.ways._urls = dict.fromkeys(("graph", "telegram"), f"http://127.0.0.1:{nobody.getsockname()[1]}")
        error = refused(platforms, channel)
    assert (type(error), error.reason) == (Broken, "unreachable")
    assert "127.0.0.1" not in "".join(traceback.format_exception(error))


@pytest.mark.parametrize("channel", sorted(CHAT))
def test_a_token_that_is_not_ours_sends_nothing(platforms: Platforms, channel: Channel) -> None:
    platforms.secret[channel]["token"] = "1:x"
    assert refused(platforms, channel).reason == "token_expired"


@pytest.mark.parametrize("channel", sorted(CHAT))
def test_a_redirect_is_not_followed(platforms: Platforms, channel: Channel) -> None:
    with answering(b"HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:9/\r\nContent-Length: 0\r\n\r\n") as url:
        platforms.ways._urls = dict.fromkeys(("graph", "telegram"), url)
        error = refused(platforms, channel)
    assert (type(error), error.reason) == (Broken, "redirected")


@pytest.mark.parametrize("channel", sorted(CHAT))
@pytest.mark.parametrize(
    "body",
    [b"", b"{}", b"[]", b"[" * 60_000, b'{"ok": true, "messages": [], "message_id": ""}', b"x" * (ANSWER_BYTES + 9)],
    ids=["empty", "object", "list", "deep", "no-id", "endless"],
)
def test_a_yes_without_an_id_is_a_lost_answer(platforms: Platforms, channel: Channel, body: bytes) -> None:
    with answering(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%s" % (len(body), body)) as url:
        platforms.ways._urls = dict.fromkeys(("graph", "telegram"), url)
        error = refused(platforms, channel)
    assert (type(error), error.reason) == (AnswerLost, "answer_unreadable")


@pytest.mark.parametrize("channel", sorted(CHAT))
def test_a_gateway_that_gave_up_may_have_sent(platforms: Platforms, channel: Channel) -> None:
    with answering(b"HTTP/1.1 504 Gateway Timeout\r\nContent-Length: 0\r\n\r\n") as url:
        platforms.ways._urls = dict.fromkeys(("graph", "telegram"), url)
        assert type(refused(platforms, channel)) is AnswerLost


def test_a_connection_cut_while_we_write_has_sent_nothing(platforms: Platforms) -> None:
    """The platform saw less than the length that we told it."""
    with answering(b"", read=100) as url, pytest.raises(Broken, match="unreachable"):
        platforms.http.post(f"{url}/x", b"x" * 20_000_000, {})


@pytest.mark.parametrize("channel", sorted(CHAT))
def test_no_error_holds_a_word_an_address_or_a_token(platforms: Platforms, channel: Channel) -> None:
    token = platforms.secret[channel]["token"]
    for outcome in ("throttled", "blocked", "http_500", "token_expired", "reset_after_accept"):
        platforms.fail(outcome, count=1, delay=7 if outcome == "throttled" else 0)
        with pytest.raises(SendError) as error:
            platforms.send(channel, SECRET_WORDS)
        told = "".join(traceback.format_exception(error.value))
        assert SECRET_WORDS not in told and PEOPLE[channel] not in told
        assert token not in told and "HTTPConnection" not in told
        assert error.value.reason.isidentifier() and len(error.value.reason) <= 30


# ── The tables ────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("code", "subcode", "kind"),
    [
        (131047, 0, WindowClosed),
        (10, 2018278, WindowClosed),
        (10, 2534022, WindowClosed),
        (10900, 0, WindowClosed),
        (131026, 0, Blocked),
        (551, 1545041, Blocked),
        (100, 2018001, Blocked),
        *((code, 0, Wait) for code in (4, 613, 80007, 130429, 131048, 131056, 368, 131031, 131042)),
        *((code, 0, Wait) for code in (190, 10, 200, 230, 299, 133010)),  # ours to mend
        *((code, 0, Broken) for code in (1, 2, 131000, 131016)),
        *((code, 0, Undeliverable) for code in (132000, 132001, 132015, 131053, 131030)),
        (100, 0, Undeliverable),
        (999_999, 0, Undeliverable),
    ],
)
def test_the_graph_table(platforms: Platforms, code: int, subcode: int, kind: type[SendError]) -> None:
    platforms.fail("error", "whatsapp.messages", status=400, code=code, subcode=subcode, text=SECRET_WORDS)
    assert type(refused(platforms, Channel.WHATSAPP)) is kind


def test_every_reason_is_one_bounded_word() -> None:
    reasons = {reason for _, reason in (*CODES.values(), *SUBCODES.values())}
    assert all(reason.isidentifier() and len(reason) <= 30 for reason in reasons)


@pytest.mark.parametrize("how", ["human", "private"])
@pytest.mark.parametrize("code", [100, 10, 200])
def test_a_favour_that_is_not_granted_leaves_other_ways_open(platforms: Platforms, how: str, code: int) -> None:
    platforms.fail("error", "*.messages", status=400, code=code)
    error = refused(platforms, Channel.MESSENGER, how=how, answers="1")
    assert (type(error), error.reason) == (WindowClosed, "tag_refused" if how == "human" else "private_reply_refused")


@pytest.mark.parametrize(
    ("code", "text", "kind", "reason"),
    [
        (403, "Forbidden: bot was blocked by the user", Blocked, "blocked"),
        (403, "Forbidden: user is deactivated", Blocked, "blocked"),
        (400, "Bad Request: chat not found", Blocked, "not_reachable"),
        (400, "Bad Request: message is too long", Undeliverable, "too_long"),
        (413, "Request Entity Too Large", Undeliverable, "file_too_large"),
        (404, "Not Found", Wait, "token_expired"),
        (502, "Bad Gateway", Broken, "unavailable"),
        (400, f"Bad Request: {SECRET_WORDS}", Undeliverable, "refused"),
        (418, "", Undeliverable, "refused"),
    ],
)
def test_the_telegram_table(platforms: Platforms, code: int, text: str, kind: type[SendError], reason: str) -> None:
    platforms.fail("error", "telegram.*", status=code, text=text)
    error = refused(platforms, Channel.TELEGRAM)
    assert (type(error), error.reason) == (kind, reason)


def test_a_telegram_chat_that_is_written_to_twice_a_second_is_waited_for_in_the_same_attempt(
    platforms: Platforms,
) -> None:
    platforms.send(Channel.TELEGRAM)
    platforms.send(Channel.TELEGRAM, "Kedua")
    assert platforms.clock.paused == [1]
    assert [one["text"] for one in platforms.sent(Channel.TELEGRAM)][1:] == ["Kedua"]
    platforms.fail("throttled", count=2, delay=1)
    assert isinstance(refused(platforms, Channel.TELEGRAM), Wait), "once, and no more"


def test_telegram_itself_takes_thirty_messages_a_second_and_no_more(platforms: Platforms) -> None:
    for number in range(30):
        platforms.send(Channel.TELEGRAM, to=str(1000 + number))
    platforms.send(Channel.TELEGRAM)
    assert platforms.clock.paused == [1], "the thirty-first waited"


@pytest.mark.parametrize("channel", [Channel.MESSENGER, Channel.INSTAGRAM])
def test_a_comment_older_than_seven_days_has_no_private_reply_any_more(platforms: Platforms, channel: Channel) -> None:
    platforms.double.kept.commented(channel, "1", platforms.clock() - 7 * 86_400 - 1)
    assert type(refused(platforms, channel, how="private", answers="1")) is WindowClosed
    assert platforms.sent(channel) == []


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({"retry-after": "30"}, 30.0),
        ({"retry-after": "9" * 99}, LONGEST_PAUSE),
        ({"retry-after": "soon"}, 6.0),
        ({"x-business-use-case-usage": '{"1": [{"estimated_time_to_regain_access": 2}]}'}, 120.0),
        ({"x-business-use-case-usage": '{"1": [{"estimated_time_to_regain_access": 1e999}]}'}, LONGEST_PAUSE),
        ({"x-business-use-case-usage": '{"1": [{"estimated_time_to_regain_access": "nan"}]}'}, 6.0),
        ({"x-business-use-case-usage": "[" * 9999}, 6.0),
        ({"x-business-use-case-usage": "[1]"}, 6.0),
        ({}, 6.0),
    ],
)
def test_how_long_meta_asks_to_be_left_alone_is_bounded(headers: dict[str, str], seconds: float) -> None:
    error = meaning(Answer(429, headers, b'{"error": {"code": 131056}}'))
    assert isinstance(error, Wait) and error.seconds == seconds


@pytest.mark.parametrize("after", [b"1e400", b"9" * 400, b"-5", b"NaN", b'"7"', b"null", b"true"])
def test_how_long_telegram_asks_to_be_left_alone_is_bounded(after: bytes) -> None:
    body = b'{"ok": false, "error_code": 429, "parameters": {"retry_after": %s}}' % after
    error = telegram_meaning(Answer(429, {}, body))
    assert isinstance(error, Wait) and 0 <= error.seconds <= LONGEST_PAUSE


@pytest.mark.parametrize("body", [b"<html>", b"null", b'{"error": "x"}', b'{"error": {"code": true}}', b"\xff"])
def test_an_error_without_a_code_is_judged_by_its_status(body: bytes) -> None:
    for status, kind in ((400, Undeliverable), (401, Wait), (429, Wait), (500, Broken), (503, Broken)):
        assert type(meaning(Answer(status, {}, body))) is kind
        assert type(telegram_meaning(Answer(status, {}, body))) is kind


# ── The connection ────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_connection_that_lay_idle_is_not_used_again(platforms: Platforms) -> None:
    """One that died without a word would look like an answer that got lost."""
    now = [0.0]
    with answering(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}", connections=2) as url:
        http = Http(lambda: pool(), lambda: now[0])
        http.post(url, b"1", {})
        now[0] += IDLE_SECONDS + 1
        assert http.post(url, b"2", {}).status == 200


class answering:
    """A server that reads a little, says what it was given, and says no more on that connection."""

    def __init__(self, said: bytes, read: int = 65_536, connections: int = 1) -> None:
        self._said, self._read, self._connections = said, read, connections
        self._socket = socket.create_server(("127.0.0.1", 0))
        self._held: list[socket.socket] = []

    def __enter__(self) -> str:
        threading.Thread(target=self._serve, daemon=True).start()
        return f"http://127.0.0.1:{self._socket.getsockname()[1]}"

    def _serve(self) -> None:
        for _ in range(self._connections):
            try:
                connection, _ = self._socket.accept()
                connection.recv(self._read)
                connection.sendall(self._said)
            except OSError:
                return
            if self._said:
                self._held.append(connection)
            else:
                connection.close()

    def __exit__(self, *error: object) -> None:
        self._socket.close()
        for connection in self._held:
            connection.close()
