"""`make faults`: the whole desk on the embedded AWS with faults between its functions and AWS, and what came of it."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "layers" / "core"))  # as the functions find it
