"""The questions, each with what makes an answer good. What template.yaml says of a parameter is not said here again."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

#: Where SES receives mail (AWS's table of endpoints, January 2024; only Singapore was seen end to end, August 2026).
#: Elsewhere a rule set can be made and stays deaf.
RECEIVING_REGIONS = (
    *("ap-southeast-1", "ap-southeast-2", "ap-southeast-3", "ap-northeast-1"),
    *("us-east-1", "us-east-2", "us-west-2", "ca-central-1", "eu-central-1", "eu-west-1", "eu-west-2"),
)

#: Asked in this order; every other parameter keeps the template's default unless it is given as NAME=VALUE.
ASKED = (
    "AgencyName",
    "MailDomain",
    "IntakeLocalPart",
    "UtcOffset",
    "CoordinatorAddress",
    "OperatorsAddress",
    "HostedZoneId",
    "Platforms",
    "Open311",
    "RunsAtOnce",
    "MonthlyBudget",
)

#: Defaults of the local run, which mean nothing on AWS.
NO_DEFAULT = frozenset({"AgencyName", "MailDomain", "CoordinatorAddress", "OperatorsAddress"})


#: An address that AWS makes up for an API, and that ends with it.
_MADE_UP = re.compile(r"https://\w+\.execute-api\.[\w.-]+(/.*)?")


def of_this_stack(remembered: Mapping[str, str], outputs: Mapping[str, str]) -> dict[str, str]:
    """Without the API's own address where that API is gone: a new stack of the same name has another, and letters and
    forms would lead nowhere."""
    address = remembered.get("PublicUrl", "")
    gone = _MADE_UP.fullmatch(address) and address != outputs.get("ApiUrl")
    return {name: value for name, value in remembered.items() if not (gone and name == "PublicUrl")}


@dataclass(frozen=True, slots=True)
class Question:
    name: str
    label: str
    default: str
    allowed: tuple[str, ...] = ()
    pattern: str = ""
    may_be_empty: bool = False

    def fault(self, answer: str) -> str | None:
        """What is wrong with the answer, None when nothing is."""
        if not answer:
            return None if self.may_be_empty else "an answer is needed"
        if self.allowed and answer not in self.allowed:
            return f"one of {', '.join(self.allowed)}"
        if self.pattern and not re.fullmatch(self.pattern, answer):
            return f"does not look like one ({self.pattern})"
        return None


def questions(
    template: Mapping[str, Any], remembered: Mapping[str, str], proposed: Mapping[str, str] | None = None
) -> tuple[Question, ...]:
    """`remembered`: answers of before, and presets; `proposed`: what the account suggests where there is none."""
    known = {**(proposed or {}), **remembered}
    parameters = template["Parameters"]
    labels = template["Metadata"]["AWS::CloudFormation::Interface"]["ParameterLabels"]
    return tuple(
        _question(name, parameters[name], labels[name]["default"], known.get(name))
        for name in parameters
        if name in ASKED or name in remembered
    )


#: Of a parameter that is a number, where the template lists none: CloudFormation would say no after all was built.
_NUMBER = r"\d{1,9}(\.\d+)?"


def _question(name: str, parameter: Mapping[str, Any], label: str, known: str | None) -> Question:
    default = "" if name in NO_DEFAULT else str(parameter.get("Default", ""))
    return Question(
        name=name,
        label=label,
        default=default if known is None else known,
        allowed=tuple(map(str, parameter.get("AllowedValues", ()))),
        pattern=parameter.get("AllowedPattern", _NUMBER if parameter["Type"] == "Number" else ""),
        may_be_empty=parameter.get("Default") == "",
    )


def ask_all(asked: Iterable[Question], ask: Callable[[str], str], say: Callable[[str], None]) -> dict[str, str]:
    """One answer each; asks again until it is good. Enter takes what stands in brackets."""
    answers: dict[str, str] = {}
    for question in asked:
        shown = f" [{question.default}]" if question.default else " (Enter for none)" if question.may_be_empty else ""
        while True:
            answer = ask(f"{question.label}{shown}: ").strip() or question.default
            fault = question.fault(answer)
            if fault is None:
                break
            say(f"  {fault}")
        answers[question.name] = answer
    return answers
