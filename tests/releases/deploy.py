"""Runs on the tree of a release: brings its template to an embedded AWS that listens already, makes its officers
and puts its sample policy in force, as its `make run` did."""

from __future__ import annotations

import json
import sys
from dataclasses import asdict
from pathlib import Path

from infra.local.deploy import deploy
from infra.local.officers import enrol, officers_for
from infra.local.places import Places
from infra.local.sample_policy import put_policy, sample_policy

told = json.loads(sys.stdin.read())
places = Places(*told["ports"], work=Path(told["work"]), state=None, enforce_iam=told["enforce_iam"])
if "parameters" in told:
    answer = {"outputs": deploy(places, told["parameters"])}
else:
    policy = sample_policy()
    officers = officers_for(places, policy)
    enrol(places, told["pool"], officers)
    coordinator = next(one for one in officers if one.role == "coordinator")
    put_policy(places, coordinator, policy, lambda line: print(line, file=sys.stderr))
    answer = {"officers": [asdict(one) for one in officers], "policy": policy}
print(json.dumps(answer))
