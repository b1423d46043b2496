"""GeoReport's XML: the shape of the specification's own examples, whatever a text holds."""

from __future__ import annotations

from xml.etree import ElementTree

import pytest
import xmltodict
from hypothesis import given, settings
from hypothesis import strategies as st

from tanggap.entrypoints.open311_xml import document
from tests.acceptance.corpora import corpus
from tests.support.open311 import EXAMPLES


@pytest.mark.parametrize("number", ["01", "03", "05", "07", "09", "11", "13"])
def test_the_specifications_examples_come_out_as_they_stand(number: str) -> None:
    """Read as a client reads them, written by us, read again: nothing else."""
    (example,) = corpus(EXAMPLES).glob(f"{number}_*.xml")
    raw = example.read_text()
    ((root, inside),) = xmltodict.parse(raw, force_list=("service", "request", "error", "attribute", "value")).items()

    def plain(value):
        if isinstance(value, dict) and len(value) == 1 and isinstance(next(iter(value.values())), list):
            return [plain(one) for one in next(iter(value.values()))]
        return {key: plain(one) for key, one in value.items()} if isinstance(value, dict) else value

    ours = document(root, plain(inside))
    assert ours.startswith('<?xml version="1.0" encoding="utf-8"?>\n')
    assert xmltodict.parse(ours) == xmltodict.parse(raw)


def test_an_empty_list_is_an_empty_root_and_null_an_empty_element() -> None:
    assert document("service_requests", []).endswith("<service_requests/>\n")
    one = document("service_requests", [{"service_request_id": "A", "lat": None, "metadata": False, "lat2": -6.5}])
    inside = "<service_request_id>A</service_request_id><lat/><metadata>false</metadata><lat2>-6.5</lat2>"
    assert one.endswith(f"<service_requests><request>{inside}</request></service_requests>\n")


@settings(max_examples=300)
@given(st.text(st.characters(), max_size=60))
def test_any_text_is_read_back_without_what_xml_cannot_hold(text: str) -> None:
    raw = document("errors", [{"code": "400", "description": text}]).encode("utf-8", "strict")
    found = ElementTree.fromstring(raw).findtext("error/description") or ""
    allowed = [char for char in text if char in "\t\n\r" or (char >= " " and not "\ud800" <= char <= "\udfff")]
    assert found == "".join(char for char in allowed if char not in "\ufffe\uffff")


def test_markup_in_a_report_stays_text() -> None:
    raw = document("errors", [{"code": "400", "description": "</description><script>alert(1)</script>&amp;]]>"}])
    assert (
        ElementTree.fromstring(raw).findtext("error/description") == "</description><script>alert(1)</script>&amp;]]>"
    )
