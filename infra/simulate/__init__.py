"""Try a policy on simulated years before it is promised."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "layers" / "core"))  # as the functions find it
