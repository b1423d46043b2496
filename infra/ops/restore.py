"""The tables as they were at an instant, as new tables beside the old; and the way to switch to them.

    python -m infra.ops.restore (--stack NAME | --local) --at 2026-11-23T03:00:00Z [--dry-run]
    python -m infra.ops.restore (--stack NAME | --local) --switch CASES_TABLE VAULT_TABLE --out DIR

`--at` restores both tables to the same instant, waits, gives the new ones what a restored table lacks (stream, time to
live, point-in-time recovery, deletion protection), and names the cases on which something happened since. The old
tables stay as they are; called again it goes on where it was. `--switch` writes the stack's own template with the new
tables in the place of the old and prints the steps; nothing is deployed by it. It notes for the anchors what the new
table is made of (application/anchors.py): its histories are held against those of before the instant."""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from botocore.exceptions import ClientError

from tanggap.application.anchors import Restored
from tanggap.application.ports import Unreadable
from tanggap.application.walk import EVER, every_case
from tanggap.domain.errors import NotAllowed, Retry
from tanggap.domain.times import parse_instant, stamp

from .anchor import anchors_of
from .command import add_dry_run, add_stack, ended, say, stack_of
from .stack import Stack, WrongQuestion
from .switch import imported, parameters, resources, steps, switched

#: By logical id.
TABLES = ("CasesTable", "VaultTable")
#: Seconds between looks; a restore takes from some minutes to hours, whatever is in the table.
EVERY = 15.0

Pause = Callable[[float], None]


class Table:
    """One of the stack's tables, and what it is restored to."""

    def __init__(self, client: Any, name: str, at: datetime) -> None:
        self.client, self.name, self.at = client, name, at
        self.target = f"{name}-{at:%Y%m%dT%H%M%SZ}"[-255:]

    def check(self) -> None:
        """Raises NotAllowed where the instant can't be had."""
        asked = self.client.describe_continuous_backups(TableName=self.name)["ContinuousBackupsDescription"]
        window = asked.get("PointInTimeRecoveryDescription", {})
        if window.get("PointInTimeRecoveryStatus") != "ENABLED":
            raise NotAllowed(f"{self.name} has no point-in-time recovery")
        first, last = window.get("EarliestRestorableDateTime"), window.get("LatestRestorableDateTime")
        if (first and self.at < first) or (last and self.at > last):
            raise NotAllowed(f"{self.name} can be restored from {stamp(first)} to {stamp(last)}")

    def status(self) -> str:
        """Empty where it is not there."""
        try:
            return str(self._described(self.target)["TableStatus"])
        except ClientError as error:
            if error.response["Error"]["Code"] != "ResourceNotFoundException":
                raise
            return ""

    def begin(self) -> None:
        sse = self._described(self.name).get("SSEDescription", {})
        override: dict[str, Any] = {}
        if sse.get("KMSMasterKeyArn"):  # else it would be under DynamoDB's own key
            key = sse["KMSMasterKeyArn"]
            override = {"SSESpecificationOverride": {"Enabled": True, "SSEType": "KMS", "KMSMasterKeyId": key}}
        self.client.restore_table_to_point_in_time(
            SourceTableName=self.name, TargetTableName=self.target, RestoreDateTime=self.at, **override
        )

    def lacks(self) -> Iterator[tuple[str, Callable[[], Any]]]:
        """What the old one has and a restored one does not, each with what gives it."""
        old, new = self._described(self.name), self._described(self.target)
        stream = old.get("StreamSpecification", {})
        if stream.get("StreamEnabled") and not new.get("StreamSpecification", {}).get("StreamEnabled"):
            yield "stream", lambda: self.client.update_table(TableName=self.target, StreamSpecification=stream)
        attribute = self._lives(self.name)
        if attribute and not self._lives(self.target):
            given = {"Enabled": True, "AttributeName": attribute}
            yield (
                "time to live",
                lambda: self.client.update_time_to_live(TableName=self.target, TimeToLiveSpecification=given),
            )
        asked = self.client.describe_continuous_backups(TableName=self.target)["ContinuousBackupsDescription"]
        if asked.get("PointInTimeRecoveryDescription", {}).get("PointInTimeRecoveryStatus") != "ENABLED":
            wanted = {"PointInTimeRecoveryEnabled": True}
            yield (
                "point-in-time recovery",
                lambda: self.client.update_continuous_backups(
                    TableName=self.target, PointInTimeRecoverySpecification=wanted
                ),
            )
        if not new.get("DeletionProtectionEnabled"):
            yield (
                "deletion protection",
                lambda: self.client.update_table(TableName=self.target, DeletionProtectionEnabled=True),
            )

    def _lives(self, name: str) -> str:
        """The attribute by which rows go; empty where none do."""
        found = self.client.describe_time_to_live(TableName=name)["TimeToLiveDescription"]
        on = found.get("TimeToLiveStatus") in ("ENABLED", "ENABLING")
        return str(found.get("AttributeName", "")) if on else ""

    def _described(self, name: str) -> dict[str, Any]:
        return dict(self.client.describe_table(TableName=name)["Table"])


def restore(stack: Stack, at: datetime, dry_run: bool, pause: Pause = time.sleep) -> int:
    client = stack.client("dynamodb")
    tables = [Table(client, stack.need(name), at) for name in TABLES]
    for table in tables:
        table.check()
        there = table.status()
        said = f"it is {there.lower()} already" if there else "as of " + stamp(at)
        say(f"{table.name} {'would be' if dry_run else 'is'} restored into {table.target}: {said}")
        if not dry_run and not there:
            table.begin()
    if dry_run:
        say("the old tables would stay as they are, and the desk would go on with them")
        return 0
    for table in tables:
        _wait(table, pause)
        for name, give in list(table.lacks()):
            give()
            _wait(table, pause)
            say(f"{table.target} has its {name}")
    unreadable: dict[str, None] = {}
    since = list(_since(stack, tables, at, unreadable))
    for line in since:
        say(line)
    for number in unreadable:
        say(f"{number} cannot be read, here or there: whether it went on is not known (check_history)")
    say(f"{len(since)} cases have entries of after {stamp(at)}, which the restored tables do not hold")
    names = " ".join(table.target for table in tables)
    say(f"next: python -m infra.ops.check_history --table {tables[0].target} --vault {tables[1].target} NUMBER …")
    say(f"then: python -m infra.ops.restore --stack {stack.name or 'NAME'} --switch {names} --out switched")
    return 0


def _wait(table: Table, pause: Pause) -> None:
    told = ""
    while (status := table.status()) != "ACTIVE":
        if status not in ("CREATING", "UPDATING"):
            raise Retry(f"{table.target} is {status.lower() or 'not there'}")
        if status != told:
            say(f"{table.target} is {status.lower()}")
        told = status
        pause(EVERY)


def _since(stack: Stack, tables: list[Table], at: datetime, unreadable: dict[str, None]) -> Iterator[str]:
    """Cases that went on after the instant, however long ago they had ended: what officers did there is to be done
    again, what came in the ledger announces again. `unreadable` takes the numbers of those that can't be judged."""
    was = Stack("", {"CasesTable": tables[0].target, "VaultTable": tables[1].target}).parts.cases
    live = stack.parts
    for case in every_case(live.cases, live.policies.current(), EVER, unreadable.setdefault):
        if case.last_at < at:
            continue
        try:
            before = was.case(case.number)
        except Unreadable:
            unreadable[case.number] = None
            continue
        if before is None:
            yield f"{case.number} is not in it ({case.channel})"
        elif before.seq != case.seq:
            yield f"{case.number} has {before.seq} entries in it, {case.seq} now"


def switch(stack: Stack, names: tuple[str, str], out: Path, dry_run: bool = False) -> int:
    client = stack.client("dynamodb")
    given: dict[str, Mapping[str, str]] = {}
    for logical_id, name in zip(TABLES, names, strict=True):
        found = client.describe_table(TableName=name)["Table"]
        given[logical_id] = {"": name, "Arn": found["TableArn"], "StreamArn": found.get("LatestStreamArn", "")}
    if not given["CasesTable"]["StreamArn"]:
        raise NotAllowed(f"{names[0]} has no stream: restore --at gives it one")
    template = _template(stack)
    changed = switched(template, given)
    if dry_run:
        say(f"{out} would hold the template of {stack.name} with {' and '.join(names)} in the place of its tables")
        return 0
    _note(stack, names[0])
    out.mkdir(parents=True)
    files = {
        "switched": changed,
        "import": imported(template, changed, given),
        "resources": resources(given),
        "parameters": parameters(template),
    }
    for file, content in files.items():
        (out / f"{file}.json").write_text(json.dumps(content, indent=1, default=str), encoding="utf-8")
    say(f"{out}: the template of {stack.name} with {' and '.join(names)} in the place of its tables")
    for number, line in enumerate(steps(stack.name, str(out)), 1):
        say(f"{number}. {line}")
    return 0


def _note(stack: Stack, table: str) -> None:
    """For the anchors: from this instant on the table's histories are no longer those of the one it was made of."""
    if not stack.get("AnchorsBucket"):
        return
    made = stack.client("dynamodb").describe_table(TableName=table)["Table"].get("RestoreSummary", {})
    if "SourceTableArn" not in made:
        say(f"{table} was restored of no table that AWS knows of: its histories will be held against every anchor")
        return
    restored = Restored(table, made["SourceTableArn"].rpartition("/")[2], made["RestoreDateTime"])
    new = anchors_of(stack).note(restored)
    said = "is noted" if new else "was noted before"
    say(f"the anchors: that {table} is {restored.of} as of {stamp(restored.at)} {said}")


def _template(stack: Stack) -> dict[str, Any]:
    """As CloudFormation runs it, SAM's transform done: it names the code that is running now."""
    if not stack.name:
        raise WrongQuestion("give the stack: --stack NAME or --local")
    asked = {"StackName": stack.name}
    client = stack.client("cloudformation")
    body = client.get_template(**asked, TemplateStage="Processed")["TemplateBody"]
    if isinstance(body, str):
        from infra.build.template import read

        return read(body)
    return dict(body)


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="restore", description="the tables as they were, beside the old")
    add_stack(parser, "table", "vault")
    parser.add_argument("--at", type=parse_instant, metavar="TIME", help="with its offset: 2026-11-23T10:00:00+07:00")
    parser.add_argument("--switch", nargs=2, metavar=("CASES", "VAULT"), help="tables that were restored")
    parser.add_argument("--out", type=Path, metavar="DIR", help="where the templates of --switch go")
    add_dry_run(parser)
    given = parser.parse_args(arguments)
    if bool(given.at) == bool(given.switch):
        parser.error("--at TIME, or --switch CASES VAULT")
    if given.switch and (given.out is None or given.out.exists()):
        parser.error("--switch needs --out, a folder that is not there yet")
    if given.switch:
        return ended(lambda: switch(stack_of(given), tuple(given.switch), given.out, given.dry_run))
    return ended(lambda: restore(stack_of(given), given.at, given.dry_run))


if __name__ == "__main__":
    sys.exit(main())
