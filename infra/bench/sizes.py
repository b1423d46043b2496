"""What lies in the dependencies layer once it is unpacked."""

from __future__ import annotations

import subprocess
from pathlib import Path
from typing import Literal

from infra.build.layers import build_dependencies
from infra.local.places import ROOT

TARGET_MB = 20.0


def layer_bytes() -> dict[str, int]:
    """By platform; Lambda's own is left out when its wheels can't be fetched."""
    build = ROOT / ".local" / "build"
    build.mkdir(parents=True, exist_ok=True)
    platforms: tuple[Literal["host", "aws"], ...] = ("host", "aws")
    found: dict[str, int] = {}
    for platform in platforms:
        folder = build / f"dependencies-{platform}"
        try:
            build_dependencies(folder, platform)
        except subprocess.CalledProcessError:
            continue
        found[platform] = unpacked_bytes(folder)
    return found


def unpacked_bytes(folder: Path) -> int:
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())
