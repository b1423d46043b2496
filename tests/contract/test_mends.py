"""A change to the embedded AWS stays only while the pinned version needs it."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
MENDS = sorted(
    path.stem
    for path in (ROOT / "infra" / "local" / "mends").glob("*.py")
    if path.stem not in {"__init__", "__main__", "at_once"}
)


@pytest.fixture(scope="module")
def still_needed() -> dict[str, bool]:
    # In a process of its own: asking unmended ministack changes its stores and starts its threads.
    done = subprocess.run(
        [sys.executable, "-m", "infra.local.mends"], cwd=ROOT, check=True, capture_output=True, text=True, timeout=60
    )
    return dict(json.loads(done.stdout.splitlines()[-1]))


def test_every_mend_is_applied(still_needed: dict[str, bool]) -> None:
    assert sorted(still_needed) == MENDS


@pytest.mark.parametrize("mend", MENDS)
def test_the_pinned_version_still_needs_this_mend(mend: str, still_needed: dict[str, bool]) -> None:
    assert still_needed[mend], f"stock ministack does this now: remove infra/local/mends/{mend}.py"


#: What AWS does with a bucket that gets another default retention, or the lock itself, by an update of its stack.
_LOCKED = """
import json
from infra.local.mends import bucket_lock
from ministack.services import s3
from ministack.services.cloudformation import provisioners

bucket_lock.apply()
handler = provisioners._RESOURCE_HANDLERS[bucket_lock.BUCKET]

def lock(years):
    kept = {"Mode": "COMPLIANCE", "Years": years}
    return {"ObjectLockEnabled": "true", "ObjectLockConfiguration": {"Rule": {"DefaultRetention": kept}}}

found = []
for before, after in ((lock("5"), lock("7")), ({}, lock("1")), (lock("2"), {})):
    name, _ = handler["create"]("Probe%d" % len(found), before, "probe")
    same, _ = handler["update"](name, before, after, "probe")
    kept = s3._bucket_object_lock[same]["default_retention"]
    found.append([same == name, s3._bucket_versioning[same], kept["Mode"], kept["Years"]])
print(json.dumps(found))
"""


def test_a_bucket_s_lock_is_set_by_an_update_too_and_taken_away_by_none() -> None:
    done = subprocess.run(
        [sys.executable, "-c", _LOCKED], cwd=ROOT, check=True, capture_output=True, text=True, timeout=60
    )
    found = json.loads(done.stdout.splitlines()[-1])
    assert found == [[True, "Enabled", "COMPLIANCE", years] for years in (7, 1, 2)]


#: A function that is replaced while one of its runs is at work and another copy has nothing to do.
_REPLACED = """
import io, json, threading, time, zipfile
from infra.local.mends import functions_finish
from ministack.core import lambda_runtime

functions_finish.apply()
code = io.BytesIO()
with zipfile.ZipFile(code, "w") as archive:
    archive.writestr("app.py", "import time\\ndef handler(event, context):\\n    time.sleep(event)\\n    return 'done'")
config = {
    "FunctionName": "probe", "Runtime": "python3.11", "Handler": "app.handler", "Timeout": 20,
    "FunctionArn": "arn:aws:lambda:ap-southeast-1:000000000000:function:probe",
}
busy, _ = lambda_runtime.acquire_worker("probe", config, code.getvalue())
idle, _ = lambda_runtime.acquire_worker("probe", config, code.getvalue())
said = [idle.invoke(0, "first")["status"], busy.invoke(0, "second")["status"]]
lambda_runtime.release_worker(idle)
run = threading.Thread(target=lambda: said.append(busy.invoke(1.5, "third").get("result")))
run.start()
time.sleep(0.5)
ended, going = idle._proc, busy._proc
lambda_runtime.invalidate_worker("probe")
alive = [ended.poll() is None, going.poll() is None]
fresh, how = lambda_runtime.acquire_worker("probe", config, code.getvalue())
run.join()
lambda_runtime.release_worker(busy)
for _ in range(100):
    if going.poll() is not None:
        break
    time.sleep(0.1)
print(json.dumps([said, alive, how, going.poll() is not None]))
"""


def test_a_run_of_a_function_that_is_replaced_ends_and_nothing_new_is_given_to_it() -> None:
    done = subprocess.run(
        [sys.executable, "-c", _REPLACED], cwd=ROOT, check=True, capture_output=True, text=True, timeout=60
    )
    found = json.loads(done.stdout.splitlines()[-1])
    assert found == [["ok", "ok", "done"], [False, True], "spawn", True]


@pytest.mark.parametrize("mend", MENDS)
def test_a_mend_says_which_stock_behaviour_it_mends(mend: str) -> None:
    text = (ROOT / "infra" / "local" / "mends" / f"{mend}.py").read_text()
    assert text.startswith('"""Stock: ')
    assert "\nMended: " in text
