"""One case from its first mail to its closing: every function called as AWS would call it, its calls kept.

A citizen writes with a photo; the desk is reminded, verifies, disposes and answers; the citizen is not content; the
desk answers again; the reporter's time to reply ends. Each letter comes back as a delivery event, which is an arrival.
"""

from __future__ import annotations

import json
import time
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from infra.bench.calls import RECORDER, Call, outbox_rows, stream_event
from infra.bench.corpus import Corpus, renamed
from infra.bench.stage import DOMAIN, INTAKE, Stage
from infra.local.outbox import SentMail
from infra.local.places import ROOT
from infra.local.ses_events import event as ses_event

REMINDED = timedelta(hours=12, minutes=1)
SILENT = timedelta(days=40)
#: What an officer's program asks for besides acting: the list before each of three sittings, the whole case at each.
SITTINGS = 3


@dataclass(frozen=True, slots=True)
class Invocation:
    """One run of a function. `cpu` in seconds, `logged` in bytes, `answered` the bytes of an API answer."""

    step: str
    function: str
    cpu: float
    calls: tuple[Call, ...]
    logged: int
    answered: int = 0


@dataclass(frozen=True, slots=True)
class Story:
    """`mail_bytes`: what citizens sent; `photo_bytes`: their attachments."""

    invocations: tuple[Invocation, ...]
    mail_bytes: tuple[int, ...]

    def of(self, *steps: str) -> tuple[Call, ...]:
        return tuple(call for one in self.invocations if one.step in steps for call in one.calls)


def tell(stage: Stage) -> Story:
    """The second telling: the first one warms every cache up."""
    stage.prepare("intake", "deliver", "escalate", "portal")
    _Teller(stage).tell()
    return _Teller(stage).tell()


def idle(stage: Stage) -> dict[str, Invocation]:
    """A scheduled run that finds nothing to do, by function."""
    stage.prepare("escalate", "digest", "ledger")
    found: dict[str, Invocation] = {}
    for function in ("escalate", "digest", "ledger") * 2:  # the second is warm
        teller = _Teller(stage)
        teller.run("idle", function, {"time": _stamp(datetime.now(UTC))})
        found[function] = teller.done[-1]
    return found


def run(stage: Stage, step: str, function: str, event: dict[str, Any]) -> Invocation:
    """One run alone, and the letters that it queued."""
    teller = _Teller(stage)
    teller.run(step, function, event)
    return teller.done[0]


class _Teller:
    def __init__(self, stage: Stage) -> None:
        self.stage = stage
        self.corpus = Corpus(INTAKE)
        self.done: list[Invocation] = []
        self.mails: list[int] = []

    def tell(self) -> Story:
        began = datetime.now(UTC)
        mail = self.corpus.mail("photo")
        number = self._mail("new case", self.corpus.arrived(mail, self.stage.names["ARRIVALS_BUCKET"]))
        self.run("reminder", "escalate", {"time": _stamp(began + REMINDED)})
        case = f"/v1/cases/{number}"
        desk = ("coordinator", None)
        unit = (_unit(), "liaison")
        self._sitting(case, *desk)
        self._api("POST", f"{case}/verification", {"decision": "accept", "reason": ""}, *desk)
        self._api("POST", f"{case}/assignment", {"unit": unit[0], "note": "Mohon dicek."}, *desk)
        self._sitting(case, "liaison", unit[0])
        self._api("POST", f"{case}/replies", {"text": "Papan sudah kami ganti.", "final": True}, "liaison", unit[0])
        self._mail("reply", self._reply(mail.sender, number))
        self._sitting(case, "liaison", unit[0])
        self._api("POST", f"{case}/replies", {"text": "Kami pasang ulang.", "final": True}, "liaison", unit[0])
        self.run("closing", "escalate", {"time": _stamp(began + SILENT)})
        closed = self._api("GET", case, None, *desk)
        if closed["status"] != "closed":
            raise RuntimeError(f"the story did not end: the case is {closed['status']}")
        self.done.pop()  # that look was ours
        return Story(tuple(self.done), tuple(self.mails))

    def run(self, step: str, function: str, event: dict[str, Any]) -> Any:
        """Invoke, then hand on what it queued."""
        before = self.stage.logged()
        with RECORDER.recording() as calls:
            began = time.process_time()
            answer = self.stage.invoke(function, event)
            cpu = time.process_time() - began
        body = len(answer.get("body", "").encode()) if isinstance(answer, dict) else 0
        self.done.append(Invocation(step, function, cpu, tuple(calls), self.stage.logged() - before, body))
        for row in outbox_rows(calls):
            self._letter(step, self.stage.wake(row))
        return answer

    def _letter(self, step: str, row: dict[str, Any]) -> None:
        self.run(f"{step}: letter", "deliver", stream_event([row]))
        sends = [call for call in self.done[-1].calls if call.operation == "SendEmail"]
        if not sends:
            raise RuntimeError(f"a letter of the step {step!r} was not sent")
        for call in sends:
            self._notice(f"{step}: delivered", _delivery_event(call))

    def _notice(self, step: str, body: str) -> Any:
        sent = str(int(datetime.now(UTC).timestamp() * 1000))
        attributes = {"ApproximateReceiveCount": "1", "SentTimestamp": sent}
        answer = self.run(step, "intake", {"Records": [{"messageId": "m", "body": body, "attributes": attributes}]})
        if answer["batchItemFailures"]:
            raise RuntimeError(f"a notice of the step {step!r} went back to the queue")
        return answer

    def _mail(self, step: str, arrived: Any) -> str:
        """Returns the number of the case it landed on."""
        self.stage.store(arrived.key, arrived.stored)
        self.mails.append(len(arrived.stored))
        at = len(self.done)
        self._notice(step, arrived.notice)
        (case,) = {
            action["Put"]["Item"]["pk"]["S"].removeprefix("CASE#")
            for call in self.done[at].calls
            if call.operation == "TransactWriteItems"
            for action in call.params["TransactItems"]
            if "Put" in action and action["Put"]["Item"]["sk"]["S"] == "CASE"
        }
        return case

    def _reply(self, sender: str, number: str) -> Any:
        return reply_to(self.stage, self.corpus, sender, number)

    def _sitting(self, case: str, role: str, unit: str | None) -> None:
        self._api("GET", "/v1/cases", None, role, unit)
        self._api("GET", case, None, role, unit)

    def _api(self, method: str, path: str, body: Any, role: str, unit: str | None) -> Any:
        answer = self.run(f"{method} {_area(path)}", "portal", _api_event(method, path, body, role, unit))
        if answer["statusCode"] >= 300:
            raise RuntimeError(f"{method} {_area(path)} answered {answer['statusCode']}: {answer['body'][:300]}")
        return json.loads(answer["body"])


def reply_to(stage: Stage, corpus: Corpus, sender: str, number: str) -> Any:
    """The reporter's reply to a letter of ours, as it arrives."""
    from tanggap.entrypoints import settings
    from tanggap.entrypoints.composition import services

    token = services(settings.Intake).tokens.of(number)
    local, _, domain = INTAKE.partition("@")
    to = f"{local}+{token}@{domain}"
    text = (ROOT / "events" / "reply.eml").read_text()
    for name, value in {"reply_to": to, "subject": f"[{number}]", "in_reply_to": "x@amazonses.com"}.items():
        text = text.replace("{{" + name + "}}", value)
    mail = corpus.mail(corpus.names[0])
    raw = renamed(text.encode(), sender, f"reply.{mail.sender}")
    return corpus.arrived(type(mail)("reply", "reply", sender, raw), stage.names["ARRIVALS_BUCKET"], to)


def _delivery_event(call: Call) -> str:
    params = call.params
    address = params["Destination"]["ToAddresses"][0]
    now = datetime.now(UTC)
    sent = SentMail(
        name="0",
        id=call.answer["MessageId"],
        at=now.timestamp(),
        source=INTAKE,
        destinations=(address,),
        configuration_set=params["ConfigurationSetName"],
        tags={tag["Name"]: tag["Value"] for tag in params["EmailTags"]},
        raw=params["Content"]["Raw"]["Data"],
    )
    message = json.dumps(ses_event("Delivery", sent, address, now))
    return json.dumps({"Type": "Notification", "MessageId": sent.id, "Message": message})


def _api_event(method: str, path: str, body: Any, role: str, unit: str | None) -> dict[str, Any]:
    claims = {
        "sub": f"bench-{role}",
        "token_use": "id",
        "cognito:groups": role,
        **({"custom:unit": unit} if unit else {}),
    }
    headers = {"Content-Type": "application/json", "Accept": "application/json", "Host": DOMAIN}
    return {
        "resource": _area(path),
        "path": path,
        "httpMethod": method,
        "headers": headers,
        "multiValueHeaders": {name: [value] for name, value in headers.items()},
        "queryStringParameters": None,
        "multiValueQueryStringParameters": None,
        "pathParameters": None,
        "stageVariables": None,
        "body": None if body is None else json.dumps(body),
        "isBase64Encoded": False,
        "requestContext": {
            "resourcePath": _area(path),
            "httpMethod": method,
            "path": f"/live{path}",
            "requestId": "bench",
            "identity": {"sourceIp": "192.0.2.1"},
            "authorizer": {"claims": claims},
        },
    }


def _area(path: str) -> str:
    parts = path.split("/")
    return path if len(parts) <= 3 else "/".join([*parts[:3], "{proxy+}"])


def _unit() -> str:
    from infra.bench.stage import POLICY
    from infra.local.sample_policy import sample_policy

    return str((sample_policy() or POLICY)["units"][0]["id"])


def _stamp(at: datetime) -> str:
    return at.strftime("%Y-%m-%dT%H:%M:%SZ")


def letters(story: Story) -> int:
    return sum(call.operation == "SendEmail" for one in story.invocations for call in one.calls)


def calls_of(invocations: Iterable[Invocation]) -> list[Call]:
    return [call for one in invocations for call in one.calls]
