"""Runs on an earlier release's own tree: tells a story on a mocked AWS, and prints what then lies in tables and
buckets, as JSON with one row a line. Standard input names the story's file."""

from __future__ import annotations

import base64
import importlib.util
import json
import sys
import zlib
from typing import Any

from tests.support.world import World, aws, fake_aws


def recorded(world: Any, facts: dict[str, Any]) -> str:
    key = world.vault._key
    vault = [dict(one.attribute_values) for one in world.vault.row.scan()]
    people: dict[str, list[dict[str, Any]]] = {}
    for row in vault:
        if row["sk"] == "IDENTITY":
            who, body = row["pk"].removeprefix("REPORTER#"), json.loads(row["data"])
            boxes = [body["box"], *body.get("more", ())]
            people[who] = [_opened(who, one, key) for one in boxes]
            names = [f"box {place}" for place in range(len(boxes))]  # sealed anew by whoever loads it
            row["data"] = json.dumps({**body, "box": names[0], **({"more": names[1:]} if len(names) > 1 else {})})
    bucket = world.files.bucket
    listed = aws("s3").list_objects_v2(Bucket=bucket).get("Contents", ())
    files = {one["Key"]: aws("s3").get_object(Bucket=bucket, Key=one["Key"]) for one in listed}
    parts: dict[str, list[str]] = {
        "cases": [_line(dict(one.attribute_values)) for one in world.cases.row.scan()],
        "vault": [_line(row) for row in vault],
        "people": [f"{_line(who)}: {_line(boxes)}" for who, boxes in people.items()],
        "files": [
            f"{_line(key)}: {_line([_text(one['Body'].read()), one['ContentType']])}" for key, one in files.items()
        ],
        "arrivals": [
            f"{_line(key)}: {_line([_text(raw), at.isoformat()])}" for key, (raw, at) in world.arrivals.objects.items()
        ],
        "facts": [f"{_line(name)}: {_line(fact)}" for name, fact in {**facts, "now": world.now.isoformat()}.items()],
    }
    lists = {"cases", "vault"}
    return (
        "{\n"
        + ",\n".join(
            f'"{name}": {"[" if name in lists else "{"}\n'
            + ",\n".join(sorted(lines))
            + f"\n{']' if name in lists else '}'}"
            for name, lines in parts.items()
        )
        + "\n}\n"
    )


def _opened(who: str, box: str, key: str) -> Any:
    raw = base64.b64decode(box)
    answer = aws("kms").decrypt(KeyId=key, CiphertextBlob=raw, EncryptionContext={"reporter": who})
    return json.loads(answer["Plaintext"])


def _text(raw: bytes) -> str:
    return base64.b64encode(zlib.compress(raw, 9)).decode()


def _line(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, sort_keys=True)


if __name__ == "__main__":
    spec = importlib.util.spec_from_file_location("story", json.loads(sys.stdin.read())["story"])
    assert spec and spec.loader
    story = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(story)
    with fake_aws():
        world = World("dynamodb", story.POLICY)
        print(json.dumps(recorded(world, story.tell(world))))
