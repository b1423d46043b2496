"""Stock: every new function worker unpacks every layer again (seconds for some thousand files), and so compiles
every module again at its first import.

Mended: a layer is unpacked once into a cache folder named by the content's digest; a worker gets symbolic links to
it. The compiled modules stay with it for the next worker and the next start.
"""

from __future__ import annotations

import hashlib
import inspect
import os
import re
import shutil
import tempfile
import time
import zipfile
from pathlib import Path
from types import SimpleNamespace
from typing import Any

_LAYER = re.compile(r"layer_\d+\.zip")
_UNUSED_AFTER = 7 * 24 * 3600.0  # seconds


def still_needed() -> bool:
    from ministack.core import lambda_runtime

    unpacks_layers = inspect.getsource(lambda_runtime.Worker._spawn)
    return "lzf.extractall(layer_dir)" in unpacks_layers


def apply() -> None:
    from ministack.core import lambda_runtime

    cache = Path(os.environ["TANGGAP_LAYER_CACHE"])
    cache.mkdir(parents=True, exist_ok=True)
    for old in cache.iterdir():
        if time.time() - old.stat().st_mtime > _UNUSED_AFTER:
            shutil.rmtree(old, ignore_errors=True)

    class Archive(zipfile.ZipFile):
        """A ZipFile whose extractall links, when what it unpacks is a layer."""

        def _is_layer(self) -> bool:
            return bool(_LAYER.fullmatch(os.path.basename(self.filename or "")))

        def namelist(self) -> list[str]:
            # Stock resolves each member's path before it unpacks; extractall keeps members inside the folder anyway.
            return [] if self._is_layer() else super().namelist()

        def extractall(self, path: Any = None, members: Any = None, pwd: bytes | None = None) -> None:
            if not self._is_layer():
                super().extractall(path, members, pwd)
                return
            for entry in self._unpacked().iterdir():
                os.symlink(entry, Path(path) / entry.name)

        def _unpacked(self) -> Path:
            assert self.filename is not None
            folder = cache / hashlib.sha256(Path(self.filename).read_bytes()).hexdigest()[:32]
            if folder.exists():
                os.utime(folder)
                return folder
            fresh = Path(tempfile.mkdtemp(dir=cache))
            with zipfile.ZipFile(self.filename) as plain:
                plain.extractall(fresh)
            try:
                fresh.rename(folder)
            except OSError:  # another worker was first
                shutil.rmtree(fresh, ignore_errors=True)
            return folder

    # LargeFileError is named in an except clause there and exists in no zipfile module.
    names = {**vars(zipfile), "ZipFile": Archive, "LargeFileError": zipfile.LargeZipFile}
    lambda_runtime.zipfile = SimpleNamespace(**names)
