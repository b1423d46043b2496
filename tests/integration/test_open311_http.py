"""GeoReport v2 as clients see it: formats, errors, the published schemas, and a real client as it comes (PyPI
georeport)."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
import xmltodict
from georeport import GeoReport

from tanggap.domain.numbers import number_from
from tests.support.events import api_event
from tests.support.http import served
from tests.support.open311 import arrival, checker, key_of, post
from tests.support.portal import Answer, Context, Portal, running_portal
from tests.support.world import COORDINATOR, aws

V2 = "/open311/v2"


@pytest.fixture(scope="module")
def portal() -> Iterator[Portal]:
    with running_portal(OPEN311="open") as found:
        yield found


@pytest.fixture(scope="module")
def numbers(portal: Portal) -> list[str]:
    """Three requests, the newest first; the oldest is closed. One of them is hidden by what its reporter asked."""
    world = portal.world
    world.now -= timedelta(hours=3)
    found = []
    for text in ("Lampu mati & gelap <RT 3>", "Jalan berlubang\x0b\nparah", "Sampah menumpuk"):
        found.append(post(world, text, category="jalan" if "Jalan" in text else "lain-lain"))
        world.later(minutes=20)
    post(world, "Rahasia", secret=True)
    world.desk.verify(COORDINATOR, found[0], "reject", "bukan kewenangan")
    return found[::-1]


def ask(portal: Portal, path: str, **query: str) -> Answer:
    return portal.get(None, V2 + path, **query)


def told(answer: Answer) -> tuple[int, str]:
    (one,) = answer.body
    assert set(one) == {"code", "description"}
    return one["code"], one["description"]


# -- a real client


@pytest.fixture(scope="module")
def endpoint(portal: Portal) -> Iterator[str]:
    with served(lambda event: portal.function.handler(event, Context())) as address:
        yield address + V2


@pytest.mark.parametrize("form", ["json", "xml"])
def test_georeport_lists_services_requests_and_reads_one(endpoint: str, numbers: list[str], form: str) -> None:
    client = GeoReport(endpoint, jurisdiction="desa-contoh.example", output_format=form)
    services = client.get_service_list()
    assert [one["service_code"] for one in services] == ["jalan", "lain-lain"]
    assert {str(one["metadata"]).lower() for one in services} == {"false"}
    definition = client.get_service_definition("jalan")
    assert definition["service_code"] == "jalan"
    found = client.get_service_requests()
    assert [one["service_request_id"] for one in found] == numbers
    one = client.get_service_request(numbers[2])
    assert (one["status"], one["description"]) == ("closed", "Lampu mati & gelap <RT 3>")
    assert [r["service_request_id"] for r in client.get_service_requests(status="open")] == numbers[:2]
    some = client.get_service_requests(service_request_id=f"{numbers[2]},{numbers[0]}")
    assert [r["service_request_id"] for r in some] == [numbers[2], numbers[0]]
    since, until = (f"2000-01-{day}T00:00:00Z" for day in ("01", "31"))
    if form == "json":  # an empty list of XML is no list to this client, whoever serves it
        assert client.get_service_requests(start_date=since, end_date=until) == []


# -- the published schemas


def test_answers_keep_to_the_published_schemas(portal: Portal, numbers: list[str]) -> None:
    for path, name in (
        ("/services.json", "services.json"),
        ("/services/jalan.json", "service-definition.json"),
        ("/requests.json", "requests.json"),
        (f"/requests/{numbers[0]}.json", "requests.json"),
    ):
        answer = ask(portal, path)
        assert answer.status == 200
        assert answer.body
        checker(name).validate(answer.body)
        for one in answer.body if name != "service-definition.json" else ():
            checker(name.replace("s.json", ".json")).validate(one)


def test_json_and_xml_say_the_same(portal: Portal, numbers: list[str]) -> None:
    for path in ("/services", "/requests", f"/requests/{numbers[1]}", f"/tokens/{numbers[0]}"):
        as_json, as_xml = ask(portal, f"{path}.json"), ask(portal, f"{path}.xml")
        assert as_xml.headers["Content-Type"] == "text/xml; charset=utf-8"
        assert as_json.headers["Content-Type"] == "application/json; charset=utf-8"
        assert as_xml.body.startswith('<?xml version="1.0" encoding="utf-8"?>')
        ((_, inside),) = xmltodict.parse(as_xml.body, force_list=("service", "request")).items()
        (rows,) = inside.values()
        assert [_plain(row) for row in rows] == [_plain(row) for row in as_json.body]


def _plain(row: dict[str, Any]) -> dict[str, str | None]:
    """As XML tells it: no types, nothing for nothing, no vertical tab."""
    spoken = {name: str(value).lower() if isinstance(value, bool) else value for name, value in row.items()}
    return {name: str(value).replace("\x0b", "") if value not in (None, "") else None for name, value in spoken.items()}


# -- what is asked, and refused


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ({"start_date": "kemarin"}, "start_date"),
        ({"start_date": "2026-01-01T00:00:00"}, "start_date"),
        ({"end_date": "2026-13-01T00:00:00Z"}, "end_date"),
        ({"start_date": "2026-01-01T00:00:00Z", "end_date": "2026-06-01T00:00:00Z"}, "90 days"),
        ({"start_date": "2026-02-01T00:00:00Z", "end_date": "2026-01-01T00:00:00Z"}, "before"),
        ({"end_date": "0001-01-01T00:00:00Z"}, "old"),
        ({"status": "selesai"}, "status"),
        ({"page": "0"}, "page"),
        ({"page": "satu"}, "page"),
        ({"page": "-1"}, "page"),
        ({"page_size": "9999999"}, "page_size"),
        ({"updated_after": "x"}, "updated_after"),
        ({"service_request_id": ",".join(number_from(n * 977) for n in range(51))}, "50"),
        ({"service_code": "x" * 3000}, "service_code"),
    ],
)
def test_what_cannot_be_asked_is_a_400_that_names_it(portal: Portal, query: dict[str, str], words: str) -> None:
    answer = ask(portal, "/requests.json", **query)
    assert answer.status == 400
    assert told(answer)[0] == 400
    assert words in told(answer)[1]


def test_what_may_be_asked_in_several_spellings(portal: Portal, numbers: list[str]) -> None:
    day = (portal.world.now + timedelta(days=1)).date().isoformat()
    asked: list[dict[str, str]] = [
        {"status": ""},
        {"status": "open,closed"},
        {"status": "OPEN, closed"},
        {"start_date": "", "page": "", "service_request_id": ""},
        {"page_size": "500"},
        {"jurisdiction_id": "kota.example", "api_key": "x"},
        {"end_date": f"{day}T23:59:59 07:00"},
        {"service_code": "jalan,lain-lain"},
        {"extensions": "true"},
    ]
    for query in asked:
        answer = ask(portal, "/requests.json", **query)
        assert answer.status == 200, (query, answer.body)
        assert [one["service_request_id"] for one in answer.body] == numbers, query
    assert answer.body[0]["extended_attributes"] == {"status": "new", "channel": "open311"}


def test_a_parameter_given_twice_counts_twice(portal: Portal, numbers: list[str]) -> None:
    event = api_event("GET", f"{V2}/requests.json")
    event["multiValueQueryStringParameters"] = {"status": ["open", "closed"], "service_code": ["jalan", "lain-lain"]}
    assert [one["service_request_id"] for one in portal.send(event).body] == numbers


@pytest.mark.parametrize(
    "path",
    [
        "/services/tidak-ada",
        f"/requests/{number_from(31337)}",
        "/requests/bukan-nomor",
        "/requests/..%2F..%2Fetc",
        "/tokens/123",
    ],
)
def test_what_is_not_there_is_a_404_in_the_format_asked_for(portal: Portal, path: str) -> None:
    as_json, as_xml = ask(portal, f"{path}.json"), ask(portal, f"{path}.xml")
    assert (as_json.status, told(as_json)[0]) == (404, 404)
    assert as_xml.status == 404
    assert xmltodict.parse(as_xml.body)["errors"]["error"]["code"] == "404"


def test_a_format_that_is_not_offered_is_a_406_in_xml(portal: Portal) -> None:
    for path in ("/services.yaml", "/requests/x.html", "/services.JSON"):
        answer = ask(portal, path)
        assert answer.status == 406
        assert "<code>406</code>" in answer.body
    assert portal.get(None, "/open311/v2/services").status == 404
    assert portal.get(None, "/open311/v2/servicesXjson").status == 404


def test_discovery_leads_to_the_endpoint(portal: Portal) -> None:
    for path in ("/open311/discovery.json", "/open311/v2/discovery.json"):
        found = portal.get(None, path).body
        (one,) = found["endpoints"]
        assert one["url"] == "https://lapor.desa-contoh.example/open311/v2"
        assert one["formats"] == ["text/xml", "application/json"]
    assert "<endpoints><endpoint>" in portal.get(None, "/open311/discovery.xml").body


def test_a_request_that_is_not_filed_yet_is_read_from_its_arrival(portal: Portal) -> None:
    number = number_from(271828)
    body = json.dumps(arrival(number, portal.world.now, "Pohon tumbang")).encode()
    aws("s3").put_object(Bucket=portal.arrivals_bucket, Key=key_of(number), Body=body)
    (found,) = ask(portal, f"/requests/{number}.json").body
    assert (found["service_request_id"], found["status"], found["description"]) == (number, "open", "Pohon tumbang")
    checker("request.json").validate(found)


def test_whoever_reads_learns_nothing_else(portal: Portal, numbers: list[str]) -> None:
    answer = ask(portal, "/requests.json", extensions="true")
    raw = json.dumps(answer.body)
    assert "Rahasia" not in raw
    assert "kewenangan" not in raw.replace("yang berwenang", ""), "an officer's reason is the reporter's"
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert answer.headers["Cache-Control"] == "no-store"


def test_an_officer_hides_a_request_by_the_api(portal: Portal, numbers: list[str]) -> None:
    number, path = numbers[1], f"/v1/cases/{numbers[1]}/publicity"
    assert portal.post(COORDINATOR, path, public="no", reason="x").status == 422
    assert portal.post(COORDINATOR, path, public=False, reason=" ").status == 422
    assert portal.post(None, path, public=False, reason="x").status == 401
    hidden = portal.post(COORDINATOR, path, public=False, reason="menyebut nama tetangga")
    assert (hidden.status, "hidden" in hidden.body["marks"]) == (200, True)
    assert ask(portal, f"/requests/{number}.json").status == 404
    assert portal.post(COORDINATOR, path, public=True, reason="sudah dihapus").status == 200
    assert ask(portal, f"/requests/{number}.json").status == 200


def test_closed_is_404_everywhere() -> None:
    with running_portal(OPEN311="closed") as closed:
        for path in ("/open311/discovery", f"{V2}/services", f"{V2}/requests", f"{V2}/requests/x", f"{V2}/tokens/x"):
            answer = closed.get(None, f"{path}.json")
            assert (answer.status, told(answer)[0]) == (404, 404)
            assert closed.get(None, f"{path}.xml").status == 404


def test_a_table_that_does_not_answer_is_a_503_in_georeports_form(portal: Portal) -> None:
    from tanggap.adapters.dynamodb.cases import DynamoCases
    from tanggap.adapters.dynamodb.table import table
    from tanggap.application.open311 import Open311
    from tanggap.entrypoints import composition, settings

    services = composition.services(settings.Portal)
    good = services.open311
    gone = DynamoCases(table("no-such-table"), None)
    services.__dict__["open311"] = Open311(gone, services.arrivals, services.policies, portal.world.clock)
    try:
        answer = ask(portal, "/requests.json")
    finally:
        services.__dict__["open311"] = good
    assert (answer.status, told(answer)[0]) == (503, 503)
