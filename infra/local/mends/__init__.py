"""What we change in ministack, one module a change.

Each module says which stock behaviour it mends, and has two functions: `apply()`, called once before ministack
starts, and `still_needed()`, which looks at unmended ministack. `python -m infra.local.mends` asks them all; a
contract test fails when the pinned version no longer needs one.
"""

from infra.local.mends import (
    bucket_lock,
    budgets,
    functions_finish,
    identity_dkim,
    layers_once,
    loopback_is_tls,
    metric_math,
    query_definitions,
    receipt_rules,
    secret_letters,
    send_resource,
    sent_mail,
    stream_restart,
    table_ttl,
)

MENDS = (
    receipt_rules,
    identity_dkim,
    sent_mail,
    table_ttl,
    bucket_lock,
    stream_restart,
    layers_once,
    loopback_is_tls,
    send_resource,
    metric_math,
    query_definitions,
    secret_letters,
    budgets,
    functions_finish,
)
