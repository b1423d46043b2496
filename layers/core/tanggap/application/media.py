"""Works on the notice that a filed message waits for media: each is fetched, checked, stored like a mail's attachment
and put on its message in a change of its own, so that what is done stays done whatever happens to the next."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from time import monotonic, sleep

from ..domain.case import Case, FileRef, Message, Received
from ..domain.draft import Ids
from ..domain.errors import Retry
from ..domain.inbound import File, Media
from ..domain.media_rules import PATIENCE, PAUSE, SECONDS, Ended, Failure, end, waited_for
from ..domain.policy import Policy
from ..domain.splitting import split_to
from .kept import file_key
from .lately import answered
from .ports import Cases, Files, Ledger, Policies
from .ports.media import Announce, FetchMedia, Unfetchable
from .races import patiently
from .watch import Watch


@dataclass(slots=True)
class Fetching:
    """What became of a message's media this time. `parked`: they ended the function, and the notice is to stay where an
    operator finds it."""

    case: str = ""
    kept: int = 0
    left_out: int = 0
    waiting: int = 0
    parked: int = 0


class KeepMedia:
    def __init__(
        self,
        cases: Cases,
        ledger: Ledger,
        files: Files,
        policies: Policies,
        fetch: FetchMedia,
        announce: Announce,
        ids: Ids,
        clock: Callable[[], datetime],
        elapsed: Callable[[], float] = monotonic,
        pause: Callable[[float], None] = sleep,
    ) -> None:
        self.cases, self.ledger, self.files, self.policies = cases, ledger, files, policies
        self.fetch, self.announce, self.ids, self.clock = fetch, announce, ids, clock
        self.elapsed, self.pause = elapsed, pause

    def __call__(self, arrival: str, index: int, tries: int = 1) -> Fetching:
        """`tries`: how often the queue has brought this notice. What does not answer at the last one is asked for in
        another round, or left out where it was asked for long enough. What was parked is tried once nothing else is
        waited for: then an operator put its notice back. Raises Retry, and whatever a fetch broke with for no known
        reason."""
        row = next((row for row in self.ledger.of(arrival) if row.index == index), None)
        found = Fetching(row.case if row else "")
        if row is None or not row.case:
            return found
        until, watch = self.elapsed() + SECONDS, Watch(self.ledger, tries)
        trouble: Exception | None = None
        late: list[tuple[Message, Media]] = []
        known: dict[Media, Ended] = {}
        tried: set[str] = set()
        again = not any(map(waited_for, self._waiting(row)))
        # An officer may make a case of the message in the meantime: then it waits there too.
        while waiting := [one for one in self._waiting(row) if one.id not in tried]:
            tried |= {one.id for one in waiting}
            for message, number, medium in _each(waiting, again):
                if found.parked and medium not in known:
                    late.append((message, medium))  # with tries of its own: this notice may have none left
                    continue
                try:
                    ended = known.get(medium) or self._had(watch, row, message, medium, number, until)
                except _Unreached as unreached:  # the others of the message do not wait for it
                    trouble = trouble or unreached.error
                    late.append((message, medium))
                    continue
                found.parked += ended.failure is Failure.BROKEN and medium not in known
                known[medium] = ended
                done = self._end(message, ended)
                found.kept += done if ended.file else 0
                found.left_out += 0 if ended.file else done
        found.waiting = len(late)
        if found.parked:
            if late:
                self.announce(arrival, index, 0)
            return found
        if trouble is None:
            return found
        if again or not watch.last:
            raise trouble
        if all(self.clock() - message.at < PATIENCE for message, _ in late):
            self.announce(arrival, index, int(PAUSE.total_seconds()))
            return found
        for message, medium in late:
            found.left_out += self._end(message, Ended(medium, failure=Failure.UNREACHED))
        found.waiting = 0
        return found

    def _waiting(self, row: Received) -> tuple[Message, ...]:
        """Messages of the case that this one is, or says something about, as the platform names them: an edited photo
        has the id of the first. And what was made of it on a case of its own."""
        named = self._named(row.case, row)
        others = dict.fromkeys(number for one in named if (number := split_to(one)))
        all_ = (*named, *(one for number in others for one in self._named(number, row)))
        return tuple(one for one in all_ if one.media)

    def _named(self, case: str, row: Received) -> list[Message]:
        file = self.cases.file(case, texts=False)
        found = file.messages if file else ()
        return [one for one in found if one.channel is row.channel and one.external_id == row.external_id]

    def _had(self, watch: Watch, row: Received, message: Message, medium: Media, number: int, until: float) -> Ended:
        with watch.over(_name(row, medium)) as may:
            if not may:
                return Ended(medium, failure=Failure.BROKEN)
            try:
                got = self.fetch(message.channel, medium, number, until - self.elapsed())
            except Unfetchable as refused:
                return Ended(medium, failure=refused.failure)
            except Exception as error:
                raise _Unreached(error) from None
            return Ended(medium, self._store(got.file), doubts=got.doubts)

    def _store(self, file: File) -> FileRef:
        """In the bucket before the message names it, under its own digest. Nobody looked into it for viruses."""
        key = file_key(file)
        self.files.put(key, file.content, file.type)
        return FileRef(file.name, file.type, file.size, file.digest, key, "unscanned")

    def _end(self, message: Message, ended: Ended) -> int:
        """1, or 0 where another notice about the same message was faster."""
        return patiently(lambda: self._once(message, ended), self.pause, message.id)

    def _once(self, message: Message, ended: Ended) -> int:
        file = self.cases.file(message.case, texts=False)
        now = next((one for one in file.messages if one.id == message.id), None) if file else None
        medium = next((one for one in now.media if one == ended.medium), None) if now else None
        if file is None or now is None or medium is None or (medium.parked and ended.failure is Failure.BROKEN):
            return 0
        policy, at = self.policies.current(), self.clock()
        tell = ended.failure is not None or bool(now.left_out)
        tell = tell and self._may_tell(file.case, now, policy, at)
        draft = end(file.case, self.cases.whole(now), ended, at, policy, self.ids, tell=tell)
        self.cases.commit(draft.change())
        return 1

    def _may_tell(self, case: Case, message: Message, policy: Policy, at: datetime) -> bool:
        """The reporter's own message, and nobody who is written to too often: a letter like an acknowledgement. Of what
        became a case of its own they hear there."""
        if split_to(message):
            return False
        own = message.actor == "reporter" and message.sender in case.reporters
        if not own or message.automatic or message.authenticity == "forged" or "throttled" in message.marks:
            return False
        return not answered(self.cases, message.sender, at, policy.intake).too_often(policy.intake)


def _each(messages: Sequence[Message], parked: bool) -> Iterator[tuple[Message, int, Media]]:
    """Each medium that is waited for, or each `parked` one, with its number among what its message holds."""
    for message in messages:
        for number, medium in enumerate(message.media, len(message.files) + 1):
            if medium.parked is parked:
                yield message, number, medium


def _name(row: Received, medium: Media) -> str:
    """Under which it is noted that work on a medium begins. No address of it stands there."""
    digest = hashlib.sha256(f"{medium.id}\0{medium.url}".encode("utf-8", "surrogatepass")).hexdigest()
    return f"{row.arrival}#{row.index}#{digest[:16]}"


class _Unreached(Retry):
    def __init__(self, error: Exception) -> None:
        super().__init__("a medium was not reached")
        self.error = error
