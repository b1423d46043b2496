"""What the person wrote, without what their program added: quoted mail, signatures, "sent from my phone".

Rules look at lines and at most a few after them, so hostile input costs no more than long input. What stands below or
between quotes is never cut; where it cannot be told, more is kept rather than less, and where nothing would be left,
everything. Nor is what a first report quotes: nobody else has it. The whole text stays one click away."""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass

from ...domain.thanks import only_thanks
from . import answers, openers, standing
from .openers import QUOTED, QUOTED_FOR_SURE, Opening, opening
from .signers import Sender
from .standing import Standing
from .tails import RULE, end_of_own, is_of_a_matter, says

_THANKS = 20  # lines
_NEAR = 4  # lines above a quote in which it is announced
_SEALED = "-----BEGIN PGP SIGNED MESSAGE-----"


@dataclass(frozen=True, slots=True)
class Parted:
    """`own`: the person's words, empty only if the text is; `to_the_end`: a quote without quote signs was cut, so that
    only other evidence (the HTML form) could tell where it ends; `unseen`: a quote was cut that is none of ours."""

    own: str
    to_the_end: bool = False
    unseen: bool = False


@dataclass(frozen=True, slots=True)
class Head:
    """What a mail's head tells about its text; of a text alone nothing is known. `writer` is the sender's name, `ours`
    the addresses at which we received it; `bare`: it has neither an id nor a date, so that no answer can be told."""

    writer: str = ""
    address: str = ""
    subject: str = ""
    standing: Standing = Standing.UNTOLD
    ours: tuple[str, ...] = ()
    bare: bool = False


def cut(text: str, writer: str = "", subject: str = "") -> str:
    return part(text, Head(writer, subject=subject)).own


def part(text: str, head: Head) -> Parted:
    lines = text.split("\n")
    if lines[0].startswith(_SEALED):
        lines = _unsealed(lines)
    reading = _Reading(lines, head)
    kept, forwarded, to_the_end = reading.read()
    sender = Sender.of(head.writer, head.address)
    end = max(end_of_own(kept, bullets=reading.new, sender=sender), reading.evidence)
    own_lines = kept[:end]
    if not forwarded and not reading.first:
        own_lines = _below_what_is_answered(own_lines, head.subject)
    if forwarded and own_lines and not kept[-1].strip():
        own_lines.append("")
    own_lines += forwarded
    own = "\n".join(line.rstrip() for line in own_lines).strip("\n")
    if not own.strip():
        return Parted(text.strip("\n"))
    unseen = reading.unseen or (
        head.standing is Standing.OTHERS and any(QUOTED_FOR_SURE.match(line) for line in kept[end:])
    )
    return Parted(own, to_the_end, unseen)


def _below_what_is_answered(lines: list[str], subject: str) -> list[str]:
    """Without a marked quote at the very top, if the person's own words follow and no other quote is among them: who
    answers between quotes needs them all. In a mail that answers nothing the signs may be the citizen's own bullets;
    where the subject is unknown, thanks below tell that something was quoted."""
    end = _quote(lines, 0)
    answered = standing.answers(subject)
    if not end or not (answered or not subject.strip()):
        return lines
    above, below = [line for line in lines[:end] if line.strip()], lines[end:]
    if not all(QUOTED_FOR_SURE.match(line) for line in above) or any(QUOTED.match(line) for line in below):
        return lines
    if answered:
        return below if any(is_own(line) for line in below) else lines
    own = "\n".join(below[:_THANKS]).strip()
    thanked = len(below) <= _THANKS and only_thanks(own)
    return below if thanked and not any(is_of_a_matter(line) for line in above[:_THANKS]) else lines


def _unsealed(lines: list[str]) -> list[str]:
    """Without the lines that PGP puts over a text that it only signs."""
    blank = next((index for index, line in enumerate(lines[:10]) if not line.strip()), 0)
    return lines[blank + 1 :]


class _Reading:
    """One pass from the top. `own` is how far a line of the person's own was looked for: nothing is read twice."""

    def __init__(self, lines: list[str], head: Head) -> None:
        self.lines = lines
        self.head = head
        self.ours = standing.plain(head.ours)
        self.forward = standing.forwards(head.subject)
        self.first = head.standing is Standing.FIRST
        self.new = self.first or (bool(head.subject.strip()) and not standing.answers(head.subject))
        self.unseen = False
        self.evidence = 0  # lines kept of which the last is another's words that are reported
        self.told = False
        self.kept: list[str] = []
        self.own = 0
        self.tail = -1
        self.ends: list[int] | None = None

    def read(self) -> tuple[list[str], list[str], bool]:
        """(lines of the person's own, what they forward, was an unmarked quote cut?)"""
        lines, kept = self.lines, self.kept
        said = False  # has the person written anything so far?
        position = 0
        while position < len(lines):
            line = lines[position]
            if not openers.may_open(line):
                kept.append(line)
                said = said or is_own(line)
                position += 1
                continue
            if openers.forwards(line):
                # What somebody forwards is what they report: nothing of it is looked at.
                return kept, lines[position:], False
            found = opening(lines, position)
            if not found.length:
                said = said or is_own(line)
                kept.append(line)
                position += 1
                continue
            if found.forward and self.forward:
                return kept, lines[position:], False
            end = position + found.length
            quoted_until = _quote(lines, end)
            marked = quoted_until > end
            if (marked or found.sure) and self._is_evidence(position, end):
                if not marked and not found.nameless:
                    return kept, lines[position:], False
                end = max(end, quoted_until)
                kept += lines[position:end]
                self.evidence = len(kept)
                said = True
                position = end
            elif marked:
                if said:
                    if not self._goes_on(quoted_until):
                        return kept, [], False
                    kept += lines[end:quoted_until]  # an answer between quotes needs them
                position = quoted_until
            elif found.sure and (ours_ends := self._our_end(end)) > end:
                position = ours_ends
            elif found.sure and self._is_told(found, said):
                kept += lines[position:end]
                position = end
            elif found.sure and said:
                if answers.announced(kept) or answers.stand_in(lines[end:], self.head.writer):
                    return kept, lines[position:], False
                return kept, [], True  # unmarked quotes run to the end
            elif found.sure and not found.forward:
                position = end  # nothing above: what is below may be the person's own
            else:
                kept += lines[position:end]
                position = end
        return kept, [], False

    def _is_evidence(self, position: int, end: int) -> bool:
        """Is what this opener quotes part of what is reported? In a first report whatever is no letter of ours; in an
        answer what its writer announces and another wrote."""
        if self.head.standing is Standing.UNTOLD or standing.is_ours(self.lines, position, end, self.ours):
            return False
        if self.first:  # unless it says no more than a greeting, and whether it answers nobody tells
            return not self.head.bare or not self.kept or any(says(line) for line in self.kept)
        last = next((line for line in reversed(self.kept[-_NEAR:]) if line.strip()), "")
        if openers.lists(last) and standing.names_another(self.lines, position, end, self.ours):
            return True
        self.unseen = self.unseen or self.head.standing is Standing.OTHERS
        return False

    def _is_told(self, found: Opening, said: bool) -> bool:
        """Does the person tell what another wrote? No quote signs are below; nothing is said above, or the mail is a
        new one, or there was such a line before. With an address it is a program's, and tells only in a new mail."""
        if not found.tells:
            return False
        self.told = self.told or (found.nameless and (self.new or not said)) or (self.new and not said)
        return self.told

    def _our_end(self, position: int) -> int:
        """Behind the end of a letter of ours that is quoted without quote signs from here on; 0 where none ends."""
        if self.ends is None:
            self.ends = [index for index, line in enumerate(self.lines) if openers.ends_ours(line)]
        found = bisect_left(self.ends, position)
        return self.ends[found] + 1 if found < len(self.ends) else 0

    def _goes_on(self, position: int) -> bool:
        """Does the person say anything from here on?"""
        if self.tail < 0:
            self.tail = end_of_own(self.lines, keep_something=False)
        if 0 <= self.own < position:
            self.own = self._next_own(position)
        return self.own >= 0

    def _next_own(self, position: int) -> int:
        """The next line from here on that is no quote, no opener and no signature; -1 if there is none."""
        while position < self.tail:
            if not is_own(self.lines[position]):
                position += 1
                continue
            found = opening(self.lines, position)
            if not found.length:
                return position
            end = _quote(self.lines, position + found.length)
            if found.sure and end == position + found.length:
                return -1  # unmarked quotes run to the end
            position = end
        return -1


def is_own(line: str) -> bool:
    return bool(line.strip()) and not QUOTED.match(line) and not RULE.fullmatch(line[:200])


def _quote(lines: list[str], position: int) -> int:
    """The end of the marked quote that starts here, blank lines before and inside it included."""
    end = position
    for index in range(position, len(lines)):
        if QUOTED.match(lines[index]):
            end = index + 1
        elif lines[index].strip():
            break
    return end
