"""What is installed is what was looked at: each package by version and hash, from nowhere in particular."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from infra.build.template import ROOT
from infra.security.audit import LOCKS

#: `name==version`, perhaps on some systems only, and its hashes.
_PINNED = re.compile(
    r"[a-z0-9._-]+(\[[a-z0-9,._-]+\])?==[^\s;@]+( ; [^@]+?)?(?P<hashes>( --hash=sha256:[0-9a-f]{64})+)"
)
_ELSEWHERE = re.compile(r"://|--(index-url|extra-index-url|find-links|trusted-host|no-index)\b|(^|\s)-[if]\b", re.M)

each_lock = pytest.mark.parametrize("lock", LOCKS)


def requirements(text: str) -> list[str]:
    """One line a package, without comments."""
    kept = "\n".join(line for line in text.splitlines() if not line.lstrip().startswith("#"))
    return [" ".join(line.split()) for line in kept.replace("\\\n", " ").splitlines() if line.strip()]


def faults(text: str) -> list[str]:
    found = [line for line in requirements(text) if not _PINNED.fullmatch(line)]
    return found + [one.group() for one in _ELSEWHERE.finditer(text)]


def test_every_list_is_known_and_has_its_lock() -> None:
    written = {*ROOT.glob("requirements*.in"), *ROOT.glob("layers/*/requirements*.in")}
    locked = {*ROOT.glob("requirements*.txt"), *ROOT.glob("layers/*/requirements*.txt")}
    locked |= {*ROOT.glob("functions/*/requirements*")}
    assert {path.with_suffix(".txt") for path in written} == locked == {ROOT / lock for lock in LOCKS}


@each_lock
def test_each_line_has_a_version_and_hashes_and_names_no_host(lock: str) -> None:
    text = (ROOT / lock).read_text()
    assert len(requirements(text)) >= 5
    assert faults(text) == []


@pytest.mark.parametrize(
    "line",
    [
        "boto3==1.43.106",
        "boto3>=1.43 --hash=sha256:" + "0" * 64,
        "boto3==1.43.106 --hash=md5:" + "0" * 32,
        "boto3 @ https://example.test/boto3.whl --hash=sha256:" + "0" * 64,
        "--index-url https://example.test/simple",
        "--find-links wheels",
        "-i https://example.test/simple",
        "-r other.txt",
        "-e .",
    ],
)
def test_a_line_that_could_bring_something_else_is_found(line: str) -> None:
    good = "a==1 --hash=sha256:" + "0" * 64
    assert faults(f"{good}\n{line}\n")
    assert faults(f"# a comment\n{good}\n") == []


def test_nothing_is_installed_without_its_hash() -> None:
    """Both places that install."""
    for place in ("infra/local/venv.sh", "layers/dependencies/build.py"):
        assert "--require-hashes" in (ROOT / place).read_text(), place
    others = [
        str(path.relative_to(ROOT))
        for folder in ("infra", "layers", "functions")
        for path in Path(ROOT / folder).rglob("*")
        if path.is_file()
        and path.suffix in ("", ".py", ".sh")
        and re.search(r"\bpip['\", ]+install\b", path.read_text(errors="replace"))
    ]
    assert sorted(others) == ["infra/local/venv.sh", "layers/dependencies/build.py"]
