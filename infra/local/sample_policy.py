"""Puts the sample policy (events/policy.json) in force by the API, as a coordinator would."""

from __future__ import annotations

import json
import urllib.error
import urllib.request
from collections.abc import Callable
from typing import Any

from infra.local.officers import Officer
from infra.local.places import ROOT, Places

FILE = ROOT / "events" / "policy.json"


def sample_policy() -> dict[str, Any]:
    """{} when the file isn't there."""
    return dict(json.loads(FILE.read_text())) if FILE.exists() else {}


def put_policy(places: Places, coordinator: Officer, policy: dict[str, Any], tell: Callable[[str], None]) -> None:
    """A refusal is told, not raised: the policy that set-up stored stays in force."""
    try:
        session = _call(places, "POST", "/v1/session", {"email": coordinator.email, "password": coordinator.password})
        token = session["id_token"]
        current = _call(places, "GET", "/v1/policy", None, token)
        if all(current.get(key) == value for key, value in policy.items()):
            return
        _call(places, "PUT", "/v1/policy", policy, token)
    except urllib.error.HTTPError as error:
        detail = error.read().decode(errors="replace")[:500]
        tell(f"the sample policy was not taken: HTTP {error.code} {detail}")
    except (urllib.error.URLError, OSError, ValueError, KeyError) as error:
        tell(f"the sample policy was not put ({type(error).__name__})")


def _call(places: Places, method: str, path: str, body: Any, token: str = "") -> dict[str, Any]:
    request = urllib.request.Request(
        places.http + path,
        data=None if body is None else json.dumps(body).encode(),
        method=method,
        headers={"Content-Type": "application/json", **({"Authorization": token} if token else {})},
    )
    with urllib.request.urlopen(request, timeout=30) as answer:  # nosec B310 # our own local server
        return dict(json.loads(answer.read()))
