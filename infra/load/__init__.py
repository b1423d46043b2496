"""`make load`: mails and webhooks at a stated rate into the running system, until each is acknowledged."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "layers" / "core"))  # as the functions find it
