"""Installs the pinned list into a folder: `python build.py aws|host FOLDER`. Needs nothing but pip.

The SAM CLI builds a layer in a copy of this folder alone, so the script knows nothing of the rest of the tree.
"""

from __future__ import annotations

import compileall
import py_compile
import shutil
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
LOCK = HERE / "requirements.txt"

#: What pip is told besides the list. `aws` is Lambda's python3.13 on arm64, whatever this machine is; both manylinux
#: names are needed, since packages carry the one or the other.
PLATFORMS: dict[str, tuple[str, ...]] = {
    "host": (),
    "aws": (
        *("--platform", "manylinux2014_aarch64", "--platform", "manylinux_2_28_aarch64"),
        *("--python-version", "3.13", "--implementation", "cp"),
    ),
}

#: Packages of which only these files are imported in a function; the rest is a command line with its templates.
ONLY: dict[str, frozenset[str]] = {"chalice": frozenset({"__init__.py", "app.py", "py.typed"})}


def install(platform: str, target: Path) -> None:
    """Fills `target` (emptied first). Raises CalledProcessError when pip cannot, with pip's own words on stderr."""
    shutil.rmtree(target, ignore_errors=True)
    target.mkdir(parents=True)
    pip = [sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-input"]
    exact = ["--require-hashes", "--no-deps", "--only-binary=:all:", "--no-compile"]
    subprocess.run([*pip, *exact, *PLATFORMS[platform], "--target", str(target), "-r", str(LOCK)], check=True)  # noqa: S603
    prune(target)
    precompile(target)


def prune(target: Path) -> None:
    for package, kept in ONLY.items():
        for path in (target / package).iterdir():
            if path.name not in kept:
                shutil.rmtree(path) if path.is_dir() else path.unlink()
    shutil.rmtree(target / "bin", ignore_errors=True)  # command lines


def precompile(target: Path) -> None:
    """A layer is read-only, so what is not compiled here is compiled at every cold start. Marked by hash, not by time:
    two builds of the same list are then the same bytes."""
    compileall.compile_dir(
        target, quiet=2, stripdir=str(target), invalidation_mode=py_compile.PycInvalidationMode.UNCHECKED_HASH
    )


if __name__ == "__main__":
    if len(sys.argv) != 3 or sys.argv[1] not in PLATFORMS:
        sys.exit(f"usage: {Path(__file__).name} {'|'.join(PLATFORMS)} FOLDER")
    install(sys.argv[1], Path(sys.argv[2]))
