"""Open311's side of a World: what a client posts, as the webhook stores it and intake reads it; and GeoReport's own
schemas."""

from __future__ import annotations

import hashlib
import json
from functools import cache
from typing import Any

from tanggap.adapters.channels import forms
from tanggap.domain.numbers import number_from
from tests.acceptance.corpora import corpus
from tests.support.world import World

SCHEMAS = "open311-schemas/schema/georeport-v2"
EXAMPLES = "open311-spec/examples"


def arrival(number: str, at: Any, text: str = "Lampu jalan mati.", **report: Any) -> dict[str, Any]:
    key = hashlib.sha256(number.encode()).hexdigest()
    given = {"text": text, "place": {"latitude": -6.914744, "longitude": 107.60981, "text": "Jl. Merdeka 1"}, **report}
    said = hashlib.sha256(json.dumps(given).encode()).hexdigest()
    return {
        "v": 1,
        "door": "open311",
        "number": number,
        "code": "ABCDEFGHJK",
        "key": key,
        "said": said,
        "at": at.isoformat(),
        "report": given,
    }


def key_of(number: str) -> str:
    return f"webhooks/open311/{number}.json"


def post(world: World, text: str = "Lampu jalan mati.", **report: Any) -> str:
    """A request that was posted and filed. Returns its number."""
    world.made += 1
    number = number_from(world.made * 7_919_993)
    raw = json.dumps(arrival(number, world.now, text, **report)).encode()
    (part,) = forms.read(raw, world.now)
    assert part.inbound
    result = world.arrive(part.inbound, key_of(number))
    assert result.case == number, result
    world.pump()
    return number


@cache
def checker(name: str) -> Any:
    """GeoReport's published JSON schema, with its references inside the same folder."""
    from jsonschema import Draft4Validator, FormatChecker
    from referencing import Registry, Resource
    from referencing.jsonschema import DRAFT4

    found = {path.name: json.loads(path.read_text()) for path in corpus(SCHEMAS).glob("*.json")}
    registry: Registry[Any] = Registry().with_resources(
        (one, Resource.from_contents(schema, default_specification=DRAFT4)) for one, schema in found.items()
    )
    return Draft4Validator(found[name], registry=registry, format_checker=FormatChecker())
