"""What was kept from a person on other cases than the one they write on."""

from __future__ import annotations

from ..domain import caught_up
from ..domain.advance import begin
from ..domain.draft import Ids
from ..domain.talks import Talk
from .ports import Cases
from .work import Work


class Elsewhere:
    def __init__(self, cases: Cases, ids: Ids) -> None:
        self.cases, self.ids = cases, ids

    def __call__(self, talk: Talk, work: Work, besides: str = "") -> Talk:
        """Queues it, in a transaction for each case, before the message itself is filed: a message that is read again
        finds it queued. `talk`: after the message, which comes back without what is said; `besides`: the case that the
        message goes on. Raises Conflict and Retry."""
        for number in talk.kept:
            if number == besides:
                continue
            file = self.cases.file(number, texts=False)
            if file is None or talk.reporter not in file.case.reporters:
                talk = caught_up.without(talk, number)
                continue
            draft = begin(file.case, work.now, "system", work.policy, self.ids)
            talk = caught_up.catch_up(draft, file.deliveries, talk)
            if not draft.empty:
                self.cases.commit(draft.change())
        return talk
