"""Logs and metrics as every function has them. Constant sentences, facts as keys, ids instead of persons."""

from __future__ import annotations

import re
import warnings
from collections.abc import Mapping
from typing import Any

from aws_lambda_powertools import Logger, Metrics

# A run without a metric is no fault, and a warning would be a log line that is not JSON.
warnings.filterwarnings("ignore", message="No application metrics to publish")
#: Powertools would log an exception's text with its trace, and a text may quote what a stranger wrote: `trace_of` logs
#: class and place alone.
logger = Logger(log_uncaught_exceptions=False)
#: One set of dimensions for all functions: each name is one metric, and CloudWatch bills by the metric.
metrics = Metrics(service="desk")

#: All that we measure ourselves, with its unit. Ten are free; whatever else is to be counted is a log line, which the
#: dashboard and the saved queries count.
METRICS: Mapping[str, str] = {
    "ArrivalsOverdue": "Count",  # messages without an outcome though their retries are over (ledger)
    "ParkedLately": "Count",  # messages parked within the day, spam and viruses apart (ledger)
    "DeliveriesUnsent": "Count",  # letters and messages that wait though nothing holds them back (ledger)
    "AcknowledgementSeconds": "Seconds",  # from a report to its acknowledgement, or its last try in vain (deliver)
    "OverdueRise": "Count",  # cases with a missed promise, beyond those of the day before, or most of all (ledger)
    "ChannelsSilent": "Count",  # channels on which nothing comes that always do, or nothing readable (ledger)
    "UpkeepDue": "Count",  # what an operator has to see to: sandbox, calendar, keys, anchors, dead gauges (ledger)
    "WorkFailed": "Count",  # rows and cases that could not be worked on, letters that nobody takes (deliver, escalate)
    "TimeRefused": "Count",  # schedule events whose time lay ahead, or was none (escalate, digest)
    "WebhooksRejected": "Count",  # bodies whose signature is not the platform's (webhooks)
}

#: What a line of ours says: its level and its sentence, by the code that queries and runbooks name.
CODES: Mapping[str, tuple[str, str]] = {
    # ways in
    "arrival_stored": ("info", "arrival stored"),
    "arrival_again": ("info", "arrival delivered again"),
    "arrival_unannounced": ("warning", "stored, but the queue took no notice of it; the ledger will"),
    "webhook_rejected": ("info", "webhook rejected"),
    "webhook_put_off": ("warning", "nothing was stored, the caller is to come again"),
    "webhook_failed": ("error", "request failed"),
    "arrival_read": ("info", "arrival read"),
    "arrival_put_off": ("info", "a body of more pieces than one run has the time for; another brings the rest"),
    "arrival_put_back": ("warning", "arrival goes back to the queue"),
    "kept_unreadable": ("error", "another case of who wrote can't be read: what was kept for them on it waits"),
    "media_kept": ("info", "media worked on"),
    "media_put_back": ("warning", "media go back to the queue"),
    "media_parked": ("error", "media ended the function"),
    # ways out
    "delivery_worked_on": ("info", "delivery worked on"),
    "delivery_broken": ("error", "delivery could not be worked on"),
    "messages_charged": ("info", "a platform charges for this"),
    "batch_cut_short": ("warning", "no time left in this batch; its other rows are due again by their index"),
    # schedules
    "swept": ("info", "swept"),
    "share_swept": ("info", "a share of what was due is swept"),
    "share_refused": ("warning", "a further run could not be called; the next minute's sweep goes on"),
    "letters_untaken": ("error", "letters are long due: the stream's mapping is off, or more wait than a sweep wakes"),
    "case_raced": ("info", "could not be advanced"),
    "case_stuck": ("error", "could not be advanced"),
    "recomputed": ("info", "recomputed"),
    "recompute_put_off": ("warning", "open cases could not be recomputed now"),
    "recompute_raced": ("info", "could not be recomputed"),
    "recompute_stuck": ("error", "could not be recomputed"),
    "time_unusable": ("error", "an event without a usable time"),
    "time_ahead": ("error", "an event's time lies ahead of the clock"),
    "digests_told": ("info", "digests"),
    "digest_raced": ("info", "an office or a case was left out"),
    "digest_stuck": ("error", "an office or a case was left out"),
    "ledger_counted": ("info", "ledger counted"),
    "gauge_unread": ("warning", "one figure could not be read; it has no point this hour, and twice is upkeep"),
    "upkeep_due": ("warning", "something is to be seen to before it breaks"),
    "channels_silent": ("warning", "nothing comes on channels on which something always does"),
    "channels_lost": ("warning", "most of what comes on channels cannot be read"),
    "canary_wrote": ("info", "the canary has written"),
    "canary_answered": ("info", "what the canary wrote was answered"),
    "canary_missed": ("error", "the canary was not answered, or could not write"),
    "canary_too_soon": ("info", "the canary wrote a moment ago"),
    "anchored": ("info", "the day's heads of histories are where nobody changes them"),
    "anchor_missing": ("error", "the day's heads of histories could not be written; the next run tries again"),
    # officers and the public
    "request_served": ("info", "request served"),
    "request_put_off": ("warning", "request could not be served now"),
    "request_failed": ("error", "request failed"),
    "arrival_replayed": ("info", "arrival read again"),
    "classification_corrected": ("info", "an officer corrected what the words were taken for"),
    "policy_saved": ("info", "policy saved"),
    "policy_restored": ("info", "policy restored"),
    "code_missed": ("warning", "a number and a code that open nothing"),
    "code_besieged": ("warning", "the right code of a number that many guess at"),
    # deployment
    "rule_set_activated": ("info", "rule set activated"),
    "mail_records_unknown": ("warning", "mail records could not be looked up"),
    "setup_failed": ("error", "set-up failed"),
    "setup_unanswered": ("warning", "CloudFormation's address did not take the answer"),
}


def tell(code: str, **facts: Any) -> None:
    """One line. `facts`: ids, counts and words of closed lists, never what somebody wrote; `case` and `arrival` by
    these names wherever a line is about one. Raises KeyError for a code that stands in no table."""
    level, sentence = CODES[code]
    getattr(logger, level)(sentence, code=code, **facts)


def about(**facts: str) -> None:
    """Stands on each further line of this run, whoever writes it: `arrival` and `case` of what is worked on, and the
    `request` by which the API's own log knows it."""
    logger.append_keys(**facts)


def count(name: str, value: float = 1) -> None:
    """Raises KeyError for a metric that stands in no table."""
    metrics.add_metric(name=name, unit=METRICS[name], value=value)


def trace_of(error: BaseException) -> dict[str, Any]:
    """An error without its text: class, last place of ours in the trace, and as its cause a class with the word that
    the service gave (ClientError:AccessDenied): that quotes no request."""
    place, trace = "", error.__traceback__
    while trace is not None:
        code = trace.tb_frame.f_code
        if "tanggap" in code.co_filename or code.co_filename.endswith("app.py"):
            place = f"{code.co_filename.rsplit('/', 1)[-1]}:{trace.tb_lineno}"
        trace = trace.tb_next
    return {"error": type(error).__name__, "cause": _cause_of(error.__cause__), "place": place}


_SERVICES_WORD = re.compile(r"[A-Za-z0-9.]{3,60}")


def _cause_of(cause: BaseException | None) -> str:
    if cause is None:
        return ""
    answer = getattr(cause, "response", None)
    word = answer.get("Error", {}).get("Code", "") if isinstance(answer, dict) else ""
    word = word or getattr(cause, "cause_response_code", "")  # what PynamoDB raises wraps what botocore raised
    known = isinstance(word, str) and _SERVICES_WORD.fullmatch(word)
    return f"{type(cause).__name__}:{word}" if known else type(cause).__name__
