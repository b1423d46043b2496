"""What a delivery failure report says: which of our recipients, for good or not, and about which of our messages.

Four families, each only where the envelope is a machine's: the fields of RFC 3464 wherever they stand, the header that
Exim and Gmail write, abuse reports (RFC 5965), and the words that mail systems of thirty years write. The words are
loaded with the first mail that looks like a report: most never do."""

from __future__ import annotations

from dataclasses import replace

from ....domain.inbound import FailedDelivery
from .. import bounds
from ..mime import Part
from . import envelope


def reported(
    tree: Part,
    doubts: set[str],
    source: str = "?",
    text: str = "",
    recipients: tuple[str, ...] = (),
    automatic: bool = False,
) -> tuple[FailedDelivery, ...]:
    """Nothing for a person's mail, an absence, a read receipt. `source` is the envelope's sender, empty for the null
    return path; `text` what the mail shows; `recipients` our addresses that it came to; `automatic`: something else
    shows a machine. A subject alone does not: people complain of letters that came back."""
    outside = envelope.look(tree, source)
    if not outside.suspicious or (outside.report.startswith("disposition") and not outside.formal):
        return ()
    from . import telling

    if outside.formal and not (automatic or outside.machine):
        outside = replace(outside, formal=False)
    return tuple(telling.told(tree, outside, doubts, text, recipients))[: bounds.FAILURES]
