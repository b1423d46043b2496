"""The portal's services."""

from __future__ import annotations

from .. import settings
from ..composition import Services, services


def parts() -> Services:
    return services(settings.Portal)


def cursor_key() -> bytes:
    """Cursors are signed with the look-up secret's newest key."""
    return b"cursor:" + next(iter(parts().secret.keys().values()))
