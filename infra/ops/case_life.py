"""The life of a case as a table for reading.

python -m infra.ops.case_life        writes infra/runbooks/case-life.md"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from tanggap.domain.life import REPORTER, SILENCE, TABLE, Move, effects
from tanggap.domain.permissions import GRANTS, LEAD, OWN, Act
from tanggap.domain.policy import first_policy, read_policy
from tanggap.domain.promises import Promise
from tanggap.domain.words import Purpose, Status

PLACE = Path(__file__).parents[1] / "runbooks" / "case-life.md"

_HEAD = """# The life of a case

Made from the code by `python -m infra.ops.case_life`; a test holds the two against each other. Whatever is not here
can't happen.

The last column is what the clocks of a policy that changes nothing do, each where it stands so that it can: an
agency's own clocks listen to the same moves (`clocks` in the policy). *asked in*: the status that the case had when
its reporter was asked for details; it goes on there.

| from | to | who | by | reason | the reporter is told | clocks |
| --- | --- | --- | --- | --- | --- | --- |
"""

_TAIL = """
## Besides the moves

- **The reporter writes.** More than thanks moves the case as above, on any channel that proves who it is. Words by
  which they say that it is not settled ("belum selesai") on a case that was answered or is over mark it
  `dissatisfied` and tell the lead unit's desk and head; these words decide nothing else. On a case that is a
  duplicate or another agency's the message is filed, and the desk is told.
- **The reporter thanks**, or says "ok", "baik pak", and nothing else. Filed; nothing moves, and an answered case is
  not closed by it: its time to object runs on, since thanks for a promise are not thanks for a repair. "ok?", "ok
  tapi" and "ya" are more. Where details were asked for, "ok" answers nothing, but the desk is told: it may be one.
- **An officer** writes by mail, at whatever address of ours: never the reporter's word, nor a stranger's. A note, or
  an answer to the reporter (README, "Officers by mail"); no status changes but by that answer.
- **The reporter is silent.** When the time to reply is over, the case is closed with a letter that says how to come
  back: any reply. One that was closed for want of details goes on where it was once they come.
- **A robot, a stranger, a forger** writes: filed, and nothing moves.
- **Perhaps a robot** writes on a settled case, within an hour of a letter of ours, and nothing in its words is of the
  matter or of a person: filed (`perhaps_automatic`), the office is told and the reporter asked whether they meant it.
  Their next mail brings the case back, unless it says the same again at once, as machines do.
- **Several units.** One leads; others join and leave (`/units`), each with a follow-up clock. All read, write to
  the reporter, note; the final answer, the moves and the case's clocks are the lead's and the coordinator's.
- **Whose word it is.** A unit's clock is met by its own people, at the desk or by mail; by the coordinator only with
  the final answer. A question of theirs is a word of the unit's, one of the coordinator's lets its clock stand still.
- **A unit goes** (hands the case back, leaves, or another is assigned). What ran is stopped, and goes on with what was
  left when the unit comes again: its time stood still meanwhile. What it had **missed** stays missed and goes on
  climbing to the leadership and the inspectorate; what the ladder tells the unit itself, the coordinator gets. Coming
  again gives no new term for it. It is met by the word of any unit that is on the case then, or by the answer.
- **No term any more**: another kind or basis, or a policy that has none. The clock is stopped, no step is taken, and
  what pauses and meets it is still heard. Once there is a term again it is owed as if it had never been stopped, with
  its pauses, its extension and the steps taken; what the agency owes has run on meanwhile and may be missed at once.
  What had no term from the start runs, of another kind, from when it would have; a unit's own clock from now on. What
  was done while nobody owed it is not owed afterwards.
- **A promise that the policy gives up** goes on where it runs, by its own events and ladder, and starts nowhere.
- **Before verification, and after the end** no clock of a unit starts: a case that comes back as `new` is the
  coordinator's, and the units beside the lead leave it, told so. On a case that is over nothing starts.
- **More time** (`/extensions`): where the clock's law in the policy allows it, once a clock, while its date can
  still move. Who may grant it has it by asking; anybody else's request waits for a coordinator and stops nothing.
  It meets no clock: to say that it will take longer answers nothing. Under another law, which knows no more time, what
  was granted does not count; it does again where the first law holds again.
- **Another agency.** `transferred` names it, by its reason or by `to`. With `to` and an `address` the coordinator
  sends the report there: the officer's words and the first message. Of an anonymous report only the officer's words
  go, of a secret one nothing. The name goes only `with_identity`, and never of those.
- **Two officers at once.** Who sends the `version` that they saw is told (409 `changed`, with what was done)
  instead of deciding on what they have not seen."""

_WHO = {REPORTER: "the reporter", SILENCE: "the reporter's silence"}
_UNITS = {OWN: "a unit on the case", LEAD: "the lead unit"}


def render() -> str:
    promises = list(read_policy(first_policy("x", "+07:00", "x@kantor.example"), 1).promises.values())
    rows: dict[tuple[str, ...], list[str]] = {}
    for row in TABLE:
        rows.setdefault(_rest(row, promises), []).append(f"`{row.now}`")
    lines = [f"| {' '.join(now)} | {' | '.join(rest)} |" for rest, now in rows.items()]
    return _HEAD + "\n".join(lines) + "\n" + _TAIL


def _rest(row: Move, promises: Iterable[Promise]) -> tuple[str, ...]:
    """All of a row but where it comes from."""
    asked = [one for one in row.asked if one is not None]
    by = f"`/{row.door}`" if isinstance(row.by, Act) else f"the {row.door}"
    if asked:
        by += f" (asked in {', '.join(f'`{one}`' for one in asked)})"
    elif row.asked:
        by += " (was answered)"
    done = effects(row, promises)
    clocks = "; ".join(f"{name} {', '.join(words)}" for name, words in done.items())
    told = f"{row.told}{' (the first time)' if row.told is Purpose.DISPOSITION else ''}" if row.told else ""
    return f"`{row.to}`", _who(row), by, "yes" if row.reason else "", told, clocks


def _who(row: Move) -> str:
    if not isinstance(row.by, Act):
        return _WHO[row.by]
    reach = {GRANTS[role][row.by] for role in GRANTS if row.by in GRANTS[role]} & _UNITS.keys()
    units = [_UNITS[LEAD if row.to is Status.ANSWERED else one] for one in sorted(reach)]
    return ", ".join(["coordinator", *units])


def main() -> None:
    PLACE.write_text(render())
    print(f"written: {PLACE}")


if __name__ == "__main__":
    main()
