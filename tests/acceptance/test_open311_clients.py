"""Open311 by real clients against the running system: PyPI georeport as it comes, in JSON and in XML, for whatever it
reads; it can't create, so requests are posted as the specification's own example is."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import requests
import xmltodict
from georeport import GeoReport

from tests.e2e.system import System, until
from tests.support.open311 import checker

FORMS = ("json", "xml")
#: The specification's example (GeoReport v2, POST Service Request), but for its service and key.
EXAMPLE = (
    "api_key={key}&jurisdiction_id=city.gov&service_code={code}&lat=37.76524078&long=-122.4212043"
    "&address_string=1234+5th+street&email=smit333%40sfgov.edu&device_id=tt222111&account_id=123456&first_name=john"
    "&last_name=smith&phone=111111111&description=A+large+sinkhole+is+destroying+the+street"
    "&media_url=http%3A%2F%2Ffarm3.static.flickr.com%2F2002%2F2212426634_5ed477a060.jpg"
    "&attribute[WHISPAWN]=123456&attribute[WHISDORN]=COISL001"
)


def endpoint(system: System) -> str:
    return f"{system.ready['http']}/open311/v2"


def client(system: System, form: str) -> GeoReport:
    return GeoReport(endpoint(system), jurisdiction="desa-contoh.example", output_format=form)


def as_list(found: Any) -> list[dict[str, Any]]:
    """xmltodict gives one element as itself."""
    return found if isinstance(found, list) else [found]


def key_of(system: System) -> str:
    return str(system.ready["webhooks"].get("open311_key", ""))


def posted(system: System, form: str, **fields: str) -> str:
    """The number of a request that was just posted."""
    given = {
        "api_key": key_of(system),
        "address_string": "Jl. Merdeka 1",
        "lat": "-6.9147",
        "long": "107.6098",
        **fields,
    }
    answer = requests.post(f"{endpoint(system)}/requests.{form}", data=given, timeout=30)
    assert answer.status_code in (200, 201), answer.text
    return _id_in(answer, form)


def _id_in(answer: requests.Response, form: str) -> str:
    if form == "json":
        (one,) = answer.json()
    else:
        assert answer.headers["Content-Type"] == "text/xml; charset=utf-8"
        one = xmltodict.parse(answer.content)["service_requests"]["request"]
    assert one["service_notice"]
    return str(one["service_request_id"])


def filed(system: System, number: str) -> dict[str, Any]:
    """The request once it is in the list."""

    def look() -> Any:
        found = requests.get(f"{endpoint(system)}/requests.json", params={"page_size": 100}, timeout=30).json()
        return [one for one in found if one["service_request_id"] == number]

    return dict(until(look, f"{number} in the list")[0])


@pytest.mark.parametrize("form", FORMS)
def test_services_and_their_definitions(system: System, form: str) -> None:
    services = client(system, form).get_service_list()
    codes = [one["service_code"] for one in services]
    assert len(codes) == len(set(codes)) >= 2
    assert all(isinstance(code, str) for code in codes)
    for code in codes:
        assert client(system, form).get_service_definition(code)["service_code"] == code
    if form == "json":
        checker("services.json").validate(services)


@pytest.mark.parametrize("form", FORMS)
def test_a_request_is_created_found_at_once_listed_and_followed_to_its_end(system: System, form: str) -> None:
    reads = client(system, form)
    code = reads.get_service_list()[0]["service_code"]
    number = posted(system, form, service_code=code, description="Lampu mati <gelap> & hubungi 081234567890")
    assert reads.get_service_request(number)["status"] == "open", "its number is good from the start"
    found = filed(system, number)
    assert found["description"] == "Lampu mati <gelap> & hubungi [nomor disamarkan]"
    assert (found["service_code"], found["status"]) == (code, "open")
    assert found["expected_datetime"]
    checker("request.json").validate(found)
    assert reads.get_service_request(number)["service_request_id"] == number
    listed = [one["service_request_id"] for one in as_list(reads.get_service_requests())]
    assert number in listed
    reason = {"decision": "reject", "reason": "Bukan kewenangan desa"}
    assert system.as_officer("coordinator", "POST", f"/v1/cases/{number}/verification", reason).status == 200
    closed = reads.get_service_request(number)
    assert closed["status"] == "closed"
    assert closed["service_request_id"] == number
    assert "Bukan" not in closed["status_notes"]
    ids = [one["service_request_id"] for one in as_list(reads.get_service_requests(status="closed"))]
    assert number in ids


def test_the_specifications_own_request_is_taken_in_both_formats(system: System) -> None:
    code = client(system, "json").get_service_list()[0]["service_code"]
    kind = {"Content-Type": "application/x-www-form-urlencoded; charset=utf-8"}
    for form in FORMS:
        body = EXAMPLE.format(key=key_of(system), code=code)
        answer = requests.post(f"{endpoint(system)}/requests.{form}", data=body, headers=kind, timeout=30)
        assert answer.status_code in (200, 201), answer.text
        found = filed(system, _id_in(answer, form))
        assert found["description"] == "A large sinkhole is destroying the street"
        assert (found["lat"], found["long"], found["address"]) == (37.76524078, -122.4212043, "1234 5th street")


def test_pages_hold_each_request_once_the_newest_first(system: System) -> None:
    mine = [posted(system, "json", service_code="lain-lain", description=f"Laporan {n}") for n in range(5)]
    for number in mine:
        filed(system, number)
    url, seen, page = f"{endpoint(system)}/requests.json", [], 1
    end = (datetime.now(UTC) + timedelta(minutes=1)).isoformat(timespec="seconds")
    while found := requests.get(url, params={"page": page, "page_size": 2, "end_date": end}, timeout=30).json():
        assert len(found) <= 2
        seen += found
        page += 1
    ids = [one["service_request_id"] for one in seen]
    assert len(ids) == len(set(ids))
    assert set(mine) <= set(ids)
    times = [datetime.fromisoformat(one["requested_datetime"]) for one in seen]
    assert times == sorted(times, reverse=True)


def test_several_at_once_and_what_is_not_there(system: System) -> None:
    first, second = (posted(system, "json", service_code="lain-lain", description="Sampah") for _ in range(2))
    reads = client(system, "json")
    found = reads.get_service_requests(service_request_id=f"{second},{first},TGP-AAAAAAAAA")
    assert [one["service_request_id"] for one in found] == [second, first]
    for form in FORMS:
        with pytest.raises(requests.HTTPError) as caught:
            client(system, form).get_service_request("TGP-AAAAAAAAA")
        answer = caught.value.response
        assert answer.status_code == 404
        told = answer.json()[0] if form == "json" else xmltodict.parse(answer.content)["errors"]["error"]
        assert str(told["code"]) == "404"


def test_other_channels_are_not_listed(system: System) -> None:
    sender = system.someone("rahasia")
    system.write(sender, "Rahasia", "Ini hanya untuk kantor desa.")
    number = system.case_of(system.mail_to(sender))
    answer = requests.get(f"{endpoint(system)}/requests/{number}.json", timeout=30)
    assert answer.status_code == 404
