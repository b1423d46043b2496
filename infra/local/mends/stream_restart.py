"""Stock: after a restart with kept state, how far each stream reader had come is restored, but the records are not,
so the reader waits at (say) record 500 of a stream that starts again at 0, and hears nothing until 500 more were
written.

Mended: positions of stream readers are forgotten when the state is loaded. A reader then starts at the beginning of
the records of this run. Records that were not yet read at the stop are lost, as in stock; the sweep finds their
rows.
"""

from __future__ import annotations

from typing import Any


def still_needed() -> bool:
    from ministack.core.responses import AccountRegionScopedDict
    from ministack.services import lambda_svc

    kept = AccountRegionScopedDict()
    kept["probe"] = 500
    lambda_svc._restore_state({"dynamodb_stream_positions": kept})
    return bool(lambda_svc._dynamodb_stream_positions.get("probe") == 500)


def apply() -> None:
    from ministack.services import lambda_svc

    restore = lambda_svc._restore_state

    def restore_without_positions(data: dict[str, Any] | None) -> None:
        restore(data)
        with lambda_svc._dynamodb_stream_positions_lock:
            for account, region, reader in [key for key, _ in lambda_svc._dynamodb_stream_positions.all_items()]:
                lambda_svc._dynamodb_stream_positions.set_scoped(account, region, reader, 0)

    lambda_svc._restore_state = restore_without_positions
