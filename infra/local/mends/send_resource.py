"""Stock: with IAM enforced, SendEmail (v2) is asked for the resource "*", so a role that may send as one identity only,
as it should, is denied.

Mended: the call is asked for the identity that it sends as, the domain of its From address, as on AWS.
"""

from __future__ import annotations

import json
from email.utils import parseaddr

_SEND = "/v2/email/outbound-emails"


def still_needed() -> bool:
    from ministack.core import iam_actions

    request = json.dumps({"FromEmailAddress": "a@probe.example"}).encode()
    asked = iam_actions.extract_resource_arn("ses", "POST", _SEND, {}, request, {}, "ap-southeast-1", "000000000000")
    return bool(asked == "*")


def apply() -> None:
    from ministack.core import iam_actions

    stock = iam_actions._ses_v2_resource_arn

    def asked(method: str, path: str, body: bytes, region: str, account_id: str) -> str:
        if method != "POST" or path.rstrip("/") != _SEND:
            return str(stock(method, path, body, region, account_id))
        try:
            sender = parseaddr(str(json.loads(body).get("FromEmailAddress", "")))[1]
        except (ValueError, AttributeError):
            sender = ""
        domain = sender.rpartition("@")[2].lower()
        return f"arn:aws:ses:{region}:{account_id}:identity/{domain}" if domain else "*"

    iam_actions._ses_v2_resource_arn = asked
