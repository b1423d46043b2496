"""The way out by mail: one raw message to one address through SES (v2), and what its refusals mean."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from botocore.exceptions import (
    BotoCoreError,
    ClientError,
    ConnectTimeoutError,
    CredentialRetrievalError,
    EndpointConnectionError,
    NoCredentialsError,
    NoRegionError,
    ParamValidationError,
    PartialCredentialsError,
    ProxyConnectionError,
)

from ..application.failures import AnswerLost, Broken, SendError, Undeliverable, Wait
from ..application.ports import Envelope
from ..application.threads import OF_NO_CASE
from .mail.writer import Letter, compose, sendable

#: SES's word for it: (what it means for the row, the officer's word). Throttling, quotas and what is wrong on our own
#: side wait; a refused message does not.
REFUSALS: dict[str, tuple[type[SendError], str]] = {
    "TooManyRequestsException": (Wait, "throttled"),
    "ThrottlingException": (Wait, "throttled"),
    "Throttling": (Wait, "throttled"),
    "LimitExceededException": (Wait, "quota"),
    "SendingPausedException": (Wait, "sending_paused"),
    "AccountSuspendedException": (Wait, "account_suspended"),
    "MailFromDomainNotVerifiedException": (Wait, "domain_not_verified"),
    "AccessDeniedException": (Wait, "access_denied"),
    "NotFoundException": (Wait, "not_configured"),
    "InternalServiceErrorException": (Broken, "unavailable"),
    "ServiceUnavailable": (Broken, "unavailable"),
    "MessageRejected": (Undeliverable, "rejected"),
    "BadRequestException": (Undeliverable, "bad_request"),
    "InvalidParameterValue": (Undeliverable, "bad_request"),
}
#: MessageRejected is also how a sandbox, or a domain not yet verified, says no; only its text tells. SES's wording is
#: stable since 2011 and there is no other sign: `Email address is not verified. The following identities failed the
#: check …`.
_UNVERIFIED = "not verified"
#: Answers without a code that we know: who asks was not believed, was too slow, asks too often. None is about the
#: letter.
_STATUSES: dict[int, tuple[type[SendError], str]] = {
    401: (Wait, "access_denied"),
    403: (Wait, "access_denied"),
    408: (Broken, "unavailable"),
    429: (Wait, "throttled"),
}
#: Nothing left this machine. Any other failure of the call may have come after SES took the mail.
_NOT_SENT: dict[type[BotoCoreError], tuple[type[SendError], str]] = {
    EndpointConnectionError: (Wait, "unreachable"),
    ConnectTimeoutError: (Wait, "unreachable"),
    ProxyConnectionError: (Wait, "unreachable"),
    NoCredentialsError: (Wait, "access_denied"),
    PartialCredentialsError: (Wait, "access_denied"),
    CredentialRetrievalError: (Wait, "access_denied"),
    NoRegionError: (Wait, "not_configured"),
    ParamValidationError: (Undeliverable, "bad_request"),
}


class SesPost:
    def __init__(
        self,
        client: Callable[[], Any],
        sender_name: Callable[[], str],
        intake_address: str,
        configuration_set: str,
        token: Callable[[str], str],
        office_token: Callable[[str, str, date], str],
    ) -> None:
        self._client, self._sender_name, self._intake = client, sender_name, intake_address
        self._configuration_set, self._token, self._office_token = configuration_set, token, office_token

    def _reply_address(self, envelope: Envelope, token: str) -> str:
        if envelope.reply_to:
            return envelope.reply_to
        if envelope.answer_until:
            token = self._office_token(envelope.case, envelope.to_address, envelope.answer_until)
        local, _, domain = self._intake.partition("@")
        return f"{local}+{token}@{domain}"

    def send(self, envelope: Envelope) -> str:
        # In the id of every letter: a report of its failure, or an absence notice, finds by it what it is about.
        token = OF_NO_CASE if envelope.reply_to or envelope.of_several else self._token(envelope.case)
        domain = self._intake.partition("@")[2]
        raw = compose(
            Letter(
                sender_name=self._sender_name(),
                sender_address=self._intake,
                to_address=envelope.to_address,
                to_name=envelope.to_name,
                subject=envelope.subject,
                text=envelope.text,
                reply_to=self._reply_address(envelope, token),
                auto_submitted=_auto_submitted(envelope),
                in_reply_to=envelope.in_reply_to,
                references=envelope.references,
                message_id=f"{envelope.delivery}.{token}@{domain}",
                extra_headers={"X-Tanggap-Case": envelope.case},
                files=envelope.files,
            )
        )
        try:
            answer = self._client().send_email(
                FromEmailAddress=self._intake,
                Destination={"ToAddresses": [sendable(envelope.to_address)]},
                Content={"Raw": {"Data": raw}},
                ConfigurationSetName=self._configuration_set,
                EmailTags=[{"Name": "case", "Value": envelope.case}, {"Name": "delivery", "Value": envelope.delivery}],
            )
        except ClientError as error:
            raise _meaning(error) from error
        except BotoCoreError as error:
            kind, reason = next(
                (said for cls, said in _NOT_SENT.items() if isinstance(error, cls)), (AnswerLost, "answer_lost")
            )
            raise kind(reason) from error
        message_id: str = answer["MessageId"]
        return message_id


def _auto_submitted(envelope: Envelope) -> str:
    if not envelope.automatic:
        return ""
    return "auto-replied" if envelope.is_answer else "auto-generated"


def _meaning(error: ClientError) -> SendError:
    answer = error.response.get("Error", {})
    code, text = answer.get("Code", ""), answer.get("Message", "")
    if code == "MessageRejected" and _UNVERIFIED in text:
        return Wait("not_verified")
    if code in REFUSALS:
        kind, reason = REFUSALS[code]
        return kind(reason)
    status = error.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 500)
    unknown = (Broken, "unavailable") if status >= 500 else (Undeliverable, "refused")
    kind, reason = _STATUSES.get(status, unknown)
    return kind(reason)
