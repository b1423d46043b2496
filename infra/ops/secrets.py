"""The secrets of a desk: which keys there are, and a new one beside the old.

    python -m infra.ops.secrets list            (--stack NAME | --local)
    python -m infra.ops.secrets rotate lookup   [--generate] [--dry-run] …
    python -m infra.ops.secrets rotate channel SECTION [FIELD] [--expires DATE|never] [--dry-run] …
    python -m infra.ops.secrets drop channel SECTION [FIELD] [--dry-run] …

A new value is read from the input, never from the command line, and no value is ever shown: of the look-up keys their
ids, of a channel's how many there are. `rotate lookup` puts a key in front and keeps all others for good: reply
addresses and reporters are found by them. `rotate channel` puts a value in front of a field that takes several; a field
that takes one (a token for sending) gets the new one. A section that says when its key `expires` is asked for the new
key's day: the old one would ring for a key that is gone, or never for the new one. `drop channel` takes the old ones
away once the other side signs with the new (infra/runbooks/channel-secrets.md). Functions read it again within 15
minutes, channels within 5."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Mapping
from datetime import date, datetime
from getpass import getpass
from secrets import token_urlsafe
from typing import Any

from tanggap.adapters.secrets import read_keys
from tanggap.domain.errors import NotAllowed

from .command import add_dry_run, add_stack, age, complain, ended, say, stack_of
from .stack import Stack, WrongQuestion

#: Characters of a look-up key: as many as the template generates.
SHORTEST = 32
#: Of each section: its fields that take several values at once, the usual one first, and those that take one.
FIELDS: Mapping[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "meta": (("app_secrets", "verify_tokens"), ("graph_version",)),
    "telegram": (("secrets",), ("token",)),
    "open311": (("keys",), ()),
    "whatsapp": ((), ("token", "phone_number_id")),
    "messenger": ((), ("token", "page_id")),
    "instagram": ((), ("token", "account_id")),
}


class Kept:
    """One secret, changed only from what it was when it was read."""

    def __init__(self, stack: Stack, logical_id: str) -> None:
        self.client, self.id = stack.client("secretsmanager"), stack.resource(logical_id)
        if not self.id:
            raise WrongQuestion(f"the stack has no {logical_id}")

    def read(self) -> str:
        answer = self.client.get_secret_value(SecretId=self.id)
        self.version = answer["VersionId"]
        return str(answer["SecretString"])

    def changed_at(self) -> datetime:
        described = self.client.describe_secret(SecretId=self.id)
        at: datetime = described.get("LastChangedDate") or described["CreatedDate"]
        return at

    def write(self, text: str) -> None:
        """Raises NotAllowed where somebody else was faster. The version before stays, as AWSPREVIOUS."""
        if self.client.get_secret_value(SecretId=self.id)["VersionId"] != self.version:
            raise NotAllowed("somebody else has changed the secret: look at it again")
        self.client.put_secret_value(SecretId=self.id, SecretString=text)


#: Fields that name something, and open nothing: no date belongs to them.
NAMES = frozenset({"graph_version", "phone_number_id", "page_id", "account_id"})
NEVER = "never"


def list_(stack: Stack, now: datetime) -> int:
    lookup = Kept(stack, "LookupSecret")
    ids = ", ".join(read_keys(lookup.read()))
    say(f"lookup: keys {ids} (the first is in use), changed {age((now - lookup.changed_at()).total_seconds())} ago")
    if not stack.resource("ChannelSecret"):
        say("channel: the stack has none (Platforms=no)")
        return 0
    channel = Kept(stack, "ChannelSecret")
    sections = _sections(channel.read())
    say(f"channel: changed {age((now - channel.changed_at()).total_seconds())} ago")
    for name, section in sections.items():
        fields = ", ".join(
            f"{field} {value if field == 'expires' else _count(value)}" for field, value in section.items()
        )
        say(f"channel {name}: {fields or 'empty'}{'' if name in FIELDS else ' (no such channel)'}")
    return 0


def rotate_lookup(stack: Stack, given: argparse.Namespace) -> int:
    kept = Kept(stack, "LookupSecret")
    keys = {name: key.decode() for name, key in read_keys(kept.read()).items()}
    name = str(max((int(one) for one in keys if one.isdecimal()), default=0) + 1)
    said = f"key {name} in front of {', '.join(keys)}"
    if given.dry_run:
        say(f"would put {said}; the others stay")
        return 0
    new = token_urlsafe(48) if given.generate else _entered(f"key {name}")
    if len(new) < SHORTEST:
        raise WrongQuestion(f"a key has {SHORTEST} characters at least (--generate makes one)")
    if new in keys.values():
        raise NotAllowed("that key is there already")
    kept.write(json.dumps({"keys": {name: new, **keys}}))
    there = read_keys(kept.read())
    left = [one for one in keys if one not in there]
    if left:  # nobody would be recognised by these
        complain(f"keys {', '.join(left)} are missing now: put the version AWSPREVIOUS back")
        return 1
    say(f"put {said}; functions know it within 15 minutes, and write with it after 20")
    return 0


def rotate_channel(stack: Stack, given: argparse.Namespace, today: date) -> int:
    kept = Kept(stack, "ChannelSecret")
    sections = _sections(kept.read())
    field, several = _field(given)
    section = dict(sections.get(given.section, {}))
    old = _values(section.get(field))
    said = f"{given.section} {field}: a new value "
    said += f"in front of {len(old)}" if several else ("in the place of the old one" if old else "where none was")
    if (until := _until(given.expires, section, field, today)) != section.get("expires"):
        said += f", which expires {until or NEVER}"
    if given.dry_run:
        say(f"would put {said}")
        return 0
    new = _entered(f"{given.section} {field}")
    if not new or len(new) > 4096 or not new.isprintable():
        raise WrongQuestion("a value is one line")
    if new in old:
        raise NotAllowed("that value is there already")
    section[field] = [new, *old] if several else new
    section.pop("expires", None)
    section |= {"expires": until} if until else {}
    kept.write(json.dumps({**sections, given.section: section}))
    say(f"put {said}; functions use it within 5 minutes")
    return 0


def _until(asked: str, section: Mapping[str, Any], field: str, today: date) -> object:
    """The section's `expires` once the field is new; None for a key that never does."""
    before = section.get("expires")
    if not asked:
        if before is None or field in NAMES:
            return before
        raise WrongQuestion(f"the key before expires {before}: say when the new one does (--expires DATE, or {NEVER})")
    if asked == NEVER:
        return None
    try:
        until = date.fromisoformat(asked)
    except ValueError:
        raise WrongQuestion(f"a day is written 2027-01-31, or {NEVER}") from None
    if until <= today:
        raise NotAllowed("that day is past: such a key is of no use")
    return until.isoformat()


def drop_channel(stack: Stack, given: argparse.Namespace) -> int:
    kept = Kept(stack, "ChannelSecret")
    sections = _sections(kept.read())
    field, several = _field(given)
    old = _values(sections.get(given.section, {}).get(field))
    if not several or len(old) < 2:
        raise NotAllowed(f"{given.section} {field} has no older value")
    said = f"{len(old) - 1} older values of {given.section} {field}; the newest stays"
    if given.dry_run:
        say(f"would take away {said}")
        return 0
    kept.write(json.dumps({**sections, given.section: {**sections[given.section], field: old[:1]}}))
    say(f"took away {said}; what is signed with them is refused within 5 minutes")
    return 0


def _field(given: argparse.Namespace) -> tuple[str, bool]:
    """The field that is meant, and whether it takes several values."""
    several, one = FIELDS[given.section]
    field = given.field or (*several, *one)[0]
    if field not in (*several, *one):
        raise WrongQuestion(f"{given.section} has {', '.join((*several, *one))}")
    return field, field in several


def _sections(text: str) -> dict[str, dict[str, Any]]:
    """Raises NotAllowed for a secret that is no table of sections: a hand's slip is mended by a hand."""
    try:
        raw = json.loads(text)
    except ValueError:
        raw = None
    if not isinstance(raw, dict) or not all(isinstance(one, dict) for one in raw.values()):
        raise NotAllowed("the channels' secret is no JSON of sections; nothing was changed")
    return raw


def _values(value: object) -> list[str]:
    found = value if isinstance(value, list) else [value]
    return [one for one in found if isinstance(one, str) and one.strip()]


def _count(value: object) -> str:
    found = len(_values(value))
    return "missing" if not found else f"{found} values" if found > 1 else "1 value"


def _entered(what: str) -> str:
    """One line of the input; at a terminal it is not echoed."""
    if sys.stdin.isatty():
        return getpass(f"{what}: ").strip()
    return sys.stdin.readline().strip()


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="secrets", description="which keys there are, and a new one beside the old")
    add_stack(parser)
    commands = parser.add_subparsers(dest="command", required=True)
    add_stack(commands.add_parser("list"))
    for command, kinds in (("rotate", ("lookup", "channel")), ("drop", ("channel",))):
        whats = commands.add_parser(command).add_subparsers(dest="what", required=True)
        for kind in kinds:
            what = whats.add_parser(kind)
            add_stack(what)
            add_dry_run(what)
            if kind == "lookup":
                what.add_argument("--generate", action="store_true", help="make a random one; nobody needs to know it")
            else:
                what.add_argument("section", choices=list(FIELDS))
                what.add_argument("field", nargs="?", default="", help="the section's usual one where not given")
                if command == "rotate":
                    what.add_argument("--expires", default="", metavar="DATE", help="of the new key: a day, or never")
    given = parser.parse_args(arguments)
    return ended(lambda: _done(stack_of(given), given))


def _done(stack: Stack, given: argparse.Namespace) -> int:
    from tanggap.adapters.ids import utc_now

    if given.command == "list":
        return list_(stack, utc_now())
    if given.command == "drop":
        return drop_channel(stack, given)
    if given.what == "lookup":
        return rotate_lookup(stack, given)
    return rotate_channel(stack, given, utc_now().date())


if __name__ == "__main__":
    sys.exit(main())
