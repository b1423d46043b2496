"""Pages: escaped, small, usable without a script, and true to the form that the webhook reads."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from typing import Any

import pytest

from tanggap.domain.words import Kind
from tanggap.entrypoints import markup
from tanggap.entrypoints.markup import document, el, headers, origin
from tanggap.entrypoints.portal import form_page, tracking_page
from tanggap.entrypoints.portal.form_page import Form
from tanggap.entrypoints.portal.tracking_page import Desk, Slot, Writing
from tanggap.entrypoints.webhooks import fields, forms

EVIL = "\"><script>alert(1)</script>&'<img src=x onerror=alert(1)>"
URL = "https://lapor.desa-contoh.example"


class Page(HTMLParser):
    """A page's elements; fails on what is not closed."""

    def __init__(self, text: str) -> None:
        super().__init__(convert_charrefs=True)
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []
        self.text = ""
        self.feed(text)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert len(dict(attrs)) == len(attrs), f"{tag} has an attribute twice"
        self.elements.append((tag, dict(attrs)))
        if tag not in markup._VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text += data

    def named(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.elements if name == tag]


def report_form(language: str = "id", **more: Any) -> str:
    values: dict[str, Any] = {
        "agency": "Pemerintah Desa Contoh",
        "address": "lapor@lapor.desa-contoh.example",
        "public_url": URL,
        "utc_offset": "+07:00",
        "opened_at": "2026-11-23T03:00:00.000Z",
        "key": "k" * 32,
        "categories": (("jalan", "Jalan rusak"), ("air", "Air bersih")),
        "term": (3, "working_days"),
    }
    return form_page.page(Form(**{**values, **more}), language)


def shown(**more: Any) -> dict[str, Any]:
    at = "2026-11-23T10:00:00+07:00"
    return {
        "number": "TGP-ABCDEFGHJ",
        "status": "new",
        "status_text": {"id": "Diterima", "en": "received"},
        "received_at": at,
        "kind": "complaint",
        "next": {
            "what": "verify",
            "what_text": {"id": "verifikasi", "en": "verification"},
            "by": "agency",
            "due_at": at,
        },
        "events": [{"at": at, "what": "Laporan diterima", "what_en": "report received"}],
        "messages": [
            {"at": at, "from": "you", "text": "Lampu mati.", "attachments": [{"name": "foto.jpg"}]},
            {"at": at, "from": "agency", "subject": "Perihal", "text": "Baik.", "attachments": []},
        ],
        "left_out": 0,
        **more,
    }


SLOTS = tuple(
    Slot(f"slot-000{place}", "https://files.example/", {"key": f"uploads/web/{place}", "policy": "p" * 800})
    for place in range(3)
)
PAGES = {
    "form id": report_form(),
    "form en": report_form("en"),
    "ask id": tracking_page.ask(Desk("Desa", URL), "TGP-ABCDEFGHJ", "Tidak cocok."),
    "ask en": tracking_page.ask(Desk("Desa", URL, "en")),
    "report id": tracking_page.report(Desk("Desa", URL), shown(), "ABCDEFGHJK", Writing("k" * 20)),
    "report en": tracking_page.report(
        Desk("Desa", URL, "en"), shown(), "ABCDEFGHJK", Writing("k" * 20, "x", SLOTS), "ok"
    ),
    "uploaded": tracking_page.uploaded(Desk("Desa", URL)),
}


@pytest.mark.parametrize("name", PAGES)
def test_a_page_is_whole_small_and_without_a_script(name: str) -> None:
    text = PAGES[name]
    page = Page(text)
    assert len(text.encode()) < 20_000
    assert not page.named("script")
    assert not [at for _, attributes in page.elements for at in attributes if at.startswith("on") or at == "style"]
    assert page.named("meta")[0] == {"charset": "utf-8"}
    assert {"name": "viewport", "content": "width=device-width,initial-scale=1"} in page.named("meta")
    assert page.named("html")[0]["lang"] == ("en" if name.endswith("en") else "id")


@pytest.mark.parametrize("name", PAGES)
def test_every_field_has_a_label_and_every_hint_its_field(name: str) -> None:
    page = Page(PAGES[name])
    labelled = {one.get("for") for one in page.named("label")}
    ids = [one["id"] for _, one in page.elements if one.get("id")]
    assert len(ids) == len(set(ids))
    for tag in ("input", "select", "textarea"):
        for one in page.named(tag):
            if one.get("type") not in ("hidden", "checkbox"):  # a box stands within its label
                assert one["id"] in labelled
            if described := one.get("aria-describedby"):
                assert described in ids


def test_what_a_stranger_wrote_is_text_wherever_it_stands() -> None:
    evil = shown(
        number=EVIL,
        status_text={"id": EVIL, "en": EVIL},
        events=[{"at": None, "what": EVIL, "what_en": EVIL}],
        messages=[
            {"at": None, "from": one, "subject": EVIL, "text": EVIL, "attachments": [{"name": EVIL, "url": EVIL}]}
            for one in ("you", "agency")
        ],
    )
    pages = (
        report_form(
            agency=EVIL, address=EVIL, categories=((EVIL, EVIL),), values={"text": EVIL, "name": EVIL}, key=EVIL
        ),
        tracking_page.ask(Desk(EVIL, URL), EVIL, EVIL),
        tracking_page.report(
            Desk(EVIL, URL), evil, EVIL, Writing(EVIL, EVIL, (Slot(EVIL, EVIL, {EVIL[:3]: EVIL}),)), EVIL, EVIL
        ),
    )
    for text in pages:
        page = Page(text)
        assert not page.named("script")
        assert not page.named("img")
        assert "alert(1)" in page.text + str(page.elements)


def test_the_form_has_the_fields_that_the_webhook_reads() -> None:
    page = Page(report_form())
    named = {one["name"] for tag in ("input", "select", "textarea") for one in page.named(tag)}
    flat = (set(fields.NAMES) | {"latitude", "longitude"}) - {"uploads"}
    assert named - {"lang"} == flat
    (form,) = page.named("form")
    assert form.get("method") == "post"
    assert form.get("action") is None, "it goes to the very address that it was read from, whatever stage that has"


def test_what_the_form_sends_is_a_report_to_the_webhook() -> None:
    from datetime import UTC, datetime, timedelta

    page = Page(report_form())
    sent = {str(one["name"]): [str(one["value"])] for one in page.named("input") if one.get("type") == "hidden"}
    sent |= {"text": ["Lampu mati"], "anonymous": ["on"], "happened_at": ["2026-11-22T21:00"], "place": ["SDN 2"]}
    opened = datetime.fromisoformat(sent["opened_at"][0])
    report, key = fields.report_of(forms.from_form(sent), "", opened.astimezone(UTC) + timedelta(minutes=1))
    assert report["anonymous"] is True
    assert report["happened_at"] == "2026-11-22T21:00:00+07:00"
    assert report["place"]["text"] == "SDN 2"
    assert key == "k" * 32


def test_the_trap_is_out_of_sight_of_people_and_of_readers_aloud() -> None:
    page = Page(report_form())
    (trap,) = [one for one in page.named("input") if one.get("name") == "website"]
    assert trap["tabindex"] == "-1"
    assert trap["autocomplete"] == "off"
    (holder,) = [one for one in page.named("div") if one.get("class") == "trap"]
    assert holder["aria-hidden"] == "true"


def test_the_notice_names_the_laws_and_the_desk() -> None:
    for text in (report_form(), report_form("en")):
        told = Page(text).text
        for law in ("UU 27/2022", "Perpres 76/2013", "UU 25/2009", "lapor@lapor.desa-contoh.example"):
            assert law in told
    assert "paling lama 3 hari kerja" in Page(report_form()).text
    assert "within 3 working days" in Page(report_form("en")).text


@pytest.mark.parametrize("words", [form_page.WORDS, tracking_page.WORDS])
def test_each_language_says_everything(words: Any) -> None:
    assert words["id"].keys() == words["en"].keys()
    for name in words["id"]:
        assert re.findall(r"\{\w+\}", words["id"][name]) == re.findall(r"\{\w+\}", words["en"][name])
    assert set(form_page.KINDS["id"]) == set(form_page.KINDS["en"]) == set(Kind)


def test_an_agency_without_categories_or_terms_has_a_form_too() -> None:
    page = Page(report_form(categories=(), term=None))
    assert "category" not in {one.get("name") for one in page.named("select")}
    assert "paling lama" not in page.text


def test_a_code_is_never_in_an_address() -> None:
    page = Page(PAGES["report id"])
    assert not [
        value
        for _, one in page.elements
        for value in (one.get("href"), one.get("action"))
        if value and "ABCDEFGHJK" in value
    ]


def test_each_place_for_a_file_is_a_form_of_its_own_with_the_file_last() -> None:
    page = Page(PAGES["report en"])
    uploads = [one for one in page.named("form") if one.get("enctype") == "multipart/form-data"]
    assert len(uploads) == len(SLOTS)
    assert [one["target"] for one in uploads] == [one["name"] for one in page.named("iframe")]
    names = [one["name"] for one in page.named("input")]
    assert names.index("file") == names.index("policy") + 1, "S3 reads no field after the file"
    hidden = [one["value"] for one in page.named("input") if one.get("name") == "uploads"]
    assert hidden == [slot.id for slot in SLOTS]


def test_the_policy_lets_nothing_run_and_forms_go_only_where_they_must() -> None:
    plain = headers()["Content-Security-Policy"]
    assert "default-src 'none'" in plain
    assert "script-src" not in plain
    assert "unsafe" not in plain
    assert "form-action 'self';" in plain
    assert "frame-ancestors 'none'" in plain
    files = headers("https://files.example")["Content-Security-Policy"]
    assert "form-action 'self' https://files.example;" in files
    assert "frame-src 'self' https://files.example" in files


@pytest.mark.parametrize(
    ("url", "found"),
    [
        ("https://a.example/x?y", "https://a.example"),
        ("http://127.0.0.1:4566/b", "http://127.0.0.1:4566"),
        ("memory:x", ""),
        ("javascript:alert(1)", ""),
        ("https://a.example; script-src */x", ""),
        ("", ""),
    ],
)
def test_only_an_origin_enters_the_policy(url: str, found: str) -> None:
    assert origin(url) == found


def test_elements_escape_what_is_not_theirs() -> None:
    assert el("p", "<b>", el("b", "x"), None, ["&", 1]) == "<p>&lt;b&gt;<b>x</b>&amp;1</p>"
    assert el("input", name_="a", value='"', required=True, checked=False) == '<input name="a" value="&quot;" required>'
    assert document("<t>", ["<x>"]).count("&lt;") == 2
