"""An operator's hands on a running system: the commands of infra/ops as they are typed."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import uuid4

from infra.local.aws import client
from infra.local.places import ROOT
from tests.e2e.system import System, until

TEXT = "Lampu jalan di depan pasar padam.\n"


@dataclass
class Hands:
    system: System
    work: Path
    said: str = ""

    def __call__(self, line: str, typed: str = "") -> int:
        """A command as one types it, without `python -m infra.ops.`; its exit code."""
        command, *rest = line.split()
        ran = subprocess.run(
            [sys.executable, "-m", f"infra.ops.{command}", *rest, "--local"],
            cwd=ROOT,
            env={**os.environ, "TANGGAP_WORK": str(self.work)},
            input=typed,
            capture_output=True,
            text=True,
            timeout=120,
        )
        self.said = ran.stdout + ran.stderr
        print(f"$ {line}\n{self.said}")
        assert "Traceback" not in self.said
        return ran.returncode

    def aws(self, service: str) -> Any:
        return client(service, self.system.ready["aws_endpoint"])

    def output(self, name: str) -> str:
        return str(self.system.ready["outputs"][name])

    def store(self, text: str, *headers: str) -> str:
        """A mail in the bucket, as if SES had stored it and its notice were lost."""
        key, sender = f"mail/{uuid4().hex}", self.system.someone()
        lines = [*headers, f"From: {sender}", f"To: {self.system.ready['intake_address']}", "Subject: Lampu"]
        lines += [f"Message-ID: <{uuid4().hex}@warga.example>", "Date: Mon, 23 Nov 2026 10:00:00 +0700", "", text]
        self.aws("s3").put_object(Bucket=self.output("ArrivalsBucket"), Key=key, Body="\r\n".join(lines).encode())
        return key

    def put(self, queue: str, key: str) -> None:
        body = json.dumps({"tanggap": "arrived", "key": key, "actor": "system"})
        self.aws("sqs").send_message(QueueUrl=self.output(queue), MessageBody=body)

    def until(self, look: Callable[[], bool], what: str) -> None:
        until(look, what, within=60)
