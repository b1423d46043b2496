"""SES's notifications that SNS mailed instead of handing them over. A stranger can write the same: our own names in
them prove nothing and are left out."""

from __future__ import annotations

import json
from dataclasses import replace

from ....domain.errors import Park
from ....domain.inbound import FailedDelivery
from .. import bounds


def told(text: str) -> tuple[FailedDelivery, ...]:
    from .. import notice  # only here

    said = text[: bounds.REPORT].replace("\n", "").strip()  # no text in JSON holds one; mail programs add them
    if not said.startswith("{"):
        return ()
    try:
        content, _ = json.JSONDecoder(strict=False).raw_decode(said)
        report = notice.parse(json.dumps(content))
    except (ValueError, RecursionError, Park):
        return ()
    if not isinstance(report, notice.DeliveryReport):
        return ()
    return tuple(replace(one, delivery_id="", case_number="") for one in report.failures)
