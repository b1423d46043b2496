"""The whole local system with IAM enforced: functions run under the roles of template.yaml."""

from __future__ import annotations

import fcntl
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest

from infra.local.places import Places, free_ports
from infra.local.run import LocalSystem
from tests.conftest import APART
from tests.e2e.doors import TEXT, ledger_adds_up, logs_hold_nobodys_words
from tests.e2e.system import System

#: What makes 128 calls at once: nobody runs beside it, for the embedded AWS would answer later than clients wait.
ALONE = ("test_many_hands.py",)
#: First that, and what is long and runs beside the shared system; last what leaves thousands of cases and mails behind,
#: which all who look into them afterwards would pay for.
FIRST = (*ALONE, "test_upgrade.py", "test_runbooks_walked.py")
LAST = ("test_concurrency.py", "test_many_deadlines.py", "test_channel_load.py")


def _turn(item: pytest.Item) -> int:
    name = item.path.name
    return FIRST.index(name) - len(FIRST) if name in FIRST else LAST.index(name) + 1 if name in LAST else 0


@contextmanager
def _locked(file: Path, how: int) -> Iterator[None]:
    with file.open("w") as lock:
        fcntl.flock(lock, how)  # let go with the file, also by a process that dies
        yield


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item) -> Iterator[None]:
    """With all that a test sets up. Who waits for the room keeps the turn, so that nobody else gets in before."""
    if "tests/acceptance" not in item.path.as_posix():
        return (yield)
    local = item.config.rootpath / ".local"
    local.mkdir(exist_ok=True)
    with ExitStack() as held:
        with _locked(local / "acceptance.turn", fcntl.LOCK_EX):
            how = fcntl.LOCK_EX if item.path.name in ALONE else fcntl.LOCK_SH
            held.enter_context(_locked(local / "acceptance.room", how))
        return (yield)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    items.sort(key=_turn)
    for item in items:
        if "tests/acceptance" not in item.path.as_posix():
            continue
        item.add_marker(pytest.mark.acceptance)
        if "system" in getattr(item, "fixturenames", ()) and item.nodeid.partition("::")[0] in APART:
            raise pytest.UsageError(f"{item.nodeid} asks for the system that all share, which runs in one process only")


@pytest.fixture(scope="session")
def system(tmp_path_factory: pytest.TempPathFactory) -> Iterator[System]:
    smtp, http, aws = free_ports(3)
    places = Places(smtp, http, aws, work=tmp_path_factory.mktemp("guarded"), state=None, enforce_iam=True)
    local = LocalSystem(places, print)
    try:
        yield System(local.start().as_json(places))
    finally:
        local.stop()


@pytest.fixture
def others_are_served(system: System) -> Iterator[None]:
    """After whatever a test did, an ordinary mail is acknowledged at once."""
    yield
    sender = system.someone("biasa")
    system.write(sender, "Lampu mati", TEXT)
    assert system.mail_to(sender)


@pytest.fixture(scope="module")
def it_adds_up(system: System) -> Iterator[None]:
    """After all that a file did, no log tells of it and each arrival has its outcome."""
    yield
    logs_hold_nobodys_words(system)
    ledger_adds_up(system)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """What was measured on other people's mail and under attack, then one line a story: what CONTRACT calls the table
    of `make acceptance`."""
    for report in terminalreporter.stats.get("passed", []):
        if report.when == "call" and ("/test_corp" in report.nodeid or "/test_mail_" in report.nodeid):
            for line in report.capstdout.splitlines():
                if line.strip():
                    terminalreporter.write_line(line)
    rows: dict[str, dict[str, float]] = {}
    # What a test waits for before it begins has no outcome; the seconds count.
    for outcome in ("passed", "failed", "error", "skipped", ""):
        for report in terminalreporter.stats.get(outcome, []):
            name = report.nodeid.partition("::")[0].rpartition("/")[2].removeprefix("test_").removesuffix(".py")
            row = rows.setdefault(name.replace("_", " "), {})
            row[outcome] = row.get(outcome, 0) + 1
            # A file that can't be imported has none.
            row["seconds"] = row.get("seconds", 0.0) + getattr(report, "duration", 0.0)
    if not rows:
        return
    terminalreporter.write_line(f"\n{'story':<24}{'passed':>8}{'failed':>8}{'skipped':>9}{'seconds':>9}")
    for name, row in sorted(rows.items()):
        failed = row.get("failed", 0) + row.get("error", 0)
        counts = f"{row.get('passed', 0):>8.0f}{failed:>8.0f}{row.get('skipped', 0):>9.0f}"
        terminalreporter.write_line(f"{name:<24}{counts}{row['seconds']:>9.1f}")
