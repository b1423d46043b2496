"""Does a mail say nothing but thanks, or nothing but "ok"? Then it reopens no closed case.

A closed vocabulary: every word must be known, one of them must thank; what was done must be said to be done, and what
is thanked for must stand with the thanks. In doubt it is more than thanks: a case that is reopened for nothing costs a
look, a complaint that is missed costs trust."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


#: Nobody thanks at greater length without saying something else as well.
LONGEST = 400  # characters
MOST_WORDS = 30

#: Phrases whose words mean something else alone: "kasih" is "give", "lagi" is "again", "mau" asks for something.
PHRASES = {
    "terimakasih": ("terima kasih", "trima kasih", "terima kasi", "trimo kasih", "tarimo kasih", "trm kasih"),
    "nuwun": ("matur nuwun", "matur suwun", "hatur nuhun", "matur suksma", "mator sakalangkong"),
    "sekalilagi": ("sekali lagi",),
    "samasama": ("sama sama",),
    "tetapsemangat": ("tetap semangat", "tetap amanah", "tetap jaya"),
    "kembalinormal": ("kembali normal", "normal kembali", "kembali lancar", "lancar kembali", "nyala kembali"),
    "tindaklanjut": ("tindak lanjut", "tindak lanjutnya"),
    "godbless": ("god bless you", "god bless"),
    "tanggap": ("fast respon", "fast response", "gerak cepat", "cepat tanggap", "respon cepat", "respons cepat"),
    "mengucapkan": (
        *("mau mengucapkan", "mau ucapkan", "mau bilang", "ingin mengucapkan", "ingin menyampaikan"),
        *("hanya mengucapkan", "cuma mau bilang", "hanya ingin mengucapkan", "hanya mau mengucapkan"),
    ),
}

#: At least one of these: Indonesian and its slang, Javanese, Sundanese, Balinese, Batak, Minang, Arabic, English.
THANKS = _words(
    "terimakasih trimakasih terimakasi trimakasi makasih makasi mkasih mksih mksh mks maacih tks tengs tq trims"
    " trim thx thanks thank thankyou tengkyu tenkyu ty nuwun suwun kesuwun maturnuwun nuhun haturnuhun suksma"
    " sakalangkong mauliate tarimokasih syukron jazakallah jazakumullah"
)

#: What is said to be over, ...
DONE = _words("sudah udah udh sdh sdah dah telah tlah uda sampun pun mpun parantos atos tos geus wis wes")
#: ... with one of these at most so many words behind it. Alone they remind: "semoga segera selesai".
SETTLED = _words(
    "beres selesai diperbaiki dibetulkan dibenahi ditangani ditindaklanjuti dikerjakan diselesaikan dibereskan"
    " dibersihkan dibantu diterima menyala nyala normal lancar bersih aman rapi mulus terang teratasi tuntas"
    " rampung kembalinormal dipundandosi sae hade direspon direspons dijawab dibalas dilayani diproses bagus"
    " jelas paham mengerti terima baca menerima membaca merespon merespons menanggapi menjawab membalas"
    " memperbaiki menindaklanjuti menangani menyelesaikan mengerjakan melayani"
)
REACH = 3

#: What is thanked for: only behind a word of thanks, for "info perbaikan pak" asks.
GOODS = _words(
    "bantuan bantuannya bantuanya bantosan bantosanana perhatian perhatiannya perhatosan perhatosanana kerja"
    " kerjanya sama samanya kerjasama kerjasamanya keras respon respons responnya responsnya tanggapan"
    " tanggapannya jawaban jawabannya balasan balasannya penjelasan penjelasannya info infonya informasi"
    " informasinya pelayanan pelayanannya layanan layanannya kesabaran waktu waktunya dukungan tindaklanjut"
    " tindaklanjutnya penanganan penanganannya perbaikan perbaikannya solusi solusinya kinerja usaha usahanya"
    " kesediaan laporan pengaduan aduan keluhan help bantu membantu"
)

#: After these what is over is a hope.
WISHES = _words("semoga moga mudah mudahan mugi mugia sing")

#: What may stand around all that.
AROUND = _words(
    # yes, and well
    "ok oke okey okay oks siap siyap baik baiklah sip noted ya iya yes nggih inggih njih nggeh mangga muhun sami"
    " samasama"
    # whom
    " pak bapak bpk pa bu ibu ibuk mas mbak mba mbk kak kakak ka min admin bang om gan kang teh teteh tim team"
    " petugas rekan semua semuanya sadayana sedaya sekalian kalian anda jajaran pemerintah lurah camat kades"
    " kadus desa kelurahan kecamatan dinas jenengan panjenengan yth you sir"
    # who
    " saya sy aku kami kita kula kulo abdi sim kuring warga keluarga i we from"
    # greetings and closings
    " assalamualaikum waalaikumsalam wassalam wassalamualaikum wasalam wr wb warahmatullahi wabarakatuh salam"
    " hormat selamat pagi siang sore malam halo hai hallo dear hi shalom sejahtera hangat regards best kind"
    " sincerely sampurasun kulonuwun ttd"
    # how much
    " banyak byk bnyk sangat amat banget bgt bngt sekali skali sekalilagi besar sebesar besarnya dalam sedalam"
    " dalamnya pisan sanget kathah very much so a lot many segala"
    # content
    " mantap mantab mantul keren puas senang lega jos top jempol alhamdulillah alhamdulilah puji syukur tuhan"
    " bangga tanggap great good"
    # wishes
    " sukses selalu salalu slalu salalawasna sehat berkah barokah barakah barakallah jaya jadi menjadi amal"
    " ibadah allah swt gusti yang yg maha kuasa esa memberkati melindungi merahmati kebaikan kebaikannya pahala"
    " rezeki rejeki amin tetapsemangat semangat bahagia godbless lindungan diberi diberikan kesehatan kelancaran"
    " khairan katsiran katsir"
    # small words
    " atas dan serta juga jg dari dr kepada kpd untuk utk buat dengan dgn dg nya di ini itu karena krn"
    " mengucapkan ucapkan ucapan menyampaikan sampaikan haturkan kana ka kagem dumateng saking and to of the all"
    " your for"
)

#: Stronger than a name, for people may call themselves so.
NEVER = _words(
    "belum blm blom tidak tdk tak gak gk ga nggak enggak bukan bkn jangan jgn kurang tapi tp tetapi namun masih"
    " msh lagi lg kok koq malah padahal kapan kpn kenapa knp mengapa apakah apa mana bagaimana gimana tetap rusak"
    " mati janji percuma tolong tlg mohon minta tunggu ditunggu segera lambat lama dereng durung ora mboten boten"
    " acan teu henteu not but still yet never why when"
)
ADDRESSED = _words("pak bapak bpk bu ibu mas mbak mba kak kakak bang om kang teh")

#: Says that an answer was read, and neither that it is good nor that it is not. Without "ya", which may answer a
#: question of ours ("is it still broken?").
ACKNOWLEDGED = _words("ok oke okey okay oks okelah siap siyap siaap baik baiklah sip noted roger understood alright")
#: What may stand beside it.
BESIDE = ADDRESSED | _words("ya iya deh lah min admin tim team petugas saya kami paham mengerti")
MOST_ACKNOWLEDGED = 6  # words
#: A hand alone, in whatever colour.
_HANDS = re.compile("[👍👌🙏](?:[👍👌🙏\U0001f3fb-\U0001f3ff\ufe0f\u200d]|\\s)*")

#: Faces and hands that turn thanks into mockery; all others are passed over.
_DISPLEASED = frozenset("😡😠🤬😤👎🙄😒💩🤡🖕😏🥱😑💔😭😢😞😩")
#: Questions, numbers, quotation marks ("thanks", they say), links: something else is said.
_MORE = re.compile(r"[?\d\"“”„«»@/\\%$#<>=+]")
_TWICE = re.compile(r"\b([a-z]{3,12})2(?!\w)")  # sama2
_TOKEN = re.compile(r"[a-z]+|[.,;:!\n]")
_REPEATED = re.compile(r"(.)\1+")
_WRAPPED = 50  # a line at least that long goes on in the next one


def _same(word: str) -> str:
    """One form for all lengths of a drawn-out letter: makasiiih."""
    return _REPEATED.sub(r"\1", word)


_FORMS = {
    name: frozenset(map(_same, words))
    for name, words in (
        *(("thanks", THANKS), ("done", DONE), ("settled", SETTLED), ("goods", GOODS), ("wishes", WISHES)),
        *(("around", AROUND), ("never", NEVER), ("addressed", ADDRESSED)),
    )
}
_ACKNOWLEDGED, _BESIDE = frozenset(map(_same, ACKNOWLEDGED)), frozenset(map(_same, BESIDE))
_JOINED = tuple(
    (re.compile(rf"\b{phrase}\b"), one) for one, said in PHRASES.items() for phrase in sorted(said, key=len)[::-1]
)


def only_thanks(text: str, names: tuple[str, ...] = ()) -> bool:
    """`text` is what the person wrote, quotes and signature cut. `names`: the sender's own, and whoever else may be
    addressed by name; they count after "pak", "bu" … and at the end."""
    plain = _plain(text)
    if plain is None:
        return False
    tokens = [_same(word) for word in _tokens(plain)]
    return sum(word.isalpha() for word in tokens) <= MOST_WORDS and _thanks(_without_names(tokens, _known(names)))


def only_acknowledged(text: str, names: tuple[str, ...] = ()) -> bool:
    """Nothing but "ok", "oke siap", "baik pak", a thumb; no thanks among it. `text` and `names` as above."""
    plain = _plain(text)
    if plain is None:
        return False
    tokens = [_same(word) for word in _tokens(plain) if word.isalpha()]
    if not tokens:
        return _HANDS.fullmatch(plain.strip()) is not None
    said = [word for word in _without_names(tokens, _known(names)) if word not in _BESIDE]
    return bool(said) and len(tokens) <= MOST_ACKNOWLEDGED and _ACKNOWLEDGED.issuperset(said)


def _plain(text: str) -> str | None:
    """In small letters without accents; None where its signs say more than thanks do."""
    if len(text) > LONGEST:
        return None
    plain = "".join(c for c in unicodedata.normalize("NFKD", text).lower() if not unicodedata.combining(c))
    plain = _TWICE.sub(r"\1 \1", plain.replace("'", "").replace("\u2019", ""))
    more = _MORE.search(plain) or any(c in _DISPLEASED or (c.isalpha() and not "a" <= c <= "z") for c in plain)
    return None if more else plain


def _known(names: tuple[str, ...]) -> frozenset[str]:
    return frozenset(_same(word) for name in names for word in re.findall("[a-z]{2,}", name.lower())) - _FORMS["never"]


def _tokens(plain: str) -> Iterator[str]:
    """Words and the marks between them, a phrase of several words as one."""
    lines = [" ".join(line.split()) for line in plain.strip().split("\n")]
    flowing = "".join(line + (" " if len(line) >= _WRAPPED else "\n") for line in lines)
    for phrase, one in _JOINED:
        flowing = phrase.sub(one, flowing)
    yield from _TOKEN.findall(flowing)


def _without_names(tokens: list[str], known: frozenset[str]) -> list[str]:
    end = len(tokens)
    while end and (tokens[end - 1] in known or not tokens[end - 1].isalpha()):
        end -= 1
    kept: list[str] = []
    named = False
    for word in tokens[:end]:
        named = word in known and (named or (bool(kept) and kept[-1] in _FORMS["addressed"]))
        if not named:
            kept.append(word)
    return kept


def _thanks(tokens: list[str]) -> bool:
    """Every word in its place, and at least one that thanks."""
    thanked = governed = wished = False
    over = before = -REACH - 1  # where something was last said to be over; the token before, if it was a good
    for place, word in enumerate(tokens):
        if not word.isalpha():
            wished = False
            governed = governed and word == "," and before == place - 1
        elif word in _FORMS["thanks"]:
            thanked = governed = True
        elif word in _FORMS["wishes"]:
            wished = True
        elif word in _FORMS["done"]:
            over = over if wished else place
        elif word in _FORMS["goods"] and governed:
            before = place
        elif word in _FORMS["settled"] and not wished and place - over <= REACH:
            over = place
        elif word not in _FORMS["around"]:
            return False
    return thanked
