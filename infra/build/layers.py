"""Builds functions and layers without the SAM CLI, for the embedded AWS and for the tests.

`artefacts` gives one zip for each folder that template.yaml names; `package_template` writes where they were put.
A zip's name holds the digest of its content, so what has not changed is neither built nor uploaded again.
"""

from __future__ import annotations

import compileall
import fcntl
import hashlib
import py_compile
import re
import shutil
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Literal

Platform = Literal["aws", "host"]

ROOT = Path(__file__).resolve().parents[2]
DEPENDENCIES = "layers/dependencies"
CORE = "layers/core"

#: `CodeUri: functions/intake` on a line of its own. A remark after it stays.
_LOCAL_CODE = re.compile(
    r"^(?P<before>\s*(?:CodeUri|ContentUri):\s*)(?P<path>[A-Za-z0-9_./-]+)(?P<after>\s*(?:#.*)?)$", re.MULTILINE
)
_EPOCH = (1980, 1, 1, 0, 0, 0)  # the earliest a zip can say; a file's real time would make every zip a new one


def artefacts(template_text: str, cache: Path, platform: Platform = "host") -> dict[str, Path]:
    """Each local folder of the template with its zip under `cache`. Raises CalledProcessError when pip fails."""
    cache.mkdir(parents=True, exist_ok=True)
    return {path: _BUILDERS.get(path, _function)(path, cache, platform) for path in local_folders(template_text)}


def local_folders(template_text: str) -> tuple[str, ...]:
    """What CodeUri and ContentUri name in the tree, each once, in the template's order."""
    found = (match["path"] for match in _LOCAL_CODE.finditer(template_text))
    return tuple(dict.fromkeys(path for path in found if not path.startswith("s3:")))


def package_template(template_text: str, uploads: Mapping[str, str]) -> str:
    """The template with each local folder replaced by its `s3://bucket/key`. Nothing else of the text changes, so tags,
    comments and order survive. Raises KeyError for a folder without an upload."""
    return _LOCAL_CODE.sub(lambda match: match["before"] + uploads[match["path"]] + match["after"], template_text)


def build_dependencies(target: Path, platform: Platform) -> None:
    """Installs the pinned list into `target`, unless what is there came from the same list, script and interpreter.
    Whoever comes while somebody else builds waits: a half-built folder looks like a whole one."""
    mark = target.with_name(f"{target.name}.made-from")
    wanted = _dependencies_digest(platform)
    with target.with_name(f"{target.name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # let go with the file, also by a process that dies
        if target.is_dir() and mark.is_file() and mark.read_text() == wanted:
            return
        mark.unlink(missing_ok=True)
        subprocess.run([sys.executable, str(ROOT / DEPENDENCIES / "build.py"), platform, str(target)], check=True)
        mark.write_text(wanted)


def zip_folder(source: Path, target: Path, prefix: str = "", compiled: bool = False) -> None:
    """A zip of `source` whose bytes depend on names and contents alone. Compiled files go in only when asked for: those
    of a work tree are of whoever imported it last."""
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as archive:
        for path in _files(source, compiled):
            entry = zipfile.ZipInfo(f"{prefix}{path.relative_to(source).as_posix()}", _EPOCH)
            entry.external_attr = 0o644 << 16
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, path.read_bytes())


def _function(path: str, cache: Path, platform: Platform) -> Path:
    source = ROOT / path
    name = f"{path.replace('/', '-')}-{_folder_digest(source)}.zip"
    return _once(cache / name, lambda target: zip_folder(source, target))


def _core(path: str, cache: Path, platform: Platform) -> Path:
    source = ROOT / path / "tanggap"

    def make(target: Path) -> None:
        with tempfile.TemporaryDirectory(dir=cache) as scratch:
            copy = Path(scratch) / "tanggap"
            shutil.copytree(source, copy, ignore=shutil.ignore_patterns("__pycache__"))
            compileall.compile_dir(
                copy, quiet=2, stripdir=scratch, invalidation_mode=py_compile.PycInvalidationMode.UNCHECKED_HASH
            )
            zip_folder(Path(scratch), target, prefix="python/", compiled=True)

    return _once(cache / f"core-{_interpreter()}-{_folder_digest(source)}.zip", make)


def _dependencies(path: str, cache: Path, platform: Platform) -> Path:
    def make(target: Path) -> None:
        folder = cache / f"dependencies-{platform}"
        build_dependencies(folder, platform)
        zip_folder(folder, target, prefix="python/", compiled=True)

    return _once(cache / f"dependencies-{platform}-{_dependencies_digest(platform)}.zip", make)


_BUILDERS: dict[str, Callable[[str, Path, Platform], Path]] = {CORE: _core, DEPENDENCIES: _dependencies}


def _once(target: Path, make: Callable[[Path], None]) -> Path:
    """A build that was cut off must not look finished, nor must two at once write into one file."""
    if not target.exists():
        with tempfile.NamedTemporaryFile(dir=target.parent, suffix=".part", delete=False) as part:
            unfinished = Path(part.name)
        try:
            make(unfinished)
            unfinished.replace(target)
        finally:
            unfinished.unlink(missing_ok=True)
    return target


def _files(source: Path, compiled: bool) -> Iterator[Path]:
    for path in sorted(source.rglob("*")):
        if path.is_file() and (compiled or "__pycache__" not in path.parts):
            yield path


def _folder_digest(source: Path) -> str:
    digest = hashlib.sha256()
    for path in _files(source, compiled=False):
        digest.update(f"{path.relative_to(source).as_posix()}\0{path.stat().st_size}\0".encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()[:16]


def _dependencies_digest(platform: Platform) -> str:
    folder = ROOT / DEPENDENCIES
    content = (folder / "requirements.txt").read_bytes() + (folder / "build.py").read_bytes()
    return hashlib.sha256(content + f"{platform} {_interpreter()}".encode()).hexdigest()[:16]


def _interpreter() -> str:
    """Compiled files are of one interpreter."""
    return str(sys.implementation.cache_tag)
