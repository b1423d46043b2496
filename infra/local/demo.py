"""`make demo`: the story of one complaint, told against the running system. So far it finds or starts that system."""

from __future__ import annotations

import json
import os
import sys
from typing import Any

from infra.local.places import Places, places_from
from infra.local.run import LocalSystem


def running(places: Places) -> dict[str, Any] | None:
    """What the running system wrote when it was ready."""
    try:
        return dict(json.loads(places.ready_file.read_text()))
    except (FileNotFoundError, ValueError):
        return None


def tell(ready: dict[str, Any]) -> None:
    print(f"the system is at {ready['http']}; reports go to {ready['intake_address']}")


def main() -> int:
    places = places_from(os.environ)
    ready = running(places)
    if ready is not None:
        tell(ready)
        return 0
    system = LocalSystem(places, lambda line: None)
    try:
        print("nothing runs yet: starting it for the demo")
        tell(system.start().as_json(places))
    finally:
        system.stop()
    return 0


if __name__ == "__main__":
    sys.exit(main())
