"""What looks for weaknesses: `make lint` runs it, each exception has a reason, no audit passes for want of answers."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from infra.build.template import PATH, ROOT
from infra.security import audit
from infra.security.audit import LOCKS, NotAsked, audited, judge
from tests.contract.stack import RESOURCES

CHECKOV = ROOT / "infra" / "security" / "checkov.yaml"
CODE = [path for folder in ("layers/core", "functions", "infra") for path in sorted((ROOT / folder).rglob("*.py"))]


def test_lint_runs_all_of_them() -> None:
    lint = (ROOT / "Makefile").read_text().partition("\nlint:")[2].partition("\n\n")[0]
    for tool in ("ruff check", "mypy", "cfn-lint", "validate --lint", "bandit", "checkov", "infra.security.audit"):
        assert tool in lint


def test_each_check_that_is_skipped_everywhere_has_its_reason_above_it() -> None:
    lines = CHECKOV.read_text().splitlines()
    skipped = yaml.safe_load(CHECKOV.read_text())["skip-check"]
    assert len(skipped) == len(set(skipped))
    for check in skipped:
        above = lines[lines.index(f"  - {check}") - 1]
        assert above.startswith("  # "), f"{check}: why?"


def test_each_check_that_is_skipped_once_stands_in_its_resource_with_its_reason() -> None:
    text = PATH.read_text()
    found = re.findall(r"^ +# checkov:skip=(CKV2?_AWS_\d+):(.+)$", text, re.M)
    assert len(found) == text.count("checkov:skip")
    assert all(len(reason) >= 15 for _, reason in found)
    everywhere = yaml.safe_load(CHECKOV.read_text())["skip-check"]
    assert not {check for check, _ in found} & set(everywhere), "said twice"


def test_tests_that_explain_an_exception_exist() -> None:
    tests = "\n".join(path.read_text() for path in (ROOT / "tests").rglob("test_*.py"))
    for name in re.findall(r"\btest_\w+(?!\w*\.py)\b", CHECKOV.read_text()):
        assert f"def {name}(" in tests or (ROOT / "tests" / "contract" / f"{name}.py").is_file(), name


@pytest.mark.parametrize(
    ("mark", "said"), [("# nosec", r" B\d{3} # \S+"), ("# noqa: S", r"\d{3}( - \S+|  # nosec)|IM\d{3}")]
)
def test_what_bandit_and_ruff_are_not_to_look_at_is_named_and_explained(mark: str, said: str) -> None:
    for path in CODE:
        for line in path.read_text().splitlines():
            if mark in line:
                assert re.match(said, line.partition(mark)[2]), (path, line)


def test_there_is_no_cost_in_what_was_mended() -> None:
    """checkov would have these; each is paid for by the hour or by the request."""
    kinds = {one["Type"] for one in RESOURCES.values()}
    assert not kinds & {"AWS::EC2::NatGateway", "AWS::EC2::VPCEndpoint", "AWS::WAFv2::WebACL"}
    assert "CacheClusterEnabled" not in RESOURCES["Api"]["Properties"]


# -- the threat model

THREATS = ROOT / "infra" / "security" / "threat-model.md"


def test_what_the_threat_model_leans_on_is_there() -> None:
    text = THREATS.read_text()
    named = re.findall(r"`((?:tests|infra|layers)/[\w/.-]+)`", text)
    assert len(named) >= 15
    assert [one for one in named if not (ROOT / one).exists()] == []
    links = re.findall(r"\]\(([^)]+)\)", text)
    assert links and [one for one in links if not (THREATS.parent / one).exists()] == []


def test_the_threat_model_is_a_page_of_whole_rows() -> None:
    lines = THREATS.read_text().splitlines()
    assert len(lines) <= 60
    assert all(len(re.findall(r"(?<!\\)\|", line)) == 5 for line in lines if line.startswith("|"))


# -- what an audit says


def known(*vulnerabilities: str, **more: Any) -> dict[str, Any]:
    vulns = [{"id": one, "aliases": ["CVE-1"], "fix_versions": ["2"], "description": ""} for one in vulnerabilities]
    return {"name": "boto3", "version": "1", "vulns": vulns, **more}


def test_nothing_known_is_clean() -> None:
    verdict = judge({"dependencies": [known(), known()]})
    assert (verdict.packages, verdict.faults) == (1, ())


def test_what_is_known_is_told_once_with_what_mends_it() -> None:
    found = {"dependencies": [known("PYSEC-1"), known("PYSEC-1")]}
    assert judge(found).faults == ("boto3 1: PYSEC-1, mended in 2",)
    assert judge(found, {"PYSEC-1": "not reached"}).faults == ()
    assert judge(found, {"CVE-1": "by its other name"}).faults == ()


def test_what_could_not_be_asked_about_is_not_clean() -> None:
    found = {"dependencies": [known(), {"name": "other", "skip_reason": "not found"}]}
    assert judge(found).faults == ("other: not audited: not found",)


def test_where_nobody_can_be_asked_one_question_is_enough() -> None:
    asked: list[Path] = []

    def silent(file: Path, hashed: bool) -> dict[str, Any]:
        asked.append(file)
        return {"dependencies": [{"name": "pip-audit", "skip_reason": "not found"}]}

    with pytest.raises(NotAsked, match="not found"):
        audited(silent)
    assert len(asked) == 1


def test_every_lock_is_asked_about() -> None:
    asked: list[str] = []

    def told(file: Path, hashed: bool) -> dict[str, Any]:
        if hashed:
            asked.append(str(file.relative_to(ROOT)))
        else:
            assert re.fullmatch(r"pip-audit==[\d.]+\n", file.read_text())
        return {"dependencies": [known("PYSEC-9") if "sam" in file.name else known()]}

    assert audited(told).faults == ("boto3 1: PYSEC-9, mended in 2",)
    assert asked == list(LOCKS)


def test_what_is_accepted_says_why() -> None:
    assert all(len(reason) >= 20 for reason in audit.ACCEPTED.values())
