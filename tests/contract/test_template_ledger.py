"""What the ledger's function may do, and for how long."""

from __future__ import annotations

from datetime import timedelta

from tanggap.application import ledger
from tanggap.entrypoints.observe import METRICS
from tests.contract.stack import functions, reaches

LEDGER = functions()["LedgerFunction"]


def test_it_may_list_arrivals_and_read_none() -> None:
    assert any(reaches(where, "ArrivalsBucket") for where in LEDGER.allowed("s3:ListBucket"))
    assert not any(reaches(where, "ArrivalsBucket") for where in LEDGER.allowed("s3:GetObject"))


def test_it_reads_each_index_that_a_gauge_counts_by() -> None:
    reached = [where for where in LEDGER.allowed("dynamodb:Query") if reaches(where, "CasesTable")]
    assert {where["Fn::Sub"].rpartition("/")[2] for where in reached if "Fn::Sub" in where} == {"ref", "due", "desk"}
    assert not any(reaches(where, "VaultTable") for one in LEDGER.may for where in one.resources)


def test_it_asks_the_queue_how_much_waits_and_the_account_whether_it_is_in_the_sandbox() -> None:
    assert any(reaches(where, "ArrivalsQueue") for where in LEDGER.allowed("sqs:GetQueueAttributes"))
    assert LEDGER.allowed("ses:GetAccount") == ["*"]
    assert "CHANNEL_SECRET" in LEDGER.environment


def test_a_run_has_most_of_its_time_for_the_walk_and_is_over_before_the_next() -> None:
    time = timedelta(seconds=LEDGER.properties["Timeout"])
    assert ledger.RESERVE * 4 < time < timedelta(hours=1) / 2


def test_its_gauges_are_metrics() -> None:
    from tanggap.adapters.memory import MemoryCases
    from tanggap.adapters.memory_stores import MemoryPolicies, MemoryVault
    from tanggap.application.gauges import Gauges
    from tests.support.account import Account
    from tests.support.world import POLICY, START

    cases = MemoryCases(MemoryVault())
    found = Gauges(cases, cases, cases, MemoryPolicies(POLICY), Account(), lambda: START)()
    assert found.figures and found.figures.keys() <= METRICS.keys()
