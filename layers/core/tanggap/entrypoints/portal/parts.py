"""The portal's services."""

from __future__ import annotations

from .. import settings
from ..composition import Services, services


def parts() -> Services:
    return services(settings.Portal)
