"""microburst with one mend, in its own environment: `.venv-faults/bin/python infra/faults/between.py --upstream …`.

Stock 0.10.0: an answer's Content-Length is left out, and an answer to HEAD has no body to tell its length by, so that
S3's HeadObject says nothing of an object's size, as it never does on AWS. Mended: HEAD's answers keep it.
"""

from __future__ import annotations

import importlib
import sys
from typing import Any


def mend() -> None:
    forward: Any = importlib.import_module("microburst.forward")
    web: Any = importlib.import_module("aiohttp.web")
    stock = forward._stream_to_client

    async def with_length(request: Any, status: int, headers: Any, mutator: Any, chunks: Any) -> Any:
        if request.method != "HEAD" or mutator is not None or "Content-Length" not in headers:
            return await stock(request, status, headers, mutator, chunks)
        left_out = forward.HOP_BY_HOP - {"content-length"}
        kept = {name: value for name, value in headers.items() if name.lower() not in left_out}
        answer = web.StreamResponse(status=status, headers=kept)
        await answer.prepare(request)
        await answer.write_eof()
        return answer

    forward._stream_to_client = with_length


if __name__ == "__main__":
    mend()
    sys.exit(importlib.import_module("microburst.cli").main())
