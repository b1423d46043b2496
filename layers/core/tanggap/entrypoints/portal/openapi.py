"""Where the description of the HTTP side is read."""

from __future__ import annotations

from typing import Any

from .http import route


@route("GET", "/v1/openapi.json", public=True)
def openapi() -> Any:
    """This description, built from the routes themselves so that it can't miss one."""
    from .openapi_description import description  # its tables cost a cold start more than most requests take

    return description()
