"""What the person wrote, against four corpora of other people's replies. Each test prints its table.

Where we differ from a corpus on purpose, the reason stands beside the name: a complaint desk rather shows too much."""

from __future__ import annotations

from pathlib import Path

import pytest

from tanggap.adapters.mail import quotes
from tanggap.adapters.mail.html_text import readable
from tests.acceptance.corpora import corpus, understood

#: email_reply_trimmer: the mails of which we keep other words, and who is right for a complaint desk.
OTHER_WORDS = {
    "forwarded_apple": "ours: what a citizen forwards with one line above is the report itself",
    "forwarded_gmail": "ours: the same",
    "forwarded_message": "ours: the forwarded mail's own head says who wrote it and when; theirs keeps the words only",
    "spam_1": "theirs has nothing left; ours never shows an empty message where there was one",
}
LEAST_ALIKE = 0.9

#: file -> (how the kept text ends, what must be gone). Of files in which nothing was added, the second is empty.
PARSER_REPLIES = {
    "caution.txt": ("LADS MANAGEMENT", "intended solely for the use"),
    "caution2.txt": ("Person Person.", "strictly prohibited"),
    "correct_sig.txt": ("-- signature.", "rick"),
    "email_1_1.txt": ("-Abhishek Kona", "lists.basho.com"),
    "email_1_3.txt": ("-Abhishek Kona", "mailing list"),
    "email_1_4.txt": ("problem with it.", "working well"),
    "email_1_5.txt": ("for a while.", ""),
    "email_1_6.txt": ("torch of pixels", "caching related"),
    "email_1_7.txt": (":+1:", "Steps 0-2"),
    "email_1_8.txt": ("and under this.", "this is my signature"),
    "email_2_1.txt": ("with a reply", "Dear Google"),
    "email_2_2.txt": ("directly above line", "A new comment"),
    "email_2_3.txt": ("unusual format", "Respond to Kim"),
    "email_3_1.txt": ("but eh.", "Fifth reply"),
    "email_bullets.txt": ("- and another", "Give us an example"),
    "email_danish_1.txt": ("Anders Andersen", "projektet"),
    "email_danish_2.txt": ("Søren", "Her er filerne"),
    "email_danish_3.txt": ("Svar.", "Oprindelig"),
    "email_danish_4.txt": ("Svar.", "Oprindelig"),
    "email_danish_5.txt": ("Peter", ""),
    "email_gmail.txt": ("github message.", "outdated"),
    "email_headers_no_delimiter.txt": ("another reply!", "A reply\n"),
    "email_ja_1_1.txt": ("みなさん！", ""),
    "email_ja_1_2.txt": ("よろしくお願いいたします", "かしこまりました"),
    "email_nl_1_1.txt": ("-Maarten de Jong", "lijsten.basho"),
    "email_nl_1_2.txt": ("met een antwoord", "Beste Google"),
    "email_one_is_not_on.txt": ("when I run...", "good news"),
    "email_partial_quote_header.txt": ("tunnel is not working.", "odd issue"),
    "email_pl_1_1.txt": ("Jan", ""),
    "email_pl_1_2.txt": ("Jan", "Czesc Janie"),
    "email_pl_1_3.txt": ("Jan", ""),
    "email_sent_from_BlackBerry.txt": ("another email", "BlackBerry"),
    "email_sent_from_iPhone.txt": ("another email", "iPhone"),
    "email_sent_from_multi_word_mobile_device.txt": ("another email", "Verizon"),
    "email_sent_from_not_signature.txt": ("my mobile phone.", ""),
    "email_sig_delimiter_in_middle_of_line.txt": ("kthxbai", ""),
    "email_sv_anon_1.txt": ("070-0000000", "sena svar"),
    "email_swedish_1.txt": ("Person B", "UX designer"),
    "email_swedish_2.txt": ("/John", "I hope you are well"),
    "forward.txt": ("Best regards", ""),
    "greedy_on.txt": ("tunnel is not working.", "odd issue"),
    "multi_header.txt": ("start a new order.", "Unfortunately"),
    "outlook.txt": ("+00 0000 000 000", "Get Outlook"),
    "pathological.txt": ("back to a computer.", "wrote:"),
}
PARSER = {
    "email_1_1.txt": ("-Abhishek Kona", "lists.basho.com"),
    "email_1_2.txt": ('delete them all individually."', "mailing list"),
    "email_1_3.txt": ("-Abhishek Kona", "mailing list"),
    "email_1_6.txt": ("torch of pixels", "caching related"),
    "email_1_7.txt": (":+1:", "Steps 0-2"),
    "email_1_8.txt": ("and under this.", "this is my signature"),
    "email_2_3.txt": ("directly above line", "A new comment"),
    "email_BlackBerry.txt": ("another email", "BlackBerry"),
    "email_iPhone.txt": ("another email", "iPhone"),
    "email_long_quote.txt": ("-Abhishek Kona", "mailing list"),
    "email_multi_word_sent_from_my_mobile_device.txt": ("another email", "Verizon"),
    "email_sent_from_my_not_signature.txt": ("my mobile phone.", ""),
    "pathological.txt": ("back to a computer.", "wrote:"),
}


def text_of(path: Path) -> str:
    return path.read_bytes().decode("utf-8", "replace").replace("\r\n", "\n").replace("\r", "\n")


def test_nine_of_ten_replies_are_cut_as_the_trimmers_authors_cut_them() -> None:
    folder = corpus("email_reply_trimmer")
    paths = sorted((folder / "emails").glob("*.txt"))
    differ = [
        path.stem
        for path in paths
        if "".join(quotes.cut(text_of(path)).split()) != "".join(text_of(folder / "trimmed" / path.name).split())
    ]
    print(f"\nemail_reply_trimmer: {len(paths) - len(differ)} of {len(paths)} alike")
    for name in differ:
        print(f"  {name:<24}{OTHER_WORDS.get(name, 'not looked at yet')}")
    assert len(paths) - len(differ) >= LEAST_ALIKE * len(paths)
    assert set(differ) <= set(OTHER_WORDS)


@pytest.mark.parametrize(("name", "expected"), [("mail-parser-reply", PARSER_REPLIES), ("email_reply_parser", PARSER)])
def test_replies_end_where_the_quote_begins_and_lose_no_own_word(
    name: str, expected: dict[str, tuple[str, str]]
) -> None:
    folder = corpus(name)
    wrong = []
    for file, (end, gone) in expected.items():
        own = quotes.cut(text_of(folder / file))
        if end not in own[-len(end) - 40 :] or (gone and gone in own):
            wrong.append(file)
    print(f"\n{name}: {len(expected) - len(wrong)} of {len(expected)} right {wrong or ''}")
    assert not wrong


def test_the_replies_of_a_dozen_mail_programs_are_their_first_words() -> None:
    folder = corpus("talon")
    paths = sorted((folder / "standard_replies").glob("*.eml"))
    texts = {path.stem: found.text for path in paths if (found := understood(path))}
    print(f"\ntalon, plain: {sum(text == 'Hello' for text in texts.values())} of {len(paths)} right")
    assert set(texts.values()) == {"Hello"}
    for told in sorted((folder / "standard_replies").glob("*_reply_text")):
        # Their text ends before the quote, ours before the signature too.
        assert quotes.cut(text_of(told)) == texts[told.name.removesuffix("_reply_text")]


def test_the_html_of_nine_mail_programs_tells_where_the_quote_begins() -> None:
    folder = corpus("talon")
    right = []
    paths = sorted((folder / "html_replies").glob("*.html"))
    for path in paths:
        own = quotes.cut(readable(path.read_text(encoding="utf-8")))
        if " ".join(own.split()) in ("Hi. I am fine. Thanks, Alex", "Hi. I am fine. Thanks, Alex."):
            right.append(path.stem)
    print(f"\ntalon, HTML: {len(right)} of {len(paths)} right")
    assert len(right) == len(paths) >= 9
