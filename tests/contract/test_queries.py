"""Dashboard, alarms and saved queries ask for what is there: each field is a fact that its line carries, each metric
one that AWS or we write."""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Iterator
from types import SimpleNamespace

import pytest

from infra.ops import errors
from infra.watch.alarms import alarms
from tanggap.adapters.dynamodb.delivery_rows import delivery_row
from tanggap.adapters.dynamodb.table import Row
from tanggap.domain.words import Channel
from tanggap.entrypoints import deliver, intake
from tanggap.entrypoints.observe import METRICS
from tests.contract.stack import ROOT, of_type
from tests.support.chats import open_by
from tests.support.lambdas import function, lines
from tests.support.runtime import ENDED, ORDINARY, UNCAUGHT
from tests.support.world import World

OWN = "Tanggap/${AWS::StackName}"
#: What AWS writes, as its guides name it, with the dimensions by which it can be had.
AWS_METRICS: dict[tuple[str, str], tuple[set[str], ...]] = {
    ("AWS/SQS", "ApproximateNumberOfMessagesVisible"): ({"QueueName"},),
    ("AWS/SQS", "ApproximateAgeOfOldestMessage"): ({"QueueName"},),
    ("AWS/Lambda", "Errors"): ({"FunctionName"},),
    ("AWS/Lambda", "Invocations"): ({"FunctionName"}, set()),
    ("AWS/Lambda", "Throttles"): (set(),),
    ("AWS/Lambda", "IteratorAge"): ({"FunctionName"},),
    ("AWS/ApiGateway", "5XXError"): ({"ApiName"}, {"ApiName", "Stage"}),
    ("AWS/ApiGateway", "Count"): ({"ApiName"}, {"ApiName", "Stage"}),
    ("AWS/SES", "Send"): (set(),),
    ("AWS/SES", "Reputation.BounceRate"): (set(),),
    ("AWS/SES", "Reputation.ComplaintRate"): (set(),),
    ("AWS/SES", "PublishFailure"): ({"RuleName"},),
    ("AWS/SES", "PublishExpired"): ({"RuleName"},),
    ("AWS/DynamoDB", "ConsumedWriteCapacityUnits"): ({"TableName"},),
    ("AWS/DynamoDB", "ConsumedReadCapacityUnits"): ({"TableName"},),
}
#: Of Logs Insights: what it finds in the lines that Lambda writes of a run, and what every line of ours has.
_FOUND = {"@timestamp", "@message", "@log", "@type", "@duration", "@initDuration", "@maxMemoryUsed"}
_EVERY = {"level", "service", "code"}
_WORDS = set(
    re.findall(
        r"\w+",
        "SOURCE fields filter stats sort limit parse by as in like and or asc desc ispresent count sum max min avg pct "
        "latest earliest",
    )
)


def asked(query: str) -> set[str]:
    """Fields that a query names, without those that it makes."""
    bare = re.sub(r"'[^']*'|/(?:[^/\n])+/", " ", query)
    made = set(re.findall(r"\bas (\w+)", bare)) | set(re.findall(r"\(\?<(\w+)>", query))
    return set(re.findall(r"@?[A-Za-z_]\w*", bare)) - made - _WORDS


def widgets() -> list[dict]:  # type: ignore[type-arg]
    (dashboard,) = of_type("AWS::CloudWatch::Dashboard").values()
    body = dashboard["DashboardBody"]["Fn::Sub"].replace("${AWS::StackName}", "STACK")
    return [one["properties"] for one in json.loads(re.sub(r"\$\{([^}]+)\}", r"\1", body))["widgets"]]


def queries() -> dict[str, str]:
    found = {one["title"]: one["query"] for one in widgets() if "query" in one}
    saved = of_type("AWS::Logs::QueryDefinition").values()
    return found | {one["Name"]["Fn::Sub"].partition("/")[2]: one["QueryString"] for one in saved}


QUERIES = queries()


def _vocabulary() -> set[str]:
    """Every fact that some line of ours has: what is said to `tell` and `about`, and the keys of what is spread
    there."""
    found: set[str] = set()
    places = (*(ROOT / "functions").rglob("*.py"), *(ROOT / "layers/core/tanggap/entrypoints").glob("*.py"))
    for path in places:
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in ("tell", "about"):
                found |= {one.arg for one in node.keywords if one.arg}
            elif isinstance(node, ast.Dict):
                found |= {
                    one.value for one in node.keys if isinstance(one, ast.Constant) and isinstance(one.value, str)
                }
    return found


def facts_of(code: str) -> set[str]:
    """Of a line that was really told."""
    return _FACTS[code]()


def _arrival_read() -> set[str]:
    world = World()
    parts = SimpleNamespace(arrivals=world.arrivals, receive=world.receive, reread=world.reread)
    world.arrivals.objects["mail/a"] = (b"From: a@warga.example\r\nSubject: x\r\n\r\nJalan rusak.\r\n", world.now)
    (told,) = intake.work('{"tanggap": "arrived", "key": "mail/a"}', {"SentTimestamp": "1795401600000"}, parts)  # type: ignore[arg-type]
    return set(told)


def _delivery_worked_on() -> set[str]:
    world = World()
    world.arrive(world.mail())
    image = delivery_row(Row, world.unsent()[0]).serialize()
    record = {"dynamodb": {"NewImage": image, "Keys": {"sk": image["sk"]}}}
    return set(deliver.work(record, SimpleNamespace(deliver=world.deliver, cases=world.cases)))  # type: ignore[arg-type]


def _messages_charged() -> set[str]:
    world = World()
    open_by(world, Channel.WHATSAPP)
    with lines() as told:
        function("deliver")._tell_charged("whatsapp/template", 2)
    return set(told[0])


_FACTS = {
    "arrival_read": _arrival_read,
    "delivery_worked_on": _delivery_worked_on,
    "messages_charged": _messages_charged,
}


@pytest.mark.parametrize("name", QUERIES)
def test_a_query_asks_for_fields_that_its_lines_have(name: str) -> None:
    query = QUERIES[name]
    codes = re.findall(r"code = '(\w+)'", query)
    if name == "api errors":
        (api,) = of_type("AWS::Serverless::Api").values()
        known = set(json.loads(api["AccessLogSetting"]["Format"]))
    elif codes:
        (code,) = codes
        known = facts_of(code)
    else:
        known = _vocabulary()
    sources = {one for one in asked(query) if one.endswith("Log")}
    fields = asked(query) - sources
    assert fields
    assert fields <= known | _FOUND | _EVERY, fields - known


def test_the_queries_of_one_case_and_one_arrival_filter_by_what_lines_name_them_by() -> None:
    assert re.search(r"\| filter case = ", QUERIES["case path"])
    assert re.search(r"\| filter arrival like ", QUERIES["arrival path"])
    assert "count(@initDuration) as cold" in QUERIES["cold starts"]
    assert "max(@duration)" in QUERIES["slowest"]


def _watched() -> Iterator[tuple[str, str, str, frozenset[str]]]:
    for name, alarm in alarms().items():
        for one in alarm.metrics.values():
            yield name, one.namespace, one.name, frozenset(key for key, _ in one.dimensions)
    for widget in widgets():
        before: list[str] = []
        for row in widget.get("metrics", ()):
            said = [one for one in row if isinstance(one, str)]
            if said[0] == "...":
                said = [*before[: len(before) - len(said) + 1], *said[1:]]
            said = [before[n] if one == "." else one for n, one in enumerate(said)]
            before = said
            yield widget["title"], said[0].replace("STACK", "${AWS::StackName}"), said[1], frozenset(said[2::2])


@pytest.mark.parametrize("place", sorted(set(_watched())), ids=lambda one: f"{one[0]}: {one[2]}")
def test_each_metric_that_somebody_looks_at_is_written(place: tuple[str, str, str, frozenset[str]]) -> None:
    _, namespace, name, dimensions = place
    if namespace == OWN:
        assert name in METRICS
        assert dimensions == {"service"}
    else:
        assert set(dimensions) in AWS_METRICS[namespace, name]


def test_runs_that_died_are_found_by_what_the_runtime_writes_of_them() -> None:
    """By the saved query, by `errors`, and by the pattern that its lines are fetched with."""
    query = QUERIES["died"]
    wanted = re.search(r"@message like /(.+)/", query)
    parsed = re.search(r"parse @message /(.+)/", query)
    assert wanted and parsed
    named = re.compile(parsed[1].replace("?<", "?P<"))
    terms = [term.strip('"') for term in re.findall(r'\?("[^"]+"|\S+)', errors.RUNTIME)]
    for name, line in {**UNCAUGHT, **ENDED}.items():
        found = named.search(line)
        assert re.search(wanted[1], line) and found and errors.DIED.search(line), name
        assert any(term in line for term in terms), name
    assert [errors.DIED.search(UNCAUGHT[name])[0] for name in UNCAUGHT] == [  # type: ignore[index]
        "Retry",
        "KeyError",
        "Runtime.ImportModuleError",
    ]
    for line in ORDINARY:
        assert not re.search(wanted[1], line) and not errors.DIED.search(line)
