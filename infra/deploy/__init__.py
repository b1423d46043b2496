"""`make deploy`: asks what an agency knows, checks what would go wrong, builds, deploys, says what is left to do."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "layers" / "core"))  # as the functions find it
