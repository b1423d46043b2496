"""`make run`: starts everything, says where it is, tells what happens, and stops it all on Ctrl-C or SIGTERM."""

from __future__ import annotations

import os
import shutil
import signal
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from types import FrameType
from typing import IO, Any

from infra.local.deploy import DeployFailed, deploy
from infra.local.emulator import Emulator, EmulatorFailed
from infra.local.http_front import HttpFront
from infra.local.mailbox import Mailbox
from infra.local.observer import Observer
from infra.local.officers import Officer, enrol, officers_for
from infra.local.places import (
    HOST,
    REGION,
    ROOT,
    STACK,
    FolderBusy,
    Places,
    PortBusy,
    check_ports_are_free,
    locked,
    places_from,
    write_json,
)
from infra.local.platforms import Platforms, webhook_secrets
from infra.local.providers.process import ProvidersFailed
from infra.local.sample_policy import put_policy, sample_policy
from infra.local.smtp_door import SmtpDoor

MAIL_DOMAIN = "desa-contoh.example"
READY = "tanggap is ready"

Tell = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Ready:
    """What `.local/ready.json` holds."""

    outputs: dict[str, str]
    officers: tuple[Officer, ...]
    platforms: Platforms

    def as_json(self, places: Places) -> dict[str, Any]:
        return {
            "smtp": {"host": HOST, "port": places.smtp_port},
            "http": places.http,
            "aws_endpoint": places.aws_endpoint,
            "region": REGION,
            "stack": STACK,
            "outputs": self.outputs,
            "mail_domain": MAIL_DOMAIN,
            "intake_address": self.outputs.get("IntakeAddress", f"lapor@{MAIL_DOMAIN}"),
            "officers": [asdict(officer) for officer in self.officers],
            "webhooks": self.platforms.webhooks,
            "accounts": self.platforms.accounts.ids,
            "providers": {"url": self.platforms.url},
        }


class LocalSystem:
    """The whole system on this machine. `start` returns when it is ready; `stop` may be called at any time, and
    twice.
    """

    def __init__(self, places: Places, tell: Tell) -> None:
        self._places = places
        self._tell = tell
        self._started: list[Any] = []
        self._locks: list[IO[str]] = []
        self._emulator = Emulator(places)

    def start(self) -> Ready:
        places = self._places
        check_ports_are_free(places)
        self._locks = [locked(folder) for folder in (places.work, places.state) if folder is not None]
        shutil.rmtree(places.scratch, ignore_errors=True)
        places.ready_file.unlink(missing_ok=True)
        policy = sample_policy()
        platforms = Platforms(places, webhook_secrets(places))

        self._started.append(self._emulator)
        self._emulator.start()
        self._start(platforms)
        front = HttpFront(places, f"lapor@{MAIL_DOMAIN}", platforms.sent)
        self._start(front)
        self._start(Observer(places, self._tell))
        outputs = deploy(places, {**_parameters(places), **platforms.parameters()})
        platforms.fill(outputs)
        self._start(SmtpDoor(places, self._tell))
        self._start(Mailbox(places, self._tell))
        if "ApiUrl" in outputs:
            front.serve_api(outputs["ApiUrl"])
        officers = officers_for(places, policy)
        if "UserPoolId" in outputs:
            enrol(places, outputs["UserPoolId"], officers)
        if "ApiUrl" in outputs and policy:
            coordinator = next(officer for officer in officers if officer.role == "coordinator")
            put_policy(places, coordinator, policy, self._tell)
        ready = Ready(outputs, officers, platforms)
        write_json(places.ready_file, ready.as_json(places))
        return ready

    def started(self) -> bool:
        return bool(self._started)

    def healthy(self) -> bool:
        return self._emulator.running()

    def stop(self) -> None:
        """In the opposite order: what comes in stops first, the embedded AWS last."""
        if self._locks:  # otherwise another run's file may lie there
            self._places.ready_file.unlink(missing_ok=True)
        while self._started:
            self._started.pop().stop()
        while self._locks:
            self._locks.pop().close()

    def _start(self, part: Any) -> None:
        part.start()
        self._started.append(part)


def _parameters(places: Places) -> dict[str, str]:
    return {"MailDomain": MAIL_DOMAIN, "SimulatedTime": "allowed", "PublicUrl": places.http}


def _welcome(places: Places, ready: Ready) -> str:
    officers = "\n".join(
        f"    {officer.role:<12} {officer.email:<28} {officer.password}"
        + (f"  unit {officer.unit}" if officer.unit else "")
        for officer in ready.officers
    )
    return (
        f"  write a report to   {ready.as_json(places)['intake_address']} by SMTP at {HOST}:{places.smtp_port}\n"
        f"  the web form        {places.http}/lapor\n"
        f"  what went out       {places.http}/ (mails and chats)\n"
        f"  platforms' double   {ready.platforms.url}/\n"
        f"  API                 {places.http}/v1\n"
        f"  embedded AWS        {places.aws_endpoint} (key 000000000000, secret test, region {REGION})\n"
        f"  officers\n{officers}\n"
        f"  all of this         {_short(places.ready_file)}"
    )


def _short(path: Path) -> str:
    return str(path.relative_to(ROOT)) if path.is_relative_to(ROOT) else str(path)


def _stop_when_orphaned() -> None:
    """A killed `make` can't tell its child; a child whose parent changed was left alone."""
    parent = os.getppid()

    def watch() -> None:
        while os.getppid() == parent:
            time.sleep(1.0)
        os.kill(os.getpid(), signal.SIGTERM)

    threading.Thread(target=watch, name="watch-make", daemon=True).start()


def main() -> int:
    began = time.monotonic()
    lock = threading.Lock()

    def tell(line: str) -> None:
        with lock:
            print(line, flush=True)

    try:
        places = places_from(os.environ)
        system = LocalSystem(places, tell)
    except ValueError as error:
        print(error, file=sys.stderr)
        return 2

    stop = threading.Event()

    def on_signal(number: int, frame: FrameType | None) -> None:
        if stop.is_set():
            return
        stop.set()
        raise KeyboardInterrupt

    signal.signal(signal.SIGINT, on_signal)
    signal.signal(signal.SIGTERM, on_signal)
    if "MAKELEVEL" in os.environ:
        _stop_when_orphaned()
    code = 0
    try:
        check_ports_are_free(places)
        tell("starting the embedded AWS and deploying template.yaml to it")
        ready = system.start()
        tell(_welcome(places, ready))
        tell(f"{READY}  ({time.monotonic() - began:.1f} s)")
        while not stop.wait(1.0):
            if not system.healthy():
                print(f"the embedded AWS ended; see {_short(places.work / 'emulator.log')}", file=sys.stderr)
                code = 1
                break
    except KeyboardInterrupt:
        pass
    except (PortBusy, FolderBusy, EmulatorFailed, ProvidersFailed, DeployFailed) as error:
        print(error, file=sys.stderr)
        code = 1
    finally:
        stop.set()
        if system.started():
            tell("stopping")
        system.stop()
    return code


if __name__ == "__main__":
    sys.exit(main())
