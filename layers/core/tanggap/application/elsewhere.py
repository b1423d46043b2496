"""What was kept from a person on other cases than the one they write on."""

from __future__ import annotations

from collections.abc import Callable

from ..domain import caught_up
from ..domain.advance import begin
from ..domain.draft import Ids
from ..domain.talks import Talk
from .ports import Cases, Unreadable
from .work import Work

#: Told of a case, by its number, that can't be read: what is kept on it stays there until somebody has mended it.
OnUnreadable = Callable[[str, Exception], None]


def unheard(number: str, error: Exception) -> None:
    pass


class Elsewhere:
    def __init__(self, cases: Cases, ids: Ids, on_unreadable: OnUnreadable = unheard) -> None:
        self.cases, self.ids, self.on_unreadable = cases, ids, on_unreadable

    def __call__(self, talk: Talk, work: Work, besides: str = "") -> Talk:
        """Queues it, in a transaction for each case, before the message itself is filed: a message that is read again
        finds it queued. `talk`: after the message, which comes back without what is said; `besides`: the case that the
        message goes on. Raises Conflict and Retry."""
        left = caught_up.AT_ONCE  # of all cases together
        for number in talk.kept:
            if number == besides:
                continue
            if left == 0:
                break
            try:
                file = self.cases.file(number, texts=False)
            except (Unreadable, LookupError, TypeError, ValueError) as error:  # what can't be read stops no report
                self.on_unreadable(number, error)
                continue
            if file is None or talk.reporter not in file.case.reporters:
                talk = caught_up.without(talk, number)
                continue
            draft = begin(file.case, work.now, "system", work.policy, self.ids)
            talk = caught_up.catch_up(draft, file.deliveries, talk, left)
            if not draft.empty:
                change = draft.change()
                left -= len(change.deliveries)
                self.cases.commit(change)
        return talk
