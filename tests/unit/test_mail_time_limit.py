"""Whatever a mail makes the reader do, it does it for a bounded time."""

from __future__ import annotations

import contextlib
import signal
import threading
import time
from datetime import UTC, datetime

import pytest

from tanggap.adapters.mail.reader import Receipt, read
from tanggap.adapters.mail.time_limit import OutOfTime, within
from tanggap.domain.inbound import Authenticity


def _for_ever() -> None:
    while True:
        with contextlib.suppress(Exception):  # what a parser that goes on with the next part does
            time.sleep(0.001)


def test_work_without_an_end_is_ended_even_where_it_catches_every_exception() -> None:
    with pytest.raises(OutOfTime), within(0.02):
        _for_ever()


def test_afterwards_no_bell_rings_and_the_handler_is_whose_it_was() -> None:
    before = signal.getsignal(signal.SIGALRM)
    with within(0.02):
        pass
    time.sleep(0.04)
    assert signal.getsignal(signal.SIGALRM) is before
    assert signal.getitimer(signal.ITIMER_REAL) == (0.0, 0.0)


def test_outside_the_main_thread_the_work_is_done_without_a_bound() -> None:
    done: list[int] = []

    def work() -> None:
        with within(0.01):
            time.sleep(0.03)
            done.append(1)

    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    assert done == [1]


MAIL = (
    b"From: Ratna <ratna@warga.example>\r\nMessage-ID: <m1@warga.example>\r\nMIME-Version: 1.0\r\n"
    b'Content-Type: multipart/mixed; boundary="b"\r\n\r\n--b\r\n\r\nJalan rusak.\r\n'
    b'--b\r\nContent-Disposition: attachment; filename="foto.jpg"\r\n\r\n'
)


def test_a_mail_that_takes_too_long_is_read_by_its_beginning_and_its_files_are_named() -> None:
    receipt = Receipt(
        "mail/1", datetime(2026, 11, 23, tzinfo=UTC), ("lapor@desa.example",), "r@x.example", Authenticity()
    )
    first, second = (MAIL + 500_000 * letter + b"\r\n--b--\r\n" for letter in (b"x", b"y"))
    whole, part = read(first, receipt), read(first, receipt, seconds=1e-6)
    assert "read_in_part" not in whole.doubts and "read_in_part" in part.doubts
    assert (part.text, part.sender, part.external_id) == (whole.text, whole.sender, whole.external_id)
    assert (part.files, part.left_out, part.left_out_count) == ((), ("foto.jpg",), 1)
    assert part.digest != read(second, receipt, seconds=1e-6).digest


def test_a_mail_read_in_part_is_itself_whatever_the_way_put_before_it() -> None:
    receipt = Receipt(
        "mail/1", datetime(2026, 11, 23, tzinfo=UTC), ("lapor@desa.example",), "r@x.example", Authenticity()
    )
    raw = MAIL + 500_000 * b"x"
    again = b"Return-Path: <r@x.example>\r\nReceived: from a by b; Mon, 23 Nov 2026 10:00:00 +0700\r\n" + raw
    assert read(raw, receipt, whole=False).digest == read(again, receipt, whole=False).digest
    assert read(again, receipt).digest_in_part == read(raw, receipt, whole=False).digest


def test_a_mail_that_is_short_enough_is_known_by_one_digest() -> None:
    receipt = Receipt(
        "mail/1", datetime(2026, 11, 23, tzinfo=UTC), ("lapor@desa.example",), "r@x.example", Authenticity()
    )
    assert read(MAIL, receipt).digest_in_part == ""
