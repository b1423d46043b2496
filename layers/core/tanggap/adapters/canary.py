"""How the canary writes: a mail through SES, a report through the web form's API, as citizens do from outside."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from botocore.exceptions import BotoCoreError, ClientError

from ..application.canary import Unreached
from ..domain.canary import NAME
from .channels.http import as_json, pool

if TYPE_CHECKING:
    from urllib3 import PoolManager

#: API Gateway gives up after 29 s; a citizen before that.
READ_SECONDS = 20.0
#: A throttled or failing answer is asked again so often, at once and after two seconds, whatever it says of when; the
#: key makes one report of it.
AGAIN = 2
_AGAIN_AFTER = (429, 500, 502, 503, 504)
#: An answer is a few hundred bytes; what is longer is none of ours.
ANSWER_BYTES = 65_536


class ByMail:
    """`configuration_set`: one without events, since nobody knows of this mail whom they could be told to."""

    def __init__(self, client: Callable[[], Any], intake_address: str, configuration_set: str) -> None:
        self._client, self._intake, self._configuration_set = client, intake_address, configuration_set

    def write(self, sender: str, subject: str, text: str) -> None:
        try:
            self._client().send_email(
                FromEmailAddress=f"{NAME} <{sender}>",
                Destination={"ToAddresses": [self._intake]},
                Content={
                    "Simple": {
                        "Subject": {"Data": subject, "Charset": "UTF-8"},
                        "Body": {"Text": {"Data": text, "Charset": "UTF-8"}},
                    }
                },
                ConfigurationSetName=self._configuration_set,
            )
        except (ClientError, BotoCoreError) as error:
            raise Unreached("SES did not take the mail") from error


class ByWebForm:
    def __init__(self, url: str, pool_of: Callable[[], PoolManager] = lambda: pool(read=READ_SECONDS)) -> None:
        self._url, self._pool_of = url.rstrip("/"), pool_of

    def report(self, body: Mapping[str, Any]) -> str:
        content, headers = as_json(body)
        number = self._asked("POST", "/v1/reports", 201, content, headers).get("number")
        if not isinstance(number, str) or not number:
            raise Unreached("the form gave no number")
        return number

    def status(self, number: str, code: str) -> str:
        return str(self._asked("GET", f"/v1/reports/{quote(number)}?code={quote(code)}", 200).get("status", ""))

    def _asked(
        self, method: str, path: str, expected: int, body: bytes | None = None, headers: Mapping[str, str] | None = None
    ) -> dict[str, Any]:
        from urllib3 import Retry
        from urllib3.exceptions import HTTPError

        again = Retry(
            total=AGAIN,
            redirect=0,
            status_forcelist=_AGAIN_AFTER,
            allowed_methods=None,
            backoff_factor=1,
            respect_retry_after_header=False,  # hours, if a stranger likes
        )
        try:
            answer = self._pool_of().request(
                method,
                self._url + path,
                body=body,
                headers=headers,
                redirect=False,
                retries=again,
                preload_content=False,
            )
            said = answer.read(ANSWER_BYTES, decode_content=False)
            answer.close()  # whatever is left of it
            answer.release_conn()
        except HTTPError:
            raise Unreached("the form's API did not answer") from None
        try:
            read = json.loads(said)
        except (ValueError, RecursionError):
            read = None
        if answer.status != expected or not isinstance(read, dict):
            raise Unreached("the form's API gave another answer")
        return read
