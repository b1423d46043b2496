"""What goes wrong, on a recorded desk. Each begins half an hour after the desk does, on a Tuesday at 07:30 in
Jakarta."""

from __future__ import annotations

import functools
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from infra.build.template import ROOT
from infra.watch.alarms import alarms
from infra.watch.evaluate import ALARM, Point, Recording, Turn, turns
from infra.watch.tried import Tried
from tanggap.application.ports import Unreadable
from tanggap.domain.case import Change
from tanggap.domain.errors import Conflict, Retry
from tanggap.entrypoints import settings
from tests.support.recording import BEGIN, DAY, HOUR, MINUTE, Recorded, recording
from tests.support.troubles import steps
from tests.support.troubles.faults import KILLED, REFUSED, Burst
from tests.support.troubles.village import HASTY
from tests.support.webhooks import event, signed
from tests.support.world import POLICY

#: When a recorded desk begins, and its trouble.
STARTS = BEGIN + DAY
BAD = STARTS + 30 * MINUTE
ALARMS = alarms()
Do = Callable[[Recorded], None]


def at(minutes: float, do: Do) -> Do:
    """So long after the trouble begins."""
    return lambda desk: desk.schedule(BAD + timedelta(minutes=minutes), lambda: do(desk))


def step(one: steps.Step) -> Do:
    return lambda desk: one.do(desk)


def each(minutes: float, do: Do, lasting: float) -> Do:
    """Again and again, for so many minutes."""
    return all_of(*(at(minute, do) for minute in range(0, int(lasting), int(minutes))))


def all_of(*several: Do) -> Do:
    def do(desk: Recorded) -> None:
        for one in several:
            one(desk)

    return do


def off(*names: str) -> Do:
    return at(0, lambda desk: desk.switches.off.update(names))


def refused(port: str, minutes: float = 10_000, kind: str = REFUSED) -> Do:
    return at(0, lambda desk: desk.plan.bursts.append(Burst(port, kind, desk.now + timedelta(minutes=minutes))))


def ses_refuses(code: str, text: str = "", minutes: float = 10_000, whom: str = "") -> Do:
    def begin(desk: Recorded) -> None:
        desk.ses.refuses = lambda to: (code, text) if to.endswith(whom) else None

    def end(desk: Recorded) -> None:
        desk.ses.refuses = lambda to: None

    return all_of(at(0, begin), at(minutes, end))


def sandboxed(desk: Recorded) -> None:
    desk.ses.production = False


_NOT_VERIFIED = "Email address is not verified. The following identities failed the check in region AP-SOUTHEAST-1"
sandbox = all_of(at(0, sandboxed), ses_refuses("MessageRejected", _NOT_VERIFIED, whom="@warga.example"))


def platform_refuses(status: int, code: int) -> Do:
    def do(desk: Recorded) -> None:
        desk.platform.refuses = status, {"error": {"code": code, "type": "OAuthException", "message": "x"}}

    return at(0, do)


def webhook(content: Mapping[str, Any], secret: str = "new-app-secret") -> Do:
    """Meta sends it, signed."""

    def do(desk: Recorded) -> None:
        body = json.dumps({**content, "n": desk.said}).encode()
        desk.said += 1
        headers = {"Content-Type": "application/json", "X-Hub-Signature-256": signed(body, secret)}
        desk.answered(event("POST", "/webhooks/meta", body, headers))

    return do


def form(desk: Recorded) -> None:
    desk.said += 1
    report = {"text": f"Lampu jalan nomor {desk.said} mati.", "idempotency_key": f"key-of-report-{desk.said:08d}"}
    desk.asked("POST", "/v1/reports", json.dumps(report).encode())


def without_settings(name: str, kind: type[Any]) -> Do:
    """A deployment took a variable away."""

    def do(desk: Recorded) -> None:
        desk.apps[name].services = lambda kind_: settings.read(kind, {})  # type: ignore[attr-defined]

    return at(0, do)


def cannot_be_imported(name: str) -> Do:
    def broken(event: Any, context: Any) -> None:
        raise ImportError("No module named 'tanggap'")

    def do(desk: Recorded) -> None:
        desk.apps[name].handler = broken  # type: ignore[attr-defined]

    return at(0, do)


def key_expires(desk: Recorded) -> None:
    desk.channel_keys.answer["whatsapp"]["expires"] = "2026-11-10"


def nobody_hears(desk: Recorded) -> None:
    desk.topic.listeners = ["PendingConfirmation"]


def gauge_dies(desk: Recorded) -> None:
    def dead(*asked: Any) -> Any:
        raise Retry("the index did not answer")

    desk.table.unsent_rows = dead


def spoilt(desk: Recorded) -> None:
    """The row of the oldest case can't be read any more, by anybody."""
    number = desk.numbers()[0]
    wrong = Unreadable(number)
    read, several = desk.cases.case, desk.cases.as_they_are
    desk.table.case = lambda one: wrong if one == number else read(one)
    desk.table.as_they_are = lambda numbers: {**several(numbers), **({number: wrong} if number in numbers else {})}


def overtaken(desk: Recorded) -> None:
    """Whatever is written to the oldest case, somebody else was faster: its row and its history tell two versions."""
    number, commit = desk.numbers()[0], desk.table.commit

    def lost(change: Change) -> None:
        if change.case and change.case.number == number:
            raise Conflict("somebody else was faster")
        commit(change)

    desk.table.commit = lost


def mail_goes_elsewhere(desk: Recorded) -> None:
    """By an MX record of another's, say: the account looks as it should."""
    desk.comes_in = lambda *mail: None  # type: ignore[method-assign]


def rule_off(desk: Recorded) -> None:
    """Another rule set was made the active one: mail to us goes nowhere."""
    desk.receiving.active = "another"
    mail_goes_elsewhere(desk)


def lock_lifted(desk: Recorded) -> None:
    desk.locks.mode = "GOVERNANCE"


def ahead(desk: Recorded) -> None:
    desk.run("escalate", {"time": (desk.now + HOUR).isoformat()})


def secret_spoilt(desk: Recorded) -> None:
    """A hand's slip in the look-up secret, and new processes."""
    desk.lookup.answer = '{"keys": }'
    desk.new_processes()


def time_unusable(desk: Recorded) -> None:
    desk.run("escalate", {"time": "tomorrow"})


def digest_ahead(desk: Recorded) -> None:
    desk.start("digest", desk.now + HOUR)


def notices_get_lost(desk: Recorded) -> None:
    """Those of SES, and the ledger's after them."""
    desk.objects.notify = lambda *told: None  # type: ignore[method-assign]


def stream_lags(desk: Recorded) -> None:
    desk.stream.habit = "late"


def cannot_be_anchored(desk: Recorded) -> None:
    def refused(key: str, body: bytes) -> None:
        raise Retry("the bucket did not answer")

    desk.locked.put = refused  # type: ignore[method-assign]


def _sweep_fails_once(desk: Recorded) -> None:
    desk.plan.meant.append(("escalate", 1, KILLED))


MAIL, CHAT = step(steps.Mail("siti")), step(steps.Chat("rina", "whatsapp"))
PHOTO = step(steps.Chat("rina", "whatsapp", photo=True))
UNANNOUNCED = step(steps.Mail("siti", fate="lost"))
NEW_KIND = webhook({"object": "a_new_kind_of_thing", "entry": [{"id": "1"}]})
MAILS = each(10, MAIL, 180)


@dataclass(frozen=True)
class Played:
    """`do` to a new desk of this policy, and watch it for so long after the trouble began. `days`: so many later;
    `begins`: so long after the half hour."""

    do: Do
    lasting: timedelta = 3 * HOUR
    policy: Mapping[str, Any] | None = None
    days: int = 0
    begins: timedelta = timedelta()

    @property
    def began(self) -> datetime:
        return BAD + self.days * DAY + self.begins


VILLAGE: Mapping[str, Any] = json.loads((ROOT / "infra" / "policies" / "desa.json").read_text())

#: By the words of infra.watch.tried.
PLAYED: Mapping[str, Played] = {
    "intake's mapping is off": Played(all_of(off("ArrivalsQueue"), each(20, MAIL, 180))),
    "who writes can't be looked up: KMS refuses, each arrival goes back": Played(all_of(refused("vault"), MAILS)),
    "a slip of the hand in the look-up secret": Played(all_of(at(0, secret_spoilt), MAILS)),
    "media's mapping is off": Played(all_of(off("MediaQueue"), each(20, PHOTO, 60))),
    "the table refuses everybody for twelve minutes": Played(refused("table", 12), HOUR),
    "a platform changes what it sends: six bodies that nobody knows": Played(each(1, NEW_KIND, 6)),
    "SES is in its sandbox": Played(all_of(sandbox, each(30, MAIL, 100)), 6 * HOUR),
    "deliver may not send: SES denies access": Played(
        all_of(ses_refuses("AccessDeniedException"), each(30, MAIL, 100)), 6 * HOUR
    ),
    "WhatsApp's token has expired": Played(all_of(platform_refuses(401, 190), each(30, CHAT, 100)), 6 * HOUR),
    "SES throttles for twelve minutes": Played(
        all_of(ses_refuses("TooManyRequestsException", minutes=12), each(3, MAIL, 12)), 2 * HOUR
    ),
    "the stream brings its records seven minutes late": Played(all_of(at(0, stream_lags), each(10, MAIL, 100)), HOUR),
    "two notices are lost, and the ledger announces them again": Played(all_of(at(1, UNANNOUNCED), at(2, UNANNOUNCED))),
    "nobody starts the sweep": Played(off("escalate"), HOUR),
    "a deployment takes a variable of the sweep's away": Played(without_settings("escalate", settings.Escalate), HOUR),
    "nobody looks for digests": Played(off("digest"), 16 * HOUR),
    "two notices are lost, and so is whatever the ledger announces": Played(
        all_of(at(0, notices_get_lost), at(1, UNANNOUNCED), at(2, UNANNOUNCED)), 4 * HOUR
    ),
    "nobody counts": Played(off("ledger"), 7 * HOUR),
    "a deployment takes a variable of the ledger's away": Played(without_settings("ledger", settings.Ledger), 7 * HOUR),
    "the domain's MX names somebody else: mail goes nowhere": Played(at(0, mail_goes_elsewhere), 4 * HOUR),
    "another receipt rule set is active: mail goes nowhere": Played(at(0, rule_off), 4 * HOUR),
    "the anchors' lock is one that may be lifted": Played(at(0, lock_lifted)),
    "nobody starts the canary": Played(off("canary")),
    "four reports with terms of an hour, and a unit that does not answer": Played(each(1, MAIL, 4), 4 * HOUR, HASTY),
    "four reports of a village, with the terms of its policy, and an office that answers nobody": Played(
        each(60, MAIL, 240), 3 * DAY, VILLAGE
    ),
    "SES's account is put back into its sandbox, and nobody writes": Played(at(0, sandboxed)),
    "a platform's key expires in a week": Played(at(0, key_expires)),
    "nobody hears the alarms": Played(at(0, nobody_hears)),
    "a gauge can't be read": Played(at(0, gauge_dies)),
    # Days off are known until the end of 2027. It is the second of November in Jakarta from 17:00 on.
    "sixty days ahead no decree names the days off": Played(
        lambda desk: None, days=363, begins=16 * HOUR + 30 * MINUTE
    ),
    "the anchors' bucket refuses the day's heads": Played(at(0, cannot_be_anchored), 3 * DAY),
    "intake's release can't be imported": Played(all_of(cannot_be_imported("intake"), MAILS)),
    "intake and deliver are killed in the middle": Played(all_of(refused("vault", kind=KILLED), MAILS)),
    "deliver's release can't be imported": Played(all_of(cannot_be_imported("deliver"), MAILS)),
    "the bucket refuses what the form stores": Played(all_of(refused("form", 6), each(1, form, 5)), HOUR),
    "somebody starts the sweep an hour ahead": Played(at(0, ahead), HOUR),
    "somebody starts the sweep with no time": Played(at(0, time_unusable), HOUR),
    "somebody starts the digests an hour ahead": Played(at(0, digest_ahead), HOUR),
    "a case's row can't be read": Played(all_of(at(-10, MAIL), at(0, spoilt)), 2 * HOUR, HASTY),
    "whatever the sweep writes to a case, somebody else was faster": Played(
        all_of(at(-10, MAIL), at(0, overtaken)), 5 * HOUR, HASTY
    ),
    "the outbox's mapping is off": Played(all_of(off("deliver"), each(10, MAIL, 60))),
    "half of what a platform sent in a week can't be read: two bodies of two": Played(each(1, NEW_KIND, 2)),
    "nothing comes by Telegram any more, where it came thrice a day for fifteen days": Played(
        each(60 * 8, step(steps.Chat("budi", "telegram")), 15 * 24 * 60), 2 * DAY, begins=14 * DAY + 16 * HOUR
    ),
}

#: These are played where they are tested: at length.
IDLE = "a month in which nobody writes"
MONTH = "a village's month: ten cases, answered within days"
PORTAL = "the table refuses the officers' API"

#: What passes by itself, and rings nobody.
PASSES: Mapping[str, Played] = {
    "a day in which nobody writes": Played(lambda desk: None, DAY),
    "an ordinary morning": Played(all_of(each(15, MAIL, 180), each(20, form, 180), each(25, PHOTO, 180)), 4 * HOUR),
    "a sweep is killed": Played(at(0.5, _sweep_fails_once), HOUR),
    "the table refuses everybody for a minute": Played(all_of(refused("table", 1), each(1, MAIL, 3)), 2 * HOUR),
    "SES throttles for two minutes": Played(
        all_of(ses_refuses("TooManyRequestsException", minutes=2), each(1, MAIL, 3)), 2 * HOUR
    ),
    "a hundred forged webhooks": Played(
        all_of(*(at(n / 10, webhook({"object": "page"}, "somebody-else's")) for n in range(100))), HOUR
    ),
    "one body of a platform that nobody knows": Played(at(0, NEW_KIND)),
    "one request that the bucket refuses": Played(all_of(refused("form", 1), at(0.5, form)), HOUR),
    "two reports with terms of an hour that nobody answers": Played(each(1, MAIL, 2), 5 * HOUR, HASTY),
}


def played(one: Played) -> Recorded:
    desk = Recorded(dict(one.policy or POLICY), STARTS + one.days * DAY)
    one.do(desk)
    desk.until(one.began + one.lasting)
    return desk


@functools.cache
def _day_before() -> tuple[Point, ...]:
    """A desk on which nothing is wrong, from its beginning: alarms that take "no run yet" for "no run" are over."""
    desk = Recorded(begin=BEGIN)
    desk.until(STARTS)
    return tuple(desk.points)


@functools.cache
def _before(days: int) -> Recording:
    return Recording(replace(point, at=point.at + days * DAY) for point in _day_before())


def heard(one: Played) -> dict[str, list[Turn]]:
    """What each alarm that changed its state did."""
    with recording():
        desk = played(one)
        before = _before(one.days)
    recorded = Recording(desk.points, before)
    since = STARTS + one.days * DAY
    told = {name: turns(alarm, recorded, since, desk.now) for name, alarm in ALARMS.items()}
    return {name: found for name, found in told.items() if found}


def rings(one: Tried) -> None:
    """The cause's alarm to the minute, and beside it what the table gives a reason for."""
    what = PLAYED[one.cause]
    found = heard(what)
    assert found.keys() == {one.alarm, *one.others}, one.cause
    first = found[one.alarm][0]
    assert (first.state, first.at - what.began) == (ALARM, one.after * MINUTE), one.cause
