"""Logs and metrics as every function has them. Constant sentences, facts as keys, ids instead of persons."""

from __future__ import annotations

import warnings
from typing import Any

from aws_lambda_powertools import Logger, Metrics
from aws_lambda_powertools.metrics import MetricUnit

# A run without a metric is no fault, and a warning would be a log line that is not JSON.
warnings.filterwarnings("ignore", message="No application metrics to publish")
#: Powertools would log an exception's text with its trace, and a text may quote what a stranger wrote: `trace_of` logs
#: class and place alone.
logger = Logger(log_uncaught_exceptions=False)
metrics = Metrics()


def count(name: str, value: float = 1) -> None:
    metrics.add_metric(name=name, unit=MetricUnit.Count, value=value)


def trace_of(error: BaseException) -> dict[str, Any]:
    """An error without its text: class and the last place of ours in the trace."""
    place, trace = "", error.__traceback__
    while trace is not None:
        code = trace.tb_frame.f_code
        if "tanggap" in code.co_filename or code.co_filename.endswith("app.py"):
            place = f"{code.co_filename.rsplit('/', 1)[-1]}:{trace.tb_lineno}"
        trace = trace.tb_next
    cause = type(error.__cause__).__name__ if error.__cause__ else ""
    return {"error": type(error).__name__, "cause": cause, "place": place}
