"""An agency's AWS account as the hourly gauges ask it: all is well but for what a test says is not."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Account:
    is_sandboxed: bool = False
    is_deaf: bool = False
    is_unheard: bool = False
    is_unlocked: bool = False
    keys: Mapping[str, str] = field(default_factory=dict)

    def sandboxed(self) -> bool:
        return self.is_sandboxed

    def deaf(self) -> bool:
        return self.is_deaf

    def unheard(self) -> bool:
        return self.is_unheard

    def unlocked(self) -> bool:
        return self.is_unlocked

    def expiries(self) -> Mapping[str, str]:
        return self.keys
