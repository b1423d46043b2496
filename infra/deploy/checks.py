"""What is looked at before anything is built: what would fail, or would take somebody's mail, does not begin."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from importlib.machinery import SourceFileLoader
from pathlib import Path
from types import ModuleType
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from infra.deploy.questions import RECEIVING_REGIONS
from tanggap.adapters.upkeep import listeners

ROOT = Path(__file__).resolve().parents[2]


def _mail_domain() -> ModuleType:
    """The rules that the set-up function applies as well; loaded by path, since its folder is no package."""
    loader = SourceFileLoader("tanggap_mail_domain", str(ROOT / "functions" / "setup" / "mail_domain.py"))
    module = ModuleType(loader.name)
    loader.exec_module(module)
    return module


mail_domain = _mail_domain()


@dataclass(frozen=True, slots=True)
class Finding:
    """`stops`: the deployment does not begin. Otherwise it is something to know."""

    stops: bool
    text: str


MailServers = Callable[[str], tuple[str, ...]]

WHOLE_DOMAIN = (
    "{name} is a whole organisation's domain: its MX record would take all its mail. "
    "Choose a subdomain, such as lapor.{name}."
)
TAKEN_DOMAIN = "Mail for {name} goes to {others} and would be taken away from there. Choose a subdomain without mail."
OTHER_RULE_SET = (
    "The receiving rule set {active} is active in this region, and only one can be. "
    "If it may go: make deploy with the same ARGS, and DisplaceActiveRuleSet=yes in them."
)
HEARD = "The alarms reach those who confirmed; the operators' address is {operators}."
UNHEARD = (
    "NOBODY HEARS THE ALARMS YET: confirm the subscription that AWS has written to {operators} about. If that mail is "
    "older than three days: aws sns subscribe --topic-arn {topic} --protocol email --notification-endpoint {operators}"
)
SANDBOX = (
    "This account's SES is in its sandbox: letters go to verified addresses only, the others wait. "
    "Ask for production access in the SES console now; it takes a day."
)
#: Functions at once from which `RunsAtOnce=1000` takes none from others: 50 readings, 16 sends, the rest.
MANY_RUNS = 100
FEW_RUNS = (
    "This account runs {limit} functions at once. Ask for 1,000 (Service Quotas: Lambda, Concurrent executions) and "
    "deploy with RunsAtOnce=1000 once they are granted; until then a flood is read slowly, and nothing is lost."
)
TOO_FEW_RUNS = (
    "RunsAtOnce=1000, but this account runs {limit} functions at once: a flood would leave none for the form and for "
    "officers. Say RunsAtOnce=10 until Service Quotas (Lambda, Concurrent executions) has granted more."
)
MORE_RUNS = "This account runs {limit} functions at once: with RunsAtOnce=1000 a flood is read at full pace."


def region(name: str) -> list[Finding]:
    if name in RECEIVING_REGIONS:
        return []
    return [Finding(True, f"SES does not receive mail in {name}. It does in: {', '.join(RECEIVING_REGIONS)}.")]


def domain(name: str, region: str, mail_servers: MailServers = mail_domain.mail_servers) -> list[Finding]:
    if mail_domain.is_reserved(name):
        return [Finding(True, f"{name} is a name for examples; nobody can write to it.")]
    if not mail_domain.is_subdomain(name):
        return [Finding(True, WHOLE_DOMAIN.format(name=name))]
    try:
        others = mail_domain.taken_by(mail_servers(name), region)
    except mail_domain.NoAnswer:
        return [Finding(False, f"The mail records of {name} could not be looked up. Be sure that it has no mail yet.")]
    return [Finding(True, TAKEN_DOMAIN.format(name=name, others=", ".join(others)))] if others else []


def rule_set(ses: Any, ours: str | None, displace: bool) -> list[Finding]:
    """Only one receiving rule set is active in an account and region. `ours`: the stack's, when it is there already."""
    active = ses.describe_active_receipt_rule_set().get("Metadata", {}).get("Name")
    return [Finding(True, OTHER_RULE_SET.format(active=active))] if active and active != ours and not displace else []


def heard(sns: Any, topic: str, operators: str) -> str:
    """Whether the alarms reach anybody. AWS asks an address once; a later deployment does not ask again."""
    if listeners(sns, topic)[0]:
        return HEARD.format(operators=operators)
    return UNHEARD.format(operators=operators, topic=topic)


def proposed(functions: Any) -> dict[str, str]:
    """Answers that the account itself knows best; none where it can't be asked, which the look says later."""
    try:
        return {"RunsAtOnce": "1000" if _limit(functions) >= MANY_RUNS else "10"}
    except (BotoCoreError, ClientError):
        return {}


def _limit(functions: Any) -> int:
    """A new account runs 10 functions at once; only the account itself says so."""
    return int(functions.get_account_settings()["AccountLimit"]["ConcurrentExecutions"])


def runs(functions: Any, asked: str) -> list[Finding]:
    limit = _limit(functions)
    if asked != "10":
        return [Finding(True, TOO_FEW_RUNS.format(limit=limit))] if limit < MANY_RUNS else []
    return [Finding(False, (FEW_RUNS if limit < MANY_RUNS else MORE_RUNS).format(limit=limit))]


def sandbox(sesv2: Any) -> list[Finding]:
    return [] if sesv2.get_account().get("ProductionAccessEnabled") else [Finding(False, SANDBOX)]
