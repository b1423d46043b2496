"""Killed between any two calls to the outside: nothing is lost, nothing is doubled (promise 2)."""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from dataclasses import replace

from tanggap.application.deliver import LEASE, Deliver
from tanggap.application.desk import CaseDesk
from tanggap.application.ledger import Count
from tanggap.application.receive import Raw, Receive
from tanggap.application.record import Heard, Record
from tanggap.application.sweep import Sweep
from tanggap.domain.history import faults_in
from tanggap.domain.inbound import File
from tanggap.domain.triage import Desk
from tanggap.domain.words import Channel, DeliveryState, Outcome
from tests.support.cuts import Cut, Killed, each_cut
from tests.support.world import COORDINATOR, DOMAIN, INTAKE, World


def receive_through(world: World, cut: Cut) -> Receive:
    cases = cut.wrap(world.cases)
    return Receive(
        cases,
        cases,
        cut.wrap(world.arrivals),
        cut.wrap(world.files),
        cut.wrap(world.vault),
        cut.wrap(world.policies),
        world.tokens,
        Desk(DOMAIN, INTAKE),
        world.ids,
        world.clock,
    )


def test_intake_cut_anywhere_and_repeated_files_the_mail_once(worlds: Callable[[], World]) -> None:
    def run(cut: Cut) -> None:
        world = worlds()
        photo = File("jalan.jpg", "image/jpeg", 3, "f" * 64, b"abc")
        mail = world.mail(files=(photo,))
        raw = Raw("mail/one", mail.channel, mail.at, 1000, mail)
        with contextlib.suppress(Killed):
            receive_through(world, cut)(raw)
        result = world.receive(raw)  # the queue brings it again
        world.receive(raw)
        world.pump()

        (row,) = world.cases.of("mail/one")
        assert (row.outcome, row.case) == (Outcome.FILED, result.case)
        file = world.cases.file(result.case)
        assert len(file.messages) == 1
        assert len(world.outbox("siti@warga.example")) == 1
        assert world.files.get(file.messages[0].files[0].key) == b"abc"
        assert faults_in(result.case, file.history, file.case.head) == ()
        assert len(world.cases.cases_of(file.case.reporter)) == 1

    assert each_cut(run) >= 5


def test_a_better_copy_cut_anywhere_and_repeated_is_acknowledged_once() -> None:
    better_copies_cut_anywhere(lambda: World("memory"))


def better_copies_cut_anywhere(worlds: Callable[[], World]) -> None:
    """On the real table by tests/acceptance/test_on_the_table.py."""

    def run(cut: Cut) -> None:
        world = worlds()
        mail = world.mail()
        number = world.arrive(replace(mail, automatic="list"), "mail/list").case
        raw = Raw("mail/straight", mail.channel, mail.at, 1000, mail)
        with contextlib.suppress(Killed):
            receive_through(world, cut)(raw)
        result = world.receive(raw)
        world.pump()

        assert (result.outcome, result.case) == (Outcome.DUPLICATE, number)
        file = world.cases.file(number)
        assert len(world.outbox("siti@warga.example")) == 1
        assert [entry.event for entry in file.history].count("better_copy") == 1
        assert faults_in(number, file.history, file.case.head) == ()

    assert each_cut(run) >= 5


def test_what_is_read_anew_cut_anywhere_stands_once() -> None:
    rereadings_cut_anywhere(lambda: World("memory"))


def rereadings_cut_anywhere(worlds: Callable[[], World]) -> None:
    """On the real table by tests/acceptance/test_on_the_table.py."""
    raw = b"From: Siti <siti@warga.example>\r\nMessage-ID: <m@x>\r\nSubject: Jalan\r\n\r\nJalan di RT 3 rusak.\r\n"

    def run(cut: Cut) -> None:
        world = worlds()
        world.arrivals.put("mail/a", raw)
        inbound = world.reread.reader(raw, "mail/a", world.now, True)
        number = world.arrive(replace(inbound, text="Jalan"), "mail/a").case
        for name in ("cases", "arrivals", "files", "policies"):
            setattr(world.reread, name, cut.wrap(getattr(world.reread, name)))
        with contextlib.suppress(Killed):
            world.reread.apply("mail/a", "system")
        cut.at = -1
        world.reread.apply("mail/a", "system")
        file = world.cases.file(number)
        assert file.messages[0].text == "Jalan di RT 3 rusak."
        assert [entry.event for entry in file.history].count("reread") == 1

    assert each_cut(run) >= 4


def test_deliver_cut_anywhere_sends_once_or_repeats_once_and_says_so(worlds: Callable[[], World]) -> None:
    def run(cut: Cut) -> None:
        world = worlds()
        number = world.arrive(world.mail()).case
        outbox, vault = cut.wrap(world.cases), cut.wrap(world.vault)
        deliver = Deliver(
            outbox, outbox, vault, world.files, world.policies, cut.wrap(world.post), world.ids, world.clock
        )
        (row,) = world.unsent()
        sent_before_cut = False
        try:
            deliver(row)
        except Killed:
            sent_before_cut = bool(world.post.sent)
        world.later(seconds=(LEASE * 2).total_seconds())
        world.sweep()
        world.pump()
        world.sweep()
        world.pump()

        (after,) = world.cases.file(number).deliveries
        assert after.state is DeliveryState.SENT
        settled = sent_before_cut and after.repeats == 0
        assert len(world.post.sent) == (1 if settled or not sent_before_cut else 2)
        assert after.repeats == (1 if cut.hit and after.attempts == 2 else 0)

    assert each_cut(run) >= 4


def test_a_sweep_cut_anywhere_climbs_each_rung_once_in_the_end() -> None:
    sweeps_cut_anywhere(lambda: World("memory"))


def sweeps_cut_anywhere(worlds: Callable[[], World]) -> None:
    """On the real table by tests/acceptance/test_on_the_table.py: it takes half a minute."""

    def run(cut: Cut) -> None:
        world = worlds()
        numbers = [world.new_case() for _ in range(2)]
        world.later(days=40)
        cases = cut.wrap(world.cases)
        with contextlib.suppress(Killed):
            Sweep(world.work(cases, cut.wrap(world.policies)), cases)(world.now)
        world.sweep()
        world.sweep()
        world.later(days=4)  # a Wednesday: the Tuesday is a holiday
        world.sweep()
        world.pump()
        for number in numbers:
            file = world.cases.file(number)
            steps = [(row.address, step) for row in file.deliveries for step in row.steps]
            assert len(steps) == len(set(steps)) == 15
            assert all(row.state is DeliveryState.SENT for row in file.letters)
            assert faults_in(number, file.history, file.case.head) == ()

    assert each_cut(run) >= 5


def test_an_officers_act_cut_anywhere_is_done_whole_or_not_at_all(worlds: Callable[[], World]) -> None:
    """Nobody repeats an officer's request but the officer: so what is asked is that no half of it is ever there."""

    def run(cut: Cut) -> None:
        world = worlds()
        number = world.new_case()
        world.desk.verify(COORDINATOR, number, "accept", "")
        before = world.cases.file(number)
        desk = CaseDesk(
            cut.wrap(world.cases),
            cut.wrap(world.files),
            cut.wrap(world.vault),
            cut.wrap(world.policies),
            world.ids,
            world.clock,
        )
        with contextlib.suppress(Killed):
            desk.reply(COORDINATOR, number, "Sudah selesai.", (), final=True)
        after = world.cases.file(number)
        answers = [row for row in after.deliveries if row.purpose == "answer"]
        if after.case.version == before.case.version:
            assert after == before
        else:
            assert (after.case.status, len(answers)) == ("answered", 1)
        assert faults_in(number, after.history, after.case.head) == ()

    assert each_cut(run) >= 3


def test_a_report_recorded_under_a_cut_is_there_whole_or_not_at_all(worlds: Callable[[], World]) -> None:
    def run(cut: Cut) -> None:
        world = worlds()
        record = Record(cut.wrap(world.cases), cut.wrap(world.vault), cut.wrap(world.policies), world.ids, world.clock)
        heard = Heard(channel=Channel.PHONE, received_at=world.now, text="Pipa bocor.", address="ani@warga.example")
        with contextlib.suppress(Killed):
            record(COORDINATOR, heard)
        world.pump()
        cases = world.cases.listing((None,), (), None, None, 10).cases
        known = world.vault.find("ani@warga.example")
        assert len(cases) == len(world.outbox("ani@warga.example")) == (known is not None)
        for case in cases:
            assert case.reporter == known
            file = world.cases.file(case.number)
            assert len(file.messages) == 1
            assert faults_in(case.number, file.history, case.head) == ()

    assert each_cut(run) >= 4


def test_a_count_cut_anywhere_is_made_good_by_the_next() -> None:
    counts_cut_anywhere(lambda: World("memory"))


def counts_cut_anywhere(worlds: Callable[[], World]) -> None:
    """On the real table by tests/acceptance/test_on_the_table.py."""

    def run(cut: Cut) -> None:
        world = worlds()
        world.arrivals.objects["mail/lost"] = (b"x", world.now)
        world.later(hours=1)
        with contextlib.suppress(Killed):
            Count(cut.wrap(world.arrivals), cut.wrap(world.cases), world.clock)()
        assert not world.count().balanced
        for _ in world.arrivals.notices:  # announced once or twice: read once
            mail = world.mail(digest="one")
            world.arrive(mail, "mail/lost")
        assert world.count().balanced
        assert len(world.cases.of("mail/lost")) == 1

    assert each_cut(run) >= 4
