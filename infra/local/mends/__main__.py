"""Prints `{"<mend>": <still needed?>}` as JSON. Must run in a process that has applied none of them."""

import json

from infra.local.mends import MENDS

print(json.dumps({mend.__name__.rsplit(".", 1)[-1]: mend.still_needed() for mend in MENDS}))
