"""HTML to the text that a person would see, with its quotes marked; and the form that may be shown."""

from __future__ import annotations

import re
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tanggap.adapters.mail.html_kept import html_of, kept, shown
from tanggap.adapters.mail.html_text import readable
from tanggap.adapters.mail.quotes import cut


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ('<div style="display:none">Pratinjau</div><p>Isi.</p>', "Isi."),
        ("<p>a</p><span STYLE='mso-hide: all'>b<span>c</span>d</span><p>e</p>", "a\n\ne"),
        ("<p hidden>a</p><p>Isi.</p>", "Isi."),
        ('<p class="kolom hidden lain">a</p><p class="x hidden">b</p>', "a\n\nb"),
        ('<div style="display:none">tak pernah ditutup<p>Isi.</p>', "tak pernah ditutup\n\nIsi."),
        ('<div style="display:none">Hanya ini.</div>', "Hanya ini."),
        ("<p>a</p>&zwnj;&nbsp;&zwnj;&nbsp;<p>b</p>", "a\n\nb"),
        ("ꦗꦭꦤ꧀\u200cꦫ", "ꦗꦭꦤ꧀\u200cꦫ"),
        ("<ol><li>a</li><li>b<ul><li>c</li></ul></li><li>d</li></ol>", "1. a\n2. b\n\n- c\n\n3. d"),
        (
            "<table><tr><td>RT 04</td><td></td><td>mati</td></tr><tr><td>RT 05</td><td>nyala</td></tr></table>",
            "RT 04 | mati\nRT 05 | nyala",
        ),
        ('<a href="mailto:siti@warga.example?subject=x">Siti</a>', "Siti <siti@warga.example>"),
        ('Bagus <img alt="👍" src="https://x.example/1.png"><img alt="Logo" src=y>', "Bagus 👍"),
        (
            '<blockquote style="margin:0 0 0 40px;border:none;padding:0px">menjorok</blockquote>akhir',
            "menjorok\n\nakhir",
        ),
        ('<blockquote class="gmail_quote" style="border:none">q</blockquote>p', "> q\n\np"),
        ('<div class="yahoo_quoted"><div>q</div><div>r</div></div><div>p</div>', "> q\n> r\n\np"),
        ("</blockquote></div></blockquote></ol>a<blockquote>b", "a\n\n> b"),
    ],
)
def test_html_becomes_the_text_that_a_person_would_see(html: str, text: str) -> None:
    assert readable(html) == text


QUOTE = "<p>Yth. Siti,</p><p>sudahkah?</p>"
BORDER = "border:none;border-top:solid #E1E1E1 1.0pt;padding:3.0pt 0cm 0cm 0cm"
#: In a language whose words no table has.
QUOTED = {
    "gmail": '<div class="gmail_quote"><div class="gmail_attr">Kirjutas Layanan 3.3.:<br></div>'
    f'<blockquote class="gmail_quote">{QUOTE}</blockquote></div>',
    "thunderbird": '<div class="moz-cite-prefix">3.3. 10:15, Layanan kirjutas:<br></div>'
    f'<blockquote type="cite">{QUOTE}</blockquote>',
    "yahoo": f'<div id="yahoo_quoted_1" class="yahoo_quoted"><div>Kirjutas Layanan:</div>{QUOTE}</div>',
    "outlook phone": '<div id="mail-editor-reference-message-container">'
    f"<div><b>Saatja:</b> Layanan</div>{QUOTE}</div>",
    "outlook web": f'<hr><div id="divRplyFwdMsg"><b>Saatja:</b> Layanan<br><b>Saadetud:</b> 3.3.</div>{QUOTE}',
    "outlook": f'<div style="{BORDER}"><p class=MsoNormal><b><span>Saatja:</span></b> Layanan</p></div>{QUOTE}',
    "outlook mac": f'<span id="OLK_SRC_BODY_SECTION"><div>Saatja: Layanan</div>{QUOTE}</span>',
}


@pytest.mark.parametrize("program", QUOTED)
def test_the_markup_of_a_quote_ends_the_answer_in_any_language(program: str) -> None:
    assert cut(readable(f"<div>Belum, Pak.</div>{QUOTED[program]}")) == "Belum, Pak."


@pytest.mark.parametrize("program", ["gmail", "thunderbird", "yahoo", "outlook phone"])
def test_an_answer_below_a_quote_that_has_an_end_is_kept(program: str) -> None:
    found = cut(readable(f"<div>Selamat pagi.</div>{QUOTED[program]}<div>Belum, Pak.</div>"))
    assert found.startswith("Selamat pagi.")
    assert found.endswith("Belum, Pak.")


def test_a_line_at_the_side_is_no_separator_without_a_heading() -> None:
    html = '<p>Satu.</p><div style="border-top:solid 1pt">Dua tanpa judul.</div>'
    assert cut(readable(html)) == "Satu.\n\nDua tanpa judul."


# --- the form that may be shown


@pytest.mark.parametrize(
    ("html", "safe"),
    [
        ("<p style='color:red' class=a id=b>a</p>", "<p>a</p>"),
        ("a<script>x()</script><style>p{}</style><form action=x><input value=y>b</form>", "ab"),
        ('<img src="https://pelacak.example/1.gif"><img src="cid:1" alt="Foto <jalan>">', "[gambar]Foto &lt;jalan&gt;"),
        ('<a href="javascript:x()">a</a>', '<a rel="noopener noreferrer nofollow">a</a>'),
        ('<a href="data:text/html,x">a</a>', '<a rel="noopener noreferrer nofollow">a</a>'),
        ('<a href="//lain.example">a</a>', '<a rel="noopener noreferrer nofollow">a</a>'),
        (
            '<a href="https://a.example/?b&c" target=_blank onclick=x()>a</a>',
            '<a href="https://a.example/?b&amp;c" rel="noopener noreferrer nofollow">a</a>',
        ),
        ('<a href="tel:112">a</a>', '<a href="tel:112" rel="noopener noreferrer nofollow">a</a>'),
        ("<svg onload=x()><a>b</a></svg>c<iframe src=x>d</iframe>", "c"),
        ("<b>a", "<b>a</b>"),
        ("1 < 2 &amp; 3", "1 &lt; 2 &amp; 3"),
        ("<!-- x -->a", "a"),
        ("", ""),
    ],
)
def test_kept_markup_only_lays_out(html: str, safe: str) -> None:
    assert kept(html) == safe


PIECES = st.sampled_from(
    [
        *(
            "<script>",
            "</script>",
            "<svg>",
            "<math>",
            "<style>",
            "</style>",
            "<p ",
            "<a href=",
            "<img ",
            "<img src=x ",
            ">",
        ),
        *(
            "onerror=x ",
            "onclick='",
            "src=",
            "style=",
            "javascript:",
            "data:",
            "cid:",
            "'",
            '"',
            "&#61;",
            "&lt;script&gt;",
        ),
        *(
            "<table>",
            "<td>",
            "<pre>\n",
            "</pre>",
            "<b>",
            "</p>",
            "<!--",
            "-->",
            "<![CDATA[",
            "]]>",
            "<noscript>",
            "\0",
            "alt=",
        ),
        *(
            "<textarea>",
            "<title>",
            "<xmp>",
            "<plaintext>",
            "<template>",
            "<mglyph>",
            "<a href=https://a.example/?src=1>",
            "</a>",
        ),
    ]
)


@settings(max_examples=300, deadline=None)
@given(st.lists(st.one_of(PIECES, st.text(max_size=6)), max_size=40).map("".join))
def test_whatever_comes_in_what_is_kept_is_harmless_and_stays_as_it_is(html: str) -> None:
    safe = kept(html)
    low = safe.lower()
    assert "<script" not in low
    assert not re.search(r"\bon\w+\s*=", low)
    assert "src=" not in low
    assert "style=" not in low
    for address in re.findall(r'href="([^"]*)"', low):
        assert address.startswith(("http:", "https:", "mailto:", "tel:"))
    assert set(re.findall(r'\s([a-z-]+)="', low)) <= {"href", "rel", "colspan", "rowspan"}
    assert kept(safe) == safe


HOSTILE = [
    "<div>",
    "<b>",
    "<a href=x>",
    "<table><td>",
    "<",
    "&amp;",
    "&",
    '<img alt="',
    "<pre>\n",
    "<font><b><i>",
    "</p>",
    "x ",
]


@pytest.mark.parametrize("piece", HOSTILE)
def test_markup_to_waste_time_costs_little_and_is_still_shown(piece: str) -> None:
    started = time.process_time()
    safe = kept("Jalan rusak. " + piece * (300_000 // len(piece)))
    assert time.process_time() - started < 3
    assert "Jalan rusak." in safe


@pytest.mark.parametrize(
    "attack",
    [
        "<div style='display:none'>",
        "<p hidden>x",
        '<div class="yahoo_quoted">',
        "<ol><li>",
        "<td>x</td>",
        "<img alt='",
        "<blockquote type=cite>x",
    ],
)
def test_reading_hostile_markup_is_linear(attack: str) -> None:
    def seconds(size: int) -> float:
        html = attack * (size // len(attack))
        started = time.process_time()
        readable(html)
        return time.process_time() - started

    assert seconds(1_000_000) < 30 * seconds(100_000) + 0.2


def mail(*parts: str) -> bytes:
    inside = "".join(f"--b\r\n{part}\r\n" for part in parts)
    return f"From: a@b.example\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n{inside}--b--\r\n".encode()


def test_the_html_of_a_stored_mail_is_shown_by_todays_rules() -> None:
    page = "Content-Type: text/html; charset=utf-8\r\n\r\n<p onclick=x()>Jalan – rusak</p>"
    other = "Content-Type: text/html\r\nContent-Disposition: attachment\r\n\r\n<p>berkas</p>"
    raw = mail("Content-Type: text/plain\r\n\r\nJalan rusak", page, other)
    assert html_of(raw) == "<p onclick=x()>Jalan – rusak</p>"
    assert shown(raw) == "<p>Jalan – rusak</p>"
    assert shown(mail("Content-Type: text/plain\r\n\r\nJalan rusak")) is None
    assert shown(b"") is None
