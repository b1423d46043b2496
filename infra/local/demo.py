"""`make demo`: the story of two complaints, told against the running system by the doors that everybody has.

One is answered, the other is not. Time is moved as CONTRACT says: by invoking the escalation with a later `time`.
"""

from __future__ import annotations

import json
import os
import smtplib
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

from infra.local.aws import client
from infra.local.places import ROOT, Places, places_from
from infra.local.run import LocalSystem

PATIENCE = 20.0  # seconds
Mail = dict[str, Any]


class Story:
    """What a person at each door sees. `say` takes a line for the reader."""

    def __init__(self, ready: dict[str, Any], say: Callable[[str], None]) -> None:
        self.ready, self.say = ready, say
        self.run = uuid4().hex[:8]  # in each Message-ID: told twice, the story is two stories
        self.tokens: dict[str, str] = {}

    # ── doors ─────────────────────────────────────────────────────────────────────────────────────────────────────

    def send(self, name: str, **values: str) -> str:
        """A file of events/ by SMTP, as a mail program would. Returns its sender's address."""
        text = (ROOT / "events" / name).read_text()
        for key, value in values.items():
            text = text.replace("{{" + key + "}}", value)
        text = text.replace("Message-ID: <", f"Message-ID: <{self.run}.").replace("@warga.example", self._own("@"))
        lines = {k.lower(): v for k, _, v in (line.partition(": ") for line in text.partition("\n\n")[0].split("\n"))}
        sender = lines["from"].partition("<")[2].rstrip(">")
        smtp = self.ready["smtp"]
        with smtplib.SMTP(smtp["host"], smtp["port"], timeout=30) as connection:
            connection.sendmail(sender, [lines["to"].partition("<")[2].rstrip(">") or lines["to"]], text.encode())
        return sender

    def _own(self, prefix: str) -> str:
        return f"{prefix}{self.run}.warga.example"

    def mails_to(self, address: str) -> list[Mail]:
        found: list[Mail] = self.get("/mails.json")["mails"]
        return [mail for mail in found if address in mail["to"]]

    def mail_to(self, address: str, after: int = 0) -> Mail:
        found: Mail = self.wait(lambda: self.mails_to(address)[after:], f"mail to {address}")[0]
        return found

    def officer(self, role: str, method: str, path: str, body: Any = None) -> Any:
        if role not in self.tokens:
            who = next(one for one in self.ready["officers"] if one["role"] == role)
            session = self.call("POST", "/v1/session", {"email": who["email"], "password": who["password"]})
            self.tokens[role] = session["id_token"]
        return self.call(method, path, body, self.tokens[role])

    def at(self, moment: datetime) -> None:
        """The minute's sweep, at a moment of our choosing."""
        client("lambda", self.ready["aws_endpoint"]).invoke(
            FunctionName=self.ready["outputs"]["EscalateFunction"],
            Payload=json.dumps({"source": "aws.events", "time": moment.isoformat()}).encode(),
        )

    def get(self, path: str) -> Any:
        return self.call("GET", path)

    def call(self, method: str, path: str, body: Any = None, token: str = "") -> Any:
        request = urllib.request.Request(
            self.ready["http"] + path,
            data=None if body is None else json.dumps(body).encode(),
            method=method,
            headers={"Content-Type": "application/json", **({"Authorization": token} if token else {})},
        )
        try:
            with urllib.request.urlopen(request, timeout=30) as answer:  # nosec B310 # our own local server
                return json.loads(answer.read())
        except urllib.error.HTTPError as error:
            raise SystemExit(f"{method} {path} answered {error.code}: {error.read().decode()[:300]}") from error

    def wait(self, look: Callable[[], Any], what: str) -> Any:
        deadline = time.monotonic() + PATIENCE
        while not (found := look()):
            if time.monotonic() > deadline:
                raise SystemExit(f"{what}: nothing within {PATIENCE:.0f} s")
            time.sleep(0.2)
        return found

    # ── telling ───────────────────────────────────────────────────────────────────────────────────────────────────

    def chapter(self, text: str) -> None:
        self.say(f"\n── {text} " + "─" * max(3, 90 - len(text)))

    def show_mail(self, mail: Mail, lines: int = 12) -> None:
        self.say(f"   to {', '.join(mail['to'])} · {mail['subject']}")
        shown = [line for line in mail["text"].replace("\r", "").split("\n") if line.strip()]
        for line in shown[:lines]:
            self.say(f"   │ {line if len(line) < 108 else line[:106] + ' …'}")
        if len(shown) > lines:
            self.say("   │ …")

    def show_clocks(self, case: dict[str, Any]) -> None:
        self.say(
            f"   {case['number']} · {case['status']} · unit {case['unit'] or '-'} · received {case['received_at']}"
        )
        for clock in case["clocks"]:
            days = sum(day["counted"] for day in clock["explanation"])
            self.say(f"   {clock['name']:<15} {clock['state']:<8} due {clock['due_at']}  ({days} days counted)")

    def tell(self) -> None:
        self.chapter("1. A citizen writes a mail")
        citizen = self.send("complaint.eml")
        acknowledgement = self.mail_to(citizen)
        self.show_mail(acknowledgement, 20)
        number = acknowledgement["subject"].partition("]")[0].lstrip("[")
        self.chapter("2. It is a case with its clocks")
        self.show_clocks(self.officer("coordinator", "GET", f"/v1/cases/{number}"))
        self._robot(number, acknowledgement)
        self._answered(number, citizen, acknowledgement)
        self._unanswered()
        self._ledger(number)

    def _robot(self, number: str, acknowledgement: Mail) -> None:
        self.chapter("3. Her mail program is out of office: filed, never answered")
        self.send("out-of-office.eml", **_of(acknowledgement))
        path = f"/v1/cases/{number}"
        said = self.wait(
            lambda: [m for m in self.officer("coordinator", "GET", path)["messages"] if m["direction"] == "in"][1:],
            "the robot's mail on its case",
        )[0]
        self.say(f"   filed on {number}: automatic={said['automatic']}, status unchanged")

    def _answered(self, number: str, citizen: str, acknowledgement: Mail) -> None:
        self.chapter("4. The coordinator verifies and disposes, the unit answers")
        path, unit = f"/v1/cases/{number}", next(o["unit"] for o in self.ready["officers"] if o["role"] == "liaison")
        verified = {"decision": "accept", "reason": "lengkap", "category": "penerangan-jalan"}
        self.officer("coordinator", "POST", f"{path}/verification", verified)
        self.officer("coordinator", "POST", f"{path}/assignment", {"unit": unit, "note": "Mohon segera dicek."})
        self.show_mail(self.mail_to(citizen, 1), 5)
        text = "Petugas kami memperbaiki lampu di Gang Melati malam ini."
        self.officer("liaison", "POST", f"{path}/replies", {"text": text, "final": True})
        answer = self.mail_to(citizen, 2)
        self.show_mail(answer, 6)
        self.chapter("5. She replies: it lands on the same case, which is open again")
        self.send("reply.eml", **_of(answer))
        self.wait(lambda: self.officer("liaison", "GET", path)["status"] == "in_progress", "the reply on its case")
        case = self.officer("liaison", "GET", path)
        reply = [message for message in case["messages"] if message["direction"] == "in"][-1]
        for line in reply["text"].strip().split("\n"):
            self.say(f"   │ {line}")
        self.show_clocks(case)

    def _unanswered(self) -> None:
        self.chapter("6. Another report: nobody answers, and time passes")
        citizen = self.send("complaint-unanswered.eml")
        number = self.mail_to(citizen)["subject"].partition("]")[0].lstrip("[")
        path = f"/v1/cases/{number}"
        before = {clock["name"]: clock for clock in self.officer("coordinator", "GET", path)["clocks"]}
        verify_due = datetime.fromisoformat(before["verify"]["due_at"])
        for days in range(1, 9):
            moment = datetime.now(UTC) + timedelta(days=days)
            self.at(moment.replace(hour=2, minute=30))  # 9.30 in Jakarta: letters to offices wait for office hours
            if days < 8:
                self.at(moment.replace(hour=10, minute=30))
        case = self.officer("coordinator", "GET", path)
        self.show_clocks(case)
        self.say(f"   verification was due {verify_due.isoformat()}; the ladder's letters:")
        letters = self.wait(lambda: self._sent(path, "escalation"), "the ladder's letters")
        for letter in letters:
            self.say(f"   {letter['created_at']}  {letter['to']:<32} {', '.join(letter['steps'])}")
        last = next(letter for letter in letters if any(step.endswith("breach") for step in letter["steps"]))
        self.show_mail(next(m for m in reversed(self.mails_to(last["to"])) if number in m["subject"]), 4)

    def _sent(self, path: str, purpose: str) -> list[dict[str, Any]]:
        """The case's letters of a purpose, once none of them waits."""
        time.sleep(1)
        found = [d for d in self.officer("coordinator", "GET", path)["deliveries"] if d["purpose"] == purpose]
        return found if found and all(d["state"] in ("sent", "delivered") for d in found) else []

    def _ledger(self, number: str) -> None:
        self.chapter("7. Everything that arrived has an outcome")
        rows = self.officer("auditor", "GET", "/v1/arrivals")["arrivals"]
        for row in [row for row in rows if any(m["outcome"] == "filed" for m in row["messages"])][:4]:
            for message in row["messages"]:
                self.say(f"   {row['at']}  {message['outcome']:<8} {message['reason']:<10} {message['case'] or '-'}")
        history = self.officer("auditor", "GET", f"/v1/cases/{number}")["history"]
        self.say(f"   {number}: {len(history)} entries of history, the last chained as {history[-1]['hash'][:16]}…")


def _of(mail: Mail) -> dict[str, str]:
    """What a reply to a mail of ours names."""
    headers = mail["headers"]
    return {
        "reply_to": headers["Reply-To"],
        "subject": mail["subject"],
        "in_reply_to": headers["Message-ID"].strip("<>"),
    }


def running(places: Places) -> dict[str, Any] | None:
    """What the running system wrote when it was ready."""
    try:
        return dict(json.loads(places.ready_file.read_text()))
    except (FileNotFoundError, ValueError):
        return None


def tell(ready: dict[str, Any]) -> None:
    started = time.monotonic()
    Story(ready, lambda line: print(line, flush=True)).tell()
    print(f"\nthe story took {time.monotonic() - started:.0f} s; all mails: {ready['http']}/", flush=True)


def main() -> int:
    places = places_from(os.environ)
    ready = running(places)
    if ready is not None:
        tell(ready)
        return 0
    system = LocalSystem(places, lambda line: None)
    try:
        print("nothing runs yet: starting it for the demo", flush=True)
        tell(system.start().as_json(places))
    finally:
        system.stop()
    return 0


if __name__ == "__main__":
    sys.exit(main())
