"""The keys of rows and indexes: how each question of this package's table finds its answer."""

from __future__ import annotations

import hashlib
import zlib
from datetime import UTC, datetime, timedelta

from ...domain.canary import KEPT
from ...domain.case import Case
from ...domain.times import NEVER, stamp

#: Shards of the due index. One partition takes 1,000 writes a second; four leave room for 50 new cases a second several
#: times over.
SHARDS = 4


def shard(prefix: str, number: str) -> str:
    """C: cases. O: outbox rows that deliver is to see. E: letters of the ladder that the sweep has yet to let out."""
    return f"{prefix}#{shard_of(number)}"


def shard_of(number: str) -> int:
    return zlib.crc32(number.encode()) % SHARDS


def case_pk(number: str) -> str:
    return f"CASE#{number}"


def file_pk(digest: str) -> str:
    return f"FILE#{digest}"


def answered_pk(reporter: str) -> str:
    return f"ANSWERED#{reporter}"


def talk_pk(reporter: str, channel: str) -> str:
    return f"TALK#{reporter}#{channel}"


def arrival_pk(key: str) -> str:
    return f"ARRIVAL#{key}"


def trial_pk(key: str) -> str:
    return f"TRIAL#{key}"


def announced_pk(desk: str) -> str:
    return f"NEW#{desk}"


#: The random half of callers' names, a day's.
SALT = ("GUESS", "SALT")


#: What the canary wrote last.
CANARY = ("CANARY", "ROUND")


def guess_pk(what: str) -> str:
    return f"GUESS#{what}"


def told_pk(mark: str) -> str:
    return f"DIGEST#{mark}"


def message_ref(external_id: str) -> str:
    """Hashed: an id is of any length and a stranger's choice."""
    return "MSGID#" + hashlib.sha256(external_id.encode("utf-8", "surrogatepass")).hexdigest()


def outbound_ref(external_id: str) -> str:
    """Hashed: a platform's id may spell who it is for."""
    return "OUTID#" + _digest(_bare(external_id))


def outbound_ref_before(external_id: str) -> str:
    """As rows had it before it was hashed."""
    bare = _bare(external_id)
    return "OUTID#" + (bare if len(bare) <= 200 else _digest(bare))


def _bare(external_id: str) -> str:
    """SES answers with a bare id and writes `<id@region.amazonses.com>` on the wire: the local part is what both
    share."""
    local, _, domain = external_id.strip("<> ").rpartition("@")
    return local if local and domain.endswith("amazonses.com") else external_id.strip("<> ")


def part_of(external_id: str) -> str:
    return _digest(external_id)[:24]


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def alike_ref(key: str) -> str:
    return f"ALIKE#{key}"


def goes_at(at: datetime) -> int:
    """When a row of the canary's goes by itself (`Row.expires`). `at`: when it wrote."""
    return int((at + KEPT).timestamp())


def public_ref(at: datetime) -> str:
    return f"OPEN311#{stamp(at)[:7]}"


def public_refs(since: datetime, until: datetime) -> list[str]:
    """The months from `until` back to `since`."""
    found, at = [public_ref(until)], until
    while (last := public_ref(since)) < found[-1]:
        at = at.astimezone(UTC).replace(day=1) - timedelta(days=1)
        found.append(public_ref(at) if public_ref(at) > last else last)
    return found


def desk_key(unit: str | None) -> str:
    return f"UNIT#{unit or '-'}"


def desk_order(case: Case) -> str:
    if case.ended:
        return f"1#{stamp(case.ended_at or case.last_at)}#{case.number}"
    due = case.deadline
    return f"{'0!' if case.missed else '0#'}{stamp(due) if due else NEVER}#{case.number}"
