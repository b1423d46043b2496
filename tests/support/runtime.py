"""Lines that AWS's Python runtime writes of its own (awslambdaric, `log_error`, text format: `[ERROR] Class: words`,
then the trace with no-break spaces before its lines)."""

from __future__ import annotations

_TRACE = "\n".join(
    (
        "Traceback (most recent call last):",
        '\u00a0\u00a0File "/var/task/app.py", line 31, in handler',
        "\u00a0\u00a0\u00a0\u00a0swept = parts.sweep(at)",
    )
)
UNCAUGHT = {
    "ours": f"[ERROR] Retry: the table did not answer\n{_TRACE}",
    "without words": f"[ERROR] KeyError\n{_TRACE}",
    "import": f"[ERROR] Runtime.ImportModuleError: Unable to import module 'app': No module named 'x'\n{_TRACE}",
}
#: What Lambda itself writes.
ENDED = {
    "time": "2026-11-23T03:00:30.004Z 5f0d2c1e-0000-4000-8000-000000000000 Task timed out after 30.00 seconds\n\n",
    "memory": "RequestId: 5f0d2c1e-0000-4000-8000-000000000000 Error: Runtime exited with error: signal: killed\n"
    "Runtime.ExitError",
}
#: No run died of these.
ORDINARY = (
    "START RequestId: 5f0d2c1e-0000-4000-8000-000000000000 Version: $LATEST",
    "REPORT RequestId: 5f0d2c1e-0000-4000-8000-000000000000\tDuration: 30.00 ms\tBilled Duration: 30 ms",
    "[WARNING]\t2026-11-23T03:00:30.004Z\t5f0d2c1e-0000-4000-8000-000000000000\tConnection pool is full",
)
