"""Stock: with IAM enforced, a policy that denies what doesn't come by TLS (aws:SecureTransport) denies every call,
since the gateway speaks plain http. Its own TLS would need a certificate in every function and every client.

Mended: a request over the loopback interface counts as one over TLS. Applied only with AUTH=true.
"""

from __future__ import annotations

import inspect
import os


def still_needed() -> bool:
    import ministack.app

    gateway = inspect.getsource(ministack.app)
    return 'headers.get("x-forwarded-proto", "").split(",")[0].strip().lower() == "https"' in gateway


def apply() -> None:
    if os.environ.get("AUTH", "").lower() != "true":
        return
    import ministack.app

    pin = ministack.app.pin_request_origin

    def pin_as_tls(source_ip: str, secure_transport: bool) -> None:
        pin(source_ip, secure_transport or source_ip in {"127.0.0.1", "::1"})

    ministack.app.pin_request_origin = pin_as_tls
