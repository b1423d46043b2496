"""The policy from a shell: look at it, try one, put one in force, go back.

    python -m infra.ops.policy show    --stack NAME [--version N]
    python -m infra.ops.policy history --stack NAME
    python -m infra.ops.policy check   --stack NAME FILE
    python -m infra.ops.policy put     --stack NAME FILE [--dry-run]
    python -m infra.ops.policy restore --stack NAME N    [--dry-run]

Instead of a stack: `--local`, or `--table CASES_TABLE` and `--mail-domain lapor.kab.go.id`.
The same desk as behind the API: validated as a whole, every fault with its place, refused when somebody was faster.
`show` prints what `put` takes, with the `version` that it was made from. Who saved a version is kept in it: `operator`,
or the name given by `--as`. Open deadlines are recomputed by the sweep within minutes. Credentials, region and endpoint
are the SDK's own. Ends with 0 where it is done (or could be), 1 where it is refused, 2 when the question is wrong."""

from __future__ import annotations

import argparse
import json
import re
import sys
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

from tanggap.application.policy_desk import BY_THE_DESK, Draught, PolicyDesk
from tanggap.domain.errors import Refuse, TanggapError
from tanggap.domain.permissions import Officer
from tanggap.domain.words import Role

from .command import add_dry_run, add_stack, ended, stack_of
from .stack import Stack

_NAME = re.compile(r"[a-z0-9][a-z0-9.-]{0,39}")


def show(desk: PolicyDesk, given: argparse.Namespace, who: Officer, at: datetime) -> None:
    if given.version is None:
        policy = desk.current(who)
        _print({**policy.raw, "version": policy.version})
        return
    found = desk.version(who, given.version)
    _print({**found.raw, "version": found.version})


def history(desk: PolicyDesk, given: argparse.Namespace, who: Officer, at: datetime) -> None:
    before = None
    while found := desk.versions(who, before):
        for one in found:
            back = f" (back to {one.saved['restored']})" if one.saved.get("restored") else ""
            what = ", ".join(one.changed) or "nothing"
            print(f"{one.number} {one.saved.get('at', '-')} {one.saved.get('by', 'set-up')}{back}: {what}")
        before = found[-1].number


def check(desk: PolicyDesk, given: argparse.Namespace, who: Officer, at: datetime) -> None:
    _tell(desk.check(who, _read(given.what), at))


def put(desk: PolicyDesk, given: argparse.Namespace, who: Officer, at: datetime) -> None:
    raw = _read(given.what)
    _tell(desk.check(who, raw, at))
    if not given.dry_run:
        print(f"version {desk.save(who, raw, at).version} is in force")


def restore(desk: PolicyDesk, given: argparse.Namespace, who: Officer, at: datetime) -> None:
    raw = desk.version(who, given.what).raw
    now = desk.current(who).version
    _tell(desk.check(who, {key: value for key, value in raw.items() if key not in BY_THE_DESK}, at))
    if not given.dry_run:
        print(f"version {desk.restore(who, given.what, at, now).version} is in force")


DOES: dict[str, Callable[[PolicyDesk, argparse.Namespace, Officer, datetime], None]] = {
    "show": show,
    "history": history,
    "check": check,
    "put": put,
    "restore": restore,
}


def _print(raw: Any) -> None:
    print(json.dumps(raw, ensure_ascii=False, indent=2))


def _tell(draught: Draught) -> None:
    print(f"would be version {draught.version}; changes: {', '.join(draught.changed) or 'nothing'}")
    if draught.recomputes:
        print("open deadlines are recomputed; what was met or missed stays as it was judged")
    for hint in draught.hints:
        print(f"note: {hint['place']}: {hint['message']}")


class Unreadable(TanggapError):
    """The file is not what it should be; the message says where."""


def _read(path: str) -> Any:
    try:
        raw = json.loads(sys.stdin.read() if path == "-" else Path(path).read_text(encoding="utf-8"))
    except OSError as error:
        raise Unreadable(f"{path}: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise Unreadable(f"{path} is not UTF-8") from error
    except json.JSONDecodeError as error:
        raise Unreadable(f"{path}, line {error.lineno}: {error.msg}") from error
    if isinstance(raw, dict):
        raw.pop("saved", None)  # of the version that it was made from
    return raw


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="policy", description="the policy of a stack")
    commands = parser.add_subparsers(dest="command", required=True)
    for name in DOES:
        command = commands.add_parser(name)
        add_stack(command, "table", *(("mail-domain",) if name in ("check", "put", "restore") else ()))
        command.add_argument("--as", dest="who", default="operator", help="who is kept as having saved it")
        if name == "show":
            command.add_argument("--version", type=int, help="an earlier one")
        if name in ("check", "put"):
            command.add_argument("what", metavar="FILE", help="the policy as JSON; - reads it from the input")
        if name == "restore":
            command.add_argument("what", metavar="N", type=int, help="the version to go back to")
        if name in ("put", "restore"):
            add_dry_run(command)
    return parser


def main(arguments: list[str] | None = None) -> int:
    parser = _parser()
    given = parser.parse_args(arguments)
    if not _NAME.fullmatch(given.who):
        parser.error("--as takes 1 to 40 of a-z, 0-9, . and hyphen")
    return ended(lambda: _done(stack_of(given), given))


def _done(stack: Stack, given: argparse.Namespace) -> int:
    from tanggap.adapters.ids import utc_now

    domain = stack.need("MailDomain") if given.command in ("check", "put", "restore") else ""
    desk = PolicyDesk(stack.parts.policies, domain)
    try:
        DOES[given.command](desk, given, Officer(given.who, Role.COORDINATOR), utc_now())
    except TanggapError as error:
        print(f"refused: {error}", file=sys.stderr)
        for fault in error.faults if isinstance(error, Refuse) else ():
            print(f"{fault['place'] or '(the policy)'}: {fault['message']}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
